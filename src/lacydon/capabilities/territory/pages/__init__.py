"""The HTML face of the territory: its communes, and the choice of a place."""

from django.urls import path

from . import communes, place

urlpatterns = [
    path("communes", communes.communes, name="communes"),
    path("lieu", place.choose, name="place"),
]
