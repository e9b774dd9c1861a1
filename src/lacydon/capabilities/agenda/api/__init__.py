"""Faces of the agenda for machines: `router` is /api/v1/agenda; files and feeds have addresses of their own."""

from django.urls import URLPattern
from ninja import Router

from . import changes

router = Router(tags=["agenda"])
urlpatterns: list[URLPattern] = [
    *changes.urlpatterns,
]
