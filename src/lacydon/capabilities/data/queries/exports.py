"""Files made of a question, for every face: CSV, JSON, NDJSON, GeoJSON, XLSX, Parquet; plain, gzip or zstd.

The engine writes a file in HOME/data/exports while it is being sent from there; whole, it takes its name, which is made
of what was asked of which version. So a second client, of this process or another, shares the first one's; the answer
can be asked for again by ETag and by ranges; and what was half written has no name that anybody looks for.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from django.utils.translation import gettext as _
from sqlglot import exp

from ..errors import TooMuch, WrongQuestion
from . import lake, logical, spools
from .columns import LAT, LON
from .engine import literal
from .logical import FROM, Question, Table, col
from .sheets import write_sheet

Format = Literal["csv", "json", "jsonl", "ndjson", "geojson", "xlsx", "parquet"]
Packing = Literal["", "gzip", "zstd"]

SECONDS = 900.0
MOST_SHEET_ROWS = 1_048_575
MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "ndjson": "application/x-ndjson",
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
"""The formats, and what each is to a browser."""
PACKED = ("csv", "json", "jsonl", "ndjson", "geojson")
"""Those that are worth compressing."""
FORMULA = (9, 10, 13, 43, 45, 61, 64, 65291, 65293, 65309, 65312)
"""First signs of a text that a spreadsheet would compute: tab, line ends, + - = @ and their wide twins."""
MARK = 12
PLAIN_NUMBER = r"^[+-]?[0-9][0-9 ]*([.,][0-9]+)?$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What is asked, and in which form. `types`: of the columns of the question, by name; none: those of the table.

    `whole`: nothing less than the version's rows and columns, so that its own file is the Parquet export.
    """

    table: Table
    question: Question
    format: Format
    types: tuple[tuple[str, str], ...] = ()
    packing: Packing = ""
    labels: bool = False
    delimiter: str = ";"
    bom: bool = True
    quote_all: bool = False
    zone: str = "UTC"
    whole: bool = False
    volatile: str = ""
    """What makes it unlike any other, when it may not be kept."""

    @property
    def key(self) -> str:
        """The name of what is asked: the same question of the same rows in the same form has the same."""
        parts = (
            self.table.dataset,
            self.table.content,
            "" if self.table.only is None else self.table.only.sql(),
            logical.sql_of(self.question, replace(self.table, paths=(Path("rows"),))),
            repr((self.format, self.types, self.labels, self.delimiter, self.bom, self.quote_all, self.zone)),
            self.packing,
            self.volatile,
            "1",
        )
        return (
            mark_of(self.table.dataset, self.table.content) + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
        )

    @property
    def columns(self) -> tuple[tuple[str, str, str], ...]:
        """Name, label and type of each column."""
        known = {each.name: each for each in self.table.columns}
        types = self.types or tuple((each.name, each.type) for each in self.table.columns)
        return tuple((name, known[name].label if name in known else name, type) for name, type in types)


def mark_of(dataset: str, content: str) -> str:
    """How the names of the files made of a version begin."""
    return hashlib.sha256(f"{dataset}\0{content}".encode()).hexdigest()[:MARK]


def drop(versions: Iterable[tuple[str, str]]) -> None:
    """Remove the files kept of versions (dataset, content) that nobody is to be shown any more."""
    marks = {mark_of(dataset, content) for dataset, content in versions}
    if marks:
        spools.drop(marks, length=MARK)


def file_of_version(export: Export) -> Path | None:
    """The version's own file, when it is exactly what is asked."""
    plain = export.question == Question() and export.table.only is None and len(export.table.paths) == 1
    if export.format == "parquet" and export.whole and plain:
        return export.table.paths[0]
    return None


