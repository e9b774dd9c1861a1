"""The files of a feed: a zip, or a folder; UTF-8 with or without a mark, any end of line."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


class Archive:
    """Opens the tables of a feed by their name, wherever they are in the zip."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._zip = None if path.is_dir() else zipfile.ZipFile(path)
        names = [each.name for each in path.iterdir()] if self._zip is None else self._zip.namelist()
        self._names = {name.rsplit("/", 1)[-1]: name for name in names if name.endswith((".txt", ".geojson"))}

    def close(self) -> None:
        if self._zip is not None:
            self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self._names

    @contextmanager
    def _opened(self, name: str) -> Iterator[io.TextIOBase]:
        inside = self._names[name]
        raw = (self._path / inside).open("rb") if self._zip is None else self._zip.open(inside)
        with raw, io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="") as text:
            yield text

    def rows(self, name: str, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """The wanted columns of each row, in this order; empty where the file has no such column, or no such file."""
        if name not in self._names:
            return
        with self._opened(name) as text:
            reader = csv.reader(text)
            header = [each.strip() for each in next(reader, [])]
            places = [header.index(column) if column in header else -1 for column in columns]
            for row in reader:
                if row:
                    yield tuple(row[place].strip() if 0 <= place < len(row) else "" for place in places)
