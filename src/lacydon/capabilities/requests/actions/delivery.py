"""Handing requests over: a row of the outbox in the transaction that opens the request, then tries until it is done.

Nothing is lost: what is committed is found again by any worker, whatever was killed. Nothing is made twice: before each
try the row says that it began, so the next one knows that the other side may have it already (`doubt_since`), and the
channel looks there, or repeats the same idempotency key. What the other side does not take for days is a dead letter,
which a person replays or gives back to the platform's own queue.
"""

import secrets
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.kernel import clock
from lacydon.kernel.access import MACHINE, Actor
from lacydon.kernel.errors import NotFound, Refused
from lacydon.kernel.events import publish

from ..errors import NotNow
from ..events import DeliveryDied, DeliveryQueued
from ..models import ByKind, Delivery, DeliveryState, Request, RequestState, Step
from ..ports import Channel, ChannelClosed, Parcel, ParcelRefused, Receipt
from ..queries import routes
from ..queries.parcels import parcel_of
from . import files
from .moving import Change, changing
from .reading import read_for_machine
from .routes import failed, worked

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
VISIBLE_AGAIN = timedelta(minutes=5)
"""How long a job has to be done before another may be enqueued for the same row; a try takes one minute at most."""
FOLLOW_FIRST = timedelta(minutes=2)
"""When to ask first what became of it."""
SOON = timedelta(minutes=15)
"""What is handed over this soon after it was opened is not worth a message of its own: the receipt has just left."""
LONGEST_ERROR = 400
RELAYED = ("message", "document-given", "withdrawn", "reopened")
"""Kinds of steps of a resident that the other side has to know."""
WAITING = (DeliveryState.QUEUED, DeliveryState.FAILED)
HANDED = (DeliveryState.SENT, DeliveryState.ACCEPTED)
log = structlog.get_logger("lacydon.delivery")


class NothingNew(Exception):  # noqa: N818
    """Undoes a write that would change nothing."""


def queue_delivery(*, request: Request, first: bool = False) -> Delivery | None:
    """Put a request in the outbox, when the authority in charge has a system of its own; None when it works here.

    To be called in the transaction that opens the request, moves it to another authority, or opens it again. What goes
    to another authority is stopped; one that is on its way already is not queued twice.
    `first`: the request was made a moment ago, nothing of it has left.
    """
    route = routes.route_for(request)
    if route is None and first:
        return None
    stopped = route is not None and _is_stopped(route.pk)
    live = Delivery.objects.select_for_update().filter(request=request, over_at=None)
    for row in live.exclude(route=route.pk) if route else live:
        _end(row, state=DeliveryState.KEPT if row.state in (*WAITING, DeliveryState.DEAD) else row.state)
    if route is None or stopped:
        return None
    found = live.filter(route=route.pk).first()
    if found is not None:
        return found
    moment = clock.now()
    before = Delivery.objects.filter(request=request, route=route.pk).order_by("-queued_at").first()
    row = Delivery.objects.create(
        request=request,
        relayed=before.relayed if before else 1,
        authority=route.authority,
        route=route.pk,
        channel=route.channel,
        state=DeliveryState.QUEUED,
        queued_at=moment,
        next_at=moment,
        give_up_at=moment + timedelta(days=route.patience_days),
    )
    publish(DeliveryQueued(delivery=str(row.pk)))
    return row


def take_due(*, most: int, only: UUID | str | None = None, states: tuple[str, ...] = WAITING) -> list[tuple[str, int]]:
    """(id, turn) of those to be tried now, taken so that nobody else does for a while. In the caller's transaction.

    In the states HANDED, those that have something to be told (actions.relaying).
    """
    moment = clock.now()
    rows = Delivery.objects.filter(state__in=states, next_at__lte=moment).order_by("next_at")
    if only is not None:
        rows = rows.filter(pk=only)
    taken = []
    for row in rows.select_for_update(skip_locked=True)[:most]:
        row.turn += 1
        row.next_at = moment + VISIBLE_AGAIN
        row.save(update_fields=["turn", "next_at"])
        taken.append((str(row.pk), row.turn))
    return taken


