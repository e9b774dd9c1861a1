"""Pages of transport."""

from django.urls import URLPattern

from . import alerts, disruption_desk, disruptions, sources, stations

urlpatterns: list[URLPattern] = [
    *disruptions.urlpatterns,
    *disruption_desk.urlpatterns,
    *alerts.urlpatterns,
    *sources.urlpatterns,
    *stations.urlpatterns,
]
