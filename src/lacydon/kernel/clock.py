"""What time it is: one place to ask, so that a test can hold the time still."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

LOCAL = ZoneInfo("Europe/Paris")


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day where the residents live (Europe/Paris)."""
    return now().astimezone(LOCAL).date()


def hour(when: datetime | time) -> str:
    """« 14 h 05 », in English 14:05, where the residents live: the only way an hour is written for people."""
    local = when.astimezone(LOCAL) if isinstance(when, datetime) else when
    return _("%(hour)d h %(minute)02d") % {"hour": local.hour, "minute": local.minute}
