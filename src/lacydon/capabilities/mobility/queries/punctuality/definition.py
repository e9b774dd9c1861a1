"""What « on time » means: here, and nowhere else. Two of these may be changed by `LACYDON_PUNCTUALITY`.

A departure is on time when it leaves at most one minute before its time and at most five minutes after it. A minute
early is a missed bus, so the window is not even on both sides. Arrivals at the terminus are not departures and are not
counted. On frequent lines nobody looks at the timetable: what counts there is the gap between two departures.
"""

from django.conf import settings

EARLY, LATE = -60, 300
"""Seconds around the planned departure, both included; the defaults of LACYDON_PUNCTUALITY."""
FREQUENT = 600
"""Seconds between two planned departures up to which a line is frequent at a stop."""
IRREGULAR = 1.5
"""A gap is regular up to this many times the planned one: nobody waits more than half as much again."""
SMALL = 30
"""Observations under which a figure says too little: it is shown in grey and drawn nowhere."""


def early() -> int:
    """The earliest that is on time: seconds, below 0."""
    return int(getattr(settings, "PUNCTUALITY", (EARLY, LATE))[0])


def late() -> int:
    """The latest that is on time: seconds."""
    return int(getattr(settings, "PUNCTUALITY", (EARLY, LATE))[1])
