"""Faces of transport for machines: `router` is /api/v1/mobility; other standards have addresses of their own."""

from django.urls import URLPattern
from ninja import Router

from . import alerts, departures, gbfs, gtfs_realtime, motis, plan, siri_lite

router = Router(tags=["mobility"])
router.add_router("", alerts.router)
router.add_router("", departures.router)
urlpatterns: list[URLPattern] = [
    *alerts.urlpatterns,
    *departures.urlpatterns,
    *motis.urlpatterns,
    *plan.urlpatterns,
    *siri_lite.urlpatterns,
    *gtfs_realtime.urlpatterns,
    *gbfs.urlpatterns,
]
