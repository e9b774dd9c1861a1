"""After the end: the resident says how it went, once for each closing, or that it is not over."""

from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import MACHINE, Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput

from ..errors import NotNow
from ..models import ByKind, Request, RequestKind, Silence, Step
from ..queries import numbers
from ..queries.appeal import GRACIOUS, UNFAVOURABLE
from ..queries.deadlines import after, due
from ..queries.requests import unknown
from ..queries.satisfaction import ratable, reopenable_until, token_opens
from .delivery import queue_delivery
from .messages import written
from .moving import Change, changing


def rate(*, actor: Actor, number: str, rating: int, comment: str = "", secret: str | None = None) -> Step:
    """1 to 5, and a comment; once for each closing. Raises BadInput, NotNow."""
    said = _wanted(rating, comment)
    with changing(
        actor=actor, action="request.write", number=number, secret=secret, about=_("Avis sur la demande %s") % number
    ) as change:
        return _rated(change, rating, said)


def rate_by_link(*, number: str, token: str, rating: int, comment: str = "") -> Step:
    """The same, by the link of the message that told of the end, without a sign-in."""
    said = _wanted(rating, comment)
    with changing(actor=MACHINE, action="request.rate", number=number, by_kind=ByKind.RESIDENT) as change:
        if not token_opens(change.request, token):
            raise unknown()
        return _rated(change, rating, said)


def rated_by_link(number: str, *, token: str) -> Request:
    """The request whose link this is. Raises UnknownRequest."""
    with trust.house():
        row = Request.objects.select_related("form", "organisation").filter(number=numbers.tidy_number(number)).first()
    if row is None or not token_opens(row, token):
        raise unknown()
    trust.bring(row.secret_hash)
    return row


def reopen(*, actor: Actor, number: str, reason: str, secret: str | None = None) -> Step:
    """Closed is not fixed: the resident says what is still wrong, and the request goes on.

    After an unfavourable decision this is a « recours gracieux »: silence for two months rejects it (CRPA, art.
    L. 231-4, 2°). Raises BadInput, NotNow when it is too late.
    """
    said = written(reason, field="reason")
    with changing(
        actor=actor, action="request.write", number=number, secret=secret,
        about=_("Réouverture de la demande %s") % number,
    ) as change:  # fmt: skip
        row = change.request
        until = reopenable_until(row)
        if row.open:
            raise NotNow(_("Cette demande n’est pas close."))
        if until is None:
            raise NotNow(_("Cette demande ne peut pas être rouverte : faites-en une nouvelle."))
        if now() > until:
            raise NotNow(_("Il est trop tard pour rouvrir cette demande : faites-en une nouvelle."))
        appeal = row.outcome in UNFAVOURABLE
        outcome = row.outcome
        change.reopen()
        _new_delay(row, appeal=appeal)
        step = change.note("reopened", facts={"appeal": appeal, "outcome": outcome}, words={"reason": said})
        with trust.house():
            queue_delivery(request=row)
        return step


def _new_delay(row: Request, *, appeal: bool) -> None:
    moment = now()
    if appeal and row.kind == RequestKind.REQUEST:
        row.due_at, row.silence = after(moment, GRACIOUS), Silence.REJECT
    else:
        row.due_at, row.silence = due(row.form.content, opened=moment), Silence.NONE


def _wanted(rating: int, comment: str) -> str:
    if rating not in range(1, 6):
        raise BadInput(_("Choisissez une note de 1 à 5."), field="rating")
    return written(comment, field="comment", required=False, longest=1_000)


def _rated(change: Change, rating: int, said: str) -> Step:
    row = change.request
    if not ratable(row):
        raise NotNow(_("Vous avez déjà donné votre avis, ou cette demande n’est pas close."))
    row.rating, row.rated_at = rating, now()
    return change.note("rated", facts={"rating": rating}, words={"words": said} if said else None, told=True)
