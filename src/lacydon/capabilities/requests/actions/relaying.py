"""What a resident does once their request is with another system: a message, a document, a withdrawal, told there too.

Nothing is kept for it but a number: the last step that the other side was told (`Delivery.relayed`). Those after it are
told in their order, each under an id of its own, tried again while the other side does not answer, for a week.
"""

from datetime import timedelta
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F

from lacydon.kernel import clock
from lacydon.kernel.access import MACHINE
from lacydon.kernel.errors import Refused

from ..models import Delivery, Step
from ..ports import ParcelRefused
from ..queries import routes
from ..queries.parcels import news_of, parcel_of
from . import files
from .delivery import HANDED, locked, to_tell
from .moving import changing
from .reading import read_for_machine
from .routes import failed, worked

RETRY = timedelta(minutes=15)
GOOD_FOR = timedelta(days=7)
"""How long news are tried; then an agent here is told that the other side does not know."""
log = structlog.get_logger("lacydon.delivery")


def mark_due(*, request: str) -> list[str]:
    """The deliveries of a request that have something to be told, now. In the caller's transaction."""
    rows = Delivery.objects.select_for_update().filter(request=UUID(request), state__in=HANDED, over_at=None)
    found = [row for row in rows if to_tell(row)]
    Delivery.objects.filter(pk__in=[row.pk for row in found]).update(next_at=clock.now())
    return [str(row.pk) for row in found]


def mark_forgotten() -> int:
    """The same for all that nobody announced; how many."""
    rows = Delivery.objects.filter(state__in=HANDED, over_at=None, next_at=None)
    moved = rows.filter(request__steps_count__gt=F("relayed")).values_list("request", flat=True)
    with transaction.atomic():
        return sum(len(mark_due(request=str(each))) for each in list(moved))


def relay(*, delivery: str, turn: int) -> None:
    """Tell what is new, in order, until there is no more or the other side does not take it."""
    row = Delivery.objects.select_related("request", "request__form").filter(pk=delivery, turn=turn).first()
    if row is None or row.state not in HANDED or row.over_at is not None or row.request.wrapped is None:
        return
    for step in to_tell(row):
        try:
            told = _tell(row, step)
        except ParcelRefused as refusal:
            _not_told(row, step, str(refusal.sentence))
        except Refused as refusal:
            failed(row.route, str(refusal.sentence))
            if clock.now() - step.at < GOOD_FOR:
                _later(row)
                return
            _not_told(row, step, str(refusal.sentence))
        except Exception:
            log.exception("delivery.relay-broken", delivery=delivery, channel=row.channel)
            _later(row)
            return
        else:
            if not told:
                _not_told(row, step, "")
        _advance(row, step.position)
    _advance(row, row.relayed, over=True)


def _tell(row: Delivery, step: Step) -> bool:
    channel, settings = routes.opened(routes.route(row.route))
    parcel = parcel_of(row, content_of=files.content_of)
    news = news_of(step, row, content_of=files.content_of)
    with transaction.atomic():
        read_for_machine(request=row.request)
    told = channel.tell(parcel, row.reference, news, settings)
    worked(row.route)
    return told


def _not_told(row: Delivery, step: Step, why: str) -> None:
    """The agents here see that the other side does not know: it is theirs to call it."""
    with changing(actor=MACHINE, action="request.follow", number=row.request.number) as change:
        change.note("not-relayed", facts={"authority": row.authority, "step": step.position, "why": why}, public=False)


@transaction.atomic
def _advance(row: Delivery, position: int, *, over: bool = False) -> None:
    held = locked(row.pk)
    assert held is not None
    held.relayed = row.relayed = max(position, held.relayed)
    if over and held.turn == row.turn:
        held.next_at = None
    held.save(update_fields=["relayed", "next_at"])


@transaction.atomic
def _later(row: Delivery) -> None:
    held = locked(row.pk)
    if held is not None and held.turn == row.turn:
        held.next_at = clock.now() + RETRY
        held.save(update_fields=["next_at"])
