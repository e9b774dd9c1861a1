"""The HTML face of requests: each topic keeps its addresses beside its pages."""

from django.urls import URLPattern

from . import delivery

for_machines: list[URLPattern] = [*delivery.for_machines]
urlpatterns: list[URLPattern] = [
    # -- filling
    # -- life
    # -- desk
    # -- reports
    # -- delivery
    *delivery.urlpatterns,
    # -- appointments and payments
    # -- forms
    # -- figures
]
