"""The faces for machines: each keeps its addresses beside its views; `router` is the JSON API under /api/v1/data."""

from django.urls import URLPattern, URLResolver
from ninja import Router

from . import catalogue, explore, exports, publishing, sql

router = Router()
"""Operations of /api/v1/data are added by the modules below."""
urlpatterns: list[URLPattern | URLResolver] = [
    # -- explore
    *explore.urlpatterns,
    *exports.urlpatterns,
    # -- faces
    # -- dcat
    *catalogue.urlpatterns,
    # -- looking
]
# -- faces
router.add_router("", sql.router)
router.add_router("", publishing.router)
