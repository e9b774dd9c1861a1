"""Documents an agent asks for: while the resident is waited for, the legal clock stands still (CRPA, art. L. 114-5)."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from lacydon.kernel import clock
from lacydon.kernel.access import Actor
from lacydon.kernel.errors import BadInput, NotFound

from ..errors import NotNow
from ..models import AskedDocument, AskedState, RequestState
from ..queries.sealed import key_of, unseal
from .enclosing import Sent, enclose, looked_at
from .messages import written
from .moving import Change, changing

WHAT = 200
"""Characters of what a document is called."""


def ask_document(
    *, actor: Actor, number: str, revision: int | None, what: str, why: str = "", until: date | None = None
) -> AskedDocument:
    """An agent asks the resident for a document: what, why, until when (a day of Europe/Paris)."""
    name = written(what, field="what", longest=WHAT).replace("\n", " ")
    reason = written(why, field="why", required=False)
    if until is not None and until <= clock.today():
        raise BadInput(_("Choisissez un jour à venir."), field="until")
    with changing(actor=actor, action="request.handle", number=number, revision=revision) as change:
        return _asked(change, what=name, why=reason, until=until)


def give_document(
    *,
    actor: Actor,
    number: str,
    document: UUID | str,
    attachments: Sequence[Sent] = (),
    words: str = "",
    secret: str | None = None,
) -> AskedDocument:
    """The resident gives what was asked: files, or words when there is no such document. The clock starts again.

    Given again before anybody judged it, the new files come beside the first.
    """
    said = written(words, field="words", required=False)
    checked = looked_at(attachments)
    if not checked and not said:
        raise BadInput(_("Choisissez un fichier, ou dites pourquoi vous ne l’avez pas."), field="files")
    with changing(
        actor=actor, action="request.write", number=number, secret=secret,
        about=_("Document donné pour la demande %s") % number,
    ) as change:  # fmt: skip
        row = _document(change, document, states=(AskedState.ASKED, AskedState.GIVEN))
        step = change.note(
            "document-given", facts={"document": str(row.pk), "files": len(checked)}, words={"words": said}
        )
        enclose(step, checked, field=f"document:{row.pk}")
        row.state, row.given = AskedState.GIVEN, step
        row.save()
        _go_on(change)
        return row


def accept_document(*, actor: Actor, number: str, revision: int | None, document: UUID | str) -> AskedDocument:
    """An agent says that the document is the right one."""
    with changing(actor=actor, action="request.handle", number=number, revision=revision) as change:
        row = _document(change, document, states=(AskedState.GIVEN,))
        row.state, row.judged = AskedState.ACCEPTED, change.note("document-accepted", facts={"document": str(row.pk)})
        row.save()
        return row


def refuse_document(
    *, actor: Actor, number: str, revision: int | None, document: UUID | str, why: str, until: date | None = None
) -> AskedDocument:
    """An agent says why the document will not do, and asks for it again. The new one asked for."""
    reason = written(why, field="why")
    if until is not None and until <= clock.today():
        raise BadInput(_("Choisissez un jour à venir."), field="until")
    with changing(actor=actor, action="request.handle", number=number, revision=revision) as change:
        row = _document(change, document, states=(AskedState.GIVEN,))
        what = unseal(row.asked.sealed, key=key_of(change.request), holder=row.asked, field="sealed")["what"]
        row.state = AskedState.REFUSED
        row.judged = change.note("document-refused", facts={"document": str(row.pk)}, told=True)
        row.save()
        return _asked(change, what=what, why=reason, until=until, again=True)


def cancel_document(*, actor: Actor, number: str, revision: int | None, document: UUID | str) -> AskedDocument:
    """It is not needed any more."""
    with changing(actor=actor, action="request.handle", number=number, revision=revision) as change:
        row = _document(change, document, states=(AskedState.ASKED,))
        row.state, row.judged = AskedState.CANCELLED, change.note("document-cancelled", facts={"document": str(row.pk)})
        row.save()
        _go_on(change)
        return row


def drop_asked(change: Change) -> None:
    """What was still asked for is not any more: the request is being closed."""
    AskedDocument.objects.filter(request=change.request, state=AskedState.ASKED).update(state=AskedState.CANCELLED)


def _asked(change: Change, *, what: str, why: str, until: date | None, again: bool = False) -> AskedDocument:
    change.move(RequestState.WAITING)
    facts = ({"until": until.isoformat()} if until else {}) | ({"again": True} if again else {})
    step = change.note("document-asked", facts=facts, words={"what": what, "why": why})
    return AskedDocument.objects.create(request=change.request, asked=step, until=until)


def _document(change: Change, id: UUID | str, *, states: tuple[str, ...]) -> AskedDocument:
    if not change.request.open:
        raise NotNow(_("Cette demande est close."))
    row = None
    with suppress(ValueError):
        sought = id if isinstance(id, UUID) else UUID(id)
        row = AskedDocument.objects.filter(request=change.request, pk=sought).select_related("asked").first()
    if row is None:
        raise NotFound(_("Ce document n’est pas demandé ici."))
    if row.state not in states:
        raise NotNow(_("Ce document n’est plus attendu : relisez la demande."))
    return row


def _go_on(change: Change) -> None:
    """In progress again, once nothing is waited for."""
    waited = AskedDocument.objects.filter(request=change.request, state=AskedState.ASKED)
    if change.request.state == RequestState.WAITING and not waited.exists():
        change.move(RequestState.IN_PROGRESS)
