"""Who wants to be told, found by the secret of their links, by their address, or by their account."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import in_house, reach_of
from lacydon.kernel import sealing
from lacydon.kernel.clock import LOCAL
from lacydon.kernel.errors import NotFound
from lacydon.kernel.webpush import Subscription

from ...models import AlertSubscription
from ..disruptions.views import DisruptionView, Period

AHEAD = timedelta(days=7)
"""How far ahead somebody is told: works of next month are told a week before they begin."""
QUIET_FROM, QUIET_UNTIL = 21, 6
"""Hours (Europe/Paris) between which nothing leaves, unless it is for a journey that begins before they end."""
BEFORE = timedelta(minutes=30)
"""A message leaves at least so long before the hours it is for, quiet or not."""
WEEKDAYS = 31


def address_hash(address: str) -> str:
    """What finds an address again without keeping it in the clear."""
    return sealing.keyed_hash(address.strip().lower(), purpose="mobility-alert")


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def place_of(row: AlertSubscription, field: str) -> str:
    """Where a sealed value stands."""
    return f"mobility_alertsubscription:{row.pk}:{field}"


def wrapped_place(row: Any) -> str:
    return place_of(row, "wrapped")


def opened(row: AlertSubscription) -> dict[str, Any]:
    """Its address or browser, and the secret of its links. Raises sealing.Unsealable."""
    key = sealing.unwrap(bytes(row.wrapped), place=place_of(row, "wrapped"))
    found: dict[str, Any] = json.loads(sealing.unseal(bytes(row.sealed), key=key, place=place_of(row, "sealed")))
    return found


def browser_of(told: dict[str, Any]) -> Subscription:
    return Subscription(endpoint=told["endpoint"], p256dh=told["p256dh"], auth=told["auth"])


@in_house
def by_secret(secret: str) -> AlertSubscription:
    """The one whose link holds this. Raises NotFound."""
    found = AlertSubscription.objects.filter(secret_hash=hash_of(secret)).first()
    if found is None:
        raise NotFound(_("Ce lien ne mène plus à rien : l’alerte est peut-être déjà arrêtée."))
    return found


@in_house
def of_same_address(row: AlertSubscription) -> list[AlertSubscription]:
    """All those of one address: whoever holds one of its links manages them together."""
    return list(AlertSubscription.objects.filter(address_hash=row.address_hash).order_by("asked_at"))


@in_house
def of_person(person: UUID | str) -> list[AlertSubscription]:
    """Those of an account, and of the addresses it proved to be its own."""
    rows = AlertSubscription.objects.filter(person_id=str(person))
    hashes = [address_hash(each) for each in reach_of(person).emails]
    if hashes:
        rows = rows | AlertSubscription.objects.filter(address_hash__in=hashes)
    return list(rows.order_by("asked_at"))


def concerned_by(row: AlertSubscription, view: DisruptionView, lines_of_all: Sequence[str] = ()) -> bool:
    """Whether the lines or the places of somebody are disturbed. `lines_of_all`: lines of the networks named."""
    lines = {each.ref for each in view.routes} | set(lines_of_all)
    places = {each.ref for each in view.places}
    return not lines.isdisjoint(row.lines) or not places.isdisjoint(row.places)


def next_hours(row: AlertSubscription, periods: Sequence[Period], when: datetime) -> datetime | None:
    """The first moment, within a week, at which one of the periods meets the hours of somebody; None for never.

    No period at all is « always ».
    """
    here = when.astimezone(LOCAL)
    for ahead in range(-1, AHEAD.days + 1):
        day = here.date() + timedelta(days=ahead)
        if not row.days & (1 << day.weekday()):
            continue
        midnight = datetime.combine(day, time(), LOCAL)
        begin = midnight + timedelta(minutes=row.from_minute)
        passing = row.until_minute <= row.from_minute
        end = midnight + timedelta(minutes=row.until_minute + (1440 if passing else 0))
        if end <= when:
            continue
        begin = max(begin, when)
        for period in periods or (Period(None, None),):
            first = max(begin, period.begin) if period.begin else begin
            last = min(end, period.end) if period.end else end
            if first < last:
                return first
    return None


def not_before(*, meets: datetime, when: datetime) -> datetime:
    """When a message may leave: at once, or at the end of the quiet hours if the journey leaves the time."""
    here = when.astimezone(LOCAL)
    if QUIET_UNTIL <= here.hour < QUIET_FROM:
        return when
    day = here.date() if here.hour < QUIET_UNTIL else here.date() + timedelta(days=1)
    morning = datetime.combine(day, time(QUIET_UNTIL), LOCAL)
    return max(when, min(morning, meets - BEFORE))
