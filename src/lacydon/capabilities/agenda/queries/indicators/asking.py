"""The question of an indicator: one SELECT over open datasets, whose answer only depends on their rows.

Its columns have names: `value`, always; `n`, how many observations it is made of, unless no cell is small
(`min_cell: 0`); and if it wants `date` (a row a day), `cell` (a row a part; NULL for the whole, as ROLLUP gives it),
`lower` and `upper`, `quality`.
"""

import hashlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import orjson
from django.utils.translation import gettext as _
from sqlglot import exp

from lacydon.capabilities.data.public import Table, WrongQuestion, read_sql
from lacydon.kernel.errors import Refused

from ..nouns.indicators import Source

MOVING = frozenset({"current_date", "current_timestamp", "currenttimestamp", "get_current_timestamp", "now", "today"})
"""Functions whose answer depends on when they are asked."""


@lru_cache(maxsize=2_048)
def question_of(query: str) -> Any:
    """The query read (a sandbox.Reading, never changed). Raises WrongQuestion, TooMuch."""
    reading = read_sql(query)
    for each in reading.tree.find_all(exp.Func):
        name = (each.name if isinstance(each, exp.Anonymous) else each.sql_name()).lower()
        if name in MOVING or (isinstance(each, exp.CurrentDate | exp.CurrentTimestamp | exp.CurrentTime)):
            raise WrongQuestion(
                _("« %s » change avec le jour : la même valeur ne pourrait pas être recalculée plus tard.") % name
            )
    return reading


def fault_of(source: Source) -> tuple[str, str] | None:
    """What is wrong with a source, as (found, expected); None when it can be asked."""
    if bool(source.dataset) == bool(source.figure):
        found = _("un jeu de données et un chiffre") if source.dataset else _("ni l’un ni l’autre")
        return found, _("un jeu de données et sa requête, ou un chiffre de la plateforme")
    if source.figure:
        return None
    try:
        reading = question_of(source.query)
    except Refused as refusal:
        return refusal.sentence, _("un SELECT sur des jeux de données ouverts")
    if source.dataset not in {each.dataset for each in reading.named}:
        return ", ".join(each.dataset for each in reading.named), _("une requête qui lit « %s »") % source.dataset
    return None


def hash_of(source: Source) -> str:
    """SHA-256 of its definition."""
    written = source.model_dump(mode="json", exclude_defaults=True)
    return hashlib.sha256(orjson.dumps(written, option=orjson.OPT_SORT_KEYS)).hexdigest()


def hash_of_query(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()


def columns_read(tree: exp.Query, tables: Mapping[str, Table]) -> dict[str, str]:
    """`dataset.column` → its type, of every column that the question names; `tables`: dataset → as it is now."""
    named = {each.name.lower() for each in tree.find_all(exp.Column)}
    # COUNT(*) reads no column; any other star reads them all.
    stars = any(not isinstance(each.parent, exp.Count) for each in tree.find_all(exp.Star))
    return {
        f"{dataset}.{column.name}": column.type
        for dataset, table in tables.items()
        for column in table.columns
        if stars or column.name.lower() in named
    }


def differences(before: Mapping[str, str], tables: Mapping[str, Table]) -> Iterator[str]:
    """Columns that were read and are gone, or are of another type: « budget.montant (number → text) »."""
    now = {f"{name}.{column.name}": column.type for name, table in tables.items() for column in table.columns}
    for name, kind in sorted(before.items()):
        if now.get(name) != kind:
            yield f"{name} ({kind} → {now.get(name, '∅')})"
