"""Pages of the agenda."""

from django.urls import URLPattern

from . import dashboards, following, indicators, kits, kits_desk, learning, money, plan, report, writing

urlpatterns: list[URLPattern] = [
    *dashboards.urlpatterns,
    *following.urlpatterns,
    *indicators.urlpatterns,
    *kits.urlpatterns,
    *kits_desk.urlpatterns,
    *learning.urlpatterns,
    *money.urlpatterns,
    *plan.urlpatterns,
    *report.urlpatterns,
    # Last: its addresses take any kind.
    *writing.urlpatterns,
]
