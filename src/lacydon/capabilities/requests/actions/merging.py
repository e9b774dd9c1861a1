"""Duplicates: one is joined to another of the same organisation, and its maker follows that one."""

from contextlib import ExitStack

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from lacydon.kernel.access import MACHINE, Actor
from lacydon.kernel.errors import BadInput

from ..errors import NotNow
from ..models import Outcome, Request, RequestState, Step
from ..queries import numbers
from .documents import drop_asked
from .messages import written
from .moving import Change, changing


def merge(*, actor: Actor, number: str, into: str, revision: int | None = None, words: str = "") -> Step:
    """Close a request as the duplicate of another, which goes on. Its maker is told, and then of how that one ends.

    Those that had been joined to it follow along. Both must be the organisation's. Raises BadInput (`field="into"`),
    UnknownRequest, NotNow.
    """
    said = written(words, field="words", required=False)
    other, number = numbers.tidy_number(into), numbers.tidy_number(number)
    if not other or other == number:
        raise BadInput(_("Donnez le numéro de l’autre demande."), field="into")
    with transaction.atomic(), ExitStack() as held:
        # In one order for everybody, so that two agents who join the same two never wait for each other.
        changes: dict[str, Change] = {}
        for each in sorted((number, other)):
            changes[each] = held.enter_context(
                changing(
                    actor=actor, action="request.merge", number=each, revision=revision if each == number else None
                )
            )
        joined, main = changes[number], changes[other]
        if not joined.request.open:
            raise NotNow(_("Cette demande est close."))
        if main.request.merged_into_id:
            raise BadInput(_("L’autre demande est elle-même jointe à une troisième : donnez celle-là."), field="into")
        if main.request.outcome == Outcome.WITHDRAWN:
            raise BadInput(_("L’autre demande a été retirée."), field="into")
        joined.close(Outcome.DUPLICATE)
        drop_asked(joined)
        joined.request.merged_into = main.request
        step = joined.note("merged", words={"words": said} if said else None)
        if not main.request.open:
            joined.note("followed", facts={"outcome": main.request.outcome})
        main.note("absorbed", facts={"number": number}, public=False)
        for earlier in Request.objects.filter(merged_into=joined.request).order_by("number"):
            with changing(actor=MACHINE, action="request.tell-joined", number=earlier.number) as change:
                change.request.merged_into = main.request
        return step


def tell_who_follows(*, main: str = "") -> int:
    """Tell those whose request was joined to one that is now closed how it ended, once; how many were told.

    `main`: the id of that request, else all that wait: what a process that died had not told is told then.
    """
    waiting = Request.objects.filter(
        outcome=Outcome.DUPLICATE,
        merged_into__state=RequestState.CLOSED,
        merged_into__closed_at__gt=F("changed_at"),
    )
    if main:
        waiting = waiting.filter(merged_into__id=main)
    return sum(_told(number) for number in list(waiting.order_by("number").values_list("number", flat=True)))


def _told(number: str) -> int:
    with changing(actor=MACHINE, action="request.tell-joined", number=number) as change:
        row = change.request
        main = row.merged_into
        if main is None or main.closed_at is None or main.closed_at <= row.changed_at:
            return 0
        change.note("followed", facts={"outcome": main.outcome})
    return 1
