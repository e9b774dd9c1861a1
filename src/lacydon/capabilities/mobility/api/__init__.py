"""Faces of transport for machines: `router` is /api/v1/mobility; other standards have addresses of their own."""

from django.urls import URLPattern
from ninja import Router

router = Router(tags=["mobility"])
urlpatterns: list[URLPattern] = []
