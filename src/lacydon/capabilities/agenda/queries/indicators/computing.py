"""Computing an indicator from its source, and proving later that a reading says what its data say. Changes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import structlog
from django.utils.translation import gettext as _

from lacydon.capabilities.data.public import (
    Limits,
    NoAccess,
    Table,
    UnknownDataset,
    UnknownVersion,
    ask_sql,
    dataset,
    table_of,
    version,
)
from lacydon.kernel import cards, plugs
from lacydon.kernel.clock import LOCAL, today
from lacydon.kernel.errors import Refused, Unavailable

from ...models import Reading
from ..nouns.indicators import Source
from .asking import columns_read, differences, hash_of_query, question_of
from .cells import Unusable, Value, number, plain, values_of
from .staleness import CLOSED, EMPTY, FIGURE, REFUSED, SCHEMA, VANISHED

LIMITS = Limits(seconds=30.0, rows=20_000)
log = structlog.get_logger("lacydon.agenda")
Figures = Mapping[str, cards.Indicator]


class Stale(Exception):  # noqa: N818 (kept as the standing of the indicator)
    """It cannot be computed: `reason` of staleness, and what of."""

    def __init__(self, reason: str, why: str = "") -> None:
        super().__init__(reason, why)
        self.reason, self.why = reason, why


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A source as it would be asked now: of which version, by which text. `columns`: what it reads."""

    dataset: str
    version: int
    content: str
    query: str
    query_hash: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    values: tuple[Value, ...]
    pinned: Pinned | None = None
    figure: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What asking again found. `same`: None when it could not be asked (`why`)."""

    same: bool | None
    value: Decimal | None = None
    why: str = ""
    cells: Mapping[str, str | None] = field(default_factory=dict)


def pinned(source: Source, *, columns: Mapping[str, str]) -> Pinned:
    """The question, and the versions that are now. `columns`: what it read until now, empty when it never did.

    Raises Stale when its data went, closed, or are not of the same columns any more.
    """
    try:
        reading = question_of(source.query)
    except Refused as refusal:
        raise Stale(REFUSED, refusal.sentence) from refusal
    tables = {each.dataset: _table(each.dataset, each.version) for each in reading.named}
    if changed := list(differences(columns, tables)):
        raise Stale(SCHEMA, ", ".join(changed))
    main = tables[source.dataset or ""]
    query = reading.pinned({name: each.number for name, each in tables.items()})
    return Pinned(
        dataset=main.dataset,
        version=main.number,
        content=main.content,
        query=query,
        query_hash=hash_of_query(query),
        columns=columns_read(reading.tree, tables),
    )


def _table(id: str, number: int | None) -> Table:
    """What anybody may read: an indicator of all is computed of what all can compute again."""
    try:
        return table_of(id, version=number)
    except (UnknownDataset, UnknownVersion) as refusal:
        raise Stale(VANISHED, id) from refusal
    except NoAccess as refusal:
        raise Stale(CLOSED, id) from refusal


def computed(source: Source, at: Pinned) -> Computed:
    """The values of a question. Raises Stale; Unavailable when the engine is busy."""
    published = version(dataset(at.dataset), at.version).published_at.astimezone(LOCAL).date()
    try:
        found = ask_sql(at.query, limits=LIMITS)
        names = [name for name, _kind in found.columns]
        values = values_of(
            names, found.rows, day=published, min_cell=source.min_cell, quality=source.quality
        )  # fmt: skip
    except Unavailable:
        raise
    except Refused as refusal:
        raise Stale(REFUSED, refusal.sentence) from refusal
    except Unusable as trouble:
        raise Stale(REFUSED, str(trouble)) from trouble
    if not values:
        raise Stale(EMPTY, at.dataset)
    return Computed(values=values, pinned=at)


def figures() -> Figures:
    """What capabilities offer, by id. One that fails takes none of the others away."""
    found: dict[str, cards.Indicator] = {}
    for name, offer in plugs.indicators.items():
        try:
            found |= {each.id: each for each in offer()}
        except Exception:
            log.exception("indicators.figure-failed", offer=name)
    return found


def of_figure(source: Source, offered: Figures) -> Computed:
    """The value a capability gives now. Raises Stale."""
    each = offered.get(source.figure)
    if each is None:
        raise Stale(FIGURE, source.figure)
    day = each.computed_at.astimezone(LOCAL).date() if each.computed_at else today()
    cells = {
        code: None if told is None else plain(number(told) or Decimal(0)) for code, told in each.by_commune.items()
    }
    hidden = sum(told is None for told in cells.values()) + (each.value is None)
    value = Value(date=day, value=number(each.value), quality=source.quality, cells=cells, suppressed=hidden)
    return Computed(values=(value,), figure=each.id, comment=str(each.note)[:500])


def proof(reading: Reading) -> Proof:
    """Ask the same question of the same version again: whether it says the same. Raises Unavailable."""
    if not reading.query:
        return Proof(same=None, why=_("Cette valeur n’a pas été calculée par une requête."))
    try:
        rows = version(dataset(reading.dataset), reading.version)
        if rows.content != reading.content:
            return Proof(
                same=None, why=_("La version %d a d’autres lignes que celles d’alors.") % (reading.version or 0)
            )
        found = ask_sql(reading.query, limits=LIMITS)
        values = values_of(
            [name for name, _kind in found.columns], found.rows,
            day=rows.published_at.astimezone(LOCAL).date(), min_cell=reading.min_cell, quality=reading.quality,
        )  # fmt: skip
    except Unavailable:
        raise
    except Refused as refusal:
        return Proof(same=None, why=refusal.sentence)
    except Unusable as trouble:
        return Proof(same=None, why=str(trouble))
    of_day = next((each for each in values if each.date == reading.date), None)
    if of_day is None:
        return Proof(same=False)
    return Proof(
        same=of_day.value == reading.value and dict(of_day.cells) == reading.cells,
        value=of_day.value,
        cells=of_day.cells,
    )
