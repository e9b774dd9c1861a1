"""Pages of the agenda."""

from django.urls import URLPattern

from . import front

urlpatterns: list[URLPattern] = [
    *front.urlpatterns,
]
