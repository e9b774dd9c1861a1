"""The queue of an organisation: its own requests only, filtered, in order, a page at a time.

However many requests there are, a page costs the same: it begins after the last row read (never at a number), an index
gives its order (models/requests.py), counts stop at `MOST`, and filters that no index serves look at the `REACH`
following requests and say how far they looked. What was answered is sealed: nothing can be searched in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, DateTimeField, F, Func, Q, QuerySet, UUIDField, Value
from django.utils.translation import gettext as _

from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now

from ..errors import UnknownRequest
from ..models import Request, RequestState
from . import filters, numbers
from .filters import Cursor, Filters

PAGE = 50
MOST = 1000
"""Counts stop there: « 1 000 et plus »."""
REACH = 5_000
"""Requests a filter without an index looks at for one page."""
SOON = timedelta(days=7)
YEARS = 12
"""How far back the six signs of a number are looked for."""
INDEXED = ("assignee_id", "assignee__isnull", "service_id", "citycode", "state")
"""Columns with an index of their own over what is open, the most telling first."""
COLUMNS = (
    "id", "number", "kind", "form_id", "service_id", "citycode", "state", "outcome", "source", "opened_at", "due_at",
    "closed_at", "waiting_since", "assignee_id", "urgent", "wanted_at", "revision", "rating",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Count:
    """How many; `more`: counting stopped there."""

    number: int
    more: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the queue. `count`: of the whole, said on the first page.

    `further`: where to look on, when the page is not full because the filters looked at the `REACH` following requests.
    """

    rows: Sequence[Request]
    count: Count | None
    next: Cursor | None
    previous: Cursor | None
    further: Cursor | None


def rows_of(actor: Actor, asked: Filters) -> QuerySet[Request]:
    """What an agent's organisation is in charge of, filtered; in no order. Nothing for who acts for no organisation."""
    rows = Request.objects.filter(organisation_id=actor.organisation) if actor.organisation else Request.objects.none()
    return rows.filter(_shown(asked)).filter(**_equal(asked, actor)).filter(_numbered(asked.number))


def page_of(actor: Actor, asked: Filters, *, at: Cursor | None = None) -> Page:
    """A page of the queue: at most five statements, whatever is asked."""
    field, down = _order(asked)
    backward = bool(at and at.before)
    reached = _reach(actor, asked, at)
    within = rows_of(actor, asked)
    if reached:
        within = within.filter(_beside(reached, field, after=down != backward, same=True))
    some = within if at is None else within.filter(_beside(at, field, after=down == backward))
    sign = "-" if down != backward else ""
    found = list(some.only(*COLUMNS).order_by(*_columns(asked, sign))[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if backward:
        found.reverse()
    first, last = (_place(found[0], field), _place(found[-1], field)) if found else (None, None)
    earlier = first if (more if backward else at) else reached if backward else None
    return Page(
        rows=found,
        count=_counted_to(within.order_by(*_columns(asked, sign)), reached) if at is None else None,
        next=last if more or backward else None,
        previous=replace(earlier, before=True) if earlier else None,
        further=reached if not backward and not more else None,
    )


def _counted_to(rows: QuerySet[Request], reached: Cursor | None) -> Count:
    """At least so many, when only the first ones were looked at."""
    found = counted(rows=rows)["rows"]
    return replace(found, more=found.more or reached is not None)


def in_order(actor: Actor, asked: Filters) -> QuerySet[Request]:
    """All that is filtered, as the pages have it."""
    _field, down = _order(asked)
    return rows_of(actor, asked).order_by(*_columns(asked, "-" if down else ""))


def counted(**asked: QuerySet[Request]) -> Mapping[str, Count]:
    """How many there are of each, up to MOST, in one statement.

    Each in an order of its indexes: without one PostgreSQL reads the table.
    """
    parts: list[str] = []
    values: list[Any] = []
    for rows in asked.values():
        try:
            sql, given = rows.values("pk")[: MOST + 1].query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) found)")  # noqa: S608 (composed by Django)
        values += given
    at_once = f"SELECT {', '.join(parts)}"
    with connection.cursor() as cursor:
        cursor.execute(at_once, values)
        numbers = cursor.fetchone()
    return {name: Count(min(number, MOST), number > MOST) for name, number in zip(asked, numbers, strict=True)}


def neighbours(actor: Actor, asked: Filters, row: Request) -> tuple[str, str]:
    """The numbers before and after this one in the queue it was opened from; empty at its ends."""
    field, down = _order(asked)
    rows = rows_of(actor, asked)
    at = _place(row, field)
    found = []
    for after in (False, True):
        sign, place = "-" if down == after else "", replace(at, before=not after)
        reached = _reach(actor, asked, place)
        some = rows.filter(_beside(reached, field, after=down == after, same=True)) if reached else rows
        near = some.filter(_beside(at, field, after=down != after)).order_by(*_columns(asked, sign))
        found.append(near.values_list("number", flat=True).first() or "")
    return found[0], found[1]


def chosen(actor: Actor, wanted: Sequence[str]) -> list[Request]:
    """These requests, as far as they are in the organisation's charge, in the order they were named."""
    held = Request.objects.filter(organisation_id=actor.organisation or None, number__in=list(wanted))
    by_number = {row.number: row for row in held.only(*COLUMNS)}
    return [by_number[number] for number in dict.fromkeys(wanted) if number in by_number]


def number_typed(actor: Actor, text: str) -> str:
    """The number of a request of the organisation, from the whole of it or its six signs; empty when there is none."""
    if len("".join(sign for sign in text if sign.isalnum())) not in (6, 11):
        return ""
    held = Request.objects.filter(_numbered(text), organisation_id=actor.organisation or None)
    return str(held.order_by("-opened_at").values_list("number", flat=True).first() or "")


