"""What happened in transport, in the past tense."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimetableChanged:
    """Another timetable is the one in force: its files are on the disk, its row is committed."""

    content: str
    """SHA-256 of what it holds."""


@dataclass(frozen=True, slots=True)
class DisruptionChanged:
    """A disruption was written, changed, ended, withdrawn, or is said otherwise by its source."""

    id: int
    revision: int


@dataclass(frozen=True, slots=True)
class FeedAsked:
    """Somebody wants what the address of this feed gives, now."""

    feed: str


@dataclass(frozen=True, slots=True)
class QuaysDecided:
    """What a person decided of quays changed: the timetables are to be merged again."""


@dataclass(frozen=True, slots=True)
class AccessAsked:
    """Somebody wants to see what one reaches from each commune, on this kind of day at this hour."""

    content: str
    kind: str
    hour: int
