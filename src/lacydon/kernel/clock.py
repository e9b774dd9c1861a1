"""What time it is: one place to ask, so that a test can hold the time still."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day where the residents live (Europe/Paris)."""
    return now().astimezone(LOCAL).date()
