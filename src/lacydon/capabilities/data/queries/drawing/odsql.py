"""The same question in ODSQL, for the API and for the exports: what somebody sees is what they take away."""

from datetime import date, time
from typing import Any
from urllib.parse import urlencode

from .asked import ORDERED, Asked, Filter
from .values import typed


def query(asked: Asked) -> str:
    """`where=…&order_by=…&select=…&version=…`, with its question mark; nothing when all is asked for."""
    said: list[tuple[str, str]] = []
    conditions = [_condition(each) for each in asked.filters]
    if asked.q:
        conditions.append(_text(asked.q))
    if asked.frame and asked.table.place:
        west, south, east, north = asked.frame
        conditions.append(f"in_bbox(`{asked.table.place.name}`, {south}, {west}, {north}, {east})")
    if conditions:
        said.append(("where", " and ".join(conditions)))
    if asked.order:
        said.append(("order_by", ", ".join(f"`{c.name}`{' desc' if falling else ''}" for c, falling in asked.order)))
    if asked.columns:
        said.append(("select", ", ".join(f"`{each.name}`" for each in asked.columns)))
    if asked.version is not None:
        said.append(("version", str(asked.version)))
    return f"?{urlencode(said)}" if said else ""


def _condition(said: Filter) -> str:
    name, first = f"`{said.column.name}`", said.values[0]
    if said.operation == "vide":
        return f"{name} is not null" if first == "non" else f"{name} is null"
    if said.operation == "contient":
        return f"{name} like {_text(f'*{first}*')}"
    if said.operation == "commence":
        return f"{name} like {_text(f'{first}*')}"
    if said.operation == "est":
        values = [_value(typed(said.column, each)) for each in said.values]
        if said.column.type == "datetime":
            return f"({' or '.join(f'{name} = {each}' for each in values)})"
        return f"{name} in ({', '.join(values)})" if len(values) > 1 else f"{name} = {values[0]}"
    bound = typed(said.column, first) if said.column.type in ORDERED else first
    return f"{name} {'>=' if said.operation == 'de' else '<='} {_value(bound)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date):
        return f"date'{value.isoformat()}'"
    return _text(value.isoformat() if isinstance(value, time) else str(value))


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
