"""The HTML face of the data harbour: each topic keeps its addresses beside its pages.

Addresses of one word (`donnees/verifier`) come before those of a dataset (`donnees/<id>`).
"""

from django.urls import URLPattern, URLResolver

from . import (
    catalogue,
    chart,
    embed,
    following,
    harvests,
    lineage,
    map,
    personal,
    reuses,
    sharing,
    sql,
    table,
    views,
)

urlpatterns: list[URLPattern | URLResolver] = [
    # -- checks
    # -- intake
    # -- faces
    *sql.urlpatterns,
    # -- harvest
    *harvests.urlpatterns,
    # -- sharing
    *sharing.urlpatterns,
    *reuses.urlpatterns,
    *following.urlpatterns,
    *personal.urlpatterns,
    # -- lineage
    *lineage.urlpatterns,
    # -- looking
    *views.urlpatterns,
    *embed.urlpatterns,
    *table.urlpatterns,
    *chart.urlpatterns,
    *map.urlpatterns,
    # -- catalogue
    *catalogue.urlpatterns,
]
