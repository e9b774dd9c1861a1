"""What becomes of a request that was handed over, as the other side says it: asked, called back, clicked, mailed."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel import clock
from lacydon.kernel.access import MACHINE
from lacydon.kernel.errors import NotFound, Refused

from ..errors import NotNow
from ..models import ByKind, Callback, Delivery, DeliveryState, Outcome, RequestState
from ..ports import Receipt, Status
from ..queries import routes
from ..queries.parcels import parcel_of
from . import files
from .delivery import NothingNew, locked, note_handed
from .moving import Change, changing
from .routes import failed, worked

BATCH_SECONDS = 240
PATIENCE = 2
"""Failures of a route in one round before the rest of it is left for the next."""
LONGEST_WORDS = 4_000
MOMENTS = ("at", "expected_at")
STATES = {
    "received": RequestState.SENT,
    "in-progress": RequestState.IN_PROGRESS,
    "waiting": RequestState.WAITING,
}
log = structlog.get_logger("lacydon.delivery")


def take_pulls(*, most: int) -> list[str]:
    """Those whose turn it is to be asked about, oldest question first. In the caller's transaction."""
    moment = clock.now()
    rows = Delivery.objects.filter(pull_at__lte=moment).order_by("pull_at").select_for_update(skip_locked=True)
    taken = []
    for row in rows[:most]:
        row.pull_at = moment + interval(moment - (row.handed_at or row.queued_at))
        row.save(update_fields=["pull_at"])
        taken.append(str(row.pk))
    return taken


def interval(age: timedelta) -> timedelta:
    """How long between two questions: what is young moves."""
    if age < timedelta(days=1):
        return timedelta(minutes=5)
    return timedelta(minutes=30) if age < timedelta(days=7) else timedelta(hours=6)


def pull_all(*, deliveries: Sequence[str]) -> int:
    """Ask about each what became of it; how many had news. A system that does not answer is left for the next round."""
    end, silent, news = clock.now() + timedelta(seconds=BATCH_SECONDS), dict[str, int](), 0
    for id in deliveries:
        row = Delivery.objects.select_related("request", "request__form").filter(pk=id, over_at=None).first()
        if row is None or clock.now() > end or silent.get(row.route, 0) >= PATIENCE:
            continue
        try:
            news += pull(row)
        except Refused as refusal:
            silent[row.route] = silent.get(row.route, 0) + 1
            failed(row.route, str(refusal.sentence))
        except Exception:
            log.exception("delivery.pull-broken", delivery=id, channel=row.channel)
    return news


def pull(row: Delivery) -> bool:
    """Ask what became of one; whether there was anything new. Raises Refused."""
    channel, settings = routes.opened(routes.route(row.route))
    told = channel.pull(row.reference, settings)
    Delivery.objects.filter(pk=row.pk).update(pulled_at=clock.now())
    worked(row.route)
    if told is None:
        return False
    new = note_status(delivery=row.pk, told=told)
    if told.takes_files and row.files_handed_at is None:
        channel.hand_files(parcel_of(row, content_of=files.content_of), told.reference or row.reference, settings)
        Delivery.objects.filter(pk=row.pk).update(files_handed_at=clock.now())
    return new


@trust.in_house
def note_status(*, delivery: UUID | str, told: Status, message: str = "") -> bool:
    """Put what the other side says on the timeline, and move the request as it says; whether it was new.

    `message`: the id under which it was told; the same a second time changes nothing. Raises NotFound, and NotNow when
    the request is no longer with that authority.
    """
    row = Delivery.objects.select_related("request").filter(pk=delivery).first()
    if row is None:
        raise NotFound(_("Cette transmission n’existe pas."))
    if message and Callback.objects.filter(delivery=row, message=message).exists():
        return False
    if not message and (row.told == _digest(told)):
        return False
    try:
        with changing(
            actor=MACHINE, action="request.follow", number=row.request.number, by_kind=ByKind.AUTHORITY
        ) as change:
            held = locked(row.pk)
            assert held is not None
            _noted(change, held, told, message=message)
    except NothingNew:
        return False
    return True


def _noted(change: Change, row: Delivery, told: Status, *, message: str) -> None:
    if message:
        _callback, new = Callback.objects.get_or_create(delivery=row, message=message, defaults={"at": clock.now()})
        if not new:
            raise NothingNew
    elif row.told == _digest(told):
        raise NothingNew
    if row.over_at is not None and change.request.organisation_id != row.authority:
        raise NotNow(_("Cette demande n’est plus chez vous : elle a été confiée à une autre autorité."))
    if row.over_at is not None and row.state == DeliveryState.KEPT:
        raise NotNow(_("Cette demande est traitée sur la plateforme maintenant."))
    if row.handed_at is None:  # it arrived, though its answer did not
        note_handed(change, row, receipt=Receipt(state="accepted", reference=told.reference), follow=False)
    elif (told.reference and told.reference != row.reference) or row.state == DeliveryState.SENT:
        row.state, row.accepted_at = DeliveryState.ACCEPTED, clock.now()
        row.reference = told.reference or row.reference
        change.note("acknowledged", facts={"authority": row.authority, "reference": told.reference}, told=True)
    _move(change, row, told)
    row.told = _digest(told)
    row.save()


def _move(change: Change, row: Delivery, told: Status) -> None:
    """The request goes where the other side says; a word of what it says is never lost, even when nothing moves."""
    request, words = change.request, told.words.strip()[:LONGEST_WORDS]
    facts: dict[str, Any] = {"authority": row.authority, "state": told.state, "outcome": told.outcome}
    facts |= {name: moment.isoformat() for name in MOMENTS if (moment := getattr(told, name)) and _plausible(moment)}
    before = row.told
    same = (before.get("state"), before.get("outcome")) == (told.state, told.outcome)
    first_hearing = not before and told.state == "received"  # what « sent » and « acknowledged » say already
    promised = facts.get("expected_at", "")
    new_words = words and before.get("words") != _hash(words)
    new_promise = promised and before.get("expected_at") != promised
    if new_words or new_promise or (not same and not first_hearing):
        change.note("status", facts=facts, words={"message": words} if words else None)
    if told.state == "closed":
        if request.open:
            change.close(Outcome(told.outcome or Outcome.UNSOLVED))
        row.over_at, row.pull_at = clock.now(), None
    elif request.open and not same:
        to = STATES[told.state]
        if not (to == RequestState.SENT and request.state in (RequestState.IN_PROGRESS, RequestState.WAITING)):
            change.move(to)


def _plausible(moment: datetime) -> bool:
    """Whether it can be said in the hour of here: the calendar’s last day cannot, nor then the page be read."""
    return 1970 <= moment.year < 2200


def _digest(told: Status) -> dict[str, str]:
    """What is remembered of a status to know it again: nothing of its words but a hash."""
    return {
        "state": told.state,
        "outcome": told.outcome,
        "words": _hash(told.words.strip()[:LONGEST_WORDS]),
        "expected_at": told.expected_at.isoformat() if told.expected_at else "",
        "reference": told.reference,
    }


def _hash(words: str) -> str:
    return hashlib.sha256(json.dumps(words).encode()).hexdigest() if words else ""
