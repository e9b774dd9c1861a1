"""Rows read and written one at a time by statements that are composed once for each table.

For the few paths that many people take at the same moment. Composing a statement from a query set costs the processor
more than running it, and each save composes it again. Same fields, same conversions, same errors as Django's; no
signals (nobody listens to any). Everywhere else, query sets say better what is meant.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

Row = TypeVar("Row", bound=Model)
Converter = tuple[int, Callable[..., Any], Any]


@dataclass(frozen=True, slots=True)
class _Table:
    """`written`: the fields an insertion fills, and `given` the one that the database numbers, if any."""

    select: str
    insert: str
    names: tuple[str, ...]
    written: tuple[Any, ...]
    given: str
    converters: tuple[Converter, ...]


@dataclass(frozen=True, slots=True)
class _Statement:
    sql: str
    where: tuple[Any, ...]
    changed: tuple[Any, ...] = ()


def read(kind: type[Row], **where: Any) -> Row | None:
    """A row with these values (by attribute: `request_id=`); None when there is none."""
    table = _table(kind)
    asked = _asking(kind, tuple(where))
    values = [
        field.get_db_prep_value(value, connection) for field, value in zip(asked.where, where.values(), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(asked.sql, values)
        found = cursor.fetchone()
    if found is None:
        return None
    told = list(found)
    for at, convert, column in table.converters:
        told[at] = convert(told[at], column, connection)
    return kind.from_db(connection.alias, table.names, told)


def insert(row: Model) -> None:
    """Write a new row, as `save(force_insert=True)` does. Raises IntegrityError."""
    table = _table(type(row))
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in table.written]
    with connection.cursor() as cursor:
        cursor.execute(table.insert, values)
        if table.given:
            setattr(row, table.given, cursor.fetchone()[0])
    row._state.adding, row._state.db = False, connection.alias


def update(row: Model, changes: Mapping[str, Any], **where: Any) -> bool:
    """Give other values to attributes of a row, if it is still there and has the values of `where`; whether it had."""
    asked = _changing(type(row), tuple(changes), tuple(where))
    values = [
        field.get_db_prep_save(value, connection) for field, value in zip(asked.changed, changes.values(), strict=True)
    ]
    values += [
        field.get_db_prep_value(value, connection)
        for field, value in zip(asked.where, (row.pk, *where.values()), strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(asked.sql, values)
        if not cursor.rowcount:
            return False
    for name, value in changes.items():
        setattr(row, name, value)
    return True


def _table(kind: type[Model]) -> _Table:
    return _composed(kind, connection.vendor)


@lru_cache(maxsize=64)
def _composed(kind: type[Model], _vendor: str) -> _Table:
    meta = kind._meta
    held = list(meta.concrete_fields)
    given = meta.auto_field
    written = tuple(each for each in held if not each.generated and each is not given)
    columns = ", ".join(f'"{each.column}"' for each in held)
    filled, marks = ", ".join(f'"{each.column}"' for each in written), ", ".join(["%s"] * len(written))
    number = f' RETURNING "{given.column}"' if given else ""
    converters = []
    for at, each in enumerate(held):
        column = each.get_col(meta.db_table)
        for convert in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection)):
            converters.append((at, convert, column))
    return _Table(
        select=f'SELECT {columns} FROM "{meta.db_table}"',  # noqa: S608 (names of ours)
        insert=f'INSERT INTO "{meta.db_table}" ({filled}) VALUES ({marks}){number}',  # noqa: S608
        names=tuple(each.attname for each in held),
        written=written,
        given=given.attname if given else "",
        converters=tuple(converters),
    )


@lru_cache(maxsize=256)
def _asking(kind: type[Model], where: tuple[str, ...]) -> _Statement:
    fields = _fields(kind, where)
    condition = " AND ".join(f'"{each.column}" = %s' for each in fields)
    return _Statement(f"{_table(kind).select} WHERE {condition} LIMIT 1", fields)


@lru_cache(maxsize=256)
def _changing(kind: type[Model], changes: tuple[str, ...], where: tuple[str, ...]) -> _Statement:
    meta = kind._meta
    changed, held = _fields(kind, changes), (meta.pk, *_fields(kind, where))
    put = ", ".join(f'"{each.column}" = %s' for each in changed)
    condition = " AND ".join(f'"{each.column}" = %s' for each in held)
    return _Statement(f'UPDATE "{meta.db_table}" SET {put} WHERE {condition}', held, changed)  # noqa: S608


def _fields(kind: type[Model], names: tuple[str, ...]) -> tuple[Any, ...]:
    """By the names of their attributes."""
    by_name = {each.attname: each for each in kind._meta.concrete_fields}
    return tuple(by_name[name] for name in names)
