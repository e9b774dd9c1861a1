"""Shapefile and GeoPackage, read by GDAL in a process of its own that has little memory, little time and two drivers.

Geometries come back in WGS 84, longitude first. `layer_process.py` is that process: it imports nothing of ours.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path

from django.utils.translation import gettext as _

from ...errors import UnreadableTable
from .. import lake
from .bench import Bench
from .columnar import columnar
from .sources import Source

SECONDS = 300
MEMORY = 4_000_000_000
"""Bytes of addresses: the engine and GDAL reserve more than they use."""
SCRIPT = Path(__file__).with_name("layer_process.py")


def layer(bench: Bench, file: Path, *, format: str, sheet: str = "") -> Source:
    """The relation of one layer. Raises UnreadableTable."""
    extension = lake.extension("spatial")
    if extension is None:
        raise UnreadableTable(_("Cette installation ne lit pas les géométries : il lui manque une extension."))
    target = bench.folder / "layer.parquet"
    asked = {
        "extension": str(extension), "folder": str(bench.folder), "file": str(file), "target": str(target),
        "layer": sheet, "driver": "GPKG" if format == "gpkg" else "ESRI Shapefile",
    }  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(SCRIPT)],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            cwd=bench.folder,
            env={"HOME": str(bench.folder), "OGR_SQLITE_LOAD_EXTENSIONS": "NO", "LANG": "C.UTF-8"},
            preexec_fn=_limited,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableTable(_("Ce fichier de géométries prend trop de temps à lire.")) from error
    if done.returncode != 0 or not target.exists():
        raise UnreadableTable(_("Ce fichier de géométries ne peut pas être lu : il est abîmé, ou trop lourd."))
    told = json.loads(done.stdout)
    source = columnar(bench, target, format=format, placed={told["geometry"]: told["kind"]} if told["geometry"] else {})
    source.sheet, source.sheets = told["layer"], tuple(told["layers"])
    if told["crs"] == "?":
        source.remarks.append(
            _("Ce fichier ne dit pas son système de coordonnées : « %s » est supposé.") % told["taken"]
        )
    elif told["crs"] not in ("EPSG:4326", "OGC:CRS84"):
        source.remarks.append(
            _("Les coordonnées étaient en %s : elles sont converties en longitudes et latitudes.") % told["crs"]
        )
    return source


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))
