"""The public agenda at a moment: now, or any past date (`?le=2025-06-01` on every page)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.db.models import Min
from django.utils.translation import gettext as _

from lacydon.kernel import clock
from lacydon.kernel.snapshots import Snapshot

from ...models import Frozen, State
from ..chart import SNAPSHOT, Chart, chart, now_held
from .rebuilding import rebuilt
from .twin import twin

EARLIEST = date(2000, 1, 1)
_beginning: Snapshot[datetime | None] = Snapshot(SNAPSHOT, lambda: State.objects.aggregate(first=Min("at"))["first"])
"""When the first object was recorded here."""


@dataclass(frozen=True, slots=True)
class Moment:
    """`day`: the day the page speaks of; `past`: another one was asked for than today.

    `rebuilt`: nothing was recorded yet on that day; `withheld`, `fields`: see Twin.
    """

    chart: Chart
    day: date
    past: bool
    rebuilt: bool
    withheld: Mapping[str, int]
    fields: Mapping[tuple[str, str], int]

    @property
    def le(self) -> str:
        """As addresses say it; empty for today."""
        return self.day.isoformat() if self.past else ""


def moment(day: date | None = None) -> Moment:
    """The public twin as it was known at the end of that day; None, today and days to come: as it is now."""
    today = clock.today()
    if day is None or day >= today:
        found, asked, made = chart(), today, False
    else:
        asked = max(day, EARLIEST)
        until = datetime.combine(asked + timedelta(days=1), time.min, tzinfo=clock.LOCAL)
        first = _beginning()
        made = first is None or first >= until
        found = rebuilt(chart(), asked) if made else recorded(until)
    public = twin(found)
    return Moment(public.chart, asked, asked != today, made, public.objects, public.fields)


def recorded(until: datetime) -> Chart:
    """The agenda just before that moment. Moments between which nothing was written nor frozen have the same chart.

    Its `at` is when the last of that was, so that what is worked out of a chart is made once for all of them.
    """
    now_held()
    before = State.objects.filter(at__lt=until).order_by("-at", "-pk").values_list("pk", "at")[:1]
    frozen = Frozen.objects.filter(at__lt=until).order_by("-at").values_list("pk", "at")[:1]
    found = [*before, *frozen]
    last = max((at for _pk, at in found), default=until - timedelta(microseconds=1))
    return _recorded(now_held.version, tuple(pk for pk, _at in found), last)


@lru_cache(maxsize=12)
def _recorded(_version: str, _last: tuple[int, ...], at: datetime) -> Chart:
    """What is over does not change; what is kept in memory is of this agenda, whatever was loaded since."""
    return chart(at)


def day_said(text: str) -> tuple[date | None, str]:
    """The day an address says, and what is wrong with it."""
    if not text:
        return None, ""
    try:
        return date.fromisoformat(text[:10]), ""
    except ValueError:
        return None, _("« %s » n’est pas une date : écrivez-la comme 2025-06-01.") % text[:20]
