"""The HTML face of the territory: its communes, and the choice of a place."""

from django.urls import path

from . import communes, place, plan

urlpatterns = [
    path("communes", communes.communes, name="communes"),
    path("lieu", place.choose, name="place"),
    path("plan/<path:view>.svg", plan.plan, name="plan"),
]
