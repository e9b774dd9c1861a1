"""The rows themselves: Parquet files in HOME/data, asked by DuckDB inside the process.

One engine by process, made at its first question (never before a fork), in a cage: it opens nothing but HOME/data, has
no extension but the one for geometries, and its settings are locked. Each question has its own cursor, a limit of time
that interrupts it, and shares the engine's limit of memory. Files never change once they are there, so any number of
processes may read while another publishes.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import structlog
from django.conf import settings
from django.utils.translation import gettext as _
from sqlglot import exp

from lacydon.kernel.errors import Unavailable

from ..errors import TooMuch, WrongQuestion
from . import logical, spark
from .columns import Column, ColumnType
from .engine import literal
from .logical import Question, Table
from .room import room_for

TYPES: dict[str, ColumnType] = {
    "VARCHAR": "text",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "datetime",
    "TIMESTAMP WITH TIME ZONE": "datetime",
    "BLOB": "shape",
    "DOUBLE": "number",
    "FLOAT": "number",
    "UUID": "text",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one question may take. Seconds; rows given back."""

    seconds: float = 10.0
    rows: int = 20_000


LIMITS = Limits()
MISFITS = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.ConversionException,
    duckdb.InvalidInputException,
    duckdb.OutOfRangeException,
    duckdb.ParserException,
    duckdb.SyntaxException,
)
"""What the engine says of a question that does not fit the columns."""

BROKEN = (duckdb.InternalException, duckdb.FatalException)
"""An error of the engine itself. After the first, it answers nothing but the second, whatever it is asked."""
log = structlog.get_logger("lacydon.data")


@dataclass(frozen=True, slots=True)
class Answer:
    """Columns, and rows as Python values: dates are dates, geometries are WKB."""

    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]]

    def records(self) -> list[dict[str, Any]]:
        names = [each.name for each in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]


def home() -> Path:
    """Where versions are: HOME/data."""
    folder: Path = settings.HOME / "data"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def workshop() -> Path:
    """Where files are prepared before they become versions: on the disk of the versions, so that a rename is enough."""
    folder = home() / "arrivals"
    folder.mkdir(exist_ok=True)
    return folder


def extension(name: str) -> Path | None:
    """The file of an extension of DuckDB that was installed with the platform (never fetched); None without it."""
    found = find_spec(f"duckdb_extension_{name}")
    if found is None or not found.submodule_search_locations:
        return None
    file = Path(next(iter(found.submodule_search_locations)), "extensions", f"v{duckdb.__version__}")
    file = file / f"{name}.duckdb_extension"
    return file if file.exists() else None


