"""Pages of the agenda."""

from django.urls import URLPattern

from . import indicators, money, plan

urlpatterns: list[URLPattern] = [
    *indicators.urlpatterns,
    *money.urlpatterns,
    *plan.urlpatterns,
]
