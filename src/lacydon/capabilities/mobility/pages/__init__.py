"""Pages of transport."""

from django.urls import URLPattern

from . import alerts, disruption_desk, disruptions, punctuality

urlpatterns: list[URLPattern] = [
    *disruptions.urlpatterns,
    *disruption_desk.urlpatterns,
    *alerts.urlpatterns,
    *punctuality.urlpatterns,
]
