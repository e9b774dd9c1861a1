"""Where one file is worked on: a folder of its own beside the versions, and an engine that sees nothing else."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings
from django.utils.translation import gettext as _

from ...errors import UnreadableTable
from .. import lake

PREFIX = "work-"


class Bench:
    """`file` is the file, inside `folder`."""

    def __init__(self, folder: Path, file: Path) -> None:
        self.folder, self.file = folder, file
        self._base: duckdb.DuckDBPyConnection | None = None
        self._spatial = False

    def engine(self, *, spatial: bool = False) -> duckdb.DuckDBPyConnection:
        if self._base is None or (spatial and not self._spatial):
            if spatial and lake.extension("spatial") is None:
                raise UnreadableTable(_("Cette installation ne lit pas les géométries : il lui manque une extension."))
            self.close()
            self._base = lake.caged(
                directories=[self.folder],
                memory=settings.DATA_MEMORY,
                threads=settings.DATA_THREADS,
                spatial=spatial,
                spill=self.folder / "spill",
            )
            self._spatial = spatial
        return self._base

    def run(self, query: str, *, spatial: bool = False) -> duckdb.DuckDBPyConnection:
        """Raises UnreadableTable for what does not fit in memory or on the disk; else what the engine raises."""
        try:
            return self.engine(spatial=spatial or self._spatial).execute(query)
        except duckdb.OutOfMemoryException as error:
            raise UnreadableTable(_("Ce fichier est trop grand pour être lu sur cette machine.")) from error
        except duckdb.IOException as error:
            if "No space left" in str(error) or "max_temp_directory_size" in str(error):
                raise UnreadableTable(
                    _("Il n’y a plus assez de place sur le disque pour préparer ce fichier.")
                ) from error
            raise

    def rows(self, query: str, *, spatial: bool = False) -> list[tuple[Any, ...]]:
        return self.run(query, spatial=spatial).fetchall()

    def row(self, query: str, *, spatial: bool = False) -> tuple[Any, ...]:
        found = self.run(query, spatial=spatial).fetchone()
        assert found is not None, query
        return found

    def close(self) -> None:
        if self._base is not None:
            self._base.close()
            self._base = None


@contextmanager
def bench_for(file: Path) -> Iterator[Bench]:
    """A folder and an engine for this file, gone at the end. Raises UnreadableTable when the file is not there."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=lake.workshop())).resolve()
    except OSError as error:
        raise UnreadableTable(_("Il n’y a plus assez de place sur le disque pour préparer ce fichier.")) from error
    try:
        inside = folder / "source"
        try:
            os.link(file.resolve(), inside)
        except OSError:
            try:
                shutil.copyfile(file, inside)
            except OSError as error:
                raise UnreadableTable(_("Le fichier %s ne peut pas être lu.") % file.name) from error
        made = Bench(folder, inside)
        try:
            yield made
        finally:
            made.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
