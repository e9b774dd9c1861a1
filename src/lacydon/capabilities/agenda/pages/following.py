"""What evaluations ask, for who answers for it: what is due and late; two presses to answer, or to say it is done."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust.public import NotAllowed
from lacydon.kernel.access import Actor, needs
from lacydon.kernel.clock import today
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.texts import Localised, Text
from lacydon.kernel.ui.shown import done, show

from ..actions.answering import answer
from ..errors import UnknownObject
from ..queries.chart import Chart
from ..queries.learning.followup import Followed, follow_up
from ..queries.learning.words import ANSWERS, KINDS
from ..queries.nouns import Action, Evaluation
from ..queries.nouns.learning import Answer
from ..queries.writing import past
from ..queries.writing.names import Names, name_of
from ..queries.writing.rights import actions_of, answers, house_of, steers

HERE = "agenda-following"
LONGEST = {"pourquoi": 2000, "service": 120, "preuve": 300}
FIELDS = {
    "reason": "pourquoi", "due": "pour_le", "done": "fait_le", "evidence": "preuve", "answer": "reponse",
    "owner": "organisme", "service": "service", "action": "action",
}  # fmt: skip
"""Field of an answer → that of the form."""


@needs("agenda.write")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What is late, then what is due: of one's organisation; of the steward, everything."""
    now, actor = past.fresh(), _actor(request)
    follow, steering, names = follow_up(now, today=today(), internal=True), steers(actor, now), Names(now)
    if not steering:
        follow = follow.of_authority(actor.organisation)
    owed, over = follow.owed, [each for each in follow.asked if not each.open]
    context = {
        "late": [_row(each, names) for each in owed if each.late],
        "due": [_row(each, names) for each in owed if not each.late],
        "over": [_row(each, names) for each in over],
        "coming": [
            (each, reverse("agenda-writing-edit", kwargs={"kind": "evaluations", "id": each.evaluation.id}))
            for each in follow.coming
        ],
        "steering": steering, "done": follow.count("done"), "all": len(follow.asked),
    }  # fmt: skip
    return show(request, "agenda/following/desk.html", context, title=_("Les suites des évaluations"), section="agent",
                here=HERE)  # fmt: skip


@needs("agenda.write")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, evaluation: str, recommendation: str) -> HttpResponse:
    """One recommendation: what is answered, and that it is done."""
    now, actor = past.fresh(), _actor(request)
    found = now.one(Evaluation, evaluation)
    asked = next((each for each in follow_up(now, today=today(), internal=True).of(evaluation)
                  if each.asked.id == recommendation), None)  # fmt: skip
    if asked is None:
        raise UnknownObject(_("Cette recommandation n’existe pas, ou n’existe plus."))
    if not answers(actor, found, recommendation, now):
        raise NotAllowed(_("Cette recommandation est adressée à un autre organisme."))
    form = _Typed.of(request, asked, now)
    if request.method == "POST":
        try:
            given = form.answer(asked, now)
            answer(actor=actor, evaluation=found, recommendation=recommendation, given=given, seen=form.seen)
            return done(request, _sentence(given), HERE)
        except Refused as refusal:
            form.refuse(refusal)
    context = {
        "row": _row(asked, Names(now)), "one": asked, "each": found, "kind": KINDS[found.kind], "form": form,
        "number": now.numbers["evaluation", evaluation], "answers": ANSWERS.items(), "today": today(),
        "owners": _owners(asked, now), "actions": _actions(actor, asked, now),
        "accepted": asked.accepted and asked.done is None,
        "answering": form.verb == "repondre" and bool(form.faults),
    }  # fmt: skip
    return show(request, "agenda/following/one.html", context, title=_("Répondre à une recommandation"),
                section="agent", here=HERE, status=form.status)  # fmt: skip