def attempt(*, delivery: str, turn: int) -> None:
    """One try; its end is written whatever it is. A turn that is not the latest does nothing."""
    try:
        begun = _begin(delivery, turn)
    except NotFound as refusal:  # the route is gone: only a person can say what to do
        _dies(delivery, str(refusal.sentence))
        return
    except Refused as refusal:
        _again(delivery, str(refusal.sentence), begun=False)
        return
    if begun is None:
        return
    row, channel, settings, parcel = begun
    try:
        receipt = channel.send(parcel, settings)
    except ParcelRefused as refusal:
        closed = isinstance(refusal, ChannelClosed)
        failed(row.route, str(refusal.sentence), stopped=closed)
        _dies(delivery, str(refusal.sentence))
    except Refused as refusal:
        failed(row.route, str(refusal.sentence))
        _again(delivery, str(refusal.sentence))
    except Exception as error:
        log.exception("delivery.broken", delivery=delivery, channel=row.channel)
        _again(delivery, _("Erreur inattendue du connecteur (%s).") % type(error).__name__)
    else:
        handed(delivery=delivery, receipt=receipt, follow=channel.pulls)
        worked(row.route)
        log.info("delivery.handed", delivery=delivery, channel=row.channel, attempt=row.attempts)


@transaction.atomic
def _begin(delivery: str, turn: int) -> tuple[Delivery, Channel, Any, Parcel] | None:
    """Say that a try begins, before it does. None when there is nothing to do. Raises Refused when it cannot begin."""
    row = locked(delivery)
    if row is None or row.turn != turn or row.state not in WAITING:
        return None
    if not row.request.open or row.request.wrapped is None:  # withdrawn or erased before it left
        _end(row, state=DeliveryState.KEPT)
        return None
    if _is_stopped(row.route):
        _give_up(row, _("Le destinataire ne veut plus rien recevoir par cette voie."))
        return None
    channel, settings = routes.opened(routes.route(row.route))
    parcel = parcel_of(row, content_of=files.content_of)
    if row.doubt_since is None:
        read_for_machine(request=row.request)
    row.attempts += 1
    row.tried_at = clock.now()
    row.doubt_since = row.doubt_since or row.tried_at
    row.save(update_fields=["attempts", "tried_at", "doubt_since"])
    return row, channel, settings, parcel


def handed(*, delivery: str, receipt: Receipt, follow: bool) -> None:
    """The other side has it: the outbox, the timeline and the state say so together. A second time changes nothing."""
    row = Delivery.objects.select_related("request").get(pk=delivery)
    with suppress(NothingNew), changing(actor=MACHINE, action="request.follow", number=row.request.number) as change:
        held = locked(delivery)
        if held is None or held.handed_at is not None:
            raise NothingNew
        note_handed(change, held, receipt=receipt, follow=follow)


def to_tell(row: Delivery) -> list[Step]:
    """What the resident did that the other side was not told, in order."""
    rows = Step.objects.filter(request=row.request_id, position__gt=row.relayed, by_kind=ByKind.RESIDENT)
    return list(rows.filter(kind__in=RELAYED).order_by("position"))


def note_handed(change: Change, row: Delivery, *, receipt: Receipt, follow: bool) -> None:
    """The same, within a write to the request."""
    moment = clock.now()
    row.state = DeliveryState.ACCEPTED if receipt.state == "accepted" else DeliveryState.SENT
    row.handed_at = moment
    row.accepted_at = moment if row.state == DeliveryState.ACCEPTED else None
    row.reference = receipt.reference
    row.receipt = dict(receipt.facts)
    row.next_at, row.last_error = (moment if to_tell(row) else None), ""
    row.pull_at = moment + FOLLOW_FIRST if follow else None
    row.save()
    facts = {"authority": row.authority, "channel": row.channel, "delivery": str(row.pk)}
    change.note("sent", facts=facts, told=moment - row.queued_at < SOON)
    if row.state == DeliveryState.ACCEPTED:
        change.note("acknowledged", facts={"authority": row.authority, "reference": row.reference}, told=True)
    if receipt.leads_to:
        change.note("finish-there", facts={"authority": row.authority}, words={"address": receipt.leads_to})
    if change.request.state == RequestState.RECEIVED:
        change.move(RequestState.SENT)


