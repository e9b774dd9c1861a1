"""Faces of the agenda for machines: `router` is /api/v1/agenda; files and feeds have addresses of their own."""

from django.urls import URLPattern
from ninja import Router

from . import changes, opened

router = Router(tags=["agenda"])
router.get("", summary="The agenda: how many objects of each kind, and where each is read")(opened.summary)
# Last: its addresses begin with any kind.
router.add_router("", opened.router)
urlpatterns: list[URLPattern] = [
    *changes.urlpatterns,
]
