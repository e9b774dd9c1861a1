"""Pages of the agenda."""

from django.urls import URLPattern

from . import plan

urlpatterns: list[URLPattern] = [
    *plan.urlpatterns,
]
