"""Pages of the money: what was voted, engaged and paid, by any cut; each figure leads to the lines it is made of."""

from django.urls import URLPattern

from . import annexes, board, desk, lines

urlpatterns: list[URLPattern] = [
    *board.urlpatterns,
    *lines.urlpatterns,
    *annexes.urlpatterns,
    *desk.urlpatterns,
]
