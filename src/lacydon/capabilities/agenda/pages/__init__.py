"""Pages of the agenda."""

from django.urls import URLPattern

from . import front, writing

urlpatterns: list[URLPattern] = [
    *front.urlpatterns,
    *writing.urlpatterns,
]
