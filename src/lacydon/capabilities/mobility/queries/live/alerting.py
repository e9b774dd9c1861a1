"""Words about the service, with the lines and stops of the timetable that they are about."""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import TypeVar

from ...ports import SaidAlert
from ..timetable import StopKind
from .alerts import Alert, Cause, Effect, Named, Severity
from .names import Names

Word = TypeVar("Word", bound=StrEnum)


def alerts_of(said: Sequence[SaidAlert], *, names: Names, source: str, said_at: int) -> tuple[Alert, ...]:
    """Each once: of two with one identifier, the newest."""
    newest: dict[str, SaidAlert] = {}
    for each in said:
        if each.id not in newest or each.said_at >= newest[each.id].said_at:
            newest[each.id] = each
    return tuple(_alert(each, names=names, source=source, said_at=said_at) for each in newest.values())


def _alert(said: SaidAlert, *, names: Names, source: str, said_at: int) -> Alert:
    table = names.table
    return Alert(
        id=said.id,
        source=source,
        said_at=said.said_at or said_at,
        periods=tuple(said.periods),
        published=said.published,
        cause=_word(Cause, said.cause, Cause.UNKNOWN),
        effect=_word(Effect, said.effect, Effect.UNKNOWN),
        severity=_word(Severity, said.severity, Severity.UNKNOWN),
        routes=tuple(
            Named(id=table.routes[place].id if place >= 0 else raw, place=place)
            for raw, place in _each(said.routes, names.route)
        ),
        stops=tuple(_stops(said.stops, names)),
        trips=tuple(
            Named(id=table.trip_ids[place] if place >= 0 else raw, place=place)
            for raw, place in _each(said.trips, names.trip)
        ),
        agencies=tuple(_agencies(said, names)),
        route_types=tuple(dict.fromkeys(said.route_types)),
        header=dict(said.header),
        description=dict(said.description),
        url=said.url,
        planned=said.planned,
        version=said.version,
    )


def _each(raws: Iterable[str], find: Callable[[str], int]) -> list[tuple[str, int]]:
    return [(raw, find(raw)) for raw in dict.fromkeys(raws) if raw]


def _stops(raws: Iterable[str], names: Names) -> Iterable[Named]:
    """Quays; those of a station when the station was named."""
    stops = names.table.stops
    seen: set[int] = set()
    for raw, place in _each(raws, names.stop):
        if place < 0:
            yield Named(id=raw)
            continue
        quays = [place]
        if stops[place].kind is StopKind.STATION:
            quays = [n for n, each in enumerate(stops) if each.parent == place and each.place >= 0] or [place]
        for quay in quays:
            if quay not in seen:
                seen.add(quay)
                yield Named(id=stops[quay].id, place=quay)


def _agencies(said: SaidAlert, names: Names) -> Iterable[Named]:
    table = names.table
    here = {each.id: n for n, each in enumerate(table.agencies)}
    if said.everything:
        for id, n in here.items():
            if id.partition(":")[0] in names.prefixes:
                yield Named(id=id, place=n)
        return
    for raw in dict.fromkeys(said.agencies):
        id = next((id for id in names.ids("agency", raw) if id in here), "")
        yield Named(id=id or raw, place=here.get(id, -1))


def _word(kind: type[Word], told: str, otherwise: Word) -> Word:
    try:
        return kind(told)
    except ValueError:
        return otherwise
