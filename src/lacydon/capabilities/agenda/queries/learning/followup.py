"""What becomes of what evaluations recommend: answered or not, done or not, late or not, as seen on a day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from ..chart import Chart
from ..nouns import Action, Evaluation
from ..nouns.learning import Recommendation

ANSWER_WITHIN = timedelta(days=90)
"""How long those in charge have to answer a recommendation, from the day it is published, when no day was set."""
SOON = timedelta(days=30)

State = Literal["awaited", "unanswered", "refused", "to-do", "late", "done"]
WORDS: dict[str, tuple[Any, str, str]] = {
    "unanswered": (_l("Sans réponse, en retard"), "alert", "bad"),
    "late": (_l("Acceptée, en retard"), "alert", "bad"),
    "awaited": (_l("Réponse attendue"), "clock", "yours"),
    "to-do": (_l("Acceptée, à faire"), "clock", ""),
    "done": (_l("Faite"), "check", "good"),
    "refused": (_l("Refusée"), "none", ""),
}
"""State → its words, its icon, its tone; what is late first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """One recommendation of a published evaluation. `by`: before when what is awaited next; `done`: since when it is.

    `action`: the one that carries it out; when it is finished, so is the recommendation.
    """

    evaluation: Evaluation
    asked: Recommendation
    state: State
    by: date | None
    done: date | None
    action: Action | None
    leads: frozenset[str]
    """The authorities that lead the actions evaluated, and this one: they answer for it."""
    today: date

    @property
    def late(self) -> bool:
        return self.state in ("unanswered", "late")

    @property
    def open(self) -> bool:
        return self.state in ("awaited", "unanswered", "to-do", "late")

    @property
    def accepted(self) -> bool:
        return self.asked.answer is not None and self.asked.answer.answer != "refusee"

    @property
    def words(self) -> Any:
        return WORDS[self.state][0]

    @property
    def icon(self) -> str:
        return WORDS[self.state][1]

    @property
    def tone(self) -> str:
        return WORDS[self.state][2]

    @property
    def days(self) -> int:
        """Until the day it is due; negative when it is past."""
        return (self.by - self.today).days if self.by else 0

    @property
    def delay(self) -> str:
        """« en retard de 12 jours », « dans 30 jours »; empty when there is no date, or nothing to wait for."""
        return said_days(self.days) if self.open and self.by else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueEvaluation:
    """An evaluation that was promised and is not published."""

    evaluation: Evaluation
    by: date
    leads: frozenset[str]
    today: date

    @property
    def late(self) -> bool:
        return self.by < self.today

    @property
    def delay(self) -> str:
        return said_days((self.by - self.today).days)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Everything evaluations ask, as seen on a day: what is most late first."""

    published: tuple[Evaluation, ...]
    coming: tuple[DueEvaluation, ...]
    asked: tuple[Followed, ...]

    def count(self, *states: str) -> int:
        return sum(each.state in states for each in self.asked)

    @property
    def accepted(self) -> int:
        return sum(each.accepted for each in self.asked)

    @property
    def owed(self) -> tuple[Followed, ...]:
        """What waits for somebody, by the day it is due."""
        waiting = [each for each in self.asked if each.open]
        return tuple(sorted(waiting, key=lambda each: (each.by or date.max, each.evaluation.id, each.asked.id)))

    @property
    def late(self) -> tuple[Followed, ...]:
        return tuple(each for each in self.owed if each.late)

    def of(self, evaluation: str) -> tuple[Followed, ...]:
        return tuple(each for each in self.asked if each.evaluation.id == evaluation)

    def of_authority(self, authority: str) -> "FollowUp":
        """What one authority has to answer for."""
        return FollowUp(
            published=self.published,
            coming=tuple(each for each in self.coming if authority in each.leads),
            asked=tuple(each for each in self.asked if authority in each.leads),
        )

    def soon(self, *, within: timedelta = SOON) -> "FollowUp":
        """What is late, or due within so long."""
        return FollowUp(
            published=self.published,
            coming=tuple(each for each in self.coming if each.by - each.today <= within),
            asked=tuple(each for each in self.owed if each.by and each.by - each.today <= within),
        )


def follow_up(chart: Chart, *, today: date, internal: bool = False) -> FollowUp:
    """What evaluations ask and what became of it. `internal`: with those that the public does not see."""
    shown = [each for each in chart.all(Evaluation) if internal or each.visibility == "public"]
    published = [each for each in shown if each.published and each.published <= today]
    published.sort(key=lambda each: (each.published or date.min, each.id), reverse=True)
    coming = [
        DueEvaluation(evaluation=each, by=each.due, leads=leads_of(chart, each), today=today)
        for each in shown
        if each.due and (each.published is None or each.published > today)
    ]
    return FollowUp(
        published=tuple(published),
        coming=tuple(sorted(coming, key=lambda each: (each.by, each.evaluation.id))),
        asked=tuple(_all(chart, published, today)),
    )


def leads_of(chart: Chart, evaluation: Evaluation) -> frozenset[str]:
    """The authorities that lead the actions an evaluation looks at."""
    return frozenset(each.owner for each in _actions(chart, evaluation.actions))


def standing(chart: Chart, evaluation: Evaluation, asked: Recommendation, *, today: date) -> Followed:
    """Where one recommendation stands on a day."""
    answer = asked.answer
    action = chart.get(Action, answer.action) if answer and answer.action else None
    done = answer.done if answer else None
    if done is None and action and action.status == "realisee":
        done = action.actual.end
    if done is not None and done > today:
        done = None
    by = answer.due if answer else asked.answer_by or (evaluation.published or today) + ANSWER_WITHIN
    state: State
    if answer is None:
        state = "unanswered" if by and by < today else "awaited"
    elif answer.answer == "refusee":
        state, by = "refused", None
    elif done is not None:
        state = "done"
    else:
        state = "late" if by and by < today else "to-do"
    leads = leads_of(chart, evaluation) | ({action.owner} if action else frozenset())
    leads |= {answer.owner} if answer and answer.owner else frozenset()
    return Followed(
        evaluation=evaluation, asked=asked, state=state, by=by, done=done, action=action, leads=leads, today=today
    )


def said_days(days: int) -> str:
    """« en retard de 12 jours », « aujourd’hui », « dans 30 jours »."""
    if days < 0:
        return ngettext("en retard d’un jour", "en retard de %(count)d jours", -days) % {"count": -days}
    if days == 0:
        return _("aujourd’hui")
    return ngettext("dans un jour", "dans %(count)d jours", days) % {"count": days}


def _all(chart: Chart, evaluations: Iterable[Evaluation], today: date) -> Iterator[Followed]:
    for each in evaluations:
        for asked in each.recommendations:
            yield standing(chart, each, asked, today=today)


def _actions(chart: Chart, ids: Iterable[str]) -> Iterator[Action]:
    for id in ids:
        found = chart.get(Action, id)
        if found is not None:
            yield found