def one_of(actor: Actor, number: str) -> Request:
    """A request the agent's organisation is in charge of. Raises UnknownRequest."""
    found = chosen(actor, [number_typed(actor, number)])
    if not found:
        raise UnknownRequest(_("Aucune demande de ce numéro n’est confiée à votre organisme."))
    return found[0]


def late(row: Request, *, moment: datetime | None = None) -> bool:
    """Whether an answer is owed since some time; never while the resident is waited for."""
    return bool(row.due_at and row.open and not row.waiting_since and row.due_at < (moment or now()))


def _shown(asked: Filters) -> Q:
    """`closed_at` is named so that the indexes over what is open serve."""
    if asked.shown == filters.ALL:
        return Q()
    if asked.shown == filters.CLOSED:
        return Q(closed_at__isnull=False)
    is_open, moment = Q(closed_at__isnull=True), now()
    working = is_open & ~Q(state=RequestState.WAITING)
    if asked.shown == filters.LATE:
        return working & Q(wanted_at__lt=moment)
    if asked.shown == filters.SOON:
        return working & Q(wanted_at__gte=moment, wanted_at__lt=moment + SOON)
    if asked.shown == filters.WAITING:
        return is_open & Q(state=RequestState.WAITING)
    return working


def _within(asked: Filters, field: str) -> Q:
    """What of the part of the queue is a range of the index of this order."""
    if asked.shown == filters.CLOSED:
        return Q(closed_at__isnull=False)
    if not asked.open:
        return Q()
    is_open, moment = Q(closed_at__isnull=True), now()
    if field == "wanted_at" and asked.shown == filters.LATE:
        return is_open & Q(wanted_at__lt=moment)
    if field == "wanted_at" and asked.shown == filters.SOON:
        return is_open & Q(wanted_at__gte=moment, wanted_at__lt=moment + SOON)
    return is_open


def _equal(asked: Filters, actor: Actor) -> dict[str, Any]:
    held: dict[str, Any] = {
        "state": asked.state, "service_id": asked.service, "skill": asked.skill, "citycode": asked.commune,
        "source": asked.source,
    }  # fmt: skip
    found = {name: value for name, value in held.items() if value}
    if asked.assignee == filters.NOBODY:
        found["assignee__isnull"] = True
    elif asked.assignee:
        found["assignee_id"] = UUID(actor.person if asked.assignee == filters.ME else asked.assignee)
    return found


def _numbered(text: str) -> Q:
    """A whole number, its six signs (looked for by the index, year by year), or some signs of it."""
    if not text:
        return Q()
    tidy = numbers.tidy_number(text)
    signs = "".join(sign for sign in tidy if sign.isalnum())
    if len(signs) == 11:
        return Q(number=tidy)
    if len(signs) == 6:
        return Q(number__in=[f"R-{now().year - back}-{signs}" for back in range(YEARS)])
    return Q(number__contains=tidy)


def _reach(actor: Actor, asked: Filters, at: Cursor | None) -> Cursor | None:
    """The last request that this page may look at; None when the index answers, or fewer than REACH are left."""
    if len("".join(sign for sign in asked.number if sign.isalnum())) in (6, 11):
        return None
    held = dict(_equal(asked, actor))
    if asked.shown == filters.WAITING:
        held.setdefault("state", RequestState.WAITING)
    served = INDEXED if asked.sorted_by == filters.WANTED else ("service_id",) if asked.shown == filters.ALL else ()
    lead = next((name for name in served if name in held), "")
    if (
        not (held.keys() - {lead})
        and not asked.number
        and asked.shown in (filters.ALL, filters.WAITING, filters.CLOSED)
    ):
        return None
    base = Request.objects.filter(organisation_id=actor.organisation, **({lead: held[lead]} if lead else {}))
    field, down = _order(asked)
    base = base.filter(_within(asked, field))
    backward = bool(at and at.before)
    if at is not None:
        base = base.filter(_beside(at, field, after=down == backward))
    sign = "-" if down != backward else ""
    found = base.order_by(*_columns(asked, sign)).values_list(field, "pk")[REACH - 1 : REACH]
    return next((Cursor(moment, id) for moment, id in found), None)


def _order(asked: Filters) -> tuple[str, bool]:
    """The column a page is sorted by, and whether downwards."""
    by = asked.sorted_by
    if asked.shown == filters.CLOSED:
        return "closed_at", by == filters.NEWEST
    return ("wanted_at" if by == filters.WANTED else "opened_at"), by == filters.NEWEST


def _columns(asked: Filters, sign: str) -> list[str]:
    """The order of a page. What nobody looks after is sorted by the whole index: PostgreSQL needs to be told."""
    field, _down = _order(asked)
    lead = [f"{sign}assignee_id"] if asked.assignee == filters.NOBODY and field == "wanted_at" else []
    return [*lead, f"{sign}{field}", f"{sign}id"]


def _place(row: Request, field: str) -> Cursor:
    return Cursor(getattr(row, field), row.pk)


def _beside(at: Cursor, field: str, *, after: bool, same: bool = False) -> Func:
    """`(column, id) > (moment, id)`, in which both databases see a range of their index."""
    sign = (">" if after else "<") + ("=" if same else "")
    here = Func(F(field), F("id"), template="(%(expressions)s)")
    there = Func(
        Value(at.moment, output_field=DateTimeField()), Value(at.id, output_field=UUIDField()),
        template="(%(expressions)s)",
    )  # fmt: skip
    return Func(here, there, template="%(expressions)s", arg_joiner=f" {sign} ", output_field=BooleanField())
