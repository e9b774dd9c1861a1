"""Being told of disruptions: asked for, confirmed, told once of each state, stopped and forgotten in one click.

A telling is a row made in the transaction that writes its letter (kernel.mail keeps it, and tries again when the mail
server fails) or that enqueues its notification: a worker killed in between tells later, never twice.
"""

import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import in_house
from lacydon.kernel import attempts, sealing
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, Refused, Unavailable
from lacydon.kernel.mail import post
from lacydon.kernel.personal import Kept
from lacydon.kernel.webpush import SubscriptionGone, push, subscription_of

from ..errors import NoTimetable
from ..models import AlertSubscription, AlertTold, Disruption
from ..queries.alerts import letters
from ..queries.alerts.subscriptions import (
    address_hash,
    browser_of,
    by_secret,
    concerned_by,
    hash_of,
    next_hours,
    not_before,
    of_person,
    opened,
    place_of,
)
from ..queries.disruptions.views import DisruptionView, view_of
from ..queries.timetable import timetable

UNCONFIRMED = timedelta(days=7)
"""How long what nobody confirmed is kept."""
TOLD_KEPT = timedelta(days=30)
"""How long it is remembered what was told, once the disruption is over."""
LONGEST, MOST_CHOSEN, MOST_OF_AN_ADDRESS = 200, 20, 20
Later = Callable[[int, datetime], None]
"""Enqueues the job that sends a telling, not before that moment."""
log = structlog.get_logger("lacydon.mobility")


def ask(
    *, lines: Sequence[str], places: Sequence[str], days: int, from_minute: int, until_minute: int, network: str,
    address: str = "", browser: Any = None, person: str = "",
) -> AlertSubscription | None:  # fmt: skip
    """Ask to be told, by e-mail (it begins once a first message is answered) or by a browser (it begins at once).

    For e-mail, whoever asks is told the same whether the address has it already or not: None. Raises BadInput,
    TooManyRequests.
    """
    _checked(lines, places, days, from_minute, until_minute)
    chosen = {
        "lines": sorted(set(lines)), "places": sorted(set(places)), "days": days, "from_minute": from_minute,
        "until_minute": until_minute, "lang": (translation.get_language() or "fr")[:2],
    }  # fmt: skip
    attempts.spend(what="mobility-alert", who=network, most=20, per=timedelta(hours=1))
    if browser is not None:
        found = subscription_of(browser)
        told = {"endpoint": found.endpoint, "p256dh": found.p256dh, "auth": found.auth}
        return _keep(chosen, means=AlertSubscription.Means.PUSH, to=found.endpoint, told=told, person=person)
    tidy = address.strip()
    try:
        validate_email(tidy)
    except ValidationError as error:
        raise BadInput(_("Écrivez une adresse e-mail, comme nom@exemple.fr."), field="address") from error
    if len(tidy) > LONGEST:
        raise BadInput(_("Cette adresse est trop longue."), field="address")
    attempts.spend(what="mobility-alert-address", who=tidy.lower(), most=6, per=timedelta(days=1))
    _keep(chosen, means=AlertSubscription.Means.EMAIL, to=tidy, told={"address": tidy}, person=person)
    return None


def _checked(lines: Sequence[str], places: Sequence[str], days: int, begin: int, end: int) -> None:
    if not lines and not places:
        raise BadInput(_("Choisissez au moins une ligne ou un arrêt."), field="find")
    if len(lines) + len(places) > MOST_CHOSEN:
        raise BadInput(_("%d lignes et arrêts au plus : faites plusieurs alertes.") % MOST_CHOSEN, field="find")
    try:
        table = timetable()
    except NoTimetable:
        table = None
    if table is None or not (set(lines) <= set(table.route_of_id) and set(places) <= set(table.place_of_id)):
        raise BadInput(_("Une de ces lignes n’existe plus : cherchez-la de nouveau."), field="find")
    if not 0 < days < 128:
        raise BadInput(_("Choisissez au moins un jour."), field="days")
    if not (0 <= begin < 1440 and 0 < end <= 1440) or begin == end:
        raise BadInput(_("Dites de quelle heure à quelle heure."), field="from")


