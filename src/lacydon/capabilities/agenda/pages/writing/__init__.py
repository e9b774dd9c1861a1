"""Where agents write the agenda."""

from django.urls import URLPattern

from . import bulk, desk, edit, exchange, freezing, plan

urlpatterns: list[URLPattern] = [
    *desk.urlpatterns,
    *bulk.urlpatterns,
    *exchange.urlpatterns,
    *freezing.urlpatterns,
    *plan.urlpatterns,
    *edit.urlpatterns,
]
