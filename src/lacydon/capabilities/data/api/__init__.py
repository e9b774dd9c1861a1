"""The faces for machines: each keeps its addresses beside its views; `router` is the JSON API under /api/v1/data."""

from django.urls import URLPattern, URLResolver
from ninja import Router

from . import catalogue, ckan, explore, exports, ogc, publishing, sql, tabular, tiles, validation

router = Router()
"""Operations of /api/v1/data are added by the modules below."""
urlpatterns: list[URLPattern | URLResolver] = [
    # -- explore
    *explore.urlpatterns,
    *exports.urlpatterns,
    # -- faces
    *ckan.urlpatterns,
    *ogc.urlpatterns,
    *tabular.urlpatterns,
    # -- dcat
    *catalogue.urlpatterns,
    # -- looking
    *tiles.urlpatterns,
]
# -- faces
router.add_router("", sql.router)
router.add_router("", publishing.router)
# -- checks
router.add_router("", validation.router)
