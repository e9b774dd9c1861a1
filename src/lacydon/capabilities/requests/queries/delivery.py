"""What is handed over, what is not, and how each way is doing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.clock import now
from lacydon.kernel.errors import NotFound

from ..models import Delivery, DeliveryState, Request, RequestState, Route
from ..ports import channels
from . import routes

MOST = 200
"""Shown at once; the counts say how many there are."""
LONG = timedelta(hours=1)
WAITING = (DeliveryState.QUEUED, DeliveryState.FAILED)


@dataclass(frozen=True, slots=True)
class Letter:
    """One that did not pass, without anything personal."""

    id: UUID
    number: str
    title: Any
    way: str
    channel: Any
    queued_at: datetime
    attempts: int
    why: str
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Way:
    """A route and its state. `failing_since` is empty while it works; `stopped`: the other side closed it."""

    id: str
    channel: Any
    services: tuple[str, ...]
    worked_at: datetime | None
    failing_since: datetime | None
    why: str
    stopped: bool
    waiting: int
    dead: int
    handed: int


@dataclass(frozen=True, slots=True)
class Answered:
    """What a town hall without an account is shown of a request: nothing personal."""

    number: str
    title: Any
    opened_at: datetime
    authority: Any
    state: str
    over: bool


@dataclass(frozen=True, slots=True)
class Away:
    """Where a request is on its way to the authority's own software. `stage`: dead, going or there."""

    stage: str
    channel: Any
    reference: str
    why: str


def away(request: Request) -> Away | None:
    """The last handing over to the authority that has it; None when its agents work here."""
    held = request.deliveries.filter(authority=request.organisation_id).exclude(state=DeliveryState.KEPT)
    row = held.order_by("-queued_at").first()
    if row is None:
        return None
    stage = "dead" if row.state == DeliveryState.DEAD else "going" if row.state in WAITING else "there"
    channel = channels.get(row.channel)
    return Away(stage, channel.title if channel else row.channel, row.reference, row.last_error)


def dead_letters(organisation: str) -> list[Letter]:
    """What waits for a person to decide, oldest first."""
    return _letters(Q(authority=organisation, state=DeliveryState.DEAD))


def failing(organisation: str) -> list[Letter]:
    """What will be tried again by itself."""
    return _letters(Q(authority=organisation, state=DeliveryState.FAILED))


def every_dead_letter() -> list[Letter]:
    """For operators: of all organisations."""
    return _letters(Q(state=DeliveryState.DEAD))


def ways(organisation: str | None = None) -> list[Way]:
    """Each route of an organisation (or of all), in the order of the folder."""
    rows = Route.objects.all() if organisation is None else Route.objects.filter(authority=organisation)
    counts: dict[str, Mapping[str, Any]] = {
        each["route"]: each
        for each in Delivery.objects.filter(route__in=[row.pk for row in rows])
        .values("route")
        .annotate(
            waiting=Count("pk", filter=Q(state__in=WAITING)),
            dead=Count("pk", filter=Q(state=DeliveryState.DEAD)),
            handed=Count("pk", filter=Q(handed_at__isnull=False)),
        )
    }
    states = routes.states()
    found = []
    for row in rows:
        channel, state = channels.get(row.channel), states.get(row.pk)
        count: Mapping[str, Any] = counts.get(row.pk, {})
        found.append(
            Way(
                id=row.pk,
                channel=channel.title if channel else row.channel,
                services=tuple(row.services),
                worked_at=state.worked_at if state else None,
                failing_since=state.failing_since if state else None,
                why=state.why if state else "",
                stopped=bool(state and state.stopped_at),
                waiting=count.get("waiting", 0),
                dead=count.get("dead", 0),
                handed=count.get("handed", 0),
            )
        )
    return found


@trust.in_house
def answered_view(id: UUID) -> Answered:
    """Raises NotFound when it was erased or never was."""
    row = Delivery.objects.select_related("request", "request__form").filter(pk=id).first()
    if row is None or row.request.wrapped is None:
        raise NotFound(_("Ce lien n’est pas complet, ou n’existe plus."))
    body = trust.organisation(row.authority)
    return Answered(
        number=row.request.number,
        title=row.request.form.content["title"],
        opened_at=row.request.opened_at,
        authority=body.name if body else {"fr": row.authority},
        state=row.request.state,
        over=row.request.state == RequestState.CLOSED,
    )


def figures() -> Iterable[Metric]:
    """How many are in each state, and how many have waited for more than an hour: for /metrics."""
    try:
        with trust.house():
            found = dict(Delivery.objects.filter(over_at=None).values_list("state").annotate(Count("pk")))
            late = Delivery.objects.filter(state__in=WAITING, queued_at__lt=now() - LONG).count()
    except DatabaseError:  # which /readyz says
        return
    told = GaugeMetricFamily("lacydon_deliveries", "Requests handed to other systems, by state.", labels=["state"])
    for state in DeliveryState.values:
        told.add_metric([state], found.get(state, 0))
    yield told
    yield GaugeMetricFamily("lacydon_deliveries_late", "Requests not handed over after an hour.", value=late)


def _letters(which: Q) -> list[Letter]:
    rows = Delivery.objects.filter(which).select_related("request", "request__form").order_by("queued_at")[:MOST]
    return [_letter(row) for row in rows]


def _letter(row: Delivery) -> Letter:
    channel = channels.get(row.channel)
    return Letter(
        id=row.pk,
        number=row.request.number,
        title=row.request.form.content["title"],
        way=row.route,
        channel=channel.title if channel else row.channel,
        queued_at=row.queued_at,
        attempts=row.attempts,
        why=row.last_error,
        next_at=row.next_at,
    )
