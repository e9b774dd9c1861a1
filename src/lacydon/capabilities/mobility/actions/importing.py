"""A timetable is put in force: its folder first, then the row that names it. Killed in between, the old one stands."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from lacydon.kernel.clock import now
from lacydon.kernel.events import publish
from lacydon.kernel.snapshots import moved

from ..events import TimetableChanged
from ..models import TimetableVersion
from ..queries.timetable import SNAPSHOT, Timetable, shelve


def put_in_force(*, table: Timetable, made_of: Sequence[Mapping[str, str]] = ()) -> TimetableVersion:
    """Make it the timetable that everybody reads from now on; the same content again changes nothing."""
    shelve(table)
    return name_in_force(table=table, made_of=made_of)


def name_in_force(*, table: Timetable, made_of: Sequence[Mapping[str, str]] = ()) -> TimetableVersion:
    """The same, of one that is on the shelf already."""
    with transaction.atomic():
        current = TimetableVersion.objects.select_for_update().filter(in_force=True).first()
        if current is not None and current.content == table.content:
            return current
        if current is not None:
            current.in_force = False
            current.save(update_fields=["in_force"])
        version, _made = TimetableVersion.objects.update_or_create(
            content=table.content,
            defaults={
                "made_at": now(),
                "made_of": [dict(each) for each in made_of],
                "in_force": True,
                "counts": {
                    "places": len(table.places),
                    "stops": len(table.stops),
                    "routes": len(table.routes),
                    "trips": len(table.trip_pattern),
                    "calls": len(table.arrival),
                },
            },
        )
        moved(SNAPSHOT)
        publish(TimetableChanged(content=table.content))
    return version
