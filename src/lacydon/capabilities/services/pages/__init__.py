"""The HTML face of the catalogue: families of services, sheets, life events."""

from django.urls import path

from . import catalogue, events, sheet

urlpatterns = [
    path("services", catalogue.families, name="services"),
    path("services/<slug:id>", sheet.sheet, name="service"),
    path("evenements-de-vie", events.all_events, name="events"),
    path("evenements-de-vie/<slug:id>", events.one_event, name="event"),
]
