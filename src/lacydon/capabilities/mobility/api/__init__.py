"""Faces of transport for machines: `router` is /api/v1/mobility; other standards have addresses of their own."""

from django.urls import URLPattern
from ninja import Router

from . import alerts

router = Router(tags=["mobility"])
router.add_router("", alerts.router)
urlpatterns: list[URLPattern] = [*alerts.urlpatterns]
