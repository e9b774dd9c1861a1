"""GBFS 2.x and 3.0: **fetch** what `gbfs.json` lists, **parse** it, pure, and hand the stations to transport.

Source: https://github.com/MobilityData/gbfs. What changes seldom (names, places, types) is asked once an hour.
Vehicles out of stations are kept by place only: an identifier that lasts would tell the journeys of people.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.capabilities.mobility.public import (
    NotWhatWasAsked,
    Question,
    Remark,
    SaidStations,
    Station,
    live_connectors,
    live_healths,
    moment_of,
    no_page,
)
from lacydon.connectors import Check, check_of

MOST: Final = 50_000
KEPT: Final = 32
ELECTRIC: Final = frozenset({"electric", "electric_assist"})
WANTED: Final = ("station_status", "free_bike_status", "vehicle_status")
SELDOM: Final = ("system_information", "station_information", "vehicle_types")


@dataclass
class _Known:
    """What changes seldom of a system."""

    feeds: Mapping[str, str] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)


class Gbfs:
    """The kind of source."""

    kind = "gbfs"
    title = _l("GBFS (vélos et trottinettes en libre-service)")

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def ask(self, question: Question) -> SaidStations:
        """What can be used now. Raises NotWhatWasAsked."""
        known = self._known.get(question.source)
        if known is None or question.refresh:
            known = self._discovered(question)
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[question.source] = known
        now = {name: document(question, known.feeds[name]) for name in WANTED if name in known.feeds}
        if not now:
            raise NotWhatWasAsked(_("Ce système GBFS ne dit ni ses stations, ni ses véhicules."))
        return parse({**known.documents, **now})

    def subjects(self, _options: Mapping[str, Any], /) -> tuple[str, ...]:
        return ("whole",)

    def _discovered(self, question: Question) -> _Known:
        feeds: dict[str, str] = {}
        for url in question.urls:
            feeds.update(feeds_of(document(question, url)))
        known = _Known(feeds=feeds)
        for name in SELDOM:
            if name in feeds:
                known.documents[name] = document(question, feeds[name])
        return known


def document(question: Question, url: str) -> Mapping[str, Any]:
    """One JSON document. Raises NotWhatWasAsked, OutsideUnavailable."""
    answer = question.get(question.address(url), headers={"Accept": "application/json"})
    no_page(answer.content)
    told = answer.json()
    if not isinstance(told, Mapping) or not isinstance(told.get("data"), Mapping):
        raise NotWhatWasAsked(_("Cette adresse ne répond pas du GBFS : il y manque « data »."))
    return told


def feeds_of(told: Mapping[str, Any]) -> dict[str, str]:
    """Addresses by name of feed: one list (3.0), or one a language (2.x), French first. Raises NotWhatWasAsked."""
    data = told["data"]
    listed = data.get("feeds")
    if not isinstance(listed, list):
        languages = [
            each for each in data.values() if isinstance(each, Mapping) and isinstance(each.get("feeds"), list)
        ]
        chosen = data.get("fr") if isinstance(data.get("fr"), Mapping) else (languages[0] if languages else None)
        listed = chosen.get("feeds") if isinstance(chosen, Mapping) else None
    if not isinstance(listed, list):
        raise NotWhatWasAsked(_("Cette adresse n’est pas celle d’un gbfs.json : elle ne liste rien."))
    return {
        str(each["name"]): str(each["url"])
        for each in listed
        if isinstance(each, Mapping) and isinstance(each.get("name"), str) and isinstance(each.get("url"), str)
    }


def parse(documents: Mapping[str, Mapping[str, Any]]) -> SaidStations:
    """Stations and vehicles, from the documents by name."""
    types = {
        str(each.get("vehicle_type_id")): str(each.get("propulsion_type", "")) in ELECTRIC
        for each in _listed(documents, "vehicle_types", "vehicle_types")
    }
    system = _data(documents, "system_information")
    dates = [moment_of(documents[name].get("last_updated")) for name in WANTED if name in documents]
    said = SaidStations(
        kind="bikes",
        said_at=min(filter(None, dates), default=0),
        licence=_text(system.get("license_id")) or _text(system.get("license_url")),
        operator=_text(system.get("operator")) or _text(system.get("name")),
    )
    states = {str(each.get("station_id")): each for each in _listed(documents, "station_status", "stations")}
    nowhere = 0
    known = set()
    for each in _listed(documents, "station_information", "stations"):
        id = str(each.get("station_id", ""))
        place = _place(each)
        if not id or place is None:
            nowhere += 1
            continue
        known.add(id)
        said.stations.append(_station(id, each, states.get(id), place, types))
    for name, key in (("free_bike_status", "bikes"), ("vehicle_status", "vehicles")):
        for each in _listed(documents, name, key):
            place = _place(each)
            if (
                place
                and not _flag(each.get("is_reserved"))
                and not _flag(each.get("is_disabled"))
                and not each.get("station_id")
            ):
                electric = types.get(str(each.get("vehicle_type_id")), False)
                said.floating.append((round(place[0], 4), round(place[1], 4), electric))
    strangers = [id for id in states if id not in known]
    if strangers and known:
        sentence = _("Stations dont l’état est dit, mais ni le nom ni la place.")
        said.remarks.append(
            Remark(code="unknown-station", sentence=sentence, count=len(strangers), examples=strangers[:5])
        )
    if nowhere:
        sentence = _("Stations sans identifiant, ou à une position impossible.")
        said.remarks.append(Remark(code="nowhere", sentence=sentence, count=nowhere))
    return said


def _station(
    id: str,
    told: Mapping[str, Any],
    state: Mapping[str, Any] | None,
    place: tuple[float, float],
    types: Mapping[str, bool],
) -> Station:
    state = state or {}
    free = _count(state, "num_vehicles_available", "num_bikes_available")
    electric = _count(state, "num_ebikes_available")
    if electric is None and types and isinstance(state.get("vehicle_types_available"), list):
        counts = [each for each in state["vehicle_types_available"] if isinstance(each, Mapping)]
        electric = sum(_count(each, "count") or 0 for each in counts if types.get(str(each.get("vehicle_type_id"))))
    installed = state.get("is_installed")
    open_ = _flag(state.get("is_renting")) if "is_renting" in state else None
    if installed is not None and not _flag(installed):
        open_ = False
    return Station(
        id=id,
        name=_text(told.get("name")) or id,
        lon=place[0],
        lat=place[1],
        kind="bikes",
        capacity=_count(told, "capacity"),
        free=free,
        docks=_count(state, "num_docks_available"),
        electric=electric,
        open=open_,
        returning=_flag(state.get("is_returning")) if "is_returning" in state else None,
        said_at=moment_of(state.get("last_reported")),
        address=_text(told.get("address")),
        broken=_count(state, "num_vehicles_disabled", "num_bikes_disabled"),
    )


def _data(documents: Mapping[str, Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    found = documents.get(name, {}).get("data")
    return found if isinstance(found, Mapping) else {}


def _listed(documents: Mapping[str, Mapping[str, Any]], name: str, key: str) -> Iterator[Mapping[str, Any]]:
    found = _data(documents, name).get(key)
    return (each for each in (found if isinstance(found, list) else [])[:MOST] if isinstance(each, Mapping))


def _text(value: Any) -> str:
    """A text, or the French one of those of GBFS 3.0."""
    if isinstance(value, str):
        return " ".join(value.split())[:300]
    if isinstance(value, list):
        told = [each for each in value if isinstance(each, Mapping) and isinstance(each.get("text"), str)]
        chosen = next(
            (each for each in told if str(each.get("language", "")).startswith("fr")), told[0] if told else None
        )
        return " ".join(chosen["text"].split())[:300] if chosen else ""
    return ""


def _place(told: Mapping[str, Any]) -> tuple[float, float] | None:
    lon, lat = told.get("lon"), told.get("lat")
    if not (isinstance(lon, int | float) and isinstance(lat, int | float)):
        return None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90) or (lon == 0 and lat == 0):
        return None
    return round(float(lon), 6), round(float(lat), 6)


def _count(told: Mapping[str, Any], *names: str) -> int | None:
    for name in names:
        value = told.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e7:
            return int(value)
    return None


def _flag(value: Any) -> bool:
    return value is True or value == 1 or (isinstance(value, str) and value.lower() == "true")


def check() -> Check:
    """Each source that uses it."""
    return check_of(live_healths(Gbfs.kind), nothing=_("Aucune source GBFS n’est interrogée."))


live_connectors.plug(Gbfs())
