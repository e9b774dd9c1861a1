"""Pages of transport."""

from django.urls import URLPattern

from . import alerts, disruptions

urlpatterns: list[URLPattern] = [
    *disruptions.urlpatterns,
    *alerts.urlpatterns,
]
