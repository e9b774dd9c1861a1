"""What a disruption says, apart from who says it and whether it is shown; and how it is put in its rows."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory

from ...errors import NoTimetable
from ...models import Concerned, Disruption
from ...queries.disruptions.history import folded
from ...queries.live.alerts import Cause, Effect, Severity
from ...queries.timetable import Timetable, timetable

LONGEST_TITLE, LONGEST_TEXT, MOST_PERIODS, MOST_NAMED = 160, 4_000, 40, 400
Periods = tuple[tuple[int | None, int | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Texts by language; periods in seconds since 1970; lines, places … by their ids."""

    title: Mapping[str, str]
    text: Mapping[str, str] = field(default_factory=dict)
    cause: str = Cause.UNKNOWN
    effect: str = Effect.UNKNOWN
    severity: str = Severity.UNKNOWN
    planned: bool = False
    periods: Periods = ()
    shown_from: int | None = None
    url: str = ""
    roadworks: str = ""
    roadworks_url: str = ""
    routes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    modes: tuple[int, ...] = ()
    trips: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        made: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return made


def content_of(kept: Mapping[str, Any]) -> Content:
    """As it was written by `as_json`."""
    told: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
    told["periods"] = tuple((begin, end) for begin, end in kept["periods"])
    return Content(**told)


def faults(content: Content) -> list[tuple[str, str]]:
    """What is wrong in what an agent wrote: (field, sentence), in the order of the page."""
    found: list[tuple[str, str]] = []
    if not content.title.get("fr", "").strip():
        found.append(("title_fr", _("Écrivez un titre : c’est ce que les voyageurs lisent d’abord.")))
    for lang, text in content.title.items():
        if len(text) > LONGEST_TITLE:
            found.append((f"title_{lang}", _("Ce titre est trop long : %d signes au plus.") % LONGEST_TITLE))
    for lang, text in content.text.items():
        if len(text) > LONGEST_TEXT:
            found.append((f"text_{lang}", _("Ce texte est trop long : %d signes au plus.") % LONGEST_TEXT))
    if not (content.routes or content.places or content.stops or content.agencies or content.modes):
        found.append(("lines", _("Choisissez au moins une ligne, un arrêt, ou tout le réseau.")))
    if len(content.routes) + len(content.places) > MOST_NAMED:
        found.append(("lines", _("C’est trop de lignes et d’arrêts : choisissez plutôt tout le réseau.")))
    if not content.periods:
        found.append(("begin_1", _("Dites quand cela commence.")))
    if len(content.periods) > MOST_PERIODS:
        found.append(("begin_1", _("%d périodes au plus.") % MOST_PERIODS))
    for n, (begin, end) in enumerate(content.periods, 1):
        if begin is not None and end is not None and end <= begin:
            found.append((f"end_{n}", _("La fin doit venir après le début.")))
    for name in ("url", "roadworks_url"):
        address = getattr(content, name)
        if address and not _is_address(address):
            found.append((name, _("Une adresse commence par https:// ou par /.")))
    return found


def put(row: Disruption, content: Content, *, at: datetime) -> None:
    """Write the content in the row, saved, with what it is about. `changed_at` is set; the caller counts revisions."""
    begins = [begin for begin, _end in content.periods]
    ends = [end for _begin, end in content.periods]
    about = concerned(content)
    row.title, row.text = dict(content.title), dict(content.text)
    row.cause, row.effect, row.severity, row.planned = content.cause, content.effect, content.severity, content.planned
    row.periods = [list(each) for each in content.periods]
    row.begins_at = _moment(None if not begins or None in begins else min(each for each in begins if each is not None))
    row.ends_at = _moment(None if not ends or None in ends else max(each for each in ends if each is not None))
    row.shown_from = _moment(content.shown_from)
    row.url, row.roadworks, row.roadworks_url = content.url, content.roadworks, content.roadworks_url
    row.words = folded(*content.title.values(), *content.text.values(), content.roadworks, *(n for _k, _r, n in about))
    row.fingerprint = fingerprint(content)
    row.changed_at = at
    row.save()
    Concerned.objects.filter(disruption=row).delete()
    Concerned.objects.bulk_create(
        Concerned(disruption=row, kind=kind, ref=ref, name=name[:300]) for kind, ref, name in about
    )


def concerned(content: Content) -> list[tuple[str, str, str]]:
    """(kind, id, name) of all it is about, with the communes where its stops lie."""
    kinds = Concerned.Kind
    try:
        table: Timetable | None = timetable()
    except NoTimetable:
        table = None
    found: dict[tuple[str, str], str] = {}
    places, routes = list(content.places), list(content.routes)
    for ref in content.trips:
        found[kinds.TRIP, ref] = ""
        if table is not None and (trip := table.trip(ref)) >= 0:
            routes.append(table.route_of(trip).id)
    for ref in content.stops:
        stop = table.stops[table.stop_of_id[ref]] if table is not None and ref in table.stop_of_id else None
        found[kinds.STOP, ref] = stop.name if stop else ""
        if table is not None and stop is not None and stop.place >= 0:
            places.append(table.places[stop.place].id)
    for ref in routes:
        line = table.routes[table.route_of_id[ref]] if table is not None and ref in table.route_of_id else None
        found[kinds.ROUTE, ref] = line.name if line else ""
    for ref in places:
        known = table.places[table.place_of_id[ref]] if table is not None and ref in table.place_of_id else None
        found[kinds.PLACE, ref] = known.name if known else ""
    for ref in content.agencies:
        names = [each.name for each in table.agencies if each.id == ref] if table is not None else []
        found[kinds.AGENCY, ref] = names[0] if names else ""
    for mode in content.modes:
        found[kinds.MODE, str(mode)] = ""
    if table is not None:
        communes = {each.code: each.name for each in territory.communes()}
        for code in sorted(_communes_of(table, places=places, routes=routes, agencies=content.agencies)):
            found[kinds.COMMUNE, code] = communes.get(code, "")
    return [(kind, ref, name) for (kind, ref), name in found.items()]


def _communes_of(
    table: Timetable, *, places: Iterable[str], routes: Iterable[str], agencies: Iterable[str]
) -> set[str]:
    """Where the stops named lie; those of the lines when no stop is named."""
    named = {table.places[table.place_of_id[ref]].citycode for ref in places if ref in table.place_of_id}
    if named:
        return named - {""}
    lines = {table.route_of_id[ref] for ref in routes if ref in table.route_of_id}
    networks = set(agencies)
    lines |= {
        n
        for n, line in enumerate(table.routes)
        if 0 <= line.agency < len(table.agencies) and table.agencies[line.agency].id in networks
    }
    called = {table.places[n].citycode for n, each in enumerate(table.routes_of_place) if not lines.isdisjoint(each)}
    return called - {""}


def fingerprint(content: Content) -> str:
    """What it says, whoever says it: its words and what it is about. Sources differ by seconds on periods."""
    told = [
        folded(content.title.get("fr", "")),
        folded(content.text.get("fr", "")),
        sorted(content.routes),
        sorted(content.places),
        sorted(content.stops),
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def matters(before: Content | None, after: Content) -> bool:
    """Whether riders have something to be told: a word mended in the text is nothing."""
    if before is None:
        return True
    names = ("title", "effect", "severity", "periods", "routes", "places", "stops", "agencies", "modes")
    return any(getattr(before, name) != getattr(after, name) for name in names)


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return text.startswith("/") or (parts.scheme in ("https", "http") and bool(parts.hostname))


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
