"""Who is to be reminded of what evaluations ask: before its date, then when it has passed; each once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.mail import Link, Message
from lacydon.kernel.texts import Text, said

from ...models import Reminder
from ...models.reminders import AFTER, BEFORE
from ..chart import Chart
from ..roles import STEWARDING, WRITING
from .followup import follow_up, said_days

AHEAD = timedelta(days=14)
"""How long before its date something is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One thing to tell one organisation. `recommendation`: empty when it is the evaluation that is awaited."""

    organisation: str
    evaluation: str
    recommendation: str
    text: Text
    answered: bool
    by: date
    moment: str
    days: int

    @property
    def key(self) -> tuple[str, str, str, date, str]:
        return self.evaluation, self.recommendation, self.organisation, self.by, self.moment


def to_tell(chart: Chart, *, house: str, today: date) -> dict[str, tuple[Due, ...]]:
    """By organisation, the first due first: what is near or past, and was not told yet.

    `house`: the organisation whose agenda it is.
    """
    told = {
        (each.evaluation, each.recommendation, each.organisation, each.due, each.moment)
        for each in Reminder.objects.all()
    }
    found: dict[str, list[Due]] = {}
    for each in _due(chart, house, today):
        if each.key not in told:
            found.setdefault(each.organisation, []).append(each)
    return {name: tuple(sorted(each, key=lambda one: (one.by, one.key[:2]))) for name, each in found.items()}


def readers(organisation: str, *, house: str) -> set[UUID]:
    """Who answers for it there: those who write the agenda; of the agenda's own organisation, its stewards."""
    return trust.holders(organisation, roles=STEWARDING if organisation == house else WRITING)


def letter(due: Iterable[Due], *, to: str) -> Message:
    """In the active language."""
    held = tuple(due)
    late = sum(each.moment == AFTER for each in held)
    soon = len(held) - late
    counts = (
        ngettext("%d chose en retard", "%d choses en retard", late) % late if late else "",
        ngettext("%d chose à faire bientôt", "%d choses à faire bientôt", soon) % soon if soon else "",
    )
    words = ", ".join(filter(None, counts))
    return Message(
        to=to,
        subject=_("Suites des évaluations : %s") % words,
        paragraphs=(
            _("Des évaluations de l’agenda numérique ont demandé ceci à votre organisme."),
            _("Chaque rappel part une fois avant la date, et une fois si elle passe."),
        ),
        facts=tuple((said(each.text.stored()), _what(each)) for each in held),
        action=Link(_("Répondre, ou dire que c’est fait"), f"{settings.PUBLIC_URL}{reverse('agenda-following')}"),
    )


def _what(each: Due) -> str:
    if not each.recommendation:
        awaited = _("évaluation promise")
    else:
        awaited = _("à faire") if each.answered else _("réponse attendue")
    return f"{awaited}, {said_days(each.days)}"


def _due(chart: Chart, house: str, today: date) -> Iterable[Due]:
    follow = follow_up(chart, today=today, internal=True)
    for one in follow.owed:
        if one.by is not None and one.by - today <= AHEAD:
            yield from _each(
                one.leads, house, today, one.by, evaluation=one.evaluation.id, recommendation=one.asked.id,
                text=one.asked.text, answered=one.asked.answer is not None,
            )  # fmt: skip
    for coming in follow.coming:
        if coming.by - today <= AHEAD:
            yield from _each(
                frozenset(), house, today, coming.by, evaluation=coming.evaluation.id, recommendation="",
                text=coming.evaluation.title, answered=False,
            )  # fmt: skip


def _each(leads: frozenset[str], house: str, today: date, by: date, **said_of: object) -> Iterable[Due]:
    """For those that answer for it; the house too once it is late, and when nobody there can be told."""
    late = by < today
    told = {each for each in leads if readers(each, house=house)} or {house}
    for organisation in sorted(told | ({house} if late else set())):
        yield Due(
            organisation=organisation, by=by, moment=AFTER if late else BEFORE, days=(by - today).days,
            **said_of,  # type: ignore[arg-type]
        )  # fmt: skip
