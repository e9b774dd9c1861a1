"""When an answer is owed: by law (the silence of the administration has a meaning), else by promise."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from lacydon.kernel.clock import LOCAL

PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


def after(moment: datetime, period: str) -> datetime:
    """A moment plus an ISO 8601 period of dates, counted in Europe/Paris, kept within the month (31 January + P1M)."""
    found = PERIOD.fullmatch(period)
    if found is None:
        raise ValueError(f"{period!r} is not a period such as P2M or P10D")
    years, months, weeks, days = (int(each or 0) for each in found.groups())
    here = moment.astimezone(LOCAL)
    month = here.month - 1 + months + 12 * years
    year, month = here.year + month // 12, month % 12 + 1
    day = here.day
    while True:
        try:
            moved = here.replace(year=year, month=month, day=day)
            break
        except ValueError:
            day -= 1
    return (moved + timedelta(days=days + 7 * weeks)).astimezone(moment.tzinfo)


def due(content: Mapping[str, Any], *, opened: datetime) -> datetime | None:
    """When the law (`silence.after`) or the promise of the form wants an answer; None when neither is said."""
    period = (content.get("silence") or {}).get("after") or content.get("promised")
    return after(opened, period) if period else None
