"""Places and hours of appointments, as the folder says: what left it stops being offered; twice changes nothing.

Appointments already made stand, whatever changes: people were told.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lacydon.kernel import snapshots

from ..models import Closure, CounterDesk, CounterPlace, Motive, Opening
from ..queries.bookable import SNAPSHOT


@dataclass
class DeskRead:
    """A desk and its hours, not saved."""

    desk: CounterDesk
    openings: list[Opening] = field(default_factory=list)


@dataclass
class PlaceRead:
    place: CounterPlace
    desks: list[DeskRead] = field(default_factory=list)
    closures: list[Closure] = field(default_factory=list)


def load_counters(motives: Sequence[Motive], places: Sequence[PlaceRead]) -> dict[str, int]:
    """Make the tables equal to what was read, in the caller's transaction; count of changed rows by name."""
    changed = sum(_saved(each, {"id": each.id}) for each in motives)
    gone = Motive.objects.filter(active=True).exclude(pk__in=[each.id for each in motives])
    changed += gone.update(active=False)
    moved = 0
    for each in places:
        moved += _saved(each.place, {"id": each.place.id})
        moved += _same_rows(Closure.objects.filter(place=each.place), each.closures, place=each.place)
        for read in each.desks:
            moved += _saved(read.desk, {"place_id": each.place.id, "name": read.desk.name}, place_id=each.place.id)
            kept = CounterDesk.objects.get(place=each.place, name=read.desk.name)
            moved += _same_rows(Opening.objects.filter(desk=kept), read.openings, desk=kept)
        names = [read.desk.name for read in each.desks]
        moved += CounterDesk.objects.filter(place=each.place, active=True).exclude(name__in=names).update(active=False)
    left = CounterPlace.objects.filter(active=True).exclude(pk__in=[each.place.id for each in places])
    moved += left.update(active=False)
    if changed or moved:
        snapshots.moved(SNAPSHOT)
    return {"motives": changed, "counters": moved}


def _saved(row: Any, key: Mapping[str, Any], **more: Any) -> int:
    """Write the row when it differs from the one that is there; 1 when it did."""
    for name, value in more.items():
        setattr(row, name, value)
    values = _values(row)
    there = type(row).objects.filter(**key).first()
    if there is not None and _values(there) == values:
        return 0
    type(row).objects.update_or_create(**key, defaults=values)
    return 1


def _same_rows(there: Any, wanted: Sequence[Any], **holder: Any) -> int:
    """Rows that nothing leads to: replaced as a whole when they differ."""
    for each in wanted:
        for name, value in holder.items():
            setattr(each, name, value)
    if sorted(map(_told, there)) == sorted(map(_told, wanted)):
        return 0
    there.delete()
    type(wanted[0]).objects.bulk_create(wanted) if wanted else None
    return 1


def _told(row: Any) -> str:
    """The same text for the same row: PostgreSQL gives the keys of JSON in an order of its own."""
    return json.dumps(_values(row), sort_keys=True, default=str)


def _values(row: Any) -> dict[str, Any]:
    """The columns of a row, but for a key that the database gives."""
    fields = [
        each
        for each in row._meta.concrete_fields
        if not (each.primary_key and each.get_internal_type() == "BigAutoField")
    ]
    return {each.attname: getattr(row, each.attname) for each in fields}