def check(export: Export) -> None:
    """Raises WrongQuestion, TooMuch before anything is written: what does not fit, too many rows for a sheet."""
    # The engine knows separators of one byte: one of two is an error of its own, which ends the whole engine.
    if len(export.delimiter.encode()) != 1 or (not export.delimiter.isprintable() and export.delimiter != "\t"):
        raise WrongQuestion(_("Le séparateur est un seul signe."), field="delimiter")
    if export.delimiter in "\"'\\0123456789-+.":
        raise WrongQuestion(
            _("Ce signe ne peut pas séparer les colonnes : prenez ; , | ou une tabulation."), field="delimiter"
        )
    if export.format == "geojson" and place_of(export) is None:
        raise WrongQuestion(_("Ces lignes n’ont pas de lieu : GeoJSON n’a rien à montrer."), field="format")
    select, _names = written(export)
    sql = select.sql(dialect=logical.DIALECT)
    with lake.asking(seconds=10, spatial=lake.is_spatial(select)) as cursor:
        described = f"DESCRIBE {sql}"
        cursor.execute(described)
    if export.format == "xlsx" and _rows(export) > MOST_SHEET_ROWS:
        raise TooMuch(
            _("Un classeur tient au plus %d lignes : filtrez, ou demandez le CSV ou le Parquet.") % MOST_SHEET_ROWS
        )


def _rows(export: Export) -> int:
    if export.question.limit is not None and export.question.limit <= MOST_SHEET_ROWS:
        return export.question.limit
    if export.question.group_by:
        inner = logical.select_of(export.question, export.table).subquery("asked")
        counted = exp.select(exp.Count(this=exp.Star())).from_(inner)
        return int(lake.run(counted.sql(dialect=logical.DIALECT), spatial=lake.is_spatial(counted)).rows[0][0])
    return lake.count(export.table, export.question.where)


def place_of(export: Export) -> str | None:
    """The name of the column that says where, among those asked for."""
    return next((name for name, _label, type in export.columns if type in ("point", "shape")), None)


# -- what each format is made of


def written(export: Export) -> tuple[exp.Select, list[str]]:
    """The question with each column as its format writes it, and the heads of the columns."""
    question, expressions = _qualified(export)
    grouped = bool(question.group_by)
    made: list[exp.Expr] = []
    heads = _heads(export)
    as_cell = WAYS[export.format]
    for (name, _label, type), head in zip(export.columns, heads, strict=True):
        made.append(exp.alias_(as_cell(expressions[name], type, export, grouped), head, quoted=True))
    if export.format == "geojson":
        made = _features(export, expressions, grouped)
        heads = ["type", "geometry", "properties"]
    return logical.select_of(replace(question, columns=tuple(made)), export.table), heads


def _heads(export: Export) -> list[str]:
    if not export.labels or export.format in ("parquet", "geojson"):
        return [name for name, _label, _type in export.columns]
    heads: list[str] = []
    for name, label, _type in export.columns:
        said = " ".join(label.split()) or name
        if export.format == "csv" and ord(said[0]) in FORMULA:
            said = f"'{said}"
        heads.append(said if said not in heads else f"{said} ({name})")
    return heads


def _qualified(export: Export) -> tuple[Question, dict[str, exp.Expr]]:
    """The question with its columns said to be the table's: a cell as it is written has the name of its column."""

    def owned(of: exp.Expr) -> exp.Expr:
        made = of.copy()
        for each in made.find_all(exp.Column):
            if not each.table:
                each.set("table", exp.to_identifier(FROM))
        return made

    asked = export.question
    columns = asked.columns or tuple(col(each.name) for each in export.table.columns)
    expressions = {each.alias_or_name: owned(each.unalias()) for each in columns}
    question = replace(
        asked,
        where=None if asked.where is None else owned(asked.where),
        group_by=tuple(owned(each) for each in asked.group_by),
        order_by=tuple(owned(each) for each in asked.order_by),
    )
    return question, expressions


def _point(of: exp.Expr, grouped: bool) -> tuple[exp.Expr, exp.Expr]:
    """Longitude and latitude of a column of points."""
    if isinstance(of, exp.Column) and not grouped:
        return exp.column(LON, table=FROM, quoted=True), exp.column(LAT, table=FROM, quoted=True)
    drawn = exp.Anonymous(this="st_geomfromwkb", expressions=[of])
    return exp.Anonymous(this="st_x", expressions=[drawn]), exp.Anonymous(this="st_y", expressions=[drawn.copy()])


def _if_there(missing: exp.Expr, made: exp.Expr) -> exp.Expr:
    nowhere = exp.Is(this=missing.copy(), expression=exp.Null())
    return exp.Case(ifs=[exp.If(this=nowhere, true=exp.Null())], default=made)


