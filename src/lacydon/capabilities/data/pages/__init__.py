"""The HTML face of the data harbour: each topic keeps its addresses beside its pages.

Addresses of one word (`donnees/verifier`) come before those of a dataset (`donnees/<id>`).
"""

from django.urls import URLPattern, URLResolver

from . import catalogue, following, harvests, lineage, personal, reuses, sharing, sql

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
    # -- catalogue
    *catalogue.urlpatterns,
]
