"""A journey asked, journeys answered: by ours, or by a planner that knows streets where one is set up."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from lacydon.kernel.clock import now
from lacydon.kernel.errors import Unavailable

from ...ports import Station
from ...ports.journeys import Answer, Ask, Journey, planners
from ..live import LiveState, live
from ..live.stations import stations
from ..timetable import Timetable, day_of, seconds_in, start_of, timetable
from . import choosing
from .ends import Ends, on_foot_ends, with_bikes, with_cars
from .held import day_now
from .legs import Teller, on_foot_only
from .search import Chain, searched
from .walking import Access, metres, on_foot

LONGEST_WALK = 2_400
"""Seconds on foot, from one end to the other, that are told as a journey."""
NIGHT = 8 * 3_600
"""To arrive before this hour, one may leave the evening before."""


def journeys(ask: Ask) -> Answer:
    """The best few journeys. Raises NoTimetable when there is none and no other planner answers."""
    outside = planners.on()
    notice = ""
    if outside is not None:
        try:
            return outside.plan(ask)
        except Unavailable as silence:
            notice = _("%(planner)s ne répond pas (%(reason)s) : voici notre calcul simplifié.") % {
                "planner": outside.title, "reason": str(silence.sentence).rstrip("."),
            }  # fmt: skip
    when = int(now().timestamp())
    bikes = [each for said in stations("gbfs", when=when) for each in said.stations] if ask.bike else []
    parks = [each for said in stations("car_parks", when=when) for each in said.stations] if ask.car else []
    relays = [each for each in parks if each.park_and_ride] or parks
    return planned_here(ask, notice=notice, bikes=bikes, parks=relays)


def access_of(ask: Ask) -> Access:
    if not ask.wheelchair:
        return Access.ANYBODY
    return Access.UNKNOWN_TOO if ask.unknown_too else Access.KNOWN


def planned_here(
    ask: Ask, *, notice: str = "", table: Timetable | None = None, said: LiveState | None = None,
    bikes: Sequence[Station] = (), parks: Sequence[Station] = (),
) -> Answer:  # fmt: skip
    """The same by our own planner, on the timetable in force unless another is given."""
    table = table if table is not None else timetable()
    state = said if said is not None else live()
    day = day_of(ask.when)
    at = seconds_in(day, ask.when)
    if ask.arrive_by and at < NIGHT:
        day -= timedelta(days=1)
        at = seconds_in(day, ask.when)
    runs = day_now(table, day, access=access_of(ask), school=ask.school, said=said)
    starts, ends = Ends(), Ends()
    for its, spot, towards in ((starts, ask.origin, False), (ends, ask.goal, True)):
        its.found += on_foot_ends(runs.network, spot, towards=towards)
        if ask.bike and bikes:
            with_bikes(its, runs.network, spot, bikes, towards=towards)
    if ask.car:
        with_cars(starts, runs.network, ask.origin, parks)
    chains = searched(
        runs, starts.found, ends.found, at=at, window=ask.window, backwards=ask.arrive_by, rounds=ask.changes + 1
    )
    teller = Teller(runs, ask.origin, ask.goal, state, approaches=(starts.approaches, ends.approaches))
    found = [teller.journey(each) for each in chains if _useful(each)]
    kept = choosing.chosen(found, count=ask.count, ask=ask)
    walk = _walk(ask, starts_at=start_of(day) + at)
    if walk is not None and all(walk.seconds <= each.seconds + 300 for each in kept):
        kept = [walk, *kept][: max(ask.count, 1)]
    return Answer(
        journeys=tuple(kept), notice=notice,
        earlier=_earlier(ask, kept), later=_later(ask, kept),
    )  # fmt: skip


def _useful(chain: Chain) -> bool:
    return bool(chain.rides)


def _walk(ask: Ask, *, starts_at: int) -> Journey | None:
    seconds = on_foot(metres(ask.origin.lon, ask.origin.lat, ask.goal.lon, ask.goal.lat), access=access_of(ask))
    if not 0 < seconds <= LONGEST_WALK or access_of(ask) == Access.KNOWN:
        return None
    since = starts_at - seconds if ask.arrive_by else starts_at
    return on_foot_only(ask.origin, ask.goal, since, seconds)


def _later(ask: Ask, kept: Sequence[Journey]) -> datetime | None:
    rides = [each for each in kept if each.rides]
    if not rides:
        return None
    if ask.arrive_by:
        return ask.when + timedelta(seconds=max(ask.window, 1_800))
    return datetime.fromtimestamp(max(each.departure for each in rides) + 60, UTC)


def _earlier(ask: Ask, kept: Sequence[Journey]) -> datetime | None:
    rides = [each for each in kept if each.rides]
    if not rides:
        return None
    if ask.arrive_by:
        return datetime.fromtimestamp(min(each.arrival for each in rides) - 60, UTC)
    return ask.when - timedelta(seconds=max(ask.window, 1_800))
