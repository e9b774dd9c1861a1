"""The sections of the agenda, on each of its pages."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

NAMES = (
    ("agenda", _("Le plan")),
    ("agenda-dashboard", _("Tableau de bord")),
    ("agenda-promises", _("Promis et tenu")),
    ("agenda-money", _("L’argent")),
    ("agenda-indicators", _("Les indicateurs")),
    ("agenda-evaluations", _("Les évaluations")),
    ("agenda-kits", _("Ce qui se réplique")),
)


@dataclass(frozen=True, slots=True)
class Tab:
    title: Any
    address: str
    current: bool


def tabs(current: str, *, query: str = "") -> tuple[Tab, ...]:
    """`current`: the name of the address of the section shown; `query`: what goes along, as `?le=2025-06-01`."""
    return tuple(Tab(title, address + query, name == current) for name, title in NAMES if (address := maybe(name)))


def maybe(name: str, **kwargs: str) -> str:
    """The address of a page; empty as long as there is none."""
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""
