"""The HTML face of requests: each topic keeps its addresses beside its pages."""

from django.urls import URLPattern

from . import desk, filling

for_machines: list[URLPattern] = []
urlpatterns: list[URLPattern] = [
    # -- filling
    *filling.urlpatterns,
    # -- life
    # -- desk
    *desk.urlpatterns,
    # -- reports
    # -- delivery
    # -- appointments and payments
    # -- forms
    # -- figures
]