def _text(*parts: exp.Expr | str) -> exp.Expr:
    made = [exp.Literal.string(each) if isinstance(each, str) else exp.cast(each.copy(), "TEXT") for each in parts]
    return exp.func("concat", *made, dialect=logical.DIALECT)


def _shape(of: exp.Expr) -> exp.Expr:
    drawn = exp.Anonymous(this="st_geomfromwkb", expressions=[of.copy()])
    return exp.cast(exp.Anonymous(this="st_asgeojson", expressions=[drawn]), "TEXT")


def instant(of: exp.Expr, zone: str) -> exp.Expr:
    """An instant as ISO 8601, on the clocks of a place."""
    local = exp.func("timezone", exp.convert(zone), of.copy(), dialect=logical.DIALECT)
    clock = exp.func("strftime", local, exp.convert("%Y-%m-%dT%H:%M:%S"), dialect=logical.DIALECT)
    if zone == "UTC":
        return exp.DPipe(this=clock, expression=exp.Literal.string("+00:00"), safe=True)
    universal = exp.func("timezone", exp.convert("UTC"), of.copy(), dialect=logical.DIALECT)
    minutes = exp.Anonymous(this="date_diff", expressions=[exp.convert("minute"), universal, local.copy()])
    hours = exp.cast(
        exp.Anonymous(this="trunc", expressions=[exp.Div(this=minutes, expression=exp.convert(60))]), "BIGINT"
    )
    rest = exp.Mod(this=exp.Abs(this=minutes.copy()), expression=exp.convert(60))
    offset = exp.Anonymous(this="printf", expressions=[exp.convert("%+03d:%02d"), hours, rest])
    return exp.DPipe(this=clock, expression=offset, safe=True)


def _csv_cell(of: exp.Expr, type: str, export: Export, grouped: bool) -> exp.Expr:
    if type in ("text", "json"):
        first = exp.Anonymous(this="ord", expressions=[of.copy()])
        signs = [exp.convert(each) for each in FORMULA]
        number = exp.func("regexp_matches", of.copy(), exp.convert(PLAIN_NUMBER), dialect=logical.DIALECT)
        computed = exp.and_(exp.In(this=first, expressions=signs), exp.Not(this=number))
        safe = exp.DPipe(this=exp.Literal.string("'"), expression=of.copy(), safe=True)
        return exp.Case(ifs=[exp.If(this=computed, true=safe)], default=of)
    if type == "datetime":
        return instant(of, export.zone)
    if type == "point":
        lon, lat = _point(of, grouped)
        return _if_there(lon, _text(lat, ", ", lon))
    return _shape(of) if type == "shape" else of


def _json_cell(of: exp.Expr, type: str, export: Export, grouped: bool) -> exp.Expr:
    if type == "number":
        finite = exp.Anonymous(this="isfinite", expressions=[of.copy()])
        return exp.Case(ifs=[exp.If(this=finite, true=of)])
    if type == "datetime":
        return instant(of, export.zone)
    if type == "json":
        valid = exp.Anonymous(this="json_valid", expressions=[of.copy()])
        other = exp.Anonymous(this="to_json", expressions=[of.copy()])
        return exp.Case(ifs=[exp.If(this=valid, true=exp.cast(of, "JSON"))], default=other)
    if type == "point":
        lon, lat = _point(of, grouped)
        return exp.cast(_if_there(lon, _text('{"lon":', lon, ',"lat":', lat, "}")), "JSON")
    if type == "shape":
        made = _text('{"type":"Feature","geometry":', _shape(of), ',"properties":{}}')
        return exp.cast(_if_there(of, made), "JSON")
    return of


def _sheet_cell(of: exp.Expr, type: str, export: Export, grouped: bool) -> exp.Expr:
    if type == "datetime":
        return exp.func("timezone", exp.convert(export.zone), of, dialect=logical.DIALECT)
    if type == "point":
        lon, lat = _point(of, grouped)
        return _if_there(lon, _text(lat, ", ", lon))
    return _shape(of) if type == "shape" else of


