"""Pages of transport."""

from django.urls import URLPattern

from . import alerts, board, disruptions, near, poster, stop, vehicles

urlpatterns: list[URLPattern] = [
    *stop.urlpatterns,
    *board.urlpatterns,
    *poster.urlpatterns,
    *near.urlpatterns,
    *vehicles.urlpatterns,
    *disruptions.urlpatterns,
    *alerts.urlpatterns,
]
