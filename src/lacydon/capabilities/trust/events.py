"""What happened in trust."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EntriesRecorded:
    """Entries of the journal were committed; they are not in its tree yet."""

    count: int
