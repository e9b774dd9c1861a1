"""What one reaches from each commune, worked out beside the pages."""

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.clock import today
from lacydon.kernel.jobs import job

from ..errors import NoTimetable
from ..ports.journeys import Spot
from ..queries.planning.access import HOURS, KINDS, progress, work_out
from ..queries.planning.engine import warm
from ..queries.planning.held import keep_the_rest
from ..queries.timetable import timetable


@job(attempts=2)
def work_out_access(*, content: str, kind: str, hour: int) -> None:
    """Of the timetable of this content, when it is still the one in force. Done again, it goes on where it was."""
    try:
        table = timetable()
    except NoTimetable:
        return
    if table.content != content:
        return
    keep_the_rest(table)
    if kind not in KINDS or hour not in HOURS or progress(content, kind, hour).whole:
        return
    warm()
    points = [
        (each.code, Spot(name=each.name, lon=each.lon, lat=each.lat, citycode=each.code))
        for each in territory.communes()
    ]
    work_out(table, points, kind=kind, hour=hour, today=today())
