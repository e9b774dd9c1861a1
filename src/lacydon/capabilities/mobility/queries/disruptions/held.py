"""The disruptions that are not over, held by each process: no page of a stop or of a line waits for the database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from lacydon.kernel.clock import now
from lacydon.kernel.errors import NotFound
from lacydon.kernel.snapshots import Snapshot

from ...errors import NoTimetable
from ...models import Disruption
from ..timetable import timetable
from .modes import mode_of
from .views import DisruptionView, view_of

DISRUPTIONS = "disruptions"
"""The snapshot that each change moves."""
SOON = timedelta(days=14)
"""How far « soon » looks."""


@dataclass(slots=True)
class _Held:
    all: tuple[DisruptionView, ...]
    by_route: dict[str, list[DisruptionView]] = field(default_factory=dict)
    by_place: dict[str, list[DisruptionView]] = field(default_factory=dict)
    by_stop: dict[str, list[DisruptionView]] = field(default_factory=dict)
    by_commune: dict[str, list[DisruptionView]] = field(default_factory=dict)
    by_agency: dict[str, list[DisruptionView]] = field(default_factory=dict)
    by_mode: dict[int, list[DisruptionView]] = field(default_factory=dict)
    by_trip: dict[str, list[DisruptionView]] = field(default_factory=dict)
    anywhere: list[DisruptionView] = field(default_factory=list)


def _build() -> _Held:
    rows = Disruption.objects.filter(state=Disruption.State.PUBLISHED).filter(
        Q(ends_at=None) | Q(ends_at__gt=now() - timedelta(hours=1))
    )
    held = _Held(tuple(view_of(row) for row in rows.prefetch_related("concerned", "said").order_by("pk")))
    for each in held.all:
        for about, index in (
            (each.routes, held.by_route),
            (each.places, held.by_place),
            (each.stops, held.by_stop),
            (each.communes, held.by_commune),
            (each.agencies, held.by_agency),
            (each.trips, held.by_trip),
        ):
            for named in about:
                index.setdefault(named.ref, []).append(each)
        for mode in each.modes:
            held.by_mode.setdefault(mode, []).append(each)
        if each.everywhere and not each.agencies:
            held.anywhere.append(each)
    return held


_held: Snapshot[_Held] = Snapshot(DISRUPTIONS, _build)


def current(when: datetime | None = None) -> tuple[DisruptionView, ...]:
    """All those that riders may see and that are not over, what goes on first, the worst first."""
    when = when or now()
    return _shown(_held().all, when)


def now_and_soon(
    found: Iterable[DisruptionView], when: datetime | None = None
) -> tuple[list[DisruptionView], list[DisruptionView]]:
    """Those that disturb now, and those that will within a fortnight; the later ones are in neither."""
    when = when or now()
    running, coming = [], []
    for each in found:
        if each.running(when):
            running.append(each)
        elif (period := each.next(when)) is not None and (period.begin or when) <= when + SOON:
            coming.append(each)
    return running, coming


def on_line(route: str, when: datetime | None = None) -> tuple[DisruptionView, ...]:
    """What disturbs a line (its id), now or later: on itself, on its network, on its mode."""
    when, held = when or now(), _held()
    found = list(held.by_route.get(route, ())) + held.anywhere
    if held.by_agency or held.by_mode:
        try:
            table = timetable()
            line = table.routes[table.route_of_id[route]]
        except (NoTimetable, KeyError):
            pass
        else:
            if 0 <= line.agency < len(table.agencies):
                found += held.by_agency.get(table.agencies[line.agency].id, ())
            found += held.by_mode.get(line.type, ())
    return _shown(found, when)


def on_place(place: str, when: datetime | None = None) -> tuple[DisruptionView, ...]:
    """What disturbs a place (its id), now or later: itself or one of its quays. Not what is on its lines elsewhere."""
    held = _held()
    return _shown(list(held.by_place.get(place, ())), when or now())


def on_trip(trip: str, when: datetime | None = None) -> tuple[DisruptionView, ...]:
    """What is said of one trip (its id)."""
    return _shown(list(_held().by_trip.get(trip, ())), when or now())


def in_commune(citycode: str, when: datetime | None = None) -> tuple[DisruptionView, ...]:
    """What disturbs transport in a commune (INSEE code): where the stops concerned lie."""
    held = _held()
    return _shown(list(held.by_commune.get(citycode, ())) + held.anywhere, when or now())


def disruption(id: int, *, when: datetime | None = None) -> DisruptionView:
    """One of them, over or not, if riders may see it; withdrawn ones say so. Raises NotFound."""
    found = next((each for each in _held().all if each.id == id), None)
    if found is None:
        rows = Disruption.objects.filter(pk=id, published_at__isnull=False).exclude(state=Disruption.State.DRAFT)
        row = rows.prefetch_related("concerned", "said").first()
        found = view_of(row) if row else None
    if found is None or (found.state == Disruption.State.PUBLISHED and not found.shown(when)):
        raise NotFound(_("Cette perturbation n’existe pas, ou n’est pas encore publiée."))
    return found


def _shown(found: Iterable[DisruptionView], when: datetime) -> tuple[DisruptionView, ...]:
    kept = {each.id: each for each in found if each.shown(when) and not each.over(when)}
    return tuple(sorted(kept.values(), key=lambda each: each.rank(when)))


def modes_of(view: DisruptionView) -> frozenset[str]:
    """The means of transport that it disturbs (keys of MODES)."""
    found = {mode_of(each) for each in view.modes}
    try:
        table = timetable()
    except NoTimetable:
        return frozenset(found)
    found |= {
        mode_of(table.routes[table.route_of_id[each.ref]].type) for each in view.routes if each.ref in table.route_of_id
    }
    return frozenset(found)
