"""Rows of a dataset, one of them, and the values of its columns."""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from sqlglot import exp

from lacydon.kernel.errors import NotFound

from ...actions.opening import open_table
from ...errors import WrongQuestion
from ...queries import cells, datasets, lake, logical, odsql
from ...queries import facets as faceting
from ...queries.columns import ROW
from ...queries.datasets import DatasetView
from ...queries.logical import Question, Table, col
from .answering import answered, integer, lang_of, links, told

CLAUSES = ("select", "where", "order_by", "sort", "refine", "exclude", "timezone", "lang")
BLOCK, SORTED_BLOCK, MOST_BLOCKS, MOST_WIDE = 1_000, 500, 24, 60
"""Rows read ahead, those of a sorted question, blocks kept, columns beyond which nothing is read ahead."""
DEFAULT, MOST, MOST_REACHED, MOST_GROUPS = 10, 100, 10_000, 20_000


@told
def records(request: HttpRequest, id: str) -> HttpResponseBase:
    """Rows, groups or figures."""
    view, table = opened(request, id)
    return answered(request, content=content_of(table), open=view.open, make=lambda: page(request, table))


def opened(request: HttpRequest, id: str) -> tuple[DatasetView, Table]:
    actor = request.actor  # type: ignore[attr-defined]
    view = datasets.dataset(id, actor=actor)
    return view, open_table(view, datasets.version(view), actor=actor)


def content_of(table: Table) -> str:
    """What the answers of a table depend on: its rows, and what its columns are called."""
    labels = "\0".join(each.label for each in table.columns)
    return f"{table.dataset}\0{table.content}\0{labels}"


def page(request: HttpRequest, table: Table) -> dict[str, Any]:
    grouped = bool(request.GET.get("group_by", "").strip())
    limit = integer(request, "limit", otherwise=DEFAULT, least=-1, most=MOST_GROUPS if grouped else MOST)
    limit = (MOST_GROUPS if grouped else MOST) if limit == -1 else limit
    reached = MOST_GROUPS if grouped else MOST_REACHED
    offset = integer(request, "offset", otherwise=0, least=0, most=max(reached - limit, 0))
    asked = asked_of(request, table, limit=limit, offset=offset)
    if asked.grouped:
        total, rows = _groups(table, asked.question, limit=limit)
    else:
        rows = _page(request, table, asked, limit=limit, offset=offset)
        total = rows_where(table, asked.question.where)
    names, types = _shape(table, asked)
    zone = odsql.zone_of(request.GET.get("timezone") or "UTC")
    return {"total_count": total, "results": cells.records(names, types, rows, zone=zone)}


