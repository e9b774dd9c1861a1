"""One request as its resident reads it and acts on it: in their space, for somebody under a mandate, or by secret.

A `Reader` says which; the acts are the same. What is refused comes back beside its field, with what was typed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lacydon.kernel import site
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.downloads import as_attachment
from lacydon.kernel.errors import BadInput, NotFound, Refused
from lacydon.kernel.ui.shown import done, show

from ..actions import decisions, documents, files, messages, satisfaction
from ..actions.enclosing import Sent
from ..actions.reading import File, read_by_secret, read_request
from ..models import AskedState, Attachment, Request
from ..queries import answers, fees, letters_of_decision, numbers, timeline
from ..queries.life import decision_of
from ..queries.published import held
from ..queries.requests import request_by_number, request_by_secret, unknown
from ..queries.satisfaction import ratable, reopenable_until


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a request. `secret`: in the place of an account; None for who is signed in."""

    actor: Actor
    number: str
    secret: str | None = None

    @property
    def names(self) -> str:
        """What the names of its addresses begin with."""
        return "my-request" if self.secret is None else "followed"

    def address(self, act: str = "", **parts: Any) -> str:
        name = f"{self.names}-{act}" if act else self.names
        return reverse(name, kwargs={"number": self.number} | parts)

    def check(self) -> Request:
        """The request, when it is theirs. Raises UnknownRequest, for an agent's too: they have their own desk."""
        if self.secret is not None:
            return request_by_secret(self.number, secret=self.secret)
        row = request_by_number(self.number, actor=self.actor)
        if str(row.person_id) != self.actor.principal:
            raise unknown()
        return row

    def read(self) -> File:
        """What it says; noted when it is read for somebody."""
        self.check()
        if self.secret is not None:
            return read_by_secret(number=self.number, secret=self.secret)
        return read_request(actor=self.actor, number=self.number)


@dataclass(frozen=True, slots=True)
class Trouble:
    """An act that was refused: which, why, what was typed."""

    act: str
    refusal: Refused
    typed: Mapping[str, str] = field(default_factory=dict)
    document: str = ""


def page(request: HttpRequest, reader: Reader, trouble: Trouble | None = None) -> HttpResponse:
    """The whole life of a request."""
    file = reader.read()
    row = file.request
    lines = timeline.timeline(row, viewer=reader.actor)
    asked = timeline.documents(row)
    until = reopenable_until(row)
    names = {str(each.id): each.name for line in lines for each in line.files}
    context = {
        "reader": reader,
        "acts": {act: reader.address(act) for act in ("message", "withdraw", "rate", "reopen", "decision")},
        "row": row,
        "what": timeline.title_of(row),
        "where": timeline.where(row),
        "stages": timeline.stages(row),
        "lines": list(reversed(lines)),
        "awaited": [each for each in asked if each.state == AskedState.ASKED],
        "given": [each for each in asked if each.state in (AskedState.GIVEN, AskedState.ACCEPTED)],
        "decision": decision_of(row, lines),
        "ratable": ratable(row),
        "ratings": ratings(),
        "reopenable": until if until and until > now() else None,
        "appeal": timeline.disputable(row),
        "sections": answers.in_words(held(row.form).form, file.answers, files=names),
        "trouble": trouble,
        "typed": trouble.typed if trouble else {},
        "mine": reader.secret is None,
        "to_pay": fees.to_pay(row),
    }
    status = trouble.refusal.status if trouble else 200
    title = _("%(what)s, demande %(number)s") % {"what": context["what"], "number": row.number}
    return show(request, "requests/mine/request.html", context, title=title, here="requests", status=status)


def message(request: HttpRequest, reader: Reader) -> HttpResponse:
    words = request.POST.get("words", "")
    return _act(
        request, reader, "message", {"words": words}, _("Votre message est envoyé."),
        lambda: messages.send_message(
            actor=reader.actor, number=reader.number, secret=reader.secret, words=words, attachments=sent(request)
        ),
    )  # fmt: skip


