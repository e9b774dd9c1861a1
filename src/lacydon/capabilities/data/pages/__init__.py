"""The HTML face of the data harbour: each topic keeps its addresses beside its pages.

Addresses of one word (`donnees/verifier`) come before those of a dataset (`donnees/<id>`).
"""

from django.urls import URLPattern, URLResolver

from . import (
    catalogue,
    changes,
    chart,
    embed,
    following,
    harvests,
    lineage,
    map,
    personal,
    publishing,
    reuses,
    series,
    sharing,
    sql,
    table,
    validation,
    views,
)  # fmt: skip

urlpatterns: list[URLPattern | URLResolver] = [
    # -- checks
    *validation.urlpatterns,
    # -- intake: below, behind the words of one address
    # -- faces
    *sql.urlpatterns,
    # -- harvest
    *harvests.urlpatterns,
    # -- catalogue: one address more than those of a dataset
    *series.urlpatterns,
    # -- sharing
    *sharing.urlpatterns,
    *reuses.urlpatterns,
    *following.urlpatterns,
    *personal.urlpatterns,
    *publishing.urlpatterns,
    # -- lineage
    *lineage.urlpatterns,
    *changes.urlpatterns,
    # -- looking
    *views.urlpatterns,
    *embed.urlpatterns,
    *table.urlpatterns,
    *chart.urlpatterns,
    *map.urlpatterns,
    # -- catalogue
    *catalogue.urlpatterns,
]
