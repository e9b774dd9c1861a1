"""Datasets for the tests: described, and published from a few rows said in SQL."""

from pathlib import Path
from tempfile import mkdtemp

import duckdb

from lacydon.capabilities.data.actions.publication import describe_dataset, publish_version
from lacydon.capabilities.data.models import Dataset, Version
from lacydon.capabilities.data.queries import lake
from lacydon.capabilities.data.queries.columns import Column, ColumnType
from lacydon.capabilities.data.queries.lake import type_of
from lacydon.capabilities.trust.models import Organisation
from lacydon.kernel.access import MACHINE

MARKETS = """
    SELECT * FROM (VALUES
        ('13055', 'Marché de la Plaine', DATE '2024-03-02', 120, 4.5, 5.3865, 43.2951),
        ('13055', 'Marché du Prado', DATE '2024-01-15', 80, 3.25, 5.3870, 43.2790),
        ('13005', 'Marché d''Aubagne', DATE '2023-11-04', 60, NULL, 5.5705, 43.2930),
        ('13056', 'Marché de l''Île', NULL, NULL, 2.0, NULL, NULL)
    ) AS m(citycode, nom, ouvert_le, etals, note, lon, lat)
"""
"""Four markets in three communes; nulls in each kind of column."""
KINDS = {"citycode": "citycode", "lon": "longitude", "lat": "latitude"}


def organisation(id: str = "ville") -> Organisation:
    made, _new = Organisation.objects.get_or_create(
        id=id, defaults={"kind": "commune", "name": {"fr": "Ville", "en": "City"}}
    )
    return made


def described(id: str = "marches", *, of: str = "ville", **fields: object) -> Dataset:
    """A dataset with no rows yet."""
    organisation(of)
    said = {
        "organisation": of,
        "title": {"fr": "Marchés forains", "en": "Street markets"},
        "description": {"fr": "Où et quand se tiennent les marchés.", "en": "Where and when markets are held."},
        "licence": "lov2",
        "status": "published",
    }
    return describe_dataset(id=id, actor=MACHINE, fields={**said, **fields})


def published(
    id: str = "marches", sql: str = MARKETS, *, point: tuple[str, str] | None = ("lon", "lat"), **fields: object
) -> Version:
    """A dataset and a version of it with these rows; `point`: which columns are longitude and latitude."""
    if not Dataset.objects.filter(pk=id).exists():
        described(id, **fields)
    base = duckdb.connect()
    kinds = [(name, str(kind)) for name, kind, *_rest in base.sql(f"FROM ({sql}) LIMIT 0").description]
    columns = [
        Column(name=name, label=name.capitalize().replace("_", " "), type=type_of(kind), kind=KINDS.get(name, ""))
        for name, kind in kinds
    ]
    place = ""
    if point and set(point) <= {name for name, _kind in kinds}:
        lon, lat = (f"{each}::DOUBLE" for each in point)
        wkb = f"unhex('0101000000') || {_bytes(lon)} || {_bytes(lat)}"
        place = f", CASE WHEN lon IS NULL THEN NULL ELSE {wkb} END AS geometry"
        columns.append(Column(name="geometry", label="Position", type="point"))
    hidden = f", {point[0]}::DOUBLE AS _lon, {point[1]}::DOUBLE AS _lat" if place and point else ""
    file = Path(mkdtemp(dir=lake.workshop()), "rows.parquet")
    base.create_function("wkb_double", _double, ["DOUBLE"], "BLOB", null_handling="special")
    base.execute(
        f"COPY (SELECT *{place}, (row_number() OVER ()) AS _row{hidden} FROM ({sql})) TO '{file}'"
        " (FORMAT parquet, COMPRESSION zstd)"
    )
    return publish_version(dataset=id, file=file, columns=columns, actor=MACHINE, reason="essai")


def _bytes(expression: str) -> str:
    return f"wkb_double({expression})"


def _double(number: float | None) -> bytes | None:
    import struct

    return None if number is None else struct.pack("<d", number)


__all__ = ["MARKETS", "ColumnType", "described", "organisation", "published"]
