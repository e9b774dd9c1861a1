"""What one reaches from each commune is asked once a timetable, then worked out beside the pages."""

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.clock import today
from lacydon.kernel.events import publish

from ..events import AccessAsked
from ..queries.planning.access import begin, progress
from ..queries.timetable import Timetable


def ask_access(*, table: Timetable, kind: str, hour: int) -> None:
    """Ask for the map of a kind of day and an hour; nothing when it was asked already."""
    if progress(table.content, kind, hour).total:
        return
    begin(table, kind=kind, hour=hour, today=today(), total=len(territory.communes()))
    publish(AccessAsked(content=table.content, kind=kind, hour=hour))
