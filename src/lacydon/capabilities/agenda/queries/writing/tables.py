"""Objects as flat tables and back: one table for a kind, one for each of its lists. For workbooks, CSV and datasets.

What a row of a list belongs to is its first column, the id of it; its place in the list is the second.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..nouns import Object
from .fields import Field, fields_of
from .typed import Tree

PLACE = "rang"


@dataclass(frozen=True, slots=True)
class Column:
    """`path`: the names that lead to the value in the row; `lang` of a text."""

    name: str
    path: tuple[str, ...]
    field: Field | None
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`list`: the path of the list whose rows these are; empty: the objects themselves."""

    name: str
    kind: str
    list: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def head(self) -> str:
        """The column that says which object a row is of."""
        return f"{self.kind}.id" if self.list else "id"


@cache
def tables_of(kind: str) -> tuple[Table, ...]:
    """The table of the objects first."""
    fields = fields_of(kind)
    own = (Column("id", ("id",), None), *_columns(fields))
    made = [Table(kind, kind, (), own)]
    for path, each in _lists(fields):
        head = (Column(f"{kind}.id", (), None), Column(PLACE, (), None))
        of_texts = not each.inner[0].name
        inner = _text_columns(()) if of_texts else tuple(_columns(each.inner))
        made.append(Table(f"{kind}-{'-'.join(path)}".replace("_", "-"), kind, path, (*head, *inner)))
    return tuple(made)


def rows_of(table: Table, objects: Iterable[Object]) -> Iterator[dict[str, Any]]:
    """Each row as column → value, as JSON has it; lists of leaves are kept as lists."""
    for each in objects:
        content = each.model_dump(mode="json")
        if not table.list:
            yield {column.name: _at(content, column) for column in table.columns}
            continue
        for place, row in enumerate(_followed(content, table.list) or (), 1):
            said = {column.name: _at(row, column) for column in table.columns[2:]}
            yield {table.head: each.id, PLACE: place, **said}


def put(tree: Tree, table: Table, cells: Mapping[str, str]) -> None:
    """Write the cells of a row, as texts, into the tree of the object it belongs to."""
    target: Any = tree
    if table.list:
        rows = tree
        for step in table.list[:-1]:
            rows = rows.setdefault(step, {})
        rows.setdefault(table.list[-1], []).append(target := {})
    for column in table.columns:
        if not column.path and not column.lang:
            continue
        if (column.field is None and not column.lang) or column.name not in cells:
            continue
        text = cells[column.name]
        holder = target
        for step in column.path if column.lang else column.path[:-1]:
            holder = holder.setdefault(step, {})
        if column.lang:
            holder[column.lang] = text
        elif column.field is not None and column.field.many:
            holder[column.path[-1]] = parts_of(column.field, text)
        else:
            holder[column.path[-1]] = text


def empty(tree: Tree, path: tuple[str, ...]) -> None:
    """Say of a list that it is known whole: it has the rows that are put, and no other."""
    rows = tree
    for step in path[:-1]:
        rows = rows.setdefault(step, {})
    rows[path[-1]] = []


def parts_of(field: Field, text: str) -> list[str]:
    """The values of a cell that holds a list: one a line; names also between commas."""
    marked = text.replace(",", "\n").replace(";", "\n") if field.kind == "ref" else text
    return [each.strip() for each in marked.splitlines() if each.strip()]


def joined(field: Field, values: Iterable[Any]) -> str:
    """The contrary."""
    return (", " if field.kind == "ref" else "\n").join(str(each) for each in values)


def _columns(fields: Iterable[Field], path: tuple[str, ...] = ()) -> Iterator[Column]:
    for each in fields:
        here = (*path, each.name)
        if each.kind == "group":
            yield from _columns(each.inner, here)
        elif each.kind == "text":
            yield from _text_columns(here)
        elif each.kind != "rows":
            yield Column(".".join(here), here, each)


def _text_columns(path: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(Column(".".join((*path, lang)), path, None, lang) for lang in ("fr", "en"))


def _lists(fields: Iterable[Field], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Field]]:
    for each in fields:
        if each.kind == "rows":
            yield (*path, each.name), each
        elif each.kind == "group":
            yield from _lists(each.inner, (*path, each.name))


def _at(content: Any, column: Column) -> Any:
    value = _followed(content, column.path)
    return (value or {}).get(column.lang) if column.lang else value


def _followed(content: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        if content is None:
            return None
        content = content.get(step)
    return content
