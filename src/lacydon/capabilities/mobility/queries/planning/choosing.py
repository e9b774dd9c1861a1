"""Few journeys, good and different: what a person would keep of all those that nothing beats."""

from collections.abc import Sequence
from functools import partial

from ...ports.journeys import Ask, Journey

CHANGE, WALKING, TIGHT, WAITING = 300, 0.5, 240, 0.4
"""What one is ready to lose to save a change, a second on foot, or the fear to miss a change: in seconds."""
NEAR = 120
"""Two journeys that leave and arrive within so many seconds are the same to a person."""
WORST = 1.6
SAME = 2
"""At most so many departures of the same lines."""


def cost(journey: Journey, ask: Ask | None = None) -> float:
    """Seconds that the journey feels like; to wait at home, or there, is half as long as to travel."""
    gap = 0.0
    if ask is not None:
        asked = ask.when.timestamp()
        gap = asked - journey.arrival if ask.arrive_by else journey.departure - asked
    effort = CHANGE * journey.changes + WALKING * journey.walking + TIGHT * len(journey.tight)
    return journey.seconds + WAITING * max(gap, 0.0) + effort


def chosen(found: Sequence[Journey], *, count: int, ask: Ask | None = None) -> list[Journey]:
    """At most `count`, by the hour of leaving. The quickest, the one with the fewest changes and the one with the
    least walking stay, whatever they cost.
    """
    if not found:
        return []
    felt, late = partial(cost, ask=ask), ask is not None and ask.arrive_by
    firsts = [
        min(found, key=lambda each: (-each.departure if late else each.arrival, felt(each))),
        min(found, key=lambda each: (each.changes, felt(each))),
        min(found, key=lambda each: (each.walking // 60, felt(each))),
    ]
    least = min(map(felt, found))
    kept: list[Journey] = []
    lines: dict[tuple[object, ...], int] = {}
    for journey in [*sorted(set_of(firsts), key=felt)[:count], *sorted(found, key=felt)]:
        if len(kept) >= count:
            break
        way = tuple((each.kind, each.line, each.origin.name, each.goal.name) for each in journey.rides)
        if journey in kept or any(_alike(journey, each) for each in kept) or lines.get(way, 0) >= SAME:
            continue
        if felt(journey) > WORST * least + 600 and not any(journey is each for each in firsts):
            continue
        kept.append(journey)
        lines[way] = lines.get(way, 0) + 1
    return sorted(kept, key=lambda each: (each.departure, each.arrival))


def set_of(journeys: Sequence[Journey]) -> list[Journey]:
    """The same without doubles, in their order."""
    return list({id(each): each for each in journeys}.values())


def _alike(one: Journey, other: Journey) -> bool:
    """Whether `one` adds nothing to `other` that a person would see."""
    return (
        other.departure >= one.departure - NEAR
        and other.arrival <= one.arrival + NEAR
        and other.changes <= one.changes
        and other.walking <= one.walking + NEAR
    )
