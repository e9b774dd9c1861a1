"""What is refused here, each with a code and a sentence."""

from lacydon.kernel.errors import BadInput, Conflict, NotFound, Unavailable


class UnreadableFeed(BadInput):
    """The file is not a timetable (GTFS) that can be read; the sentence says why and what to do."""

    code = "unreadable-feed"


class NoTimetable(NotFound):
    """No timetable was ever imported here."""

    code = "no-timetable"


class UnknownStop(NotFound):
    """No stop of this name in the timetable of today."""

    code = "unknown-stop"


class UnknownLine(NotFound):
    """No line of this name in the timetable of today."""

    code = "unknown-line"


class UnknownSource(NotFound):
    """No source of real time of this name."""

    code = "unknown-source"


class ChangedMeanwhile(Conflict):
    """Somebody else changed the same thing since it was read; nothing was lost, nothing was overwritten."""

    code = "changed-meanwhile"


class NotWhatWasAsked(Unavailable):
    """A source of real time answered something else than what it was asked for; the sentence says what."""

    code = "not-what-was-asked"


class UnknownFeed(NotFound):
    """No feed of timetables of this name."""

    code = "unknown-feed"


class FeedTaken(BadInput):
    """The prefix or the name of a feed belongs to another one."""

    code = "feed-taken"
