"""Bicycles, car parks, charging points: what is free now, near a place, with the age of each figure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.kernel import clock
from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui.shell import page
from lacydon.kernel.ui.spots import Spot, Window, drawn

from ..ports import Station
from ..queries.live.health import health_of
from ..queries.live.nouns import SourceHealth, SourceStatus
from ..queries.live.stations import Stations, stations

SHOWN: Final = 30
PLACE: Final = ("lieu", "citycode", "connu")
"""Parameters that say where: kept from one list to the other."""
METRES_A_DEGREE: Final = 111_195.0


@dataclass(frozen=True, kw_only=True)
class Page:
    """What differs from one of the three pages to the next."""

    connector: str
    name: str
    icon: str
    title: Any
    lead: Any
    empty: Any


BIKES = Page(
    connector="gbfs",
    name="bikes",
    icon="bike",
    title=_l("Vélos en libre-service"),
    lead=_l("Les stations les plus proches, les vélos qu’on peut y prendre et les places où en rendre un."),
    empty=_l("Aucun service de vélos n’est encore raccordé ici."),
)
CAR_PARKS = Page(
    connector="car_parks",
    name="car-parks",
    icon="parking",
    title=_l("Places libres des parkings"),
    lead=_l("Les parkings les plus proches et le nombre de places qu’ils annoncent libres."),
    empty=_l("Aucun parking ne dit encore ici ses places libres."),
)
CHARGING = Page(
    connector="irve",
    name="charging",
    icon="plug",
    title=_l("Bornes de recharge"),
    lead=_l("Les stations de recharge les plus proches, et celles qui se disent libres."),
    empty=_l("Aucune borne de recharge n’est encore raccordée ici."),
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A station in the list. `figures`: each a number, or none, and what it counts."""

    number: int
    station: Station
    source: Stations
    health: SourceHealth
    metres: int | None
    minutes: int | None
    figures: tuple[tuple[int | None, str], ...]
    age: str
    facts: tuple[str, ...]


@open_to_all
@require_safe
def bikes(request: HttpRequest) -> HttpResponse:
    return _shown(request, BIKES)


@open_to_all
@require_safe
def car_parks(request: HttpRequest) -> HttpResponse:
    return _shown(request, CAR_PARKS)


@open_to_all
@require_safe
def charging(request: HttpRequest) -> HttpResponse:
    return _shown(request, CHARGING)


def _shown(request: HttpRequest, kind: Page) -> HttpResponse:
    moment = clock.now()
    when = int(moment.timestamp())
    here = territory.asked_place(request.GET)
    found = stations(kind.connector, when=when)
    relays = sum(each.park_and_ride for source in found for each in source.stations)
    only = kind is CAR_PARKS and request.GET.get("relais") == "1"
    healths = [health_of(each.source, moment) for each in found]
    every = [
        (source, health, station)
        for source, health in zip(found, healths, strict=True)
        for station in source.stations
        if station.park_and_ride or not only
    ]
    centre = _centre(here.place) if here.place else None
    if centre is not None:
        every.sort(key=lambda each: _metres(each[2], centre))
    else:
        every.sort(key=lambda each: (each[2].name.casefold(), each[2].id))
    rows = [_row(n, each, centre, when) for n, each in enumerate(every[:SHOWN], 1)]
    context = {
        "kind": kind,
        "here": here,
        "citycode": here.citycode if here.place and here.place.how == "citycode" else "",
        "rows": rows,
        "relays": relays,
        "only_relays": only,
        "asked_place": urlencode({name: request.GET[name] for name in PLACE if request.GET.get(name)}),
        "many": len(every),
        "more": max(0, len(every) - SHOWN),
        "troubles": [each for each in healths if each.status in (SourceStatus.DOWN, SourceStatus.LATE)],
        "credits": [each for each in found if each.operator or each.licence],
        "example": any(each.source.example for each in found),
        "map": _map(rows, kind) if centre is not None and len(rows) > 1 else "",
        "floating": _floating(found, centre),
        "at": clock.hour(moment),
    }
    html = page(
        "mobility/live/stations.html", context, address=request.get_full_path(),
        title=_("Parkings relais (P+R)") if only else kind.title,
        description=kind.lead, section="mobility",
    )  # fmt: skip
    return HttpResponse(html, headers={"Cache-Control": "private, max-age=15"})


def _centre(place: territory.Place) -> tuple[float, float] | None:
    """The point of the place; the middle of its commune when it is one."""
    if place.lon is not None and place.lat is not None:
        return place.lon, place.lat
    shapes = territory.shapes().by_code
    shape = shapes.get(place.arrondissement.code) if place.arrondissement else None
    shape = shape or shapes.get(place.commune.code)
    return (shape.representative_point().x, shape.representative_point().y) if shape is not None else None


