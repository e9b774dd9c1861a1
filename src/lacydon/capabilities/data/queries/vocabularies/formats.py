"""File formats: the term of the EU authority table file-type, the media type, and whether a machine reads it freely."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .terms import AUTHORITY

IANA: Final = "http://www.iana.org/assignments/media-types/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """`code` is that of file-type. `open`: readable by a machine, in a form nobody owns (three stars and more)."""

    code: str
    label: str
    media_type: str
    open: bool = True
    service: bool = False
    """An interface that is asked, rather than a file that is taken."""
    names: tuple[str, ...] = ()
    term: str = ""
    """The term of file-type, when it is not the code."""

    @property
    def uri(self) -> str:
        return f"{AUTHORITY}file-type/{self.term or self.code}"

    @property
    def media_uri(self) -> str:
        return f"{IANA}{self.media_type}" if self.media_type else ""


FORMATS: Final[Mapping[str, Format]] = {
    each.code: each
    for each in (
        Format(code="CSV", label="CSV", media_type="text/csv"),
        Format(code="TSV", label="TSV", media_type="text/tab-separated-values"),
        Format(code="JSON", label="JSON", media_type="application/json"),
        Format(code="NDJSON", label="NDJSON", media_type="application/x-ndjson", names=("JSONL",), term="JSON"),
        Format(code="GEOJSON", label="GeoJSON", media_type="application/geo+json"),
        Format(code="PARQUET", label="Parquet", media_type="application/vnd.apache.parquet", names=("GEOPARQUET",)),
        Format(
            code="XLSX",
            label="Excel (XLSX)",
            media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            names=("EXCEL XLSX",),
        ),
        Format(code="XLS", label="Excel (XLS)", media_type="application/vnd.ms-excel", open=False, names=("EXCEL",)),
        Format(code="ODS", label="OpenDocument (ODS)", media_type="application/vnd.oasis.opendocument.spreadsheet"),
        Format(code="XML", label="XML", media_type="application/xml"),
        Format(code="RDF_XML", label="RDF/XML", media_type="application/rdf+xml", names=("RDF", "RDF/XML")),
        Format(code="RDF_TURTLE", label="Turtle", media_type="text/turtle", names=("TTL", "TURTLE")),
        Format(code="JSON_LD", label="JSON-LD", media_type="application/ld+json", names=("JSONLD", "JSON-LD")),
        Format(code="HTML", label="Page web", media_type="text/html", open=False, names=("WEB PAGE", "WEBPAGE", "URL")),
        Format(code="PDF", label="PDF", media_type="application/pdf", open=False),
        Format(code="DOC", label="Word (DOC)", media_type="application/msword", open=False),
        Format(code="ZIP", label="ZIP", media_type="application/zip", open=False),
        Format(code="GZIP", label="Gzip", media_type="application/gzip", open=False, names=("GZ", "CSV.GZ")),
        Format(
            code="SHP",
            label="Shapefile",
            media_type="application/vnd.shp",
            names=("SHAPE", "SHAPEFILE", "ESRI SHAPEFILE", "SHP (ZIP)"),
        ),
        Format(code="GPKG", label="GeoPackage", media_type="application/geopackage+sqlite3", names=("GEOPACKAGE",)),
        Format(code="KML", label="KML", media_type="application/vnd.google-earth.kml+xml"),
        Format(code="KMZ", label="KMZ", media_type="application/vnd.google-earth.kmz", open=False),
        Format(code="GML", label="GML", media_type="application/gml+xml"),
        Format(code="GTFS", label="GTFS", media_type="application/zip"),
        Format(code="TIFF", label="TIFF", media_type="image/tiff", names=("GEOTIFF",)),
        Format(code="PNG", label="PNG", media_type="image/png", open=False),
        Format(code="JPEG", label="JPEG", media_type="image/jpeg", open=False, names=("JPG",)),
        Format(code="TXT", label="Texte", media_type="text/plain", open=False, names=("TEXT",)),
        Format(
            code="WMS_SRVC", label="WMS", media_type="", service=True, names=("WMS", "OGC WMS", "OGC:WMS", "WMS_SRVC")
        ),
        Format(code="WFS_SRVC", label="WFS", media_type="", service=True, names=("WFS", "OGC WFS", "OGC:WFS")),
        Format(code="REST", label="API", media_type="", service=True, names=("API", "OGC API", "OGC API FEATURES")),
    )
}
"""By code."""

_BY_NAME = {
    name.upper(): each
    for each in reversed(list(FORMATS.values()))
    for name in (each.code, each.label, *([each.media_type] if each.media_type else ()), *each.names)
}
_BY_NAME["APPLICATION/ZIP"] = FORMATS["ZIP"]


def format_named(text: str) -> Format | None:
    """The format another catalogue means by a name, an ending, a media type or an address; None when unknown."""
    asked = text.strip().upper().split(";")[0].rstrip("/")
    asked = asked.removeprefix(IANA.upper()).removeprefix(IANA.upper().replace("HTTP:", "HTTPS:"))
    return _BY_NAME.get(asked) or _BY_NAME.get(asked.rsplit("/", 1)[-1]) or _BY_NAME.get(asked.lstrip("."))
