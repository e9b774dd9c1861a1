"""Pages of transport."""

from django.urls import URLPattern

from . import alerts, board, disruption_desk, disruptions, near, poster, stop, vehicles

urlpatterns: list[URLPattern] = [
    *stop.urlpatterns,
    *board.urlpatterns,
    *poster.urlpatterns,
    *near.urlpatterns,
    *vehicles.urlpatterns,
    *disruptions.urlpatterns,
    *disruption_desk.urlpatterns,
    *alerts.urlpatterns,
]
