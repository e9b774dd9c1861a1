"""DuckDB in a cage: what people sent is read with no file, network, extension or setting within reach.

Only the folder of one validation and the file itself can be opened; the configuration is locked before the first byte
is read. Memory and threads are limited; what does not fit spills into that folder, which is removed at the end.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
from django.utils.translation import gettext as _

from ..errors import UnreadableTable

MEMORY = "1GB"
THREADS = 2
SPILL = "20GB"
LONGEST_LINE = 8_000_000
"""Bytes of one row."""
PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 61440, DICTIONARY_SIZE_LIMIT 2000"
"""How rows are written. Level 3, the engine's own, makes files smaller by 1 % for half as much time again in zstd;
groups of 61,440 rows make the page of one commune the quickest over ten million rows (docs/performance.md). Beyond
2,000 different values a column is written as it is: to look for a dictionary in vain costs a quarter more."""
NEVER = "\\x02\\x03"
"""What no cell is, so that an empty cell is read as a text and not as NULL."""


def literal(text: str) -> str:
    """A text as SQL.

    Values are written into the query: handed over apart, each one costs the engine's client several failed imports.
    """
    return "'" + text.replace("\0", "\ufffd").replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    return ", ".join(literal(each) for each in texts)


def among(text: str, values: Iterable[str]) -> str:
    """Whether a text is one of these, as SQL; NULL for NULL.

    Not `IN`: with more than five values the engine makes a join of it, and rows that are written lose their order.
    """
    listed = list(values)
    if len(listed) < 3:
        return "(" + " OR ".join(f"{text} = {literal(each)}" for each in listed) + ")" if listed else f"({text} = NULL)"
    return f"list_contains([{literals(listed)}], {text})"


class Engine:
    """One validation's database."""

    def __init__(self, folder: Path, *, files: Sequence[Path], memory: str = MEMORY, threads: int = THREADS) -> None:
        self.folder = folder
        self._base = duckdb.connect(
            ":memory:",
            config={
                "threads": threads,
                "memory_limit": memory,
                "temp_directory": str(folder / "spill"),
                "max_temp_directory_size": SPILL,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "allow_community_extensions": False,
                "allow_unsigned_extensions": False,
                "python_enable_replacements": False,
                "preserve_insertion_order": True,
            },
        )
        for setting in (
            f"SET allowed_directories = [{literal(str(folder))}]",
            f"SET allowed_paths = [{literals(str(each.resolve()) for each in files)}]",
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        ):
            self._base.execute(setting)

    def _execute(self, query: str) -> duckdb.DuckDBPyConnection:
        try:
            return self._base.execute(query)
        except duckdb.OutOfMemoryException as error:
            raise UnreadableTable(_("Ce fichier est trop grand pour être vérifié sur cette machine.")) from error
        except duckdb.IOException as error:
            raise UnreadableTable(
                _("Ce fichier ne peut pas être lu jusqu’au bout : la place manque peut-être sur le disque du serveur.")
            ) from error

    def run(self, query: str) -> None:
        self._execute(query)

    def drop(self, kind: str, name: str) -> None:
        """Removes a table or a view of this name, if there is one of this kind."""
        with suppress(duckdb.CatalogException):
            dropping = f"DROP {kind} IF EXISTS {name}"
            self._base.execute(dropping)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self._execute(query).fetchall()

    def row(self, query: str) -> tuple[Any, ...]:
        """The first row of a query that always has one."""
        found = self._execute(query).fetchone()
        assert found is not None, query
        return found

    def understands(self, expression: str) -> bool:
        """Whether an expression can be computed at all: a pattern of somebody else may not be."""
        try:
            self.rows(f"SELECT {expression}")
        except duckdb.Error:
            return False
        return True

    def close(self) -> None:
        self._base.close()


@contextmanager
def engine_for(*files: Path, memory: str = MEMORY, threads: int = THREADS) -> Iterator[Engine]:
    """A caged engine and its folder, both gone at the end."""
    with tempfile.TemporaryDirectory(prefix="lacydon-data-") as name:
        made = Engine(Path(name).resolve(), files=files, memory=memory, threads=threads)
        try:
            yield made
        finally:
            made.close()
