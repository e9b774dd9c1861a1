"""What changed, when, who (their role and organisation, never a name), why and by which act."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import Doer, doers_of

from ...errors import UnknownObject
from ...models import Frozen, State
from ..chart import Chart, chart
from ..nouns import Action, LegalAct
from .differences import Difference, differences, owner_name
from .twin import told_content

SHOWN = 25
"""Changes named of one writing; the others are counted."""


@dataclass(frozen=True, slots=True)
class Step:
    """One state of one object. `action`: written, created or removed; `title`: as stored, in the languages it has."""

    kind: str
    id: str
    number: int
    at: datetime
    act: LegalAct | None
    reason: str
    doer: Doer | None
    verb: str
    title: Mapping[str, str]
    differences: Sequence[Difference] = ()


@dataclass(frozen=True, slots=True)
class Writing:
    """What one person (or machine) wrote at one moment, for one reason."""

    at: datetime
    reason: str
    act: LegalAct | None
    doer: Any
    """A Doer, or None when the journal does not say."""
    steps: tuple[Step, ...]
    """The first of them."""
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.steps)


def history(kind: str, id: str, *, among: Chart, until: datetime | None = None) -> list[Step]:
    """The states of a public object, the latest first. Raises UnknownObject: nothing of that name, or not public.

    States of a time when it was internal are left out, and so is what changed while it was.
    """
    states = State.objects.filter(kind=kind, object=id).order_by("number")
    if until is not None:
        states = states.filter(at__lte=until)
    rows = list(states)
    if not rows or not _told(rows[-1], _last_said(rows), _inside()):
        raise UnknownObject(id)
    doers = doers_of((each.entry for each in rows), capability="agenda")
    steps, before = [], None
    for each in rows:
        if not each.removed and each.content.get("visibility", "public") != "public":
            before = None
            continue
        steps.append(_step(each, before, doers, among))
        before = None if each.removed else each.content
    if not steps:
        raise UnknownObject(id)
    return steps[::-1]


def _last_said(rows: Sequence[State]) -> Mapping[str, Any] | None:
    return next((each.content for each in reversed(rows) if not each.removed), None)


def _step(each: State, before: Mapping[str, Any] | None, doers: Mapping[Any, Doer], among: Chart) -> Step:
    content = {} if each.removed else told_content(each.kind, each.content)
    before = told_content(each.kind, before) if before else before
    found = differences(before, content, kind=each.kind, among=among) if before and content else []
    return Step(
        kind=each.kind,
        id=each.object,
        number=each.number,
        at=each.at,
        act=among.get(LegalAct, each.act) if each.act else None,
        reason=each.reason,
        doer=doers.get(each.entry),
        verb="removed" if each.removed else "changed" if before else "created",
        title=(content or before or {}).get("title", {"fr": each.object}),
        differences=found,
    )


def writings(*, among: Chart, limit: int = 10, offset: int = 0, until: datetime | None = None) -> list[Writing]:
    """What was written to the public agenda, the latest first; of each, the first changes only."""
    found = []
    previous = State.objects.filter(kind=OuterRef("kind"), object=OuterRef("object"), number=OuterRef("number") - 1)
    inside = _inside()
    for at, many in _moments(until)[offset : offset + limit]:
        rows = _written(until).filter(at=at).order_by("kind", "object")
        told = rows.annotate(
            was=Subquery(previous.values("content")[:1]), was_removed=Subquery(previous.values("removed")[:1])
        )[: SHOWN * 2]
        shown = [each for each in told if _told(each, _before(each), inside)]
        if shown:
            steps = tuple(_step(each, _before(each), {}, among) for each in shown[:SHOWN])
            first = shown[0]
            act = among.get(LegalAct, first.act) if first.act else None
            count = max(many - (len(told) - len(shown)), len(steps))
            found.append(Writing(at=at, reason=first.reason, act=act, doer=first.entry, steps=steps, count=count))
    doers = doers_of((each.doer for each in found), capability="agenda")
    return [replace(each, doer=doers.get(each.doer)) for each in found]


def lately(*, limit: int, until: datetime | None = None) -> list[tuple[datetime, int]]:
    """The last moments at which something public was written, and how much."""
    return list(_moments(until)[:limit])


def _moments(until: datetime | None) -> Any:
    return _written(until).values_list("at").annotate(many=Count("pk")).order_by("-at")


def _written(until: datetime | None) -> Any:
    # What is public is not said in a content (its default), so whatever says something is kept inside.
    states = State.objects.filter(content__visibility__isnull=True)
    return states if until is None else states.filter(at__lte=until)


def _inside() -> frozenset[str]:
    """The actions that are kept inside now: nor is their money told."""
    return frozenset(each.id for each in chart().all(Action) if each.visibility != "public")


def _before(each: Any) -> Mapping[str, Any] | None:
    if each.was is None or each.was_removed or each.was.get("visibility", "public") != "public":
        return None
    return dict(each.was)


def _told(each: Any, before: Mapping[str, Any] | None, inside: Container[str]) -> bool:
    """Whether a change may be told: what went is told when it was public; money, when its action is."""
    content = each.content or before
    if content is None or content.get("visibility", "public") != "public":
        return False
    return each.kind != "budget" or content.get("action") not in inside


def frozen_versions(agenda: str, *, until: datetime | None = None) -> list[Frozen]:
    """The versions that votes froze, the latest first."""
    found = Frozen.objects.filter(agenda=agenda).order_by("-number")
    return list(found if until is None else found.filter(at__lte=until))


def step_titles(steps: Iterable[Step]) -> str:
    """Which objects, as a feed says it: their titles in French."""
    return ", ".join(step.title.get("fr", step.id) for step in steps)


def who_words(doer: Doer | None) -> str:
    """Who wrote it: the organisation and the office."""
    if doer is None:
        return ""
    if doer.machine and not doer.organisation:
        return _("La plateforme")
    organisation = owner_name(doer.organisation) if doer.organisation else ""
    return ", ".join(filter(None, (organisation, *(str(each) for each in doer.roles))))
