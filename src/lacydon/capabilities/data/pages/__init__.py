"""The HTML face of the data harbour: each topic keeps its addresses beside its pages.

Addresses of one word (`donnees/verifier`) come before those of a dataset (`donnees/<id>`).
"""

from django.urls import URLPattern, URLResolver

from . import chart, embed, map, sql, table, views

urlpatterns: list[URLPattern | URLResolver] = [
    # -- checks
    # -- intake
    # -- faces
    *sql.urlpatterns,
    # -- harvest
    # -- sharing
    # -- looking
    *views.urlpatterns,
    *embed.urlpatterns,
    *table.urlpatterns,
    *chart.urlpatterns,
    *map.urlpatterns,
    # -- catalogue
]
