"""The HTML face of requests: each topic keeps its addresses beside its pages."""

from django.urls import URLPattern, URLResolver

from . import editor, filling, reports

for_machines: list[URLPattern | URLResolver] = []
urlpatterns: list[URLPattern | URLResolver] = [
    # -- filling
    *filling.urlpatterns,
    # -- life
    # -- desk
    # -- reports
    *reports.urlpatterns,
    # -- delivery
    # -- appointments and payments
    # -- forms
    *editor.urlpatterns,
    # -- figures
]
