"""The address of a page as a question, and back: the table, the charts, the map and what is kept of them ask alike.

    q=halles                     words, in any text column
    nom.contient=plaine          letters, without case nor accents        nom.commence=…
    citycode.est=13055           the value (several: any of them)
    etals.de=10  etals.a=50      from, to (included); days are 2025-12-31 or 31/12/2025
    note.vide=oui                empty; `non`: not empty
    cadre=5.2,43.2,5.5,43.4      west, south, east, north
    tri=-ouvert_le               order; `-` from the last one
    colonnes=nom  page=2  taille=50  version=3  large=oui

A name of a column has no dot: what has one is a filter.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from sqlglot import exp

from lacydon.kernel import clock

from ...errors import TooMuch, WrongQuestion
from ..columns import BOX, LAT, LON, Column
from ..logical import Question, Table, both, by, col, value
from ..odsql import words
from .values import typed, written

Given = Mapping[str, Sequence[str]]
OPERATIONS = {
    "est": _l("est"),
    "contient": _l("contient"),
    "commence": _l("commence par"),
    "de": _l("à partir de"),
    "a": _l("jusqu’à"),
    "vide": _l("est vide"),
}
TEXTUAL = ("text", "json")
ORDERED = ("integer", "number", "date", "datetime", "time")
SIZES = (10, 20, 50, 100)
DEEPEST = 200_000
"""Rows that paging goes through; beyond, a filter or an export is what helps."""
MOST_VALUES, LONGEST = 100, 300


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a column: `est` any of the values, the others have one."""

    column: Column
    operation: str
    values: tuple[str, ...]

    @property
    def name(self) -> str:
        """As a parameter of the address."""
        return f"{self.column.name}.{self.operation}"

    @property
    def condition(self) -> exp.Expr:
        """Raises WrongQuestion for a value that is none of this column."""
        here, first = col(self.column.name), self.values[0]
        if self.operation == "vide":
            return _empty(self.column, here) if first != "non" else exp.not_(_empty(self.column, here))
        if self.column.placed:
            raise WrongQuestion(_("Une position se cherche sur la carte, pas par sa valeur."))
        if self.operation == "contient":
            return exp.func("contains", _text(here), value(words.folded(first)))
        if self.operation == "commence":
            return exp.func("starts_with", _text(here), value(words.folded(first)))
        if self.operation == "est":
            return exp.or_(*(self._equal(each) for each in self.values))
        said: Any = typed(self.column, first) if self.column.type in ORDERED else first
        if self.operation == "de":
            return exp.GTE(this=here, expression=_literal(self.column, said))
        if self.column.type == "datetime":
            return exp.LT(this=here, expression=_literal(self.column, said + timedelta(days=1)))
        return exp.LTE(this=here, expression=_literal(self.column, said))

    def _equal(self, text: str) -> exp.Expr:
        here, said = col(self.column.name), typed(self.column, text)
        if self.column.type == "datetime":
            after = exp.GTE(this=here, expression=_literal(self.column, said))
            return exp.and_(after, exp.LT(this=here.copy(), expression=_literal(self.column, said + timedelta(days=1))))
        return exp.EQ(this=here, expression=_literal(self.column, said))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a table. `version`: None is the current one. `more`: what only a chart or a map understands."""

    table: Table
    q: str = ""
    filters: tuple[Filter, ...] = ()
    frame: tuple[float, float, float, float] | None = None
    order: tuple[tuple[Column, bool], ...] = ()
    columns: tuple[Column, ...] = ()
    page: int = 1
    size: int = SIZES[0]
    version: int | None = None
    more: tuple[tuple[str, str], ...] = ()

    @property
    def condition(self) -> exp.Expr | None:
        """Which rows. Raises WrongQuestion."""
        held = [each.condition for each in self.filters]
        if self.q:
            held.append(_in_words(self.table, self.q))
        if self.frame:
            held.append(inside(self.table, self.frame))
        return both(*held)

    @property
    def shown(self) -> tuple[Column, ...]:
        """The columns to show."""
        return self.columns or self.table.columns

    @property
    def rows(self) -> Question:
        """The rows of the page. Raises TooMuch beyond what paging goes through."""
        offset = (self.page - 1) * self.size
        if offset > DEEPEST:
            raise TooMuch(
                _("On ne va pas plus loin que %d lignes page à page : filtrez, ou téléchargez la sélection.") % DEEPEST
            )
        order = tuple(by(col(column.name), falling=falling) for column, falling in self.order)
        return Question(where=self.condition, order_by=order, limit=self.size, offset=offset)

    def but(self, **changes: Any) -> Self:
        """The same, changed; from its first page."""
        return replace(self, **({"page": 1} | changes))

    def without(self, gone: Filter) -> Self:
        return self.but(filters=tuple(each for each in self.filters if each is not gone))

    def told(self, name: str) -> str:
        """What a parameter of the chart or the map says."""
        return next((text for each, text in self.more if each == name), "")

    def saying(self, **said: str) -> Self:
        """The same with these parameters; an empty one is taken away."""
        kept = [(name, text) for name, text in self.more if name not in said]
        return self.but(more=(*kept, *((name, text) for name, text in said.items() if text)))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of the address, only those that say something."""
        return list(self._pairs())

    def _pairs(self) -> Iterator[tuple[str, str]]:
        if self.q:
            yield "q", self.q
        for each in self.filters:
            for text in each.values:
                yield each.name, text
        if self.frame:
            yield "cadre", ",".join(f"{each:.5f}".rstrip("0").rstrip(".") for each in self.frame)
        for column, falling in self.order:
            yield "tri", f"-{column.name}" if falling else column.name
        for column in self.columns:
            yield "colonnes", column.name
        yield from self.more
        if self.size != SIZES[0]:
            yield "taille", str(self.size)
        if self.version is not None:
            yield "version", str(self.version)
        if self.page > 1:
            yield "page", str(self.page)

    @property
    def query(self) -> str:
        """`?…`, or nothing."""
        said = urlencode(self.pairs)
        return f"?{said}" if said else ""


