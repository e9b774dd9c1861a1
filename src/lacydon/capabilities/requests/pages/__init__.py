"""The HTML face of requests: each topic keeps its addresses beside its pages."""

from django.urls import URLPattern, URLResolver

from . import delivery, desk, editor, figures, filling, mine, preferences, reports, status

for_machines: list[URLPattern | URLResolver] = [*delivery.for_machines]
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
    # -- forms
    *editor.urlpatterns,
    # -- figures
    *figures.urlpatterns,
]
