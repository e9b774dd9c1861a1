"""Dashboards: of those who decide, its public twin, of who leads projects, of a commune; links to the first."""

from django.urls import URLPattern

from . import communes, leading, screen, sharing

urlpatterns: list[URLPattern] = [
    *screen.urlpatterns,
    *leading.urlpatterns,
    *communes.urlpatterns,
    *sharing.urlpatterns,
]
