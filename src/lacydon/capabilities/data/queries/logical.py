"""A question asked of one table, whatever the language it was asked in, and the SQL it becomes.

Every face (ODSQL, CKAN, CQL2, the pages) makes a `Question` of expressions of sqlglot, in the dialect of DuckDB.
Nothing of what people wrote is ever glued into SQL: names are quoted identifiers, values are literals, and the text is
made of the tree. The same tree becomes the SQL of another engine (queries/spark.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from sqlglot import exp

from ..errors import UnknownColumn
from .columns import BOX, LAT, LON, PLACE, ROW, Column
from .room import LONG

DIALECT = "duckdb"
FROM = "rows_of_it"
"""What the table is called inside a question."""
MOST_FETCHED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows that a reader may read: a version of a dataset, cut down to what they may see.

    `columns`: those that may be asked for. `only`: a condition that always applies (a contract). `paths`: the files.
    """

    dataset: str
    number: int
    content: str
    paths: tuple[Path, ...]
    columns: tuple[Column, ...]
    rows: int
    ordered_by: tuple[str, ...] = ()
    only: exp.Expr | None = None

    def column(self, name: str) -> Column:
        """Raises UnknownColumn, with the nearest name."""
        for each in self.columns:
            if each.name == name:
                return each
        names = [each.name for each in self.columns]
        near = get_close_matches(name, names, n=1, cutoff=0.6)
        if near:
            raise UnknownColumn(
                _("Ce jeu de données n’a pas de colonne « %(name)s ». Pensez-vous à « %(near)s » ?")
                % {"name": name[:60], "near": near[0]}
            )
        raise UnknownColumn(
            _("Ce jeu de données n’a pas de colonne « %(name)s ». Ses colonnes : %(names)s.")
            % {"name": name[:60], "names": ", ".join(names[:20])}
        )

    @property
    def hidden(self) -> tuple[str, ...]:
        """The columns that are in the file and that nobody asks for by name."""
        places = (LON, LAT) if any(each.placed for each in self.columns) else ()
        return (ROW, *places, *(BOX if any(each.type == "shape" for each in self.columns) else ()))

    @property
    def place(self) -> Column | None:
        """The column that says where, if there is one."""
        return next((each for each in self.columns if each.placed), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a table. No columns: all those it has. `order_by` is completed so that paging is stable."""

    columns: tuple[exp.Expr, ...] = ()
    where: exp.Expr | None = None
    group_by: tuple[exp.Expr, ...] = ()
    having: exp.Expr | None = None
    order_by: tuple[exp.Expr, ...] = ()
    limit: int | None = None
    offset: int = 0
    distinct: bool = False

    def narrowed(self, condition: exp.Expr | None) -> "Question":
        """The same, of fewer rows."""
        return replace(self, where=both(self.where, condition))


def col(name: str) -> exp.Column:
    """A column of the table."""
    return exp.column(exp.to_identifier(name, quoted=True))


def value(of: Any) -> exp.Expr:
    """A Python value as a literal."""
    return exp.convert(of)


def both(*conditions: exp.Expr | None) -> exp.Expr | None:
    """All of these hold; None is no condition."""
    held = [each for each in conditions if each is not None]
    return exp.and_(*held, copy=False) if held else None


def by(expression: exp.Expr, *, falling: bool = False) -> exp.Ordered:
    """An order; nulls come last either way."""
    return exp.Ordered(this=expression, desc=falling, nulls_first=False)


def source_of(table: Table, *, hidden: bool = True, source: str = "") -> exp.Expr:
    """Where the rows are read from, as a table of SQL; only what this reader may see is inside.

    `hidden`: with the columns that begin with `_`, which questions need and nobody asks for. `source`: what another
    engine calls these rows.
    """
    read, place = _read(table, source)
    seen = [read_of(each, elsewhere=bool(source)) for each in table.columns]
    if hidden:
        seen += [*(col(name) for name in table.hidden), exp.alias_(place, PLACE, quoted=True)]
    inner = exp.select(*seen).from_(read)
    if table.only is not None:
        inner = inner.where(table.only.copy())
    return inner.subquery(FROM)


def read_of(column: Column, *, elsewhere: bool = False) -> exp.Expr:
    """A column as it is read from a file, under its name. Another engine does not draw points: they are NULL there."""
    if not column.drawn:
        return col(column.name)
    made = exp.cast(exp.Null(), "BLOB") if elsewhere else exp.maybe_parse(column.in_file, dialect=DIALECT)
    return exp.alias_(made, column.name, quoted=True)


def _read(table: Table, source: str) -> tuple[exp.Expr, exp.Expr]:
    """What is read, and what says the place of a row in it."""
    if source:
        return exp.to_table(source), col(ROW)
    files = exp.array(*(exp.Literal.string(str(each)) for each in table.paths))
    counted = exp.column("file_row_number")
    return exp.func("read_parquet", files, exp.EQ(this=counted, expression=exp.true())), counted.copy()


def select_of(question: Question, table: Table, *, source: str = "") -> exp.Select:
    """The question as one SELECT."""
    asked = question.columns or tuple(col(each.name) for each in table.columns)
    made = exp.select(*asked).from_(source_of(table, source=source))
    if question.distinct:
        made = made.distinct()
    if question.where is not None:
        made = made.where(question.where)
    if question.group_by:
        made = made.group_by(*question.group_by)
    if question.having is not None:
        made = made.having(question.having)
    if order := _stable(question):
        made = made.order_by(*order)
    if question.limit is not None:
        made = made.limit(question.limit)
    if question.offset:
        made = made.offset(question.offset)
    return made


def _stable(question: Question) -> tuple[exp.Expr, ...]:
    """The order asked for, with what decides between equals: two pages never show the same row.

    Rows asked for in no order come in that of the file, which never changes.
    """
    if question.distinct:
        return (*question.order_by, *(by(exp.Literal.number(n)) for n, _each in enumerate(question.columns, 1)))
    if question.group_by:
        return (*question.order_by, *(by(each.copy()) for each in question.group_by))
    if not question.order_by or any(each.find(exp.AggFunc) for each in question.columns):
        return question.order_by
    return (*question.order_by, by(col(PLACE)))


def page_of(question: Question, table: Table) -> Question | None:
    """Where the rows of a sorted page are, when it pays to find them before reading them whole; None when it does not.

    Sorting a few columns and then fetching a hundred rows reads far less of a long table than sorting whole rows.
    """
    if (
        table.rows < LONG
        or len(table.paths) > 1
        or not question.order_by
        or question.limit is None
        or question.limit > MOST_FETCHED
        or question.group_by
        or question.distinct
        or any(each.find(exp.AggFunc, exp.Window) for each in question.columns)
    ):
        return None
    named = {each.alias for each in question.columns if isinstance(each, exp.Alias)}
    if any(each.name in named for order in question.order_by for each in order.find_all(exp.Column)):
        return None
    return replace(question, columns=(col(PLACE),))


def fetched(question: Question, places: Sequence[int]) -> Question:
    """The rows at these places, with their place last."""
    held = exp.In(this=col(PLACE), expressions=[exp.Literal.number(each) for each in places])
    return replace(question, where=held, order_by=(), limit=None, offset=0, columns=(*question.columns, col(PLACE)))


def sql_of(question: Question, table: Table, *, dialect: str = DIALECT) -> str:
    """The SQL of a question."""
    return select_of(question, table).sql(dialect=dialect)


def aliased(named: Mapping[str, exp.Expr] | Iterable[tuple[str, exp.Expr]]) -> tuple[exp.Expr, ...]:
    """Expressions under names of their own."""
    pairs = named.items() if isinstance(named, Mapping) else named
    return tuple(exp.alias_(each, name, quoted=True) for name, each in pairs)
