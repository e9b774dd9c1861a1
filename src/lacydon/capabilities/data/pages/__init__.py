"""The HTML face of the data harbour: each topic keeps its addresses beside its pages.

Addresses of one word (`donnees/verifier`) come before those of a dataset (`donnees/<id>`).
"""

from django.urls import URLPattern, URLResolver

from . import catalogue, lineage, publishing, sql

urlpatterns: list[URLPattern | URLResolver] = [
    # -- checks
    # -- intake
    *publishing.urlpatterns,
    # -- faces
    *sql.urlpatterns,
    # -- harvest
    # -- sharing
    # -- lineage
    *lineage.urlpatterns,
    # -- looking
    # -- catalogue
    *catalogue.urlpatterns,
]
