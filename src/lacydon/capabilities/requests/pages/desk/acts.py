"""The acts beside a request. One that is refused shows the page again: what was typed is kept, what changed is said."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST

from lacydon.kernel.access import Actor, needs
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.ui.shown import done

from ...actions import assigning, decisions, documents, escalation, merging, messages, notes, reopening
from ...actions.enclosing import Sent
from ...errors import UnknownRequest
from ...queries import queue
from .file import file_page, filled_answer

Done = Callable[["Told"], Any]


class Told:
    """What the form of an act says."""

    def __init__(self, request: HttpRequest, number: str) -> None:
        self.actor: Actor = request.actor  # type: ignore[attr-defined]
        self.number = number
        self.fields: Mapping[str, str] = {name: str(value) for name, value in request.POST.items()}
        self.revision = _number(self.fields.get("revision", ""))
        self.files = [
            Sent(name=str(each.name), content=each.read()) for each in request.FILES.getlist("files") if each.size
        ]

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def which(self) -> dict[str, Any]:
        return {"actor": self.actor, "number": self.number, "revision": self.revision}

    def day(self, name: str) -> date | None:
        """A day, when one was given. Raises BadInput for what is none."""
        text = self[name]
        try:
            found = parse_date(text) if text else None
        except ValueError:
            found = None
        if text and found is None:
            raise BadInput(_l("Donnez un jour, par exemple 31/12/2026."), field=name)
        return found


def _decide(told: Told) -> Any:
    if told["outcome"] in ("solved", "unsolved"):
        solved = told["outcome"] == "solved"
        return decisions.close_report(**told.which, solved=solved, words=told["reason"], attachments=told.files)
    return decisions.decide(
        **told.which, outcome=told["outcome"], reason=told["reason"], appeal=told["appeal"], attachments=told.files
    )


def _judge(told: Told) -> Any:
    if told["judge"] == "accept":
        return documents.accept_document(**told.which, document=told["document"])
    if told["judge"] == "cancel":
        return documents.cancel_document(**told.which, document=told["document"])
    return documents.refuse_document(**told.which, document=told["document"], why=told["why"], until=told.day("until"))


def _merge(told: Told) -> Any:
    """Its own page says that the other number is wrong: what was typed is not lost."""
    into = queue.number_typed(told.actor, told["into"])
    if told["into"].strip() and not into:
        raise BadInput(_l("Aucune demande de ce numéro n’est confiée à votre organisme."), field="into")
    return merging.merge(**told.which, into=into, words=told["words"])


ACTS: Mapping[str, tuple[Done, Any]] = {
    "prendre": (lambda told: assigning.take(**told.which), _l("C’est noté : vous suivez cette demande.")),
    "confier": (lambda told: assigning.assign(**told.which, to=told["to"]), _l("C’est noté.")),
    "message": (
        lambda told: messages.send_message(**told.which, words=told["words"], attachments=told.files),
        _l("Votre message est parti."),
    ),
    "document": (
        lambda told: documents.ask_document(
            **told.which, what=told["what"], why=told["why"], until=told.day("until")
        ),
        _l("Le document est demandé. Le délai de réponse est suspendu jusqu’à ce qu’il arrive."),
    ),
    "piece": (_judge, _l("C’est noté, et l’habitant est prévenu.")),
    "note": (
        lambda told: notes.add_note(actor=told.actor, number=told.number, words=told["words"]),
        _l("La note est gardée. Vos collègues seuls la lisent."),
    ),
    "decision": (_decide, _l("La demande est close, et l’habitant est prévenu.")),
    "joindre": (
        _merge,
        _l("La demande est jointe à l’autre, et son auteur est prévenu."),
    ),
    "transmettre": (
        lambda told: escalation.transfer(**told.which, to=told["to"], why=told["why"], note=told["note"]),
        _l("La demande est transmise, et l’habitant sait pourquoi. Elle n’est plus dans votre file."),
    ),
    "rouvrir": (
        lambda told: reopening.reopen_at_desk(**told.which, reason=told["reason"]),
        _l("La demande est rouverte, et l’habitant est prévenu."),
    ),
}  # fmt: skip
AWAY = frozenset({"transmettre"})
"""After which the agent sees the request no more."""


@needs("request.handle")
@require_POST
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Do one act to one request."""
    if act not in ACTS:
        raise Http404
    told = Told(request, number)
    if "insert" in told.fields:
        words = filled_answer(request, number, told["answer"])
        kept = f"{told['words'].rstrip()}\n\n{words}".strip() if told["words"].strip() else words
        return file_page(request, number, act=act, typed={**told.fields, "words": kept})
    run, sentence = ACTS[act]
    try:
        run(told)
    except UnknownRequest:
        raise
    except Refused as refusal:
        return file_page(request, number, act=act, refusal=refusal, typed=told.fields, seen=_number(told["seen"]) or 0)
    if act in AWAY:
        return _back(request, sentence, "desk-queue", de=told["de"])
    return _back(request, sentence, "desk-request", de=told["de"], number=number)


def _back(request: HttpRequest, sentence: Any, to: str, *, de: str, **parts: str) -> HttpResponse:
    """The page says what was done; the queue it came from is remembered in the address."""
    done(request, sentence, to, **parts)
    address = reverse(to, kwargs=parts or None)
    query = urlencode({"de": de}) if parts and de else de
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None
