"""From a file and what its columns are to the Parquet of a version: typed, sorted, each row at its number.

A large file in plain order is read in pieces that number their rows, sorted and written by one statement; a cell that
does not fit ends it. Any other file streams through the engine into a table in its own order (what does not fit in
memory spills to the disk), which gives each row its number for nothing and marks those that lost a cell; a second pass
sorts it. Only when there are any is the source read once more, to tell how many and which. A guess that does not hold
makes its column text; a type that a person gave leaves those cells empty. Both are told.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

import duckdb
from django.utils.translation import gettext as _

from ...errors import UnreadableTable
from ..columns import BOX, LAT, LON, PLACED, ROW, STORED, Column
from ..engine import PARQUET, literal
from .bench import Bench, bench_for
from .delimited import rewritten
from .inspection import Converted, Guess, Inspection, Misfit, corrected, named
from .opening import open_source
from .pieces import LARGE, cut
from .sources import Source
from .values import in_world, is_blank, value_of

FIRST = "first_pass"
UNFIT = "_unfit"
"""Whether a row has a cell that was not empty and of which no value was made."""
SHOWN = 10
"""Misfits of a column that are shown."""
DATES = ("date", "datetime")
Tell = Callable[[float], None]


def convert(
    path: Path,
    inspection: Inspection,
    corrections: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    to: Path,
    order: Sequence[str] | None = None,
    tell: Tell | None = None,
) -> Converted:
    """Write `to`, in the shape queries/columns.py says, sorted by `order` (dates: newest first).

    `order`: names of columns, else the INSEE code and the date.

    `tell` is called now and then with how much is done (0 to 1). Raises UnreadableTable, BadInput.
    """
    wanted = corrected(inspection, corrections or {})
    with bench_for(path) as bench:
        source = open_source(bench, sheet=wanted.sheet, separator=wanted.separator)
        try:
            return _Conversion(bench, source, wanted, order, tell).made(to)
        except duckdb.Error as error:
            if source.format != "csv" or source.text is None or source.text.name == "plain.csv":
                raise UnreadableTable(_("Ce fichier ne peut pas être lu jusqu’au bout.")) from error
        source = rewritten(bench, source)
        try:
            return _Conversion(bench, source, _widened(wanted, source), order, tell).made(to)
        except duckdb.Error as error:
            raise UnreadableTable(_("Ce fichier ne peut pas être lu jusqu’au bout.")) from error


def _widened(wanted: Inspection, source: Source) -> Inspection:
    """With the columns that only the whole of the file shows."""
    more = list(source.labels[len(wanted.columns) :])
    names = named([*(each.name for each in wanted.columns), *more])[len(wanted.columns) :]
    added = [
        Guess(position=len(wanted.columns) + n, label=label, name=name, type="text")
        for n, (label, name) in enumerate(zip(more, names, strict=True), 1)
    ]
    return replace(wanted, columns=(*wanted.columns, *added))


class _Conversion:
    def __init__(
        self, bench: Bench, source: Source, wanted: Inspection, order: Sequence[str] | None, tell: Tell | None
    ) -> None:
        self.bench, self.source, self.order, self.tell = bench, source, order, tell
        self.guesses = [each for each in wanted.columns if each.kept and each.position <= len(source.labels)]
        self.misfits: list[Misfit] = []
        self.remarks = list(source.remarks)

    def made(self, to: Path) -> Converted:
        return self._at_once(to) or self._in_two(to)

    # -- all at once

    def _at_once(self, to: Path) -> Converted | None:
        """A large file whose every cell fits: read, sorted and written in one statement, which holds no table.

        None when it is not so: a cell that is no value ends the statement, and the second way tells which they are.
        """
        text = self.source.text
        if self.source.format != "csv" or text is None or text.name == "plain.csv" or text.stat().st_size < LARGE:
            return None
        try:
            pieces = cut(text, skipped=self.source.skipped, folder=self.bench.folder)
        except OSError as error:
            raise UnreadableTable(_("Il n’y a plus assez de place sur le disque pour préparer ce fichier.")) from error
        reading = self.source.reading.replace(f"skip = {self.source.skipped}", "skip = 0", 1)
        shown = ", ".join(f"{self._sure(each)} AS {_quoted(each.name)}" for each in self.guesses)
        rows = " UNION ALL ".join(
            f"SELECT {shown}, row_number() OVER () + {start} AS {ROW} "  # noqa: S608
            f"FROM ({reading.format(path=literal(str(file)))})"
            for file, start in zip(pieces.files, pieces.starts, strict=True)
        )
        try:
            made = self._sorted(to, rows, start=0.0, sort=True)
        except duckdb.Error:
            return None
        finally:
            pieces.drop()
        return made if made.rows == pieces.rows else None

    def _sure(self, guess: Guess) -> str:
        """The value of a cell; an error when there is none though the cell says something."""
        value, cell = self._stored(guess), f"c{guess.position}"
        if guess.type == "text":
            return value
        nothing = f"CASE WHEN {cell} IS NULL OR {self._is_blank(guess)} THEN NULL ELSE error({cell}) END"
        return f"coalesce({value}, {nothing})"

    # -- in two passes

    def _in_two(self, to: Path) -> Converted:
        self._typed()
        found = self._misfits()
        failing = {each.position for each, _count in found if not each.given}
        self.misfits = [self._told(guess, count) for guess, count in found if self._fallen(guess).type != "shape"]
        if failing:  # a guess that does not hold: all its cells as they were written
            self.guesses = [self._fallen(each) if each.position in failing else each for each in self.guesses]
            self._typed()
        order = bool(self._order())
        return self._sorted(to, f"SELECT *, rowid + 1 AS {ROW} FROM {FIRST}", start=0.6, sort=order)  # noqa: S608

    def _typed(self) -> None:
        values = ", ".join(f"{self._stored(each)} AS v{each.position}" for each in self.guesses)
        shown = ", ".join(f"v{each.position} AS {_quoted(each.name)}" for each in self.guesses)
        unfit = " OR ".join(
            f"(v{each.position} IS NULL AND c{each.position} IS NOT NULL)"
            for each in self.guesses
            if each.type != "text"
        )
        query = (
            f"CREATE OR REPLACE TABLE {FIRST} AS SELECT {shown}, {unfit or 'false'} AS {UNFIT} "  # noqa: S608
            f"FROM (SELECT *, {values} FROM ({self.source.relation}))"
        )
        with self._progress(0.0, 0.6):
            self.bench.run(query, spatial=self._placed())

    def _is_misfit(self, guess: Guess) -> str:
        """Nearly all cells have a value, or are NULL already: CASE, unlike AND, asks the rest for the others only."""
        n = guess.position
        return f"CASE WHEN v{n} IS NOT NULL OR c{n} IS NULL THEN false ELSE NOT {self._is_blank(guess)} END"

    def _placed(self) -> bool:
        return any(each.type in PLACED for each in self.guesses)

    def _stored(self, guess: Guess) -> str:
        value = self._value(guess)
        return f"ST_AsWKB({value})::BLOB" if guess.type in PLACED else f"CAST({value} AS {STORED[guess.type]})"

    def _value(self, guess: Guess) -> str:
        """The value of a cell; a GEOMETRY for a place, which is a point where points are."""
        value = self._read(guess)
        if guess.type == "point" and guess.format not in ("lat,lon", "lon,lat"):
            return f"CASE WHEN ST_GeometryType({value}) = 'POINT' THEN {value} END"
        return value

    def _read(self, guess: Guess) -> str:
        cell, native = f"c{guess.position}", self.source.native(guess.position)
        if native == "geojson":
            cell, native = f"c{guess.position}", ""
            guess = replace(guess, format="geojson")
        if guess.type in PLACED:
            if native in PLACED:
                return self._turned(f"ST_Force2D(TRY(ST_GeomFromWKB({cell})))")
            if self.source.crs and guess.format == "geojson":
                return self._turned(f"ST_Force2D(TRY(ST_GeomFromGeoJSON({cell})))")
            return value_of(guess, cell)
        if native == guess.type:
            return f"try_cast({cell} AS {STORED[guess.type]})" if native == "integer" else cell
        if native in PLACED:
            return f"ST_AsText(TRY(ST_GeomFromWKB({cell})))"
        return value_of(guess, f"{cell}::VARCHAR" if native else cell)

    def _turned(self, geometry: str) -> str:
        if not self.source.crs:
            return in_world(geometry)
        return in_world(f"TRY(ST_Transform({geometry}, {literal(self.source.crs)}, 'EPSG:4326', always_xy := true))")

    # -- what does not fit

    def _misfits(self) -> list[tuple[Guess, int]]:
        typed = [each for each in self.guesses if each.type != "text"]
        if not typed or not self.bench.row(f"SELECT count(*) FROM {FIRST} WHERE {UNFIT}")[0]:  # noqa: S608
            return []
        said = ", ".join(f"count({_quoted(each.name)})" for each in typed)
        total, *valued = self.bench.row(f"SELECT count(*), {said} FROM {FIRST}")  # noqa: S608
        found = {each.position: int(count) for each, count in zip(typed, valued, strict=True)}
        holed = [each for each in typed if found[each.position] < total]
        asked = ", ".join(f"count(*) FILTER ({self._is_misfit(each)})" for each in holed)
        values = ", ".join(f"{self._value(each)} AS v{each.position}" for each in holed)
        counts = self.bench.row(f"SELECT {asked} FROM (SELECT *, {values} FROM ({self.source.relation}))")  # noqa: S608
        return [(each, int(count)) for each, count in zip(holed, counts, strict=True) if count]

    def _is_blank(self, guess: Guess) -> str:
        cell = f"c{guess.position}"
        return f"({cell} IS NULL)" if self.source.native(guess.position) in PLACED else is_blank(f"{cell}::VARCHAR")

    def _told(self, guess: Guess, count: int) -> Misfit:
        cell = f"c{guess.position}"
        native = self.source.native(guess.position) in PLACED
        shown = "'…'" if native else f"left({cell}::VARCHAR, 80)"
        query = (
            f"SELECT n, {shown} FROM (SELECT *, row_number() OVER () AS n, {self._value(guess)} AS v{guess.position} "  # noqa: S608
            f"FROM ({self.source.relation})) "
            f"WHERE {self._is_misfit(guess)} LIMIT {SHOWN}"
        )
        rows = self.bench.rows(query)
        return Misfit(
            name=guess.name,
            label=guess.label,
            type=guess.type,
            count=count,
            first=tuple((int(n), str(value)) for n, value in rows),
            as_text=not guess.given,
        )

    def _fallen(self, guess: Guess) -> Guess:
        """What is said of a column whose guess does not hold: text, or any shape when not all are points."""
        if guess.type == "point" and self.source.native(guess.position) in ("geojson", "shape", "point"):
            return replace(guess, type="shape")
        return replace(guess, type="text", format="")

    # -- the second pass

    def _pair(self) -> tuple[str, str] | None:
        """Columns of longitude and latitude, when there is one of each and no geometry beside."""
        lon = [each.name for each in self.guesses if each.kind == "longitude" and each.type == "number"]
        lat = [each.name for each in self.guesses if each.kind == "latitude" and each.type == "number"]
        if len(lon) != 1 or len(lat) != 1 or any(each.type in PLACED for each in self.guesses):
            return None
        return lon[0], lat[0]

    def _sorted(self, to: Path, inner: str, *, start: float, sort: bool) -> Converted:
        """Write the rows of `inner`, each with its number, in their order."""
        order = self._order()
        columns, places = self._columns()
        hidden = "".join(f", {value} AS {name}" for name, value in places)
        days = {each.name for each in self.guesses if each.type in DATES}
        ways = (f"{_quoted(each)} {'DESC' if each in days else 'ASC'} NULLS LAST" for each in order)
        by = ", ".join([*ways, ROW])
        visible = ", ".join(each.in_file for each in columns if not each.drawn)
        target = literal(str(self.bench.folder / "made"))
        query = (
            f"COPY (SELECT {visible}, {ROW}{hidden} FROM ({inner}){f' ORDER BY {by}' if sort else ''}) TO {target} "  # noqa: S608
            f"({PARQUET})"
        )
        with self._progress(start, 1.0):
            self.bench.run(query, spatial=self._placed())
        (rows,) = self.bench.row(f"SELECT count(*) FROM read_parquet({target})")  # noqa: S608
        (self.bench.folder / "made").replace(to)
        return Converted(
            columns=tuple(columns),
            rows=int(rows),
            ordered_by=tuple(order),
            misfits=tuple(self.misfits),
            remarks=tuple(self.remarks),
        )

    def _order(self) -> list[str]:
        names = {each.name: each for each in self.guesses}
        if self.order is not None:
            return [each for each in self.order if each in names and names[each].type not in PLACED]
        city = next((each.name for each in self.guesses if each.kind == "citycode"), None)
        day = next((each.name for each in self.guesses if each.type in DATES), None)
        return [each for each in (city, day) if each]

    def _columns(self) -> tuple[list[Column], list[tuple[str, str]]]:
        """The visible columns, and the hidden ones of the place with how each is computed."""
        columns = [each.column() for each in self.guesses]
        pair = self._pair()
        if pair is not None:
            lon, lat = map(_quoted, pair)
            name = named([*(each.name for each in columns), "position"])[-1]
            columns.append(Column(name=name, label=_("Position"), type="point", drawn=True))
            sure = f"abs({lon}) <= 180 AND abs({lat}) <= 90"
            return columns, [(LON, f"CASE WHEN {sure} THEN {lon} END"), (LAT, f"CASE WHEN {sure} THEN {lat} END")]
        placed = next((each for each in columns if each.type in PLACED), None)
        if placed is None:
            return columns, []
        shape = f"ST_GeomFromWKB({_quoted(placed.name)})"
        if placed.type == "point":
            return columns, [(LON, f"ST_X(ST_Centroid({shape}))"), (LAT, f"ST_Y(ST_Centroid({shape}))")]
        on = f"CASE WHEN ST_GeometryType({shape}) = 'POINT' THEN {shape} ELSE TRY(ST_PointOnSurface({shape})) END"
        on = f"coalesce({on}, ST_Centroid({shape}))"
        box = zip(BOX, ("ST_XMin", "ST_YMin", "ST_XMax", "ST_YMax"), strict=True)
        return columns, [
            (LON, f"ST_X({on})"), (LAT, f"ST_Y({on})"), *((name, f"{function}({shape})") for name, function in box),
        ]  # fmt: skip

    # -- how far it is

    @contextmanager
    def _progress(self, start: float, end: float) -> Iterator[None]:
        if self.tell is None:
            yield
            return
        over, engine, tell = Event(), self.bench.engine(spatial=self._placed()), self.tell

        def watch() -> None:
            while not over.wait(1.0):
                done = engine.query_progress()
                if done >= 0:
                    tell(start + (end - start) * done / 100)

        watcher = Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