@dataclass
class _Typed:
    """What the form says, and what is wrong with it: field of the form → sentence; an empty name: the whole."""

    verb: str
    seen: int
    values: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)
    status: int = 200

    @classmethod
    def of(cls, request: HttpRequest, asked: Followed, now: Chart) -> "_Typed":
        if request.method == "POST":
            form = request.POST
            seen = form.get("vu", "")
            values = {name: form.get(name, "").strip()[: LONGEST.get(name, 200)] for name in FIELDS.values()}
            return cls(form.get("faire", ""), int(seen) if seen.isdecimal() and len(seen) < 9 else 0, values)
        held = asked.asked.answer
        values = {name: str(getattr(held, of) or "") if held else "" for of, name in FIELDS.items()}
        values["pourquoi"] = held.reason.fr if held else ""
        if not values["organisme"]:
            values["organisme"] = min(asked.leads, default=house_of(now))
        if not values["fait_le"]:
            values["fait_le"] = today().isoformat()
        return cls("", 0, values)

    def answer(self, asked: Followed, now: Chart) -> Answer:
        """Raises BadInput."""
        held = asked.asked.answer
        if self.verb == "fait" and held is not None:
            done_on = self._day("fait_le") or today()
            return held.model_copy(update={"done": done_on, "evidence": self.values["preuve"] or None})
        if self.verb == "rouvrir" and held is not None:
            return held.model_copy(update={"done": None, "evidence": None})
        said = self.values
        if said["reponse"] not in ANSWERS:
            raise BadInput(_("Choisissez une réponse."), field="answer")
        if not said["pourquoi"]:
            raise BadInput(_("Dites pourquoi : ceux qui ont évalué, et les habitants, le liront."), field="reason")
        kept = held and held.reason.fr == said["pourquoi"]
        if said["action"] and now.get(Action, said["action"]) is None:
            raise BadInput(_("Cette action n’est pas dans l’agenda."), field="action")
        return Answer(
            answer=said["reponse"],  # type: ignore[arg-type]
            reason=held.reason if held and kept else Text(fr=said["pourquoi"]),
            answered=held.answered if held and held.answered else today(),
            owner=said["organisme"] or None,
            service=said["service"] or None,
            action=said["action"] or None,
            due=self._day("pour_le"),
            done=held.done if held else None,
            evidence=held.evidence if held else None,
        )

    def refuse(self, refusal: Refused) -> None:
        name = FIELDS.get((refusal.field or "").rpartition(".")[2], "")
        self.faults = {name: str(refusal.sentence)}
        self.status = refusal.status

    def _day(self, name: str) -> date | None:
        if not self.values[name]:
            return None
        try:
            return date.fromisoformat(self.values[name])
        except ValueError:
            wrong = next(of for of, form in FIELDS.items() if form == name)
            raise BadInput(_("« %s » n’est pas une date.") % self.values[name][:20], field=wrong) from None


def _sentence(given: Answer) -> str:
    if given.done is not None:
        return _("C’est noté : la recommandation est suivie, et tout le monde peut le lire.")
    if given.answer == "refusee":
        return _("Votre réponse est enregistrée, et tout le monde peut la lire.")
    return _("Votre réponse est enregistrée. Un rappel partira avant la date que vous avez donnée.")


def _row(each: Followed, names: Names) -> dict[str, Any]:
    here = {"evaluation": each.evaluation.id, "recommendation": each.asked.id}
    held = each.asked.answer
    owner = [held.owner] if held and held.owner else sorted(each.leads)
    return {
        "one": each,
        "address": reverse("agenda-following-one", kwargs=here),
        "verb": _("Répondre") if held is None else _("Dire que c’est fait") if each.open else _("Relire"),
        "state": _state(each),
        "who": ", ".join(names.label("authority", id) for id in owner),
        "answer": ANSWERS[held.answer] if held else "",
        "link": held.link if held else "",
    }


def _state(each: Followed) -> str:
    """« Réponse attendue, en retard de 12 jours », « Acceptée en partie, dans 30 jours », « Faite »."""
    if not each.open:
        return str(each.words)
    held = each.asked.answer
    words = str(ANSWERS[held.answer]) if held else _("Réponse attendue")
    return f"{words}, {each.delay}" if each.delay else words


def _owners(asked: Followed, now: Chart) -> list[tuple[str, Localised]]:
    """Who may answer for it: who leads what is evaluated first, then whoever leads something of the agenda."""
    everybody = {each.id: each.name for each in territory.authorities()}
    first = [id for id in sorted(asked.leads | {house_of(now)}) if id in everybody]
    leading = {each.owner for each in now.all(Action)} - set(first)
    return [(id, everybody[id]) for id in (*first, *(id for id in everybody if id in leading))]


def _actions(actor: Actor, asked: Followed, now: Chart) -> list[tuple[str, str, Localised]]:
    """(id, code and title, title) of those that are evaluated, then of those this agent writes."""
    evaluated = (now.get(Action, id) for id in (*asked.evaluation.actions, asked.action.id if asked.action else ""))
    found = {each.id: each for each in (*filter(None, evaluated), *actions_of(actor, now))}
    return [(each.id, name_of(each), each.title.stored()) for each in found.values()]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


urlpatterns = [
    path("agents/agenda/suites", desk, name=HERE),
    path("agents/agenda/suites/<slug:evaluation>/<slug:recommendation>", one, name="agenda-following-one"),
]