@transaction.atomic
def _again(delivery: str, why: str, *, begun: bool = True) -> None:
    """Plan another try, or give up when the days are over."""
    row = locked(delivery)
    if row is None or row.state not in WAITING:
        return
    if not begun:
        row.attempts, row.tried_at = row.attempts + 1, clock.now()
    wait = min(FIRST_WAIT * 2 ** min(max(row.attempts - 1, 0), 10), LONGEST_WAIT)
    # A fifth more or less, so that all that waits for one system does not come back at the same moment.
    planned = clock.now() + wait * (0.8 + secrets.randbelow(400) / 1_000)
    if planned >= row.give_up_at:
        _give_up(row, why)
        return
    row.state, row.last_error, row.next_at = DeliveryState.FAILED, why[:LONGEST_ERROR], planned
    row.save(update_fields=["state", "last_error", "next_at", "attempts", "tried_at"])
    log.warning("delivery.failed", delivery=delivery, channel=row.channel, attempt=row.attempts)


@transaction.atomic
def _dies(delivery: str, why: str) -> None:
    row = locked(delivery)
    if row is not None and row.state in WAITING:
        _give_up(row, why)


def _give_up(row: Delivery, why: str) -> None:
    row.state, row.last_error, row.next_at = DeliveryState.DEAD, why[:LONGEST_ERROR], None
    row.save(update_fields=["state", "last_error", "next_at", "attempts", "tried_at"])
    log.error("delivery.dead", delivery=str(row.pk), channel=row.channel, attempt=row.attempts)
    publish(DeliveryDied(delivery=str(row.pk)))


def replay(*, actor: Actor, delivery: UUID | str) -> None:
    """Give a dead letter its days back, and try now. Raises NotFound, NotNow, what the policy refuses."""
    row = _known(delivery)
    with changing(actor=actor, action="delivery.replay", number=row.request.number) as change:
        held = locked(row.pk)
        if held is None or held.state not in (DeliveryState.DEAD, DeliveryState.FAILED):
            raise NotNow(_("Cette transmission n’attend pas qu’on la rejoue."))
        moment = clock.now()
        if held.state == DeliveryState.DEAD:
            route = routes.route(held.route)
            held.give_up_at, held.attempts = moment + timedelta(days=route.patience_days), 0
        held.state, held.next_at = DeliveryState.QUEUED, moment
        held.save()
        change.note("replayed", facts={"authority": held.authority}, public=False)
        publish(DeliveryQueued(delivery=str(held.pk)))


def keep_here(*, actor: Actor, delivery: UUID | str) -> None:
    """Give a dead letter back to the platform's own queue: agents handle it here. Raises as `replay`."""
    row = _known(delivery)
    with changing(actor=actor, action="delivery.replay", number=row.request.number) as change:
        held = locked(row.pk)
        if held is None or held.state not in (DeliveryState.DEAD, DeliveryState.FAILED):
            raise NotNow(_("Cette transmission n’attend pas de décision."))
        _end(held, state=DeliveryState.KEPT)
        change.note("kept", facts={"authority": held.authority}, public=False)


def _end(row: Delivery, *, state: str) -> None:
    """Nothing more is expected of it."""
    row.state, row.over_at, row.next_at, row.pull_at = state, clock.now(), None, None
    row.save()


def locked(delivery: UUID | str) -> Delivery | None:
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("request", "request__form")
    return rows.filter(pk=delivery).first()


def _known(delivery: UUID | str) -> Delivery:
    row = Delivery.objects.select_related("request").filter(pk=delivery).first()
    if row is None:
        raise NotFound(_("Cette transmission n’existe pas."))
    return row


def _is_stopped(route: str) -> bool:
    state = routes.states().get(route)
    return state is not None and state.stopped_at is not None