@in_house
@transaction.atomic
def _keep(chosen: dict[str, Any], *, means: str, to: str, told: dict[str, str], person: str) -> AlertSubscription:
    hashed = address_hash(to)
    mine = AlertSubscription.objects.select_for_update().filter(address_hash=hashed)
    for each in mine:
        if all(
            getattr(each, name) == chosen[name] for name in ("lines", "places", "days", "from_minute", "until_minute")
        ):
            if each.confirmed_at is not None and means == AlertSubscription.Means.EMAIL:
                held = opened(each)
                post(letters.already(each, to=held["address"], secret=held["secret"]))
                return each
            each.delete()
    if mine.count() >= MOST_OF_AN_ADDRESS:
        if means == AlertSubscription.Means.PUSH:
            raise BadInput(_("Cet appareil a déjà %d alertes : arrêtez-en une.") % MOST_OF_AN_ADDRESS)
        mine.filter(confirmed_at=None).delete()
    secret, key = secrets.token_urlsafe(24), sealing.new_key()
    row = AlertSubscription(
        means=means,
        address_hash=hashed,
        secret_hash=hash_of(secret),
        asked_at=now(),
        person_id=person or None,
        **chosen,
    )
    if means == AlertSubscription.Means.PUSH:
        row.confirmed_at = row.asked_at
    row.wrapped = sealing.wrap(key, place=place_of(row, "wrapped"))
    kept = json.dumps(told | {"secret": secret}).encode()
    row.sealed = sealing.seal(kept, key=key, place=place_of(row, "sealed"))
    row.save(force_insert=True)
    if means == AlertSubscription.Means.EMAIL:
        post(letters.confirmation(row, to=to, secret=secret))
    return row


@in_house
@transaction.atomic
def confirm(*, secret: str) -> AlertSubscription:
    """The address is its owner's. Raises NotFound."""
    row = by_secret(secret)
    if row.confirmed_at is None:
        row.confirmed_at = now()
        row.save(update_fields=["confirmed_at"])
    return row


@in_house
@transaction.atomic
def stop(*, secret: str) -> None:
    """No more messages of this one; its address is forgotten with it. Raises NotFound."""
    by_secret(secret).delete()


@in_house
@transaction.atomic
def stop_all(*, secret: str) -> int:
    """No more messages to this address at all; how many were stopped. Raises NotFound."""
    row = by_secret(secret)
    found = AlertSubscription.objects.filter(address_hash=row.address_hash)
    many = found.count()
    found.delete()
    return many


@in_house
@transaction.atomic
def stop_one(*, id: str, secret: str = "", person: str = "") -> None:
    """One of those of the same address as a link, or of an account."""
    mine = AlertSubscription.objects.filter(pk=id).first()
    if mine is None:
        return
    own = person and any(each.pk == mine.pk for each in of_person(person))
    if own or (secret and by_secret(secret).address_hash == mine.address_hash):
        mine.delete()


def waiting(when: datetime | None = None) -> list[int]:
    """Disruptions that riders may see now and of which those who asked were not told yet."""
    when = when or now()
    rows = Disruption.objects.filter(published_at__isnull=False, news__gt=0).exclude(state=Disruption.State.DRAFT)
    found = rows.exclude(shown_from__gt=when).filter(told__lt=F("news"))
    return list(found.order_by("pk").values_list("pk", flat=True)[:500])


@in_house
def tell(*, disruption: int, later: Later, when: datetime | None = None) -> int:
    """Tell everybody whose lines, stops and hours it meets, once of each of its states; how many.

    Whoever was told that it began is told that it is over; nobody else is.
    """
    when = when or now()
    row = Disruption.objects.filter(pk=disruption).prefetch_related("concerned", "said").first()
    if row is None or row.news == 0:
        return 0
    view, many = view_of(row), 0
    over = row.state == Disruption.State.WITHDRAWN or view.over(when)
    if not over and not view.shown(when):
        return 0
    lines = _lines_of_all(view)
    for id in _candidates(view, lines, over=over):
        with transaction.atomic():
            found = AlertSubscription.objects.select_for_update().filter(pk=id, confirmed_at__isnull=False).first()
            if found is None or AlertTold.objects.filter(subscription=found, disruption=row, news=view.news).exists():
                continue
            meets = when if over else next_hours(found, view.periods, when)
            if meets is None:
                continue
            due = not_before(meets=meets, when=when)
            told = AlertTold.objects.create(
                subscription=found, disruption=row, news=view.news, made_at=when, due_at=due
            )  # fmt: skip
            later(told.pk, due)
            many += 1
    Disruption.objects.filter(pk=row.pk, told__lt=view.news).update(told=view.news)
    return many


