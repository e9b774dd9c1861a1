"""One act done to many requests: each in its own transaction, once, whatever stops the process in between.

What cannot be done to one of them is noted with its reason, and the others go on.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, NotFound, Refused
from lacydon.kernel.events import publish

from ..events import BulkAsked
from ..models import Bulk, CannedAnswer
from ..queries import canned, queue
from ..queries.filters import Filters
from ..queries.roles import HANDLING
from .assigning import assign
from .merging import merge
from .messages import send_message

MOST = 5_000
"""Requests one act is done to."""
AT_ONCE = 200
"""More is done by a job, while the page shows how far it is."""
FORGOTTEN = timedelta(hours=1)
ASSIGN, ANSWER, DUPLICATE = "assign", "answer", "duplicate"
NEEDS: Mapping[str, str] = {ASSIGN: "request.assign", ANSWER: "request.handle", DUPLICATE: "request.merge"}


def all_of(actor: Actor, asked: Filters) -> list[str]:
    """The numbers of all that is filtered, in the order of the queue, up to MOST."""
    return list(queue.in_order(actor, asked).values_list("number", flat=True)[:MOST])


def begin(*, actor: Actor, act: str, numbers: Sequence[str], arguments: Mapping[str, str]) -> Bulk:
    """Note what is to be done, to which requests of the organisation. Raises BadInput, what the policy refuses."""
    if act not in NEEDS:
        raise BadInput(_("Choisissez ce qu’il faut faire."), field="act")
    trust.require(actor=actor, action=NEEDS[act])
    chosen = [row.number for row in queue.chosen(actor, numbers[:MOST])]
    if not chosen:
        raise BadInput(_("Choisissez au moins une demande."), field="numbers")
    told = {name: str(value).strip() for name, value in arguments.items()}
    told.setdefault("to", "")
    if act == ASSIGN and told["to"] and not _handles(told["to"], actor.organisation):
        raise BadInput(_("Choisissez un collègue qui traite les demandes de votre organisme."), field="to")
    if act == ANSWER and _answer(actor, told.get("answer", "")) is None:
        raise BadInput(_("Choisissez une réponse."), field="answer")
    if act == DUPLICATE:
        told["into"] = queue.one_of(actor, told.get("into", "")).number
        chosen = [number for number in chosen if number != told["into"]]
    return Bulk.objects.create(
        organisation_id=actor.organisation,
        agent_id=actor.person,
        act=act,
        arguments=told,
        numbers=chosen,
        begun_at=now(),
    )


def carry_on_or_later(made: Bulk) -> None:
    """Do it now when it is short; else a job does, and the page shows how far it is."""
    if len(made.numbers) > AT_ONCE:
        publish(BulkAsked(bulk=str(made.pk)))
    else:
        carry_on(bulk=made.pk)


def carry_on_forgotten() -> None:
    """Those that a process began and did not finish."""
    for id in Bulk.objects.filter(ended_at=None, begun_at__lt=now() - FORGOTTEN).values_list("pk", flat=True):
        carry_on(bulk=id)


def carry_on(*, bulk: UUID | str) -> Bulk:
    """Do what is left of it. Whoever calls this twice at once, each request is dealt with once."""
    whole = Bulk.objects.get(pk=bulk)
    actor = _agent(whole)
    while _one_more(whole, actor):
        pass
    return Bulk.objects.get(pk=bulk)


def bulk_of(actor: Actor, id: UUID | str) -> Bulk:
    """One of the agent's own. Raises NotFound."""
    found = Bulk.objects.filter(pk=id, agent__id=actor.person, organisation_id=actor.organisation or None).first()
    if found is None:
        raise NotFound(_("Ce traitement n’existe pas, ou n’est pas le vôtre."))
    return found


@transaction.atomic
def _one_more(whole: Bulk, actor: Actor) -> bool:
    now_at = Bulk.objects.select_for_update().only("at", "refused", "ended_at").get(pk=whole.pk)
    if now_at.at >= len(whole.numbers):
        if now_at.ended_at is None:
            now_at.ended_at = now()
            now_at.save(update_fields=["ended_at"])
        return False
    number = whole.numbers[now_at.at]
    try:
        with transaction.atomic():
            _do(whole, actor, number)
    except Refused as refusal:
        now_at.refused = [*now_at.refused, [number, str(refusal.sentence)]]
    now_at.at += 1
    now_at.save(update_fields=["at", "refused"])
    return True


def _do(bulk: Bulk, actor: Actor, number: str) -> None:
    told = bulk.arguments
    if bulk.act == ASSIGN:
        assign(actor=actor, number=number, to=told["to"])
    elif bulk.act == DUPLICATE:
        merge(actor=actor, number=number, into=told["into"])
    else:
        answer = _answer(actor, told["answer"])
        if answer is None:
            raise NotFound(_("Cette réponse n’existe plus."))
        request = queue.one_of(actor, number)
        send_message(actor=actor, number=number, words=canned.filled(answer.text, request=request, actor=actor))


def _handles(person: str, organisation: str) -> bool:
    return not trust.roles_of(person, organisation=organisation).isdisjoint(HANDLING)


def _answer(actor: Actor, id: str) -> CannedAnswer | None:
    rows = CannedAnswer.objects.filter(organisation_id=actor.organisation)
    return rows.filter(pk=int(id)).first() if id.isdecimal() and len(id) < 10 else None


def _agent(bulk: Bulk) -> Actor:
    """Who asked for it, with the roles they hold now: what was taken from them meanwhile is not done."""
    person = str(bulk.agent_id)
    return Actor(
        person=person,
        principal=person,
        kind="agent",
        assurance=2,
        strong=True,
        organisation=bulk.organisation_id,
        roles=trust.roles_of(person, organisation=bulk.organisation_id),
    )