WAYS: Mapping[str, Callable[[exp.Expr, str, Export, bool], exp.Expr]] = {
    "csv": _csv_cell,
    "json": _json_cell,
    "jsonl": _json_cell,
    "ndjson": _json_cell,
    "geojson": _json_cell,
    "xlsx": _sheet_cell,
    "parquet": lambda of, _type, _export, _grouped: of,
}


def _features(export: Export, expressions: Mapping[str, exp.Expr], grouped: bool) -> list[exp.Expr]:
    place = place_of(export)
    pairs: list[exp.Expr] = []
    geometry: exp.Expr = exp.Null()
    for name, label, type in export.columns:
        if name == place:
            if type == "point":
                lon, lat = _point(expressions[name], grouped)
                geometry = _if_there(lon, _text('{"type":"Point","coordinates":[', lon, ",", lat, "]}"))
            else:
                geometry = _shape(expressions[name])
            continue
        head = label if export.labels else name
        pairs += [exp.Literal.string(head), _json_cell(expressions[name].copy(), type, export, grouped)]
    made = [
        exp.alias_(exp.Literal.string("Feature"), "type", quoted=True),
        exp.alias_(exp.cast(geometry, "JSON"), "geometry", quoted=True),
    ]
    return [*made, exp.alias_(exp.Anonymous(this="json_object", expressions=pairs), "properties", quoted=True)]


def copy_of(export: Export, to: Path) -> tuple[str, bool]:
    """The SQL that writes the file, and whether it needs the extension for geometries."""
    select, _heads = written(export)
    options: dict[str, str] = {"USE_TMP_FILE": "false"}
    if export.format == "csv":
        options |= {"FORMAT": "csv", "HEADER": "true", "DELIMITER": literal(export.delimiter)}
        if export.quote_all:
            options["FORCE_QUOTE"] = "*"
    elif export.format == "parquet":
        options |= {"FORMAT": "parquet", "COMPRESSION": "zstd"}
    else:
        options |= {"FORMAT": "json", "ARRAY": "false" if export.format in ("jsonl", "ndjson") else "true"}
    if export.packing and export.format in PACKED:
        options["COMPRESSION"] = export.packing
    said = ", ".join(f"{name} {value}" for name, value in options.items())
    sql = f"COPY ({select.sql(dialect=logical.DIALECT)}) TO {literal(str(to))} ({said})"
    return sql, lake.is_spatial(select)


def around(export: Export) -> tuple[bytes, bytes]:
    """What stands before and after what the engine writes, packed as the rest is."""
    before, after = b"", b""
    if export.format == "csv" and export.bom:
        before = b"\xef\xbb\xbf"
    if export.format == "geojson":
        before, after = b'{"type":"FeatureCollection","features":', b"}\n"
    return packed(before, export.packing), packed(after, export.packing)


def packed(few: bytes, packing: Packing) -> bytes:
    """A few bytes as a part of their own of a packed file: gzip and zstd are read part after part."""
    if not few or not packing:
        return few
    if packing == "gzip":
        import gzip

        return gzip.compress(few, mtime=0)
    # One frame of one raw block (RFC 8878, 3.1.1): magic, a size of one byte, last block of that size.
    assert len(few) < 256
    return b"\x28\xb5\x2f\xfd\x20" + bytes([len(few)]) + (len(few) << 3 | 1).to_bytes(3, "little") + few


def write(export: Export, part: Path) -> None:
    """Make the file: a writer for `spools.spool`."""
    if export.format == "xlsx":
        _write_workbook(export, part)
        return
    sql, spatial = copy_of(export, part)
    with lake.asking(seconds=SECONDS, spatial=spatial) as cursor:
        cursor.execute(sql)


def _write_workbook(export: Export, part: Path) -> None:
    select, heads = written(export)

    def rows(cursor: Any) -> Iterator[tuple[Any, ...]]:
        while some := cursor.fetchmany(2_000):
            yield from some

    with lake.asking(seconds=SECONDS, spatial=lake.is_spatial(select)) as cursor:
        sql = select.sql(dialect=logical.DIALECT)
        cursor.execute(sql)
        write_sheet(part, heads=heads, rows=rows(cursor))
