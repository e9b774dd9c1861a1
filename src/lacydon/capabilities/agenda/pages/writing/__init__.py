"""Where agents write the agenda."""

from django.urls import URLPattern

from . import bulk, desk, edit, exchange, freezing, plan, telling

urlpatterns: list[URLPattern] = [
    *desk.urlpatterns,
    *bulk.urlpatterns,
    *exchange.urlpatterns,
    *freezing.urlpatterns,
    *plan.urlpatterns,
    *telling.urlpatterns,
    *edit.urlpatterns,
]
