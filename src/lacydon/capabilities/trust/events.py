"""What happened in trust, in the past tense."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EntriesRecorded:
    """Entries of the journal were committed; they are not in its tree yet."""

    count: int


@dataclass(frozen=True, slots=True)
class ExportAsked:
    """Somebody asked for the copy of their data, and there is much of it."""

    export: str
