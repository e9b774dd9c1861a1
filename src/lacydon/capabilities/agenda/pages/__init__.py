"""Pages of the agenda."""

from django.urls import URLPattern

from . import plan, writing

urlpatterns: list[URLPattern] = [
    *plan.urlpatterns,
    *writing.urlpatterns,
]
