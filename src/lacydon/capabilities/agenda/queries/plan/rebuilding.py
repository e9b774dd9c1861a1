"""The agenda at a date before anything was recorded here: rebuilt from the dates that its objects speak of.

What was recorded is always better (`chart(at)`): this is for the years before the platform. What no date tells (health,
forecasts, risks) is left out, and pages say that the picture was rebuilt.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from ..chart import Chart
from ..nouns import (
    Action,
    Adoption,
    Agenda,
    Budget,
    Evaluation,
    Experience,
    Indicator,
    Kit,
    LegalAct,
    Milestone,
    Object,
    Period,
)


@lru_cache(maxsize=12)
def rebuilt(chart: Chart, day: date) -> Chart:
    """What of this chart was decided, begun and done by that day."""
    acts = {each.id: each.date for each in chart.all(LegalAct)}
    dated = {key: then for key, each in chart.objects.items() if (then := _then(each, day, acts)) is not None}
    actions = {id_ for kind, id_ in dated if kind == "action"}
    kept = {
        key: each
        for key, each in dated.items()
        if not isinstance(each, Budget) or each.action in actions
    }  # fmt: skip
    if not any(kind == "agenda" for kind, _id in kept):
        kept = {}
    return Chart(objects=kept, numbers={}, at=chart.at)


def _then(each: Object, day: date, acts: Mapping[str, date]) -> Object | None:
    match each:
        case LegalAct():
            return each if each.date <= day else None
        case Agenda():
            return each if _known(each.adopted_by, day, acts) else None
        case Action():
            return _action(each, day, acts)
        case Budget():
            return _budget(each, day, acts)
        case Indicator():
            return each if each.baseline is None or each.baseline.date <= day else None
        case Evaluation():
            return each if each.published and each.published <= day else None
        case Experience() | Kit() | Adoption():
            return None
    return each


def _known(act: str | None, day: date, acts: Mapping[str, date]) -> bool:
    return act is None or acts.get(act, date.max) <= day


def _action(each: Action, day: date, acts: Mapping[str, date]) -> Action | None:
    begins = acts.get(each.decided_by or "") or each.actual.start or each.planned.start
    if begins is None or begins > day:
        return None
    start = _by(each.actual.start, day)
    end = _by(each.actual.end, day)
    over = end is not None and each.status in ("realisee", "abandonnee")
    changes: dict[str, Any] = {
        "status": each.status if over else "en-cours" if start else "decidee",
        "status_reason": None,
        "health": "vert",
        "health_reason": None,
        "confidence": None,
        "actual": Period(start=start, end=end),
        "revised": tuple(revision for revision in each.revised if revision.decided <= day),
        "milestones": tuple(_milestone(milestone, day) for milestone in each.milestones),
        "communes": tuple(commune for commune in each.communes if commune.since is None or commune.since <= day),
        "risks": (),
        "decisions": (),
    }
    return each.model_copy(update=changes)


def _milestone(each: Milestone, day: date) -> Milestone:
    """Nobody wrote what was forecast then."""
    done = _by(each.actual, day)
    return each.model_copy(update={"actual": done, "forecast": done, "evidence": each.evidence if done else ""})


def _budget(each: Budget, day: date, acts: Mapping[str, date]) -> Budget | None:
    if not _known(each.authorisation.act, day, acts):
        return None
    revisions = tuple(revision for revision in each.authorisation.revisions if revision.decided <= day)
    cancelled = _by(each.authorisation.cancelled, day)
    given = each.authorisation.model_copy(update={"revisions": revisions, "cancelled": cancelled})
    years = tuple(year for year in each.years if year.as_of <= day)
    return each.model_copy(update={"authorisation": given, "years": years, "funding": ()})


def _by(when: date | None, day: date) -> date | None:
    return when if when is not None and when <= day else None