class _Blocks:
    """Rows read ahead: whoever asks for a page asks for the next one. A few blocks in each process."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[Any, ...], list[tuple[Any, ...]]] = OrderedDict()
        self._lock = threading.Lock()
        self._under_way: dict[tuple[Any, ...], threading.Lock] = {}

    def get(self, key: tuple[Any, ...], make: Callable[[], list[tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
        """The block; several who ask at once for one that is not there wait for the first."""
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
                return found
            turn = self._under_way.setdefault(key, threading.Lock())
        with turn:
            with self._lock:
                found = self._held.get(key)
            if found is None:
                try:
                    found = make()
                finally:
                    with self._lock:
                        self._under_way.pop(key, None)
                with self._lock:
                    self._held[key] = found
                    while len(self._held) > MOST_BLOCKS:
                        self._held.popitem(last=False)
        return found


_blocks = _Blocks()


def _block(table: Table, question: Question) -> list[tuple[Any, ...]]:
    return lake.answer(table, question).rows


def _page(request: HttpRequest, table: Table, asked: odsql.Asked, *, limit: int, offset: int) -> list[tuple[Any, ...]]:
    """The rows of a page, cut from a longer block when others are likely to be asked for."""
    question = asked.question
    first_of_sorted = bool(question.order_by) and not offset
    wide = len(question.columns or table.columns) > MOST_WIDE or any(each.type == "shape" for each in table.columns)
    if not limit:
        return []
    if asked.single or asked.volatile or first_of_sorted or wide or (question.order_by and limit < MOST // 2):
        return lake.answer(table, question).rows
    only = "" if table.only is None else table.only.sql()
    names = tuple(each.name for each in table.columns)
    clauses = tuple((name, *request.GET.getlist(name)) for name in CLAUSES)
    length = SORTED_BLOCK if question.order_by else BLOCK
    rows: list[tuple[Any, ...]] = []
    for start in range(offset // length * length, offset + limit, length):
        key = (table.content, only, names, clauses, start)
        block = _blocks.get(key, partial(_block, table, replace(question, limit=length, offset=start)))
        rows += block[max(offset - start, 0) : offset + limit - start]
    return rows


def asked_of(request: HttpRequest, table: Table, *, limit: int | None, offset: int) -> odsql.Asked:
    get = request.GET
    return odsql.asked(
        table,
        select=get.get("select", ""),
        where=get.getlist("where"),
        group_by=get.get("group_by", ""),
        order_by=get.get("order_by") or get.get("sort") or "",
        refine=get.getlist("refine"),
        exclude=get.getlist("exclude"),
        limit=limit,
        offset=offset,
        timezone=get.get("timezone") or "UTC",
        lang=lang_of(request),
    )


def _shape(table: Table, asked: odsql.Asked) -> tuple[list[str], list[str]]:
    pairs = asked.types or tuple((each.name, each.type) for each in table.columns)
    return [name for name, _type in pairs], [type for _name, type in pairs]


_totals: OrderedDict[tuple[str, str], int] = OrderedDict()


def rows_where(table: Table, where: exp.Expr | None) -> int:
    """How many rows there are where this holds; counted once for all the pages of a question."""
    if where is None and table.only is None:
        return table.rows
    only = "" if table.only is None else table.only.sql()
    key = (table.content, f"{only}\0{'' if where is None else where.sql()}")
    found = _totals.get(key)
    if found is None:
        found = _totals[key] = lake.count(table, where)
        while len(_totals) > 2_000:
            _totals.popitem(last=False)
    return found


def _groups(table: Table, question: Question, *, limit: int) -> tuple[int, list[tuple[Any, ...]]]:
    """How many groups there are, and those of the page: counted while they are made, rather than made twice."""
    every = exp.Window(this=exp.Count(this=exp.Star(), big_int=True))
    counted = replace(question, columns=(*question.columns, *logical.aliased({"_groups": every})))
    if limit:
        rows = lake.answer(table, counted).rows
        if rows or not question.offset:
            return (int(rows[0][-1]) if rows else 0), [row[:-1] for row in rows]
    first = lake.answer(table, replace(counted, limit=1, offset=0)).rows
    return (int(first[0][-1]) if first else 0), []


@told
def record(request: HttpRequest, id: str, rid: int) -> HttpResponseBase:
    """One row, by its place in the source."""
    view, table = opened(request, id)

    def make() -> dict[str, Any]:
        asked = odsql.asked(
            table,
            select=request.GET.get("select", ""),
            timezone=request.GET.get("timezone") or "UTC",
            lang=lang_of(request),
            limit=1,
        )
        if asked.single:
            raise WrongQuestion(_("Un seul enregistrement n’a pas de calcul sur des lignes."), field="select")
        place = exp.EQ(this=col(ROW), expression=exp.convert(rid))
        rows = lake.answer(table, asked.question.narrowed(place)).rows
        if not rows:
            raise NotFound(_("Ce jeu de données n’a pas d’enregistrement « %d ».") % rid)
        names, types = _shape(table, asked)
        zone = odsql.zone_of(request.GET.get("timezone") or "UTC")
        return cells.records(names, types, rows, zone=zone)[0]

    return answered(request, content=content_of(table), open=view.open, make=make)


@told
def facets(request: HttpRequest, id: str) -> HttpResponseBase:
    """Values of columns, and how many rows have each."""
    view, table = opened(request, id)
    names = [each.name for each in table.columns if faceting.is_facet(each)]
    return answered(request, content=content_of(table), open=view.open, make=lambda: counted(request, table, names))


def counted(request: HttpRequest, table: Table, usual: list[str]) -> dict[str, Any]:
    get = request.GET
    zone = odsql.zone_of(get.get("timezone") or "UTC")
    asked = _asked_rows(request, table)
    named = re.compile(r"""facet\(\s*(?:name\s*=\s*)?["'`]?([\w.]+)["'`]?.*\)""")
    chosen = []
    for each in get.getlist("facet"):
        found = named.fullmatch(each.strip())
        chosen.append(found[1] if found else each.strip())
    made = faceting.facets(
        table,
        names=chosen[:40] or usual[:40],
        where=asked,
        refine=get.getlist("refine"),
        exclude=get.getlist("exclude"),
        zone=zone,
    )
    return {"links": links(request), "facets": made}


def _asked_rows(request: HttpRequest, table: Table) -> exp.Expr | None:
    get = request.GET
    return odsql.asked(
        table,
        where=get.getlist("where"),
        refine=get.getlist("refine"),
        exclude=get.getlist("exclude"),
        timezone=get.get("timezone") or "UTC",
        lang=lang_of(request),
    ).question.where
