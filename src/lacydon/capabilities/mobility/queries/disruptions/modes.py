"""Means of transport as riders name them, from the types of lines of GTFS."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _l

MODES: Mapping[str, Any] = {
    "metro": _l("Métro"),
    "tram": _l("Tramway"),
    "train": _l("Train"),
    "bus": _l("Bus et car"),
    "bateau": _l("Bateau"),
    "autre": _l("Autres"),
}
_PLAIN = {0: "tram", 1: "metro", 2: "train", 3: "bus", 4: "bateau", 5: "tram", 11: "bus", 12: "train"}
_HUNDREDS = {1: "train", 2: "bus", 4: "metro", 7: "bus", 8: "bus", 9: "tram", 10: "bateau", 12: "bateau"}


def mode_of(route_type: int) -> str:
    """A key of MODES; route_type, or an extended one (100 to 1700)."""
    if route_type >= 100:
        return _HUNDREDS.get(route_type // 100, "autre")
    return _PLAIN.get(route_type, "autre")
