"""Pages of the plan: what was voted, axis by axis, how it goes, on any date."""

from django.urls import URLPattern

from . import actions, acts, calendar, changes, front, listed, map, objects, promises

urlpatterns: list[URLPattern] = [
    *front.urlpatterns,
    *objects.urlpatterns,
    *listed.urlpatterns,
    *actions.urlpatterns,
    *acts.urlpatterns,
    *promises.urlpatterns,
    *calendar.urlpatterns,
    *map.urlpatterns,
    *changes.urlpatterns,
]
