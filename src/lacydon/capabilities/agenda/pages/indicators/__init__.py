"""Pages of the indicators."""

from django.urls import URLPattern

from . import desk, listed, one

urlpatterns: list[URLPattern] = [*listed.urlpatterns, *one.urlpatterns, *desk.urlpatterns]
