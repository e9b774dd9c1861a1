"""The same questions on a cluster: through Ibis, on Spark, when LACYDON_ENGINE is `spark://…` (or `local[2]`).

The tree of a question is written in DuckDB's dialect with the table under its own name; Ibis has it translated into
Spark's, and Spark reads the same Parquet files, which must be where its workers reach them. Geometries stay in DuckDB:
Spark has no functions for them, and says so.
"""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from ..errors import TooMuch, WrongQuestion
from . import logical
from .columns import Column, ColumnType
from .logical import Question, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

TYPES: dict[str, ColumnType] = {
    "bigint": "integer",
    "boolean": "boolean",
    "date": "date",
    "decimal": "number",
    "double": "number",
    "float": "number",
    "int": "integer",
    "smallint": "integer",
    "timestamp": "datetime",
    "timestamp_ntz": "datetime",
}
_held: dict[str, Any] = {}
_making = threading.Lock()


def is_chosen() -> bool:
    """Whether questions go to Spark."""
    return bool(settings.ENGINE)


def backend() -> Any:
    """Ibis over one Spark session by process. Raises WrongQuestion where Spark is not installed."""
    with _making:
        found = _held.get(settings.ENGINE)
        if found is None:
            try:
                import ibis  # type: ignore[import-untyped]
                from pyspark.sql import SparkSession
            except ImportError as error:
                raise WrongQuestion(
                    _("Spark n’est pas installé ici : installez « lacydon[spark] », ou videz LACYDON_ENGINE.")
                ) from error
            logging.getLogger("py4j").setLevel(logging.WARNING)  # it tells of each connection, even at the end
            session = (
                SparkSession.builder.master(settings.ENGINE.removeprefix("spark+"))
                .appName("lacydon")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.ansi.enabled", "true")
                .config("spark.ui.enabled", "false")
                .config("spark.ui.showConsoleProgress", "false")
                .getOrCreate()
            )
            found = _held[settings.ENGINE] = ibis.pyspark.connect(session)
    return found


def close() -> None:
    """End the session of this process."""
    with _making:
        for each in _held.values():
            each._session.stop()
        _held.clear()


@contextmanager
def _read(table: Table) -> Iterator[str]:
    """The name under which Spark knows the rows of a version: it never changes, so it is made once."""
    name = f"v_{table.content[:24]}"
    base = backend()
    if name not in base.list_tables():
        base._session.read.parquet(*(str(path) for path in table.paths)).createOrReplaceTempView(name)
    yield name


def answer(table: Table, question: Question, *, most: int) -> tuple[tuple[Column, ...], list[tuple[Any, ...]]]:
    """Columns and rows, as the engine in the process gives them. Raises TooMuch, WrongQuestion."""
    with _read(table) as name:
        base = backend()
        select = logical.select_of(question, table, source=name).sql(dialect=logical.DIALECT)
        try:
            asked = base.compile(base.sql(select, dialect=logical.DIALECT).limit(most + 1))
            frame = base._session.sql(asked)
            kinds = [(each.name, each.dataType.simpleString()) for each in frame.schema.fields]
            rows = [tuple(row) for row in frame.collect()]
        except Exception as error:  # Spark's errors come from Java, and have no class of their own here
            raise WrongQuestion(_("Cette question ne convient pas à Spark : %s") % _first_line(error)) from error
    if len(rows) > most:
        raise TooMuch(_("Cette question donne plus de %d lignes : filtrez, ou demandez un export.") % most)
    return tuple(_column(table, name, kind) for name, kind in kinds), rows


def _column(table: Table, name: str, kind: str) -> Column:
    for each in table.columns:
        if each.name == name:
            return each
    return Column(name=name, label=name, type=TYPES.get(kind.partition("(")[0], "text"))


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0][:300]
