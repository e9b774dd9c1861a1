"""Pages of the agenda."""

from django.urls import URLPattern

from . import front, kits, kits_desk

urlpatterns: list[URLPattern] = [
    *front.urlpatterns,
    *kits.urlpatterns,
    *kits_desk.urlpatterns,
]
