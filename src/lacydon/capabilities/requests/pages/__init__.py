"""The HTML face of requests: each topic keeps its addresses beside its pages."""

from django.urls import URLPattern

from . import mine, preferences, status

for_machines: list[URLPattern] = []
urlpatterns: list[URLPattern] = [
    # -- filling
    # -- life
    *mine.urlpatterns,
    *status.urlpatterns,
    *preferences.urlpatterns,
    # -- desk
    # -- reports
    # -- delivery
    # -- appointments and payments
    # -- forms
    # -- figures
]
