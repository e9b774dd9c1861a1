"""Pages of the agenda."""

from django.urls import URLPattern

from . import front, learning

urlpatterns: list[URLPattern] = [
    *front.urlpatterns,
    *learning.urlpatterns,
]