def document(request: HttpRequest, reader: Reader, document: UUID) -> HttpResponse:
    words = request.POST.get("words", "")
    return _act(
        request, reader, "document", {"words": words}, _("C’est donné. Votre demande continue."),
        lambda: documents.give_document(
            actor=reader.actor, number=reader.number, secret=reader.secret, document=document, words=words,
            attachments=sent(request),
        ),
        document=str(document),
    )  # fmt: skip


def withdraw(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Asked once, then done."""
    row = reader.check()
    if request.method == "POST" and row.open:
        reason = request.POST.get("reason", "")
        return _act(
            request, reader, "withdraw", {"reason": reason}, _("Votre demande est retirée."),
            lambda: decisions.withdraw(actor=reader.actor, number=reader.number, secret=reader.secret, reason=reason),
        )  # fmt: skip
    if not row.open:
        return HttpResponseRedirect(reader.address())
    context = {"reader": reader, "back": reader.address(), "what": timeline.title_of(row), "row": row}
    return show(request, "requests/mine/withdraw.html", context, title=_("Retirer cette demande ?"), here="requests")


def rate(request: HttpRequest, reader: Reader) -> HttpResponse:
    comment = request.POST.get("comment", "")
    return _act(
        request, reader, "rate", {"comment": comment, "rating": request.POST.get("rating", "")}, thanks(),
        lambda: satisfaction.rate(
            actor=reader.actor, number=reader.number, secret=reader.secret, rating=rating(request), comment=comment
        ),
    )  # fmt: skip


def reopen(request: HttpRequest, reader: Reader) -> HttpResponse:
    reason = request.POST.get("reason", "")
    return _act(
        request, reader, "reopen", {"reason": reason}, _("Votre demande est rouverte : l’autorité le voit."),
        lambda: satisfaction.reopen(actor=reader.actor, number=reader.number, secret=reader.secret, reason=reason),
    )  # fmt: skip


def attachment(request: HttpRequest, reader: Reader, id: UUID) -> HttpResponse:  # noqa: ARG001
    """A file of a step they may see, as a download; in the journal when it is read for somebody."""
    row = reader.read().request
    kept = Attachment.objects.filter(pk=id, request=row, checked_at__isnull=False)
    found = kept.filter(Q(step=None) | Q(step__public=True)).first()
    if found is None:
        raise NotFound(_("Ce fichier n’est pas dans cette demande."))
    return as_attachment(files.content_of(found), name=files.name_of(found), media_type=found.media_type)


def decision(_request: HttpRequest, reader: Reader) -> HttpResponse:
    """The latest decision as a letter (PDF/A)."""
    row = reader.read().request
    content = letters_of_decision.pdf(row, site=site.address())
    name = _("decision-%s.pdf") % row.number
    return as_attachment(content, name=name, media_type="application/pdf")


def ratings() -> list[tuple[int, str]]:
    """What each mark says."""
    return [
        (5, _("Très bien")), (4, _("Bien")), (3, _("Moyen")), (2, _("Mal")), (1, _("Très mal")),
    ]  # fmt: skip


def thanks() -> str:
    return _("Merci : votre avis aide à mieux faire.")


def rating(request: HttpRequest) -> int:
    """The mark that was chosen. Raises BadInput."""
    try:
        return int(request.POST.get("rating", ""))
    except ValueError as error:
        raise BadInput(_("Choisissez une note de 1 à 5."), field="rating") from error


def sent(request: HttpRequest) -> list[Sent]:
    """The files of a form, as they arrived."""
    return [Sent(each.name or "", each.read()) for each in request.FILES.getlist("files") if each.size]


def _act(
    request: HttpRequest,
    reader: Reader,
    act: str,
    typed: Mapping[str, str],
    said: str,
    do: Callable[[], object],
    *,
    document: str = "",
) -> HttpResponse:
    reader.check()
    try:
        do()
    except Refused as refusal:
        if refusal.status in (401, 403, 404):
            raise
        return page(request, reader, Trouble(act, refusal, typed, document))
    return done(request, said, reader.names, number=numbers.tidy_number(reader.number))