@in_house
def send(*, telling: int, when: datetime | None = None) -> None:
    """Write one letter or notification. Raises Unavailable when it is to be tried again."""
    when = when or now()
    with transaction.atomic():
        rows = AlertTold.objects.select_for_update().select_related("subscription")
        told = rows.filter(pk=telling, sent_at=None).first()
        if told is None:
            return
        row = Disruption.objects.prefetch_related("concerned", "said").get(pk=told.disruption_id)
        view, mine = view_of(row), told.subscription
        if view.news != told.news or _stale(told, view, when):
            outcome = "over"
        else:
            with translation.override(mine.lang):
                outcome = _sent(mine, view, told, when)
        if outcome != "gone":
            AlertTold.objects.filter(pk=told.pk).update(sent_at=when, outcome=outcome)


def _stale(told: AlertTold, view: DisruptionView, when: datetime) -> bool:
    """Nothing to say of what began and ended while it was quiet; an end is for who was told the beginning."""
    if view.state == Disruption.State.WITHDRAWN or view.over(when):
        return not AlertTold.objects.filter(
            subscription=told.subscription_id, disruption=view.id, outcome="sent", news__lt=told.news
        ).exists()
    return False


def _sent(row: AlertSubscription, view: DisruptionView, told: AlertTold, when: datetime) -> str:
    try:
        held = opened(row)
    except sealing.Unsealable:
        return "refused"
    if row.means == AlertSubscription.Means.EMAIL:
        post(letters.letter(row, view, to=held["address"], secret=held["secret"], when=when))
        return "sent"
    try:
        push(browser_of(held), letters.notification(view, when), topic=f"d{view.id}n{view.news}")
    except SubscriptionGone:
        row.delete()  # and its tellings with it
        return "gone"
    except Unavailable:
        raise
    except Refused as refusal:
        log.warning("alert.not-told", why=refusal.code, telling=told.pk)
        return "refused"
    return "sent"


def _candidates(view: DisruptionView, lines: Sequence[str], *, over: bool) -> list[Any]:
    """Those it may concern: an end is only for those who were told before."""
    if over:
        told = AlertTold.objects.filter(disruption=view.id, news__lt=view.news).exclude(outcome="over")
        return list(dict.fromkeys(told.order_by("pk").values_list("subscription", flat=True)))
    rows = AlertSubscription.objects.filter(confirmed_at__isnull=False).order_by("asked_at")
    return [each.pk for each in rows.iterator(chunk_size=500) if concerned_by(each, view, lines)]


def _lines_of_all(view: DisruptionView) -> list[str]:
    """The lines of the networks and of the means of transport that are named."""
    if not view.agencies and not view.modes:
        return []
    try:
        table = timetable()
    except NoTimetable:
        return []
    networks = {each.ref for each in view.agencies}
    return [
        each.id
        for each in table.routes
        if each.type in view.modes
        or (0 <= each.agency < len(table.agencies) and table.agencies[each.agency].id in networks)
    ]


@in_house
def purge(moment: datetime) -> int:
    """Forget what nobody confirmed, and what was told of disruptions long over; how many records."""
    unconfirmed = AlertSubscription.objects.filter(confirmed_at=None, asked_at__lt=moment - UNCONFIRMED)
    told = AlertTold.objects.filter(disruption__ends_at__lt=moment - TOLD_KEPT, made_at__lt=moment - TOLD_KEPT)
    return int(unconfirmed.delete()[0] + told.delete()[0])


@in_house
def erase(person: str) -> Iterable[Kept]:
    """Forget all that a person asked to be told of."""
    for row in of_person(person):
        row.delete()
    return ()
