"""The HTML face of requests: each topic keeps its addresses beside its pages."""

from django.urls import URLPattern, URLResolver

from . import (
    appointments,
    delivery,
    desk,
    editor,
    figures,
    filling,
    mine,
    payments,
    preferences,
    reports,
    status,
)  # fmt: skip

for_machines: list[URLPattern | URLResolver] = [*delivery.for_machines, *payments.for_machines]
urlpatterns: list[URLPattern | URLResolver] = [
    # -- filling
    *filling.urlpatterns,
    # -- life
    *mine.urlpatterns,
    *status.urlpatterns,
    *preferences.urlpatterns,
    # -- desk
    *desk.urlpatterns,
    # -- reports
    *reports.urlpatterns,
    # -- delivery
    *delivery.urlpatterns,
    # -- appointments and payments
    *appointments.urlpatterns,
    *payments.urlpatterns,
    # -- forms
    *editor.urlpatterns,
    # -- figures
    *figures.urlpatterns,
]
