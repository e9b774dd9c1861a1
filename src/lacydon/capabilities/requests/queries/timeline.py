"""The life of a request in words: what happened, by whom for whom, where it is now, what comes next, until when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel import clock
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.texts import said

from ..models import (
    AskedDocument,
    AskedState,
    Attachment,
    ByKind,
    DeliveryState,
    Outcome,
    Request,
    RequestState,
    Silence,
    Step,
)
from .appeal import UNFAVOURABLE
from .sealed import key_of, unseal
from .steps import Kind, kind_of
from .words import OUTCOMES, STATES


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file of a step, by what it is called."""

    id: UUID
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Line:
    """A step in words. `by`: the end of « … par la Ville »; `said`: what was written; `detail`: what the facts say."""

    position: int
    at: datetime
    kind: str
    title: str
    icon: str
    by: str
    said: str
    detail: str
    public: bool
    mine: bool
    files: tuple[Enclosed, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Where:
    """Where a request is: its state in a word, with the icon and tone that go with it, and what comes next."""

    label: str
    icon: str
    tone: str
    next: str
    due: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Awaited:
    """A document asked for, in words."""

    id: UUID
    what: str
    why: str
    until: date | None
    state: str
    label: str
    files: tuple[Enclosed, ...] = ()
    late: bool = False


def timeline(request: Request, *, viewer: Actor, agent: bool = False) -> list[Line]:
    """The steps in order. A resident (or who acts for them, or by secret) sees the public ones; an agent sees all."""
    rows = Step.objects.filter(request=request).select_related("organisation").order_by("position")
    steps = list(rows if agent else rows.filter(public=True))
    key = key_of(request)
    files = _files(request)
    names = trust.agent_names({each.by_id for each in steps if each.by_id and each.organisation_id})
    return [_line(each, key, files, names, viewer=viewer, agent=agent) for each in steps]


def documents(request: Request) -> list[Awaited]:
    """The documents asked for, those awaited first."""
    rows = AskedDocument.objects.filter(request=request).select_related("asked").order_by("asked__position")
    key = key_of(request)
    files = _files(request)
    labels = document_labels()
    today = clock.today()
    found = [
        Awaited(
            id=row.pk,
            what=words.get("what", ""),
            why=words.get("why", ""),
            until=row.until,
            state=row.state,
            label=labels[row.state],
            files=files.get(row.given_id or 0, ()),
            late=row.state == AskedState.ASKED and row.until is not None and row.until < today,
        )
        for row in rows
        for words in [unseal(row.asked.sealed, key=key, holder=row.asked, field="sealed") or {}]
    ]
    return sorted(found, key=lambda each: each.state != AskedState.ASKED)


def document_labels() -> Mapping[str, str]:
    return {
        AskedState.ASKED: _("Attendu"),
        AskedState.GIVEN: _("Donné, à vérifier"),
        AskedState.ACCEPTED: _("Accepté"),
        AskedState.REFUSED: _("À refaire"),
        AskedState.CANCELLED: _("N’est plus demandé"),
    }


def where(request: Request) -> Where:
    """Where a request is now, honestly, for its resident."""
    authority = said(request.organisation.name) or request.organisation_id
    if request.state == RequestState.CLOSED:
        label, tone = str(OUTCOMES[request.outcome]), _TONES.get(Outcome(request.outcome), "over")
        return Where(label=label, icon=_ICONS.get(tone, "info"), tone=tone, next=_ended(request))
    late = request.due_at is not None and request.due_at < now() and request.state != RequestState.WAITING
    there = _("Elle est arrivée : %s va la prendre en charge.")
    told = {
        RequestState.RECEIVED: (_("Nous la transmettons : %s.") if _travels(request) else there) % authority,
        RequestState.SENT: there % authority,
        RequestState.IN_PROGRESS: _("Elle est traitée : %s.") % authority,
        RequestState.WAITING: _("Répondez à ce qui vous est demandé ci-dessous : rien n’avance sans vous."),
    }
    tone = "yours" if request.state == RequestState.WAITING else "open"
    icon = {"waiting": "hand", "received": "check", "sent": "post"}.get(request.state, "clock")
    label = str(STATES[request.state])
    return Where(
        label=label, icon=icon, tone=tone, next=told[RequestState(request.state)], due=_due(request), late=late
    )


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the four a request goes through. `mark`: done, here, or to come."""

    label: str
    mark: str


def stages(request: Request) -> list[Stage]:
    """Received, handed over to the authority's own system if it has one, taken in charge, answered; where it is now."""
    last = str(OUTCOMES[request.outcome]) if request.outcome else _("Réponse")
    waiting = request.state == RequestState.WAITING
    third = str(STATES[RequestState.WAITING if waiting else RequestState.IN_PROGRESS])
    labels = [str(STATES[RequestState.RECEIVED]), str(STATES[RequestState.SENT]), third, last]
    at = {RequestState.RECEIVED: 0, RequestState.SENT: 1, RequestState.CLOSED: 3}.get(RequestState(request.state), 2)
    marks = ["done" if number < at or at == 3 else "here" if number == at else "later" for number in range(4)]
    found = [Stage(label, mark) for label, mark in zip(labels, marks, strict=True)]
    return found if request.state == RequestState.SENT or _travels(request) else [found[0], *found[2:]]


def _travels(request: Request) -> bool:
    """Whether it goes to a system of the authority; else its agents have it here as soon as it is sent."""
    held = request.deliveries.filter(authority=request.organisation_id)
    return bool(held.exclude(state=DeliveryState.KEPT).exists())


def disputable(request: Request) -> bool:
    """Whether opening it again is asking the authority to look again at an unfavourable decision."""
    return request.outcome in UNFAVOURABLE


def title_of(request: Request) -> str:
    """What was asked, as the form is called."""
    title = request.form.content.get("title", "")
    return said(title) if isinstance(title, dict) else str(title)


_TONES = {
    Outcome.SOLVED: "good", Outcome.ACCEPTED: "good", Outcome.TACIT_ACCEPTED: "good", Outcome.PARTLY: "good",
    Outcome.REFUSED: "bad", Outcome.UNSOLVED: "bad", Outcome.TACIT_REFUSED: "bad",
}  # fmt: skip
_ICONS = {"good": "check", "bad": "alert", "over": "info"}


def _ended(request: Request) -> str:
    return {
        Outcome.WITHDRAWN: _("Vous l’avez retirée : plus rien ne sera fait."),
        Outcome.DUPLICATE: _("Elle a été jointe à une autre demande, qui continue."),
        Outcome.SOLVED: _("L’autorité dit que c’est résolu. Si ce n’est pas le cas, rouvrez-la."),
        Outcome.UNSOLVED: _("L’autorité dit pourquoi ce n’est pas résolu. Vous pouvez le contester."),
        Outcome.PARTLY: _("Les raisons, et comment contester, sont ci-dessous."),
        Outcome.REFUSED: _("Les raisons, et comment contester, sont ci-dessous."),
        Outcome.TACIT_REFUSED: _("Ce que cela veut dire, et comment contester, est ci-dessous."),
    }.get(Outcome(request.outcome), "")


def _due(request: Request) -> str:
    """The deadline, in a sentence: what silence means is said before it means it."""
    if request.due_at is None:
        return ""
    if request.state == RequestState.WAITING:
        return _("Le délai de réponse est suspendu : il reprend dès que vous avez répondu.")
    day = date_format(localtime(request.due_at), "j F Y")
    if request.due_at < now() and not request.silence:
        return _("Une réponse était attendue le %s : elle est en retard. Vous pouvez écrire ci-dessous.") % day
    if request.silence == Silence.ACCEPT:
        return _("Sans réponse le %s, votre demande sera acceptée : le silence vaut accord.") % day
    if request.silence == Silence.REJECT:
        return _("Sans réponse le %s, votre demande sera rejetée, et vous pourrez le contester.") % day
    return _("Réponse attendue le %s au plus tard.") % day


def _files(request: Request) -> dict[int, tuple[Enclosed, ...]]:
    found: dict[int, list[Enclosed]] = {}
    for row in Attachment.objects.filter(request=request, checked_at__isnull=False).order_by("created_at", "pk"):
        name = unseal(row.name_sealed, key=key_of(row), holder=row, field="name_sealed") or ""
        found.setdefault(row.step_id or 0, []).append(Enclosed(row.pk, str(name), row.media_type, row.size))
    return {step: tuple(each) for step, each in found.items()}


def _line(
    step: Step,
    key: bytes,
    files: Mapping[int, tuple[Enclosed, ...]],
    names: Mapping[UUID, str],
    *,
    viewer: Actor,
    agent: bool,
) -> Line:
    kind = kind_of(step.kind)
    words = unseal(step.sealed, key=key, holder=step, field="sealed")
    more = words if isinstance(words, dict) else {}
    told = words if isinstance(words, str) else str(more.get("words") or more.get("reason") or more.get("why") or "")
    return Line(
        position=step.position,
        at=step.at,
        kind=step.kind,
        title=_title(step, kind, more),
        icon=kind.icon,
        by=_by(step, names, viewer=viewer, agent=agent),
        said=told or str(more.get("message") or ""),
        detail=_detail(step),
        public=step.public,
        mine=step.by_kind == ByKind.RESIDENT,
        files=files.get(step.pk, ()),
        more=more,
    )


def _title(step: Step, kind: Kind, more: Mapping[str, Any]) -> str:
    outcome = step.facts.get("outcome", "")
    if step.kind in ("decided", "tacit") and outcome in OUTCOMES:
        return _("Décision : %s") % str(OUTCOMES[outcome]).lower()
    if step.kind == "reopened" and step.facts.get("appeal"):
        return _("Recours gracieux : la demande est rouverte")
    if step.kind.startswith("document-") and more.get("what"):
        return f"{kind.title}{_(' :')} {more['what']}"
    return str(kind.title)


def _by(step: Step, names: Mapping[UUID, str], *, viewer: Actor, agent: bool) -> str:
    """« par vous », « par Zoé Martin (France services) pour vous », « par Aline Roux (Ville) »."""
    body = said(step.organisation.name) if step.organisation else ""
    who = names.get(step.by_id, "") if step.by_id else ""
    person = f"{who} ({body})" if who and body else who or body
    if step.by_kind == ByKind.MACHINE:
        return _("automatiquement")
    if step.by_kind == ByKind.AUTHORITY:
        return _("par %s") % (body or said(step.request.organisation.name))
    if step.by_kind == ByKind.AGENT:
        return _("par %s") % (person or _("l’autorité"))
    by_viewer = bool(step.by_id) and str(step.by_id) == viewer.person
    if step.for_whom:
        whom = _("l’habitant") if agent else _("vous") if not viewer.mandate else _("la personne que vous aidez")
        who = _("vous") if by_viewer else person or _("la personne qui vous représente")
        return _("par %(who)s pour %(whom)s") % {"who": who, "whom": whom}
    if agent:
        return _("par l’habitant")
    return _("par la personne que vous aidez") if viewer.mandate else _("par vous")


def _detail(step: Step) -> str:
    facts = step.facts
    if step.kind in ("document-asked", "document-reminder") and facts.get("until"):
        return _("Jusqu’au %s") % date_format(date.fromisoformat(facts["until"]), "j F Y")
    if step.kind == "rated":
        return _("%d sur 5") % facts.get("rating", 0)
    if step.kind == "tacit" and facts.get("on"):
        return _("Le délai de réponse s’est achevé le %s") % date_format(
            localtime(datetime.fromisoformat(facts["on"])), "j F Y"
        )
    if step.kind == "status":
        return _news(facts)
    authority = facts.get("authority", "")
    if step.kind in ("sent", "acknowledged", "finish-there") and authority:
        found = trust.organisation(str(authority))
        name = said(found.name) if found else str(authority)
        if facts.get("reference"):
            return _("%(name)s, accusé de réception n° %(reference)s") % {"name": name, "reference": facts["reference"]}
        return name
    return ""


def _news(facts: Mapping[str, Any]) -> str:
    """What the system of the authority says, in a few words: where it is, or how it ended; by when it hopes to."""
    outcome, state = facts.get("outcome", ""), facts.get("state", "")
    told = [str(OUTCOMES[outcome])] if outcome in OUTCOMES else [str(STATES[state])] if state in STATES else []
    if facts.get("expected_at"):
        day = localtime(datetime.fromisoformat(facts["expected_at"]))
        told.append(_("prévue le %s") % date_format(day, "j F Y"))
    return ", ".join(told)
