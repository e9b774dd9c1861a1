"""Pages of the agenda."""

from django.urls import URLPattern

from . import indicators, kits, kits_desk, learning, money, plan, writing

urlpatterns: list[URLPattern] = [
    *indicators.urlpatterns,
    *kits.urlpatterns,
    *kits_desk.urlpatterns,
    *learning.urlpatterns,
    *money.urlpatterns,
    *plan.urlpatterns,
    # After kits_desk: its addresses take any kind.
    *writing.urlpatterns,
]
