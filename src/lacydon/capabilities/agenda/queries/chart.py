"""The whole agenda at a moment: every object as it stood then, tied to the others.

That of now is held by each process and made again when the agenda changes; that of a past date is read and made on
demand: one statement, the last state of each object before that moment. What is written alike in several states is the
same object, made once.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, TypeVar, cast

import orjson
from django.db.models import Max, QuerySet, TextField
from django.db.models.functions import Cast

from lacydon.kernel.snapshots import Snapshot

from ..errors import UnknownObject
from ..models import State
from .nouns import SHAPES, Action, Agenda, Axis, Budget, Indicator, Object, stored

SNAPSHOT = "agenda"
Noun = TypeVar("Noun", bound=Object)


@dataclass(frozen=True, kw_only=True, eq=False)
class Chart:
    """`objects`: (kind, id) → the object; `numbers`: (kind, id) → which of its states this is."""

    objects: Mapping[tuple[str, str], Object]
    numbers: Mapping[tuple[str, str], int]
    at: datetime | None = None
    """None: now."""

    def all(self, kind: type[Noun]) -> tuple[Noun, ...]:
        return cast(tuple[Noun, ...], self._by_kind.get(_NAMES[kind], ()))

    def get(self, kind: type[Noun], id: str) -> Noun | None:
        return cast("Noun | None", self.objects.get((_NAMES[kind], id)))

    def one(self, kind: type[Noun], id: str) -> Noun:
        """Raises UnknownObject."""
        found = self.get(kind, id)
        if found is None:
            raise UnknownObject(id)
        return found

    @cached_property
    def _by_kind(self) -> Mapping[str, tuple[Object, ...]]:
        found: dict[str, list[Object]] = {}
        for (kind, _id), each in self.objects.items():
            found.setdefault(kind, []).append(each)
        return {kind: tuple(each) for kind, each in found.items()}

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        return tuple(sorted(self.all(Axis), key=lambda each: (each.order, each.id)))

    @cached_property
    def actions_of_axis(self) -> Mapping[str, tuple[Action, ...]]:
        return _grouped((share.axis, each) for each in self.all(Action) for share in each.axes)

    @cached_property
    def budgets_of_action(self) -> Mapping[str, tuple[Budget, ...]]:
        return _grouped((each.action, each) for each in self.all(Budget))

    @cached_property
    def indicators_of_action(self) -> Mapping[str, tuple[Indicator, ...]]:
        return _grouped((action, each) for each in self.all(Indicator) for action in each.actions)

    @cached_property
    def content(self) -> str:
        """SHA-256 of the canonical JSON of it all: the same agenda has the same."""
        written = [[*key, stored(each)] for key, each in sorted(self.objects.items(), key=lambda item: item[0])]
        return hashlib.sha256(orjson.dumps(written, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def agenda(self) -> Agenda | None:
        """The first one: a territory has one agenda at a time."""
        found = self.all(Agenda)
        return found[0] if found else None


_NAMES: Mapping[type[Object], str] = {shape: kind for kind, shape in SHAPES.items()}


def _grouped(pairs: Iterable[tuple[str, Any]]) -> Mapping[str, tuple[Any, ...]]:
    found: dict[str, list[Any]] = {}
    for key, each in pairs:
        found.setdefault(key, []).append(each)
    return {key: tuple(each) for key, each in found.items()}


@lru_cache(maxsize=16_384)
def _object(kind: str, written: str) -> Object:
    """Its shape is checked once, which is nearly all that a chart costs; nothing can change it afterwards."""
    return SHAPES[kind].model_validate_json(written)


def made(states: QuerySet[State], *, at: datetime | None = None) -> Chart:
    """The chart of these states, one of an object at most."""
    rows = states.filter(removed=False).order_by("kind", "object")
    objects, numbers = {}, {}
    written = Cast("content", TextField())
    for kind, id, number, content in rows.values_list("kind", "object", "number", written):
        objects[kind, id] = _object(kind, content)
        numbers[kind, id] = number
    return Chart(objects=objects, numbers=numbers, at=at)


now_held: Snapshot[Chart] = Snapshot(SNAPSHOT, lambda: made(State.objects.filter(last=True)))


def fresh(*kinds: str) -> Chart:
    """The objects of these kinds as the database has them now, for who just wrote: another process may have done it."""
    return made(State.objects.filter(last=True, kind__in=kinds))


def chart(at: datetime | None = None) -> Chart:
    """The agenda now, or as it was known at a moment."""
    if at is None:
        return now_held()
    # Of an object, the state written last has the highest key: one writes at a time (kernel.snapshots.hold).
    last = State.objects.filter(at__lte=at).values("kind", "object").annotate(last_then=Max("pk")).values("last_then")
    return made(State.objects.filter(pk__in=last), at=at)
