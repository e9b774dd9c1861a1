"""What an object was: its states, and what the last vote froze of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from lacydon.kernel.snapshots import version_of

from ...models import Frozen, State
from ..chart import SNAPSHOT, Chart, chart, made
from ..nouns import SHAPES, Object


@dataclass(frozen=True, slots=True)
class Voted:
    """The last vote, and everything as it stood then."""

    version: Frozen
    chart: Chart


def last_vote() -> Voted | None:
    """None: nothing was ever frozen."""
    last = Frozen.objects.order_by("-at", "-number").first()
    return Voted(last, _as_frozen(last.content, last.at)) if last else None


@lru_cache(maxsize=4)
def _as_frozen(_content: str, at: datetime) -> Chart:
    """A moment that is over does not change: it is read once."""
    return chart(at)


def fresh() -> Chart:
    """The agenda at this very moment: whoever writes must see what was written a second ago."""
    return _fresh(version_of(SNAPSHOT))


@lru_cache(maxsize=2)
def _fresh(_version: str) -> Chart:
    return made(State.objects.filter(last=True))


def states(kind: str, id: str) -> list[State]:
    """All the states of an object, the last one first."""
    return list(State.objects.filter(kind=kind, object=id).order_by("-number"))


def was(kind: str, id: str, number: int) -> Object | None:
    """An object at one of its states; None when there is no such state, or it says that the object went."""
    row = State.objects.filter(kind=kind, object=id, number=number, removed=False).first()
    return SHAPES[kind].model_validate(row.content) if row else None


def removed(kind: str) -> list[tuple[State, Object]]:
    """What went and may come back: its last state, and what it was before; the latest first."""
    gone = list(State.objects.filter(kind=kind, last=True, removed=True).order_by("-at")[:50])
    before = {
        (row.object, row.number): row
        for row in State.objects.filter(kind=kind, object__in=[each.object for each in gone], removed=False)
    }
    found = []
    for each in gone:
        row = before.get((each.object, each.number - 1))
        if row is not None:
            found.append((each, SHAPES[kind].model_validate(row.content)))
    return found


def standing(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], tuple[Object, int]]:
    """These objects as they are in the database at this very moment, with the number of that state."""
    wanted = set(keys)
    rows = State.objects.filter(last=True, removed=False, object__in={id for _kind, id in wanted})
    return {
        (row.kind, row.object): (SHAPES[row.kind].model_validate(row.content), row.number)
        for row in rows
        if (row.kind, row.object) in wanted
    }
