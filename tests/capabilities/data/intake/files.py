"""Files of every format that people send, made here."""

import gzip
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

import duckdb
import xlsxwriter

from lacydon.capabilities.data.queries import lake

POINT = {"type": "Point", "coordinates": [5.37, 43.3]}
SQUARE = {"type": "Polygon", "coordinates": [[[5, 43], [6, 43], [6, 44], [5, 44], [5, 43]]]}


def spatial() -> duckdb.DuckDBPyConnection:
    base = duckdb.connect()
    base.execute(f"LOAD '{lake.extension('spatial')}'")
    return base


def workbook(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("vide")
        sheet = book.add_worksheet("Données")
        sheet.write_row(0, 0, ["Liste des communes"])
        sheet.write_row(2, 0, ["code", "surface", "depuis"])
        sheet.write_row(3, 0, ["01004", 3.5])
        sheet.write_datetime(3, 2, datetime(2020, 1, 2), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_row(4, 0, ["13055", 240])
        book.add_worksheet("autre").write_row(0, 0, ["x", "y"])
    return path


def geojson(*geometries: object, **more: object) -> bytes:
    features = [
        {"type": "Feature", "properties": {"nom": f"n{n}"}, "geometry": each} for n, each in enumerate(geometries)
    ]
    return json.dumps({"type": "FeatureCollection", **more, "features": features}).encode()


def shapefile(folder: Path) -> bytes:
    """In Lambert-93, zipped as it is sent."""
    base = spatial()
    base.execute(
        "COPY (SELECT '01' AS code, 'Château' AS nom, ST_Point(892390, 6247035) AS geom) "
        f"TO '{folder / 'lieux.shp'}' (FORMAT gdal, DRIVER 'ESRI Shapefile', SRS 'EPSG:2154')"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix in ("shp", "shx", "dbf", "prj"):
            archive.write(folder / f"lieux.{suffix}", f"dossier/lieux.{suffix}")
    return packed.getvalue()


def geopackage(path: Path) -> Path:
    spatial().execute(
        "COPY (SELECT 7 AS n, ST_GeomFromText('POLYGON((5 43, 6 43, 6 44, 5 43))') AS geom) "
        f"TO '{path}' (FORMAT gdal, DRIVER 'GPKG', SRS 'EPSG:4326')"
    )
    return path


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as inside:
        for _piece in range(40):
            inside.write(b"a;b\n" * 250_000)
    return packed.getvalue()


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return packed.getvalue()


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)