def caged(
    *, directories: Sequence[Path], memory: str, threads: int, spatial: bool = False, spill: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A database in memory that opens nothing but these folders, and cannot be told otherwise."""
    base = duckdb.connect(
        ":memory:",
        config={
            "threads": threads,
            "memory_limit": memory,
            "temp_directory": str(spill) if spill else "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "allow_unsigned_extensions": False,
            "python_enable_replacements": False,
            "preserve_insertion_order": True,
        },
    )
    base.execute("SET GLOBAL TimeZone = 'UTC'")  # for every cursor, not this one alone
    base.execute("SET parquet_metadata_cache = true")
    base.execute("SET enable_geoparquet_conversion = false")
    if spatial and (file := extension("spatial")):
        loading = f"LOAD {literal(str(file))}"
        base.execute(loading)
    opened = ", ".join(literal(f"{each.resolve()}/") for each in directories)
    opening = f"SET allowed_directories = [{opened}]"
    base.execute(opening)
    base.execute("SET enable_external_access = false")
    base.execute("SET lock_configuration = true")
    return base


_engines: dict[tuple[int, Path, bool], duckdb.DuckDBPyConnection] = {}
_making = threading.Lock()


def _engine(*, spatial: bool) -> duckdb.DuckDBPyConnection:
    folder = home()
    key = (os.getpid(), folder, spatial)
    found = _engines.get(key)
    if found is None:
        with _making:
            found = _engines.get(key)
            if found is None:
                spill = folder / "spill" / str(os.getpid())
                found = caged(
                    directories=[folder],
                    memory=settings.DATA_MEMORY,
                    threads=settings.DATA_THREADS,
                    spatial=spatial,
                    spill=spill,
                )
                _engines[key] = found
    return found


def _replace(broken: duckdb.DuckDBPyConnection) -> None:
    """The next question finds a new engine. Those on their way keep the old one until they end."""
    with _making:
        for key in [key for key, found in _engines.items() if found is broken]:
            del _engines[key]


@contextmanager
def asking(*, seconds: float, spatial: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor that is interrupted after so long. Raises TooMuch, WrongQuestion for what the engine refuses."""
    engine = _engine(spatial=spatial)
    cursor = engine.cursor()
    watch = threading.Timer(seconds, cursor.interrupt)
    watch.daemon = True
    watch.start()
    try:
        yield cursor
    except duckdb.InterruptException as error:
        raise TooMuch(
            _("Cette question a pris plus de %g secondes : demandez moins de lignes, ou un filtre de plus.") % seconds
        ) from error
    except duckdb.OutOfMemoryException as error:
        sentence = _("Cette question demande trop de mémoire : groupez par moins de valeurs, ou filtrez.")
        raise TooMuch(sentence) from error
    except BROKEN as error:
        _replace(engine)
        log.error("engine.broken", error=_first_line(error))
        if isinstance(error, duckdb.FatalException):
            raise Unavailable(_("Le moteur redémarre : réessayez dans un instant."), retry_after=1) from error
        raise WrongQuestion(_("Le moteur n’a pas su répondre à cette question.")) from error
    except MISFITS as error:
        raise WrongQuestion(_("Cette question ne convient pas à ces colonnes : %s") % _first_line(error)) from error
    finally:
        watch.cancel()
        cursor.close()


def _first_line(error: Exception) -> str:
    """What the engine says, without the query it was given."""
    said = str(error).split("\n", 1)[0]
    return said.partition("Error: ")[2] or said


def is_spatial(*expressions: exp.Expr | None) -> bool:
    """Whether the extension for geometries is needed."""
    return any(
        str(each.name).lower().startswith("st_")
        for expression in expressions
        if expression is not None
        for each in expression.find_all(exp.Anonymous)
    )


def answer(table: Table, question: Question, *, limits: Limits = LIMITS) -> Answer:
    """The rows asked for, of the engine here or of the cluster. Raises TooMuch, WrongQuestion, Unavailable."""
    if spark.is_chosen():
        return Answer(*spark.answer(table, question, most=limits.rows))
    with room_for(table.rows):
        narrow = logical.page_of(question, table)
        if narrow is not None:
            return _page(table, question, narrow, limits)
        select = logical.select_of(question, table)
        return run(select.sql(dialect=logical.DIALECT), table=table, spatial=is_spatial(select), limits=limits)


def _page(table: Table, question: Question, narrow: Question, limits: Limits) -> Answer:
    """A page in two steps: where its rows are, then those rows; in the order of the first."""
    if not question.columns:
        question = replace(question, columns=tuple(logical.col(each.name) for each in table.columns))
    select = logical.select_of(narrow, table)
    found = run(select.sql(dialect=logical.DIALECT), spatial=is_spatial(select), limits=limits)
    rank = {place: position for position, (place,) in enumerate(found.rows)}
    whole = logical.select_of(logical.fetched(question, list(rank) or [-1]), table)
    answer = run(whole.sql(dialect=logical.DIALECT), table=table, spatial=is_spatial(whole), limits=limits)
    rows = sorted(answer.rows, key=lambda row: rank[row[-1]])
    return Answer(answer.columns[:-1], [row[:-1] for row in rows])


def run(sql: str, *, table: Table | None = None, spatial: bool = False, limits: Limits = LIMITS) -> Answer:
    """The answer to SQL of our own making. More rows than the limit raise TooMuch."""
    with asking(seconds=limits.seconds, spatial=spatial) as cursor:
        cursor.execute(sql)
        described = cursor.description or []
        rows = cursor.fetchmany(limits.rows + 1)
    if len(rows) > limits.rows:
        raise TooMuch(_("Cette question donne plus de %d lignes : filtrez, ou demandez un export.") % limits.rows)
    return Answer(tuple(_column(name, str(kind), table) for name, kind, *_rest in described), rows)


def _column(name: str, kind: str, table: Table | None) -> Column:
    for each in table.columns if table else ():
        if each.name == name:
            return each
    return Column(name=name, label=name, type=type_of(kind))


def type_of(kind: str) -> ColumnType:
    """Our type for one of the engine's."""
    if kind in TYPES:
        return TYPES[kind]
    if "INT" in kind:
        return "integer"
    if kind.startswith("DECIMAL"):
        return "number"
    return "json" if "[" in kind or kind.startswith(("STRUCT", "MAP", "LIST")) else "text"


def count(table: Table, where: exp.Expr | None = None, *, limits: Limits = LIMITS) -> int:
    """How many rows there are where this holds."""
    if where is None and table.only is None:
        return table.rows
    question = Question(columns=(exp.Count(this=exp.Star()),), where=where)
    ((found,),) = answer(table, question, limits=limits).rows
    return int(found)
