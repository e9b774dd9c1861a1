"""Parquet, and GeoParquet: a file that says its types itself."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import duckdb
from django.utils.translation import gettext as _

from ...errors import UnreadableTable
from .. import lake
from ..engine import literal
from .bench import Bench
from .inspection import labelled
from .sources import Source

HIDDEN = re.compile(r"_(row|lon|lat|west|south|east|north)")


def columnar(bench: Bench, file: Path, *, format: str = "parquet", placed: Mapping[str, str] | None = None) -> Source:
    """The relation of a Parquet file. `placed`: columns of WKB in WGS 84, when it is known. Raises UnreadableTable."""
    reading = f"read_parquet({literal(str(file))})"
    try:
        described = bench.rows(f"DESCRIBE SELECT * FROM {reading}")  # noqa: S608
        found, crs = ({}, "") if placed is not None else _geo(bench, file)
    except duckdb.Error as error:
        raise UnreadableTable(_("Ce fichier Parquet ne peut pas être lu : il est abîmé.")) from error
    placed = placed if placed is not None else found
    columns = [(str(name), str(kind)) for name, kind, *_rest in described if not HIDDEN.fullmatch(str(name))]
    shown, natives = [], []
    for position, (name, kind) in enumerate(columns, 1):
        cell = '"' + name.replace('"', '""') + '"'
        native = placed.get(name) or _native(kind)
        if native == "json":
            cell = f"to_json({cell})::VARCHAR"
        elif native == "number":
            cell = f"{cell}::DOUBLE"
        elif native == "datetime" and "TIME ZONE" not in kind:
            cell = f"timezone('UTC', {cell}::TIMESTAMP)"
        elif native == "" and kind != "VARCHAR":
            cell = f"{cell}::VARCHAR"
        shown.append(f"{cell} AS c{position}")
        natives.append(native)
    relation = f"SELECT {', '.join(shown)} FROM {reading}"  # noqa: S608
    return Source(
        format=format, relation=relation, labels=labelled(name for name, _kind in columns), natives=natives, crs=crs
    ).checked()


def _native(kind: str) -> str:
    if kind in ("HUGEINT", "UHUGEINT", "UBIGINT", "BLOB", "BIT", "INTERVAL") or kind.startswith("ENUM"):
        return ""
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return "json"
    if kind.startswith("GEOMETRY"):
        return "shape"
    found = lake.type_of(kind)
    return "" if found == "text" else found


def _geo(bench: Bench, file: Path) -> tuple[dict[str, str], str]:
    """Columns of WKB and their coordinates, as the metadata `geo` of GeoParquet says (version 1.1)."""
    query = f"SELECT value FROM parquet_kv_metadata({literal(str(file))}) WHERE key = 'geo'"  # noqa: S608
    rows = bench.rows(query)
    try:
        told = json.loads(bytes(rows[0][0])) if rows else {}
        placed, crs = {}, ""
        for name, said in dict(told.get("columns", {})).items():
            if said.get("encoding") == "WKB":
                kinds = said.get("geometry_types") or []
                placed[str(name)] = "point" if kinds and {each.split()[0] for each in kinds} == {"Point"} else "shape"
                id = (said.get("crs") or {}).get("id") or {}
                known = f"{id.get('authority')}:{id.get('code')}" if id else ""
                crs = crs or ("" if known in ("", "OGC:CRS84", "EPSG:4326") else known)
    except (ValueError, AttributeError, TypeError, KeyError, RecursionError):
        return {}, ""
    return placed, crs