def asked_of(given: Given, table: Table, *, understood: Sequence[str] = ()) -> Asked:
    """What the parameters ask of the table. `understood`: names that a chart or a map adds.

    Raises UnknownColumn, WrongQuestion. What is no parameter of ours is left aside.
    """
    filters = []
    for name, texts in given.items():
        column, dot, operation = name.partition(".")
        values = tuple(dict.fromkeys(text.strip()[:LONGEST] for text in texts if text.strip()))[:MOST_VALUES]
        if dot and operation in OPERATIONS and values:
            filters.append(Filter(table.column(column), operation, values))
    filters += _added(given, table)
    order = tuple(_ordered(each, table) for each in given.get("tri", ())[:3] if each.strip("-"))
    columns = tuple(table.column(name) for name in dict.fromkeys(given.get("colonnes", ())))
    size = _whole(_one(given, "taille"), least=1)
    asked = Asked(
        table=table,
        q=" ".join(_one(given, "q").split())[:LONGEST],
        filters=tuple(filters),
        frame=_frame(_one(given, "cadre")),
        order=order,
        columns=() if len(columns) == len(table.columns) else columns,
        page=_whole(_one(given, "page"), least=1) or 1,
        size=size if size in SIZES else SIZES[0],
        version=_whole(_one(given, "version"), least=1) or None,
        more=tuple((name, text) for name in understood if (text := _one(given, name))),
    )
    _ = asked.condition  # a value that is none of its column is said here
    return asked


def _added(given: Given, table: Table) -> Iterator[Filter]:
    """The filter that the form of a page adds: a column, an operation, a value."""
    name, operation, text = _one(given, "colonne"), _one(given, "operation"), _one(given, "valeur")
    if name and operation in ("vide", "plein"):
        yield Filter(table.column(name), "vide", ("oui" if operation == "vide" else "non",))
    elif name and operation in OPERATIONS and text:
        yield Filter(table.column(name), operation, (text[:LONGEST],))


def _one(given: Given, name: str) -> str:
    return next((text.strip() for text in given.get(name, ())), "")


def _whole(text: str, *, least: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least else 0


def _ordered(text: str, table: Table) -> tuple[Column, bool]:
    column = table.column(text.removeprefix("-"))
    if column.placed:
        raise WrongQuestion(_("Les positions n’ont pas d’ordre : triez par une autre colonne."))
    return column, text.startswith("-")


def _frame(text: str) -> tuple[float, float, float, float] | None:
    if not text:
        return None
    try:
        west, south, east, north = (float(each) for each in text.split(","))
    except ValueError:
        raise WrongQuestion(_("Un cadre est fait de quatre nombres : ouest, sud, est, nord.")) from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise WrongQuestion(_("Ce cadre ne tient pas sur la Terre : ouest, sud, est, nord, en degrés."))
    return west, south, east, north


def inside(table: Table, frame: tuple[float, float, float, float]) -> exp.Expr:
    """Which rows touch a frame, by their hidden columns. Raises WrongQuestion when nothing is placed."""
    west, south, east, north = (value(each) for each in frame)
    place = table.place
    if place is None:
        raise WrongQuestion(_("Ce jeu de données n’a pas de positions."))
    left, down, right, up = BOX if place.type == "shape" else (LON, LAT, LON, LAT)
    return exp.and_(
        exp.LTE(this=col(left), expression=east), exp.GTE(this=col(right), expression=west),
        exp.LTE(this=col(down), expression=north), exp.GTE(this=col(up), expression=south),
    )  # fmt: skip


def _in_words(table: Table, looked_for: str) -> exp.Expr:
    """Whether each word begins one in some text column, as `search()` of the API."""
    return words.searched([col(each.name) for each in table.columns if each.type in TEXTUAL], looked_for)


def _text(here: exp.Expr) -> exp.Expr:
    return words.fold(exp.cast(here, "VARCHAR"))


def _empty(column: Column, here: exp.Expr) -> exp.Expr:
    null = exp.Is(this=here, expression=exp.null())
    return exp.or_(null, exp.EQ(this=here.copy(), expression=value(""))) if column.type in TEXTUAL else null


def _literal(column: Column, said: Any) -> exp.Expr:
    if column.type == "datetime" and isinstance(said, date):
        start = datetime.combine(said, time(), tzinfo=clock.LOCAL).astimezone(UTC)
        return exp.cast(exp.Literal.string(start.isoformat()), "TIMESTAMPTZ")
    if isinstance(said, time):
        return exp.cast(exp.Literal.string(said.isoformat()), "TIME")
    return value(said)


def equal(column: Column, said: Any) -> Filter:
    """The filter that keeps the rows of this value; of None, those that have none."""
    if said is None or said == "":
        return Filter(column, "vide", ("oui",))
    return Filter(column, "est", (written(said),))
