"""datastore_search: filters, words, an order, a page, as a question of the one table."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from sqlglot import exp

from ...errors import WrongQuestion
from .. import lake
from ..columns import ROW, Column
from ..logical import Question, Table, by, col
from .packages import TYPES

ID = "_id"
"""CKAN's name for the place of a row, from 1."""
MOST = 32_000
USUAL = 100
LIMITS = lake.Limits(rows=MOST)
STORED = {
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMPTZ",
    "time": "TIME",
}
SORT = re.compile(
    r'\s*(?:"(?P<quoted>[^"]+)"|(?P<bare>[\w.-]+))(?:\s+(?P<way>asc|desc))?(?:\s+nulls\s+(?:first|last))?\s*', re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What datastore_search was asked, checked against the columns of a table."""

    fields: tuple[Column, ...]
    with_id: bool
    question: Question


def asked_of(table: Table, said: Mapping[str, Any]) -> Asked:
    """Raises WrongQuestion, UnknownColumn."""
    named = _names(said.get("fields"))
    distinct = true(said.get("distinct"))
    with_id = ID in named or (not named and not distinct)
    fields = tuple(table.column(each) for each in named if each != ID) if named else table.columns
    shown: list[exp.Expr] = [exp.alias_(col(ROW), ID, quoted=True)] if with_id else []
    shown += [_shown(each) for each in fields]
    conditions = [*_filters(table, _object(said.get("filters"), "filters")), *_words(table, said)]
    limit = min(count(said.get("limit"), "limit", usual=USUAL), MOST)
    question = Question(
        columns=tuple(shown),
        where=exp.and_(*conditions) if conditions else None,
        order_by=tuple(_order(table, said.get("sort"), distinct=distinct, fields=fields)),
        limit=limit,
        offset=count(said.get("offset"), "offset", usual=0),
        distinct=distinct,
    )
    return Asked(fields=fields, with_id=with_id, question=question)


def rows_of(table: Table, asked: Asked) -> list[list[Any]]:
    """The rows, as JSON has them."""
    if asked.question.limit == 0:
        return []
    return [[plain(each) for each in row] for row in lake.answer(table, asked.question, limits=LIMITS).rows]


def total_of(table: Table, asked: Asked) -> int:
    """How many rows there are on all pages."""
    if not asked.question.distinct:
        return lake.count(table, asked.question.where)
    names = [_bare(each) for each in asked.question.columns]
    counted = exp.Count(this=exp.Distinct(expressions=[exp.Anonymous(this="row", expressions=names)]))
    ((found,),) = lake.answer(table, Question(columns=(counted,), where=asked.question.where)).rows
    return int(found)


def fields_out(asked: Asked) -> list[dict[str, str]]:
    return [*([{"id": ID, "type": "int"}] if asked.with_id else []), *(field_out(each) for each in asked.fields)]


def field_out(column: Column) -> dict[str, str]:
    return {"id": column.name, "type": TYPES[column.type]}


def plain(cell: Any) -> Any:
    """A cell as JSON has it; a number that is none is nothing."""
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, bytes):
        return cell.hex()
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, float) and (cell != cell or cell in (float("inf"), float("-inf"))):
        return None
    return cell


def _shown(column: Column) -> exp.Expr:
    """A column as CKAN tells it: places as WKT."""
    if not column.placed:
        return col(column.name)
    wkb = exp.Anonymous(this="st_geomfromwkb", expressions=[col(column.name)])
    return exp.alias_(exp.Anonymous(this="st_astext", expressions=[wkb]), column.name, quoted=True)


def _bare(expression: exp.Expr) -> exp.Expr:
    return (expression.this if isinstance(expression, exp.Alias) else expression).copy()


def _filters(table: Table, filters: Mapping[str, Any]) -> Iterable[exp.Expr]:
    for name, wanted in filters.items():
        place = col(ROW) if name == ID else col(table.column(name).name)
        kind = "integer" if name == ID else table.column(name).type
        if isinstance(wanted, list):
            wanted_ = [_cast(each, kind) for each in wanted[:1_000]]
            known = [each for each in wanted_ if not isinstance(each, exp.Null)]
            found: list[exp.Expr] = [exp.In(this=place, expressions=known)] if known else []
            if len(known) < len(wanted_):
                found.append(exp.Is(this=place.copy(), expression=exp.Null()))
            yield exp.or_(*found) if found else exp.false()
        elif isinstance(wanted, dict):
            raise WrongQuestion(_("Le filtre de « %s » est une valeur, ou une liste de valeurs.") % name)
        elif wanted is None:
            yield exp.Is(this=place, expression=exp.Null())
        else:
            yield exp.EQ(this=place, expression=_cast(wanted, kind))


def _cast(said: Any, kind: str) -> exp.Expr:
    """A value in the type of its column; what does not fit is equal to nothing."""
    if said is None:
        return exp.Null()
    if not isinstance(said, str | int | float | bool):
        raise WrongQuestion(_("Un filtre compare à des textes, des nombres ou des booléens."))
    text = exp.Literal.string(str(said).lower() if isinstance(said, bool) else str(said))
    if kind not in STORED:
        return text
    return exp.TryCast(this=text, to=exp.DataType.build(STORED[kind], dialect="duckdb"))


def _words(table: Table, said: Mapping[str, Any]) -> Iterable[exp.Expr]:
    """`q` is words all of which a row has, or {column: words}; case and accents do not count."""
    asked = said.get("q")
    if isinstance(asked, str) and asked.lstrip().startswith("{"):
        asked = _object(asked, "q")
    by_column = dict(asked) if isinstance(asked, dict) else {}
    everywhere = [str(each) for each in (asked, said.get("full_text")) if each and not isinstance(each, dict)]
    for text in everywhere:
        parts = [each for each in table.columns if not each.placed]
        whole = exp.func("concat_ws", exp.Literal.string(" "), *(_text(each) for each in parts), dialect="duckdb")
        yield from (_has(whole.copy(), word) for word in _split(text))
    for name, words in by_column.items():
        column = table.column(str(name))
        yield from (_has(_text(column), word) for word in _split(str(words)))


def _split(text: str) -> list[str]:
    return [each for each in re.split(r"[\s|&()!:*']+", text.replace(":*", " ")) if each][:20]


def _text(column: Column) -> exp.Expr:
    return exp.cast(col(column.name), "VARCHAR", dialect="duckdb")


def _has(text: exp.Expr, word: str) -> exp.Expr:
    folded = [
        exp.func("strip_accents", exp.Lower(this=each), dialect="duckdb") for each in (text, exp.Literal.string(word))
    ]
    return exp.func("contains", *folded, dialect="duckdb")


def _order(table: Table, sort: Any, *, distinct: bool, fields: Sequence[Column]) -> Iterable[exp.Expr]:
    if not sort:
        return
    parts = sort if isinstance(sort, list) else re.split(r',(?=(?:[^"]*"[^"]*")*[^"]*$)', str(sort))
    for part in parts:
        match = SORT.fullmatch(str(part))
        if match is None:
            raise WrongQuestion(
                _("Un tri s’écrit : nom_de_colonne asc, ou desc ; plusieurs, séparés par des virgules.")
            )
        name = match["quoted"] or match["bare"]
        if name != ID and distinct and table.column(name) not in fields:
            raise WrongQuestion(_("Avec distinct, on ne trie que par les colonnes demandées."))
        expression = col(ROW) if name == ID else col(table.column(name).name)
        yield by(expression, falling=(match["way"] or "").lower() == "desc")


def _names(said: Any) -> list[str]:
    if not said:
        return []
    if isinstance(said, str):
        said = _list(said) if said.lstrip().startswith("[") else said.split(",")
    if not isinstance(said, list):
        raise WrongQuestion(_("« %s » est une liste de noms.") % "fields")
    return list(dict.fromkeys(str(each).strip().strip('"') for each in said if str(each).strip()))


def _list(said: str) -> list[Any]:
    try:
        found = json.loads(said)
    except ValueError as error:
        raise WrongQuestion(_("« %s » est une liste de noms.") % "fields") from error
    return found if isinstance(found, list) else [found]


def _object(said: Any, name: str) -> Mapping[str, Any]:
    if not said:
        return {}
    if isinstance(said, str):
        try:
            said = json.loads(said)
        except (ValueError, RecursionError) as error:
            raise WrongQuestion(_("« %s » est un objet JSON : {colonne: valeur}.") % name) from error
    if not isinstance(said, dict):
        raise WrongQuestion(_("« %s » est un objet JSON : {colonne: valeur}.") % name)
    return said


def count(said: Any, name: str, *, usual: int) -> int:
    if said is None or said == "":
        return usual
    text = str(said)
    if isinstance(said, bool) or not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise WrongQuestion(_("« %s » est un nombre entier, zéro ou plus.") % name)
    return int(text)


def true(said: Any) -> bool:
    return str(said).lower() in ("true", "1", "yes", "on", "t")
