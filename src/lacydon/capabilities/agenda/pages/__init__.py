"""Pages of the agenda."""

from django.urls import URLPattern

from . import dashboards, indicators, money, plan

urlpatterns: list[URLPattern] = [
    *dashboards.urlpatterns,
    *indicators.urlpatterns,
    *money.urlpatterns,
    *plan.urlpatterns,
]
