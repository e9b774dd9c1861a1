"""What runs on a line, in the words of riders, from the numbers of GTFS (route_type, extended ones too)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _l


class Kind(StrEnum):
    """What one boards; in the order in which a list of lines shows them."""

    METRO = "metro"
    TRAM = "tram"
    TRAIN = "train"
    FERRY = "ferry"
    FUNICULAR = "funicular"
    COACH = "coach"
    BUS = "bus"
    ON_DEMAND = "on-demand"
    SCHOOL = "school"


_BASIC = {
    0: Kind.TRAM, 1: Kind.METRO, 2: Kind.TRAIN, 3: Kind.BUS, 4: Kind.FERRY, 5: Kind.TRAM, 6: Kind.FUNICULAR,
    7: Kind.FUNICULAR, 11: Kind.BUS, 12: Kind.METRO,
}  # fmt: skip
_HUNDREDS = {
    1: Kind.TRAIN, 2: Kind.COACH, 4: Kind.METRO, 5: Kind.METRO, 6: Kind.METRO, 7: Kind.BUS, 8: Kind.BUS, 9: Kind.TRAM,
    10: Kind.FERRY, 12: Kind.FERRY, 13: Kind.FUNICULAR, 14: Kind.FUNICULAR,
}  # fmt: skip

KIND_WORDS: Mapping[Kind, Any] = {
    Kind.METRO: _l("Métro"),
    Kind.TRAM: _l("Tramway"),
    Kind.TRAIN: _l("Train"),
    Kind.FERRY: _l("Bateau"),
    Kind.FUNICULAR: _l("Téléphérique et funiculaire"),
    Kind.COACH: _l("Autocar"),
    Kind.BUS: _l("Bus"),
    Kind.ON_DEMAND: _l("Transport à la demande"),
    Kind.SCHOOL: _l("Lignes scolaires"),
}
KIND_NOUNS: Mapping[Kind, Any] = {
    **KIND_WORDS,
    Kind.FUNICULAR: _l("Téléphérique"),
    Kind.SCHOOL: _l("Ligne scolaire"),
}
"""Of one line."""


def kind_of(route_type: int, *, school: bool = False) -> Kind:
    """What runs on a line of this type; a bus when the number is not known."""
    if school or route_type in (712, 713):
        return Kind.SCHOOL
    if route_type == 715:
        return Kind.ON_DEMAND
    if route_type < 100:
        return _BASIC.get(route_type, Kind.BUS)
    return _HUNDREDS.get(route_type // 100, Kind.BUS)
