"""Pages of the agenda."""

from django.urls import URLPattern

from . import indicators, plan, writing

urlpatterns: list[URLPattern] = [
    *indicators.urlpatterns,
    *plan.urlpatterns,
    *writing.urlpatterns,
]
