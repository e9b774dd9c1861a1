"""Archives: one gzipped file, or a zip with a shapefile, a GeoPackage or one table; nothing else, and no bomb."""

import gzip
import zlib
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from django.conf import settings
from django.utils.translation import gettext as _

from ...errors import UnreadableTable
from .bench import Bench

PIECE = 1 << 20
MOST_ENTRIES = 1_000
MOST_RATIO = 200
"""Bytes unfolded for one stored, beyond the first ten million."""
OF_SHAPES = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
TABLES = (".csv", ".tsv", ".txt", ".json", ".ndjson", ".jsonl", ".geojson", ".parquet", ".xlsx")


def gunzipped(bench: Bench) -> None:
    """Unfold the file in place."""
    target = bench.folder / "unfolded"
    stored = bench.file.stat().st_size
    try:
        with gzip.open(bench.file) as source:
            _copy(source, target, stored=stored)
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged() from error
    bench.file = target


def unzipped(bench: Bench) -> tuple[Path, str]:
    """What the archive is for, taken out: a shapefile, a GeoPackage, or the one table; and its format."""
    try:
        with ZipFile(bench.file) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir() and "__MACOSX" not in each.filename]
            if len(entries) > MOST_ENTRIES:
                raise UnreadableTable(_("Cette archive contient trop de fichiers."))
            return _chosen(bench, archive, entries)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _damaged() from error


def _chosen(bench: Bench, archive: ZipFile, entries: list[ZipInfo]) -> tuple[Path, str]:
    by_suffix: dict[str, list[ZipInfo]] = {}
    for each in entries:
        by_suffix.setdefault(PurePosixPath(each.filename).suffix.lower(), []).append(each)
    if shapes := by_suffix.get(".shp"):
        _one(shapes)
        stem = shapes[0].filename[:-4].lower()
        for each in entries:
            suffix = PurePosixPath(each.filename).suffix.lower()
            if suffix in OF_SHAPES and each.filename[: -len(suffix)].lower() == stem:
                _extract(archive, each, bench.folder / f"layer{suffix}")
        return bench.folder / "layer.shp", "shapefile"
    if packages := by_suffix.get(".gpkg"):
        _one(packages)
        _extract(archive, packages[0], bench.folder / "layer.gpkg")
        return bench.folder / "layer.gpkg", "gpkg"
    tables = [each for suffix in TABLES for each in by_suffix.get(suffix, [])]
    if not tables:
        raise UnreadableTable(_("Cette archive ne contient ni tableau, ni shapefile, ni GeoPackage."))
    _one(tables)
    target = bench.folder / "table"
    _extract(archive, tables[0], target)
    return target, ""


def _one(found: list[ZipInfo]) -> None:
    if len(found) > 1:
        names = ", ".join(PurePosixPath(each.filename).name for each in found[:5])
        raise UnreadableTable(_("Cette archive contient plusieurs tableaux (%s) : envoyez-les un par un.") % names)


def _extract(archive: ZipFile, entry: ZipInfo, target: Path) -> None:
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) or entry.flag_bits & 1:
        raise UnreadableTable(
            _("Cette archive est protégée, ou d’une forme qui n’est pas lue : enregistrez-la à nouveau.")
        )
    with archive.open(entry) as source:
        _copy(source, target, stored=entry.compress_size)


def _copy(source: object, target: Path, *, stored: int) -> None:
    largest = min(max(10_000_000, stored * MOST_RATIO), settings.DATA_LARGEST * 4)
    size = 0
    with target.open("wb") as made:
        while piece := source.read(PIECE):  # type: ignore[attr-defined]
            size += len(piece)
            if size > largest:
                raise UnreadableTable(_("Cette archive se déplie en une masse démesurée : elle est refusée."))
            made.write(piece)
    target.chmod(0o600)


def _damaged() -> UnreadableTable:
    return UnreadableTable(_("Cette archive est abîmée : enregistrez-la à nouveau."))
