"""Where each dataset is read: its page, its exports, the interfaces that answer questions about its rows.

Paths, without scheme or host: `kernel.site.address()` goes before them for who reads them elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from .datasets import DatasetView
from .vocabularies import FORMATS, Format

EXPLORE: Final = "/api/explore/v2.1"
CKAN: Final = "/api/3/action"
OGC: Final = "/api/ogc"
FILES: Final = (
    ("csv", "CSV"),
    ("xlsx", "XLSX"),
    ("json", "JSON"),
    ("ndjson", "NDJSON"),
    ("geojson", "GEOJSON"),
    ("parquet", "PARQUET"),
)
"""Ending of the address of an export, and its format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One file the rows are taken as; `bytes` when it is known before it is made."""

    ending: str
    format: Format
    path: str
    bytes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """One way for programs to ask for rows. `endpoint`: of all datasets; `path`: of this one."""

    id: str
    title: Any
    endpoint: str
    path: str
    conforms_to: str = ""


def page_of(id: str) -> str:
    return f"/donnees/{id}"


def exports(dataset: DatasetView) -> Iterator[Export]:
    """The files its rows are taken as; none when it has no rows, GeoJSON only when rows have a place."""
    if dataset.version is None:
        return
    for ending, code in FILES:
        if ending == "geojson" and not any(each.placed for each in dataset.columns):
            continue
        yield Export(
            ending=ending,
            format=FORMATS[code],
            path=f"{page_of(dataset.id)}/export.{ending}",
            bytes=dataset.version.bytes if ending == "parquet" else None,
        )


def interfaces(dataset: DatasetView) -> Iterator[Interface]:
    """The interfaces that answer for its rows."""
    if dataset.version is None:
        return
    yield from (
        each for each in all_interfaces(dataset.id) if each.id != "ogc" or any(c.placed for c in dataset.columns)
    )


def all_interfaces(id: str = "ID") -> Iterator[Interface]:
    """Every interface, with the path of this dataset in it."""
    yield Interface(
        id="explore",
        title=_("API Explore 2.1, pour filtrer, grouper et compter"),
        endpoint=EXPLORE,
        path=f"{EXPLORE}/catalog/datasets/{id}/records?limit=20",
    )
    yield Interface(
        id="ckan",
        title=_("API CKAN, pour les outils qui la parlent"),
        endpoint=CKAN,
        path=f"{CKAN}/datastore_search?resource_id={id}",
        conforms_to="https://docs.ckan.org/en/latest/api/",
    )
    yield Interface(
        id="ogc",
        title=_("OGC API Features, pour QGIS et les cartes"),
        endpoint=OGC,
        path=f"{OGC}/collections/{id}/items",
        conforms_to="http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    )
