"""Places one can use now, as each process holds them: stations of bicycles, car parks, charging points."""

import threading
import zlib
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import orjson
from pydantic import TypeAdapter

from ...models import LiveSource, LiveWords
from ...ports import SaidStations, Station

ADAPTER: Final[TypeAdapter[SaidStations]] = TypeAdapter(SaidStations)


def encoded_stations(said: SaidStations) -> bytes:
    """As it is kept in the database."""
    return zlib.compress(orjson.dumps(asdict(said)), 1)


@dataclass(frozen=True, kw_only=True)
class Stations:
    """What one source says, and which source it is."""

    source: LiveSource
    said_at: int
    """Seconds since 1970; 0 when it has not answered yet."""
    stations: tuple[Station, ...]
    floating: tuple[tuple[float, float, bool], ...] = ()
    licence: str = ""
    operator: str = ""


_held: dict[str, tuple[str, Any]] = {}
_lock = threading.Lock()


def stations(*kinds: str, when: int) -> list[Stations]:
    """What sources of these connectors say; a figure that is too old to be believed (`when`: now) is taken away, its
    place stays."""
    rows = LiveSource.objects.filter(kind__in=kinds, enabled=True).order_by("position", "id")
    found = []
    for source in rows:
        said, said_at = _said(source)
        fresh = when - said_at <= source.stale_after if said is not None else False
        its = tuple(_dated(each, said_at, when, source.stale_after, fresh) for each in said.stations) if said else ()
        found.append(
            Stations(
                source=source,
                said_at=said_at,
                stations=its,
                floating=tuple(said.floating) if said and fresh else (),
                licence=source.licence or (said.licence if said else ""),
                operator=source.producer or (said.operator if said else ""),
            )
        )
    return found


def _dated(station: Station, said_at: int, when: int, stale_after: int, fresh: bool) -> Station:
    """A station says when it was heard of: what it said is not believed for ever either."""
    own = station.said_at or said_at
    if fresh and when - own <= max(stale_after, 3_600):
        return replace(station, said_at=own)
    return replace(station, said_at=own, free=None, docks=None, electric=None, broken=None)


def _said(source: LiveSource) -> tuple[SaidStations | None, int]:
    row = LiveWords.objects.filter(source=source, subject="").values("version", "said_at").first()
    if row is None:
        return None, 0
    said_at = int(row["said_at"].timestamp())
    held = _held.get(source.pk)
    if held is None or held[0] != row["version"]:
        content = LiveWords.objects.filter(source=source, subject="").values_list("content", flat=True).first()
        if content is None:
            return None, 0
        with _lock:
            said = ADAPTER.validate_python(orjson.loads(zlib.decompress(bytes(content))))
            _held[source.pk] = held = (row["version"], said)
    return held[1], said_at
