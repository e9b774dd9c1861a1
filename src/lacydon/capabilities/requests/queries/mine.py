"""The requests of somebody, for their space: what waits for them, what goes on, what is over."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor
from lacydon.kernel.cards import Tracked

from ..models import Request, RequestState
from .requests import requests_of
from .satisfaction import ratable
from .timeline import Where, title_of, where

TRACKED = 5
"""Requests shown on the overview of the space."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A request in a list. `ratable`: it is over and they have not said how it went."""

    request: Request
    title: str
    where: Where
    ratable: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """Whole lists, but for what is over: a page of it; `more`: the number of the next one, or 0."""

    waiting: tuple[Slip, ...]
    going: tuple[Slip, ...]
    over: tuple[Slip, ...]
    page: int
    more: int

    @property
    def empty(self) -> bool:
        return not (self.waiting or self.going or self.over)


def overview(actor: Actor, *, page: int = 1, size: int = 20) -> Overview:
    """All that this actor may see of the requests of whom they act for."""
    rows = requests_of(actor)
    open_ones = _seen(actor, rows.exclude(state=RequestState.CLOSED).order_by("due_at", "-opened_at"))
    closed = rows.filter(state=RequestState.CLOSED).order_by("-closed_at", "-pk")
    first = (page - 1) * size
    part = list(closed[first : first + size + 1])
    return Overview(
        waiting=tuple(_slip(row) for row in open_ones if row.state == RequestState.WAITING) if page == 1 else (),
        going=tuple(_slip(row) for row in open_ones if row.state != RequestState.WAITING) if page == 1 else (),
        over=tuple(_slip(row) for row in _seen(actor, part[:size])),
        page=page,
        more=page + 1 if len(part) > size else 0,
    )


def tracked(actor: Actor) -> Iterator[Tracked]:
    """The first of them, for the overview of the space: what waits first, then what moved last."""
    if not actor.principal:
        return
    rows = _seen(actor, requests_of(actor).exclude(state=RequestState.CLOSED).order_by("-changed_at"))
    for row in sorted(rows, key=lambda each: each.state != RequestState.WAITING)[:TRACKED]:
        yield Tracked(
            title=title_of(row),
            state=where(row).label,
            address=reverse("my-request", kwargs={"number": row.number}),
            at=row.changed_at,
            waiting=row.state == RequestState.WAITING,
        )


def _seen(actor: Actor, rows: Iterable[Request]) -> list[Request]:
    """A mandate may cover some themes only."""
    return [row for row in rows if trust.can(actor, None, "request.see", row)]


def _slip(row: Request) -> Slip:
    return Slip(request=row, title=title_of(row), where=where(row), ratable=ratable(row))
