"""The point that somebody typed: a stop, an address, a commune; or several that it may be, to choose among."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.errors import Refused

from ...ports.journeys import Spot
from ..stops import NamedStop, stops_named
from ..timetable import Timetable
from .ends import quays_near

SURE = 0.9
APART = 0.05
"""How much better than the next one the first has to be, to be taken without asking."""
MOST = 6
POINT = re.compile(r"(-?\d{1,3}\.\d{1,6}),(-?\d{1,2}\.\d{1,6})")


@dataclass(frozen=True, slots=True)
class Choice:
    """A point that what was typed may be. `token` names it in an address; `about` tells it from the others."""

    token: str
    label: str
    about: str
    kind: str
    """stop, commune, address."""


@dataclass(frozen=True, slots=True)
class Found:
    """One of `spot`, `choices` and `trouble`, or nothing when nothing was typed."""

    typed: str = ""
    token: str = ""
    spot: Spot | None = None
    choices: tuple[Choice, ...] = ()
    trouble: str = ""
    notice: str = ""


def point(table: Timetable, *, typed: str, token: str = "") -> Found:
    """`token`: `arret:<id of a place>`, `commune:<INSEE code>` or `lon,lat`; it wins over what is typed."""
    typed = " ".join(typed.split())[:200]
    if token:
        known = _of_token(table, token, typed)
        if known is not None:
            return known
    if not typed:
        return Found()
    if POINT.fullmatch(typed.replace(" ", "")):
        at = _of_token(table, typed.replace(" ", ""), "")
        return at or Found(typed=typed, trouble=_("Ce point est hors du territoire."))
    return _named(table, typed)


def spot_of(table: Timetable, place: int) -> Spot:
    """A place of the timetable as a point."""
    its = table.places[place]
    return Spot(name=its.name, lon=its.lon, lat=its.lat, stops=its.stops, place=place, citycode=its.citycode)


def _of_token(table: Timetable, token: str, typed: str) -> Found | None:
    if token.startswith("arret:"):
        number = table.place_of_id.get(token.removeprefix("arret:"))
        if number is None:
            return None
        return Found(typed=typed or table.places[number].name, token=token, spot=spot_of(table, number))
    if token.startswith("commune:"):
        try:
            commune = territory.commune(token.removeprefix("commune:"))
        except Refused:
            return None
        spot = Spot(name=commune.name, lon=commune.lon, lat=commune.lat, citycode=commune.code)
        return Found(typed=typed or commune.name, token=token, spot=spot)
    numbers = POINT.fullmatch(token)
    if numbers is None:
        return None
    lon, lat = float(numbers[1]), float(numbers[2])
    name, citycode = _("Point choisi"), ""
    try:
        place = territory.place_at(lon=lon, lat=lat)
    except Refused:
        if not quays_near(table, lon, lat):  # lines go beyond the territory, not everywhere
            return None
    else:
        name, citycode = _("Point choisi, %s") % place.label, place.commune.code
    name = typed or name
    return Found(typed=name, token=token, spot=Spot(name=name, lon=lon, lat=lat, citycode=citycode))


def _named(table: Timetable, typed: str) -> Found:
    stops = stops_named(typed, limit=MOST)
    if stops and stops[0].score >= SURE and (len(stops) == 1 or stops[0].score - stops[1].score >= APART):
        return _of_token(table, f"arret:{stops[0].id}", stops[0].name) or Found()
    notice = trouble = ""
    others: list[Choice] = []
    try:
        asked = territory.find_place(typed)
    except Refused as refusal:
        trouble = str(refusal.sentence)
    else:
        if isinstance(asked, territory.Place):
            choice = _choice(asked)
            if not stops or asked.how == "address" or stops[0].score < SURE:
                return _of_token(table, choice.token, choice.label) or Found()
            others = [choice]
        else:
            notice = asked.sentence if not stops else ""
            others = [_choice(each) for each in asked.candidates]
    choices = (*_stops(stops), *others)
    if not choices:
        trouble = trouble or _("Aucun arrêt, aucune adresse du territoire ne ressemble à « %s ».") % typed
        return Found(typed=typed, trouble=trouble)
    if len(choices) == 1 and others == []:
        return _of_token(table, choices[0].token, choices[0].label) or Found()
    return Found(typed=typed, choices=choices, notice=notice)


def _stops(found: Sequence[NamedStop]) -> list[Choice]:
    return [Choice(f"arret:{each.id}", each.name, each.commune, "stop") for each in found]


def _choice(place: territory.Place) -> Choice:
    if place.lon is None or place.lat is None:
        at = place.arrondissement
        if at is not None:
            return Choice(f"{at.lon:.4f},{at.lat:.4f}", at.name, "", "commune")
        return Choice(f"commune:{place.commune.code}", place.commune.name, _("centre de la commune"), "commune")
    return Choice(f"{place.lon:.4f},{place.lat:.4f}", place.label, "", "address")


def shared(token: str) -> str:
    """The token as it may be shown to others: a point is rounded to a hundred metres, it may be somebody's home."""
    numbers = POINT.fullmatch(token)
    return f"{float(numbers[1]):.3f},{float(numbers[2]):.3f}" if numbers else token