def _metres(station: Station, centre: tuple[float, float]) -> float:
    x = (station.lon - centre[0]) * math.cos(math.radians(centre[1]))
    return math.hypot(x, station.lat - centre[1]) * METRES_A_DEGREE


def _row(
    number: int, each: tuple[Stations, SourceHealth, Station], centre: tuple[float, float] | None, when: int
) -> Row:
    source, health, station = each
    metres = round(_metres(station, centre)) if centre is not None else None
    return Row(
        number=number,
        station=station,
        source=source,
        health=health,
        metres=(round(metres, -1) if metres < 1000 else round(metres, -2)) if metres is not None else None,
        minutes=max(1, round(metres / 75)) if metres is not None and metres <= 3_000 else None,
        figures=_figures(station),
        age=_age(when - station.said_at) if station.said_at else "",
        facts=_facts(station),
    )


def _figures(station: Station) -> tuple[tuple[int | None, str], ...]:
    if station.kind == "bikes":
        free = (station.free, ngettext("vélo à prendre", "vélos à prendre", station.free or 0))
        docks = (station.docks, ngettext("place pour le rendre", "places pour le rendre", station.docks or 0))
        return (free,) if station.docks is None and station.capacity is None else (free, docks)
    if station.kind == "car-park":
        return ((station.free, ngettext("place libre", "places libres", station.free or 0)),)
    return ((station.free, ngettext("point libre", "points libres", station.free or 0)),)


def _facts(station: Station) -> tuple[str, ...]:
    """What else is worth knowing, one short phrase each."""
    told: list[str] = []
    if station.open is False:
        told.append(_("Fermé") if station.kind != "bikes" else _("On ne peut pas y prendre de vélo"))
    if station.electric:
        told.append(ngettext("dont %d électrique", "dont %d électriques", station.electric) % station.electric)
    if station.capacity is not None:
        words = {
            "bikes": ngettext("%d place en tout", "%d places en tout", station.capacity),
            "car-park": ngettext("%d place en tout", "%d places en tout", station.capacity),
            "charging": ngettext("%d point de charge", "%d points de charge", station.capacity),
        }
        told.append(words[station.kind] % station.capacity)
    if station.power:
        told.append(_("jusqu’à %s kW") % f"{station.power:g}".replace(".", ","))
    told += [", ".join(station.plugs)] if station.plugs else []
    if station.broken:
        told.append(ngettext("%d hors service", "%d hors service", station.broken) % station.broken)
    if station.park_and_ride:
        told.append(_("parking relais (P+R)"))
    if station.wheelchair is not None and station.kind == "car-park":
        places = ngettext("%d place réservée (handicap)", "%d places réservées (handicap)", station.wheelchair)
        told.append(places % station.wheelchair if station.wheelchair else _("aucune place réservée (handicap)"))
    if station.wheelchair_words:
        told.append(station.wheelchair_words)
    if station.height:
        told.append(_("hauteur : %s m") % f"{station.height:g}".replace(".", ","))
    payments = {"free": _("gratuit"), "card": _("carte bancaire")}
    if station.payment in payments:
        told.append(payments[station.payment])
    return tuple(told)


def _age(seconds: int) -> str:
    if seconds < 60:
        return _("il y a moins d’une minute")
    if seconds < 5_400:
        minutes = round(seconds / 60)
        return ngettext("il y a %d minute", "il y a %d minutes", minutes) % minutes
    hours = round(seconds / 3_600)
    if hours < 48:
        return ngettext("il y a %d heure", "il y a %d heures", hours) % hours
    return _("il y a plus de deux jours")


def _map(rows: Sequence[Row], kind: Page) -> Any:
    lons, lats = [each.station.lon for each in rows], [each.station.lat for each in rows]
    window = Window.around((min(lons), min(lats), max(lons), max(lats)))
    spots = [
        Spot(each.station.lon, each.station.lat, 1, f"{each.number}. {each.station.name}", f"#s{each.number}")
        for each in rows
    ]
    return drawn(
        window, land=territory.shapes().by_code.values(), spots=spots, title=str(kind.title),
        description=_("Chaque point est un lieu de la liste. Le nord est en haut."), name=kind.name,
    )  # fmt: skip


def _floating(found: Sequence[Stations], centre: tuple[float, float] | None) -> Mapping[str, int] | None:
    """How many vehicles stand out of stations, and how many within 500 m of the place."""
    every = [each for source in found for each in source.floating]
    if not every:
        return None
    near = 0
    if centre is not None:
        narrow = math.cos(math.radians(centre[1]))
        near = sum(
            math.hypot((lon - centre[0]) * narrow, lat - centre[1]) * METRES_A_DEGREE <= 500 for lon, lat, _e in every
        )
    return {"every": len(every), "near": near}


urlpatterns = [
    path("transports/velos", bikes, name="bikes"),
    path("transports/parkings", car_parks, name="car-parks"),
    path("transports/bornes", charging, name="charging"),
]
