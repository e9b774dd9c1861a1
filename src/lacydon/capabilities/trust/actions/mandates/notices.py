"""What the principal is told, at addresses the helper does not control: a job kept in the transaction of the act.

The job is below nothing here: `plugs.py` leaves its `enqueue` with `carried_by`, so that an action keeps the row of the
job in its own transaction without knowing jobs.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from lacydon.kernel.texts import said

from ...models import ContactKind, Mandate
from ...queries.contacts import reachable_at
from ...queries.mandate_text import moment_in_words
from ...queries.names import holder_name
from ...queries.themes import THEMES
from .codes import sent_code, stop_code

CREATED, CONFIRMED, SUBMITTED, STOPPED, CODE = "created", "confirmed", "submitted", "stopped", "code"

_carrier: list[Callable[..., Any]] = []


def carried_by(enqueue: Callable[..., Any]) -> None:
    """Who keeps the notices until they are sent: the `enqueue` of a job with `mandate`, `what` and `about`."""
    _carrier[:] = [enqueue]


def tell(mandate: Mandate, *, what: str, about: str = "") -> None:
    """Tell the principal, once the transaction of the caller is committed, and never if it is not."""
    if mandate.principal_id:
        for enqueue in _carrier:
            enqueue(mandate=str(mandate.pk), what=what, about=about)


def carry(*, mandate: str, what: str, about: str) -> int:
    """Send one notice to every verified address of the principal; how many left. Done by the job."""
    row = Mandate.objects.select_related("organisation").filter(pk=mandate, principal__erased_at=None).first()
    if row is None or row.principal_id is None:
        return 0
    with translation.override(row.language):
        subject, body = written(row, what=what, about=about)
        return sum(deliver(kind=kind, address=address, subject=subject, body=body)
                   for kind, address in reachable_at(row.principal_id))  # fmt: skip


def deliver(*, kind: str, address: str, subject: str, body: str) -> int:
    """Hand a message to what carries it; 1 when it left. No connector sends text messages or letters yet."""
    if kind != ContactKind.EMAIL:
        return 0
    return send_mail(subject, body, None, [address])


def written(mandate: Mandate, *, what: str, about: str = "") -> tuple[str, str]:
    """The subject and the text of a notice, in the active language: who, which body, about what, until when."""
    who, body = holder_name(mandate), said(mandate.organisation.name) if mandate.organisation else ""
    first = {
        CREATED: _("Une aide a été préparée pour vous. Elle ne peut rien faire tant que vous n’avez pas dit oui."),
        CONFIRMED: _("L’aide a commencé."),
        SUBMITTED: _("Une action a été faite pour vous : %s.") % about,
        STOPPED: _("L’aide est arrêtée. Plus personne ne peut agir avec ce mandat."),
        CODE: _("Quelqu’un demande à agir pour vous. Lisez tout avant de donner le code."),
    }[what]
    lines = [
        first,
        "",
        _("Qui : %s") % who,
        _("Lieu : %s") % body if body else "",
        _("Sujets : %s") % " ; ".join(str(THEMES[id].title) for id in mandate.scope if id in THEMES),
        _("Jusqu’au : %s") % moment_in_words(mandate.ends_at),
        _("Mandat : %s") % mandate.reference,
        "",
    ]
    if what == CODE:
        lines += [
            _("Si vous êtes d’accord, donnez ce code à la personne qui vous aide : %s") % sent_code(mandate),
            _("Si vous n’êtes pas d’accord, ne donnez le code à personne."),
        ]
    elif what != STOPPED:
        code = stop_code(mandate)
        lines += [
            _("Pour tout arrêter, sans dire pourquoi, sans vous connecter :"),
            f"{settings.PUBLIC_URL}/mandats/stop/{code}",
            _("Ou dites ce code à un guichet : %s") % code,
        ]
    return _("Votre mandat %s") % mandate.reference, "\n".join(line for line in lines if line is not None)
