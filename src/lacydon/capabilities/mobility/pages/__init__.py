"""Pages of transport."""

from django.urls import URLPattern

from . import (
    alerts,
    board,
    disruption_desk,
    disruptions,
    fares,
    feeds,
    front,
    grouping,
    isochrones,
    journey,
    line,
    near,
    poster,
    punctuality,
    sources,
    stations,
    stop,
    vehicles,
)

urlpatterns: list[URLPattern] = [
    *front.urlpatterns,
    *feeds.urlpatterns,
    *grouping.urlpatterns,
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
    *line.urlpatterns,
    *fares.urlpatterns,
    *punctuality.urlpatterns,
    *sources.urlpatterns,
    *stations.urlpatterns,
]
