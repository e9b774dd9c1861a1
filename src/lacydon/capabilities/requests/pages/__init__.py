"""The HTML face of requests: each topic keeps its addresses beside its pages."""

from django.urls import URLPattern

for_machines: list[URLPattern] = []
urlpatterns: list[URLPattern] = [
    # -- filling
    # -- life
    # -- desk
    # -- reports
    # -- delivery
    # -- appointments and payments
    # -- forms
    # -- figures
]
