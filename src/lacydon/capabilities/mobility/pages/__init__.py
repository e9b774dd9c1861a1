"""Pages of transport."""

from django.urls import URLPattern

from . import alerts, board, disruption_desk, disruptions, isochrones, journey, near, poster, stop, vehicles

urlpatterns: list[URLPattern] = [
    *stop.urlpatterns,
    *board.urlpatterns,
    *poster.urlpatterns,
    *near.urlpatterns,
    *journey.urlpatterns,
    *isochrones.urlpatterns,
    *vehicles.urlpatterns,
    *disruptions.urlpatterns,
    *disruption_desk.urlpatterns,
    *alerts.urlpatterns,
]
