"""What describes the whole (landing page, conformance) and each collection (extent, coordinates, links)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from sqlglot import exp

from lacydon.kernel.texts import said

from .. import lake, places
from ..columns import Column
from ..datasets import DatasetView
from ..logical import Question, Table, col
from ..vocabularies import LICENCES
from .crs import KNOWN, OGC
from .items import moment_of

ROOT = "/api/ogc"
GEOJSON, JSON, SCHEMA = "application/geo+json", "application/json", "application/schema+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
_SPEC = "http://www.opengis.net/spec"
CONFORMS = (
    *(f"{_SPEC}/ogcapi-features-1/1.0/conf/{each}" for each in ("core", "geojson", "oas30")),
    f"{_SPEC}/ogcapi-features-2/1.0/conf/crs",
    *(
        f"{_SPEC}/ogcapi-features-3/1.0/conf/{each}"
        for each in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        f"{_SPEC}/cql2/1.0/conf/{each}"
        for each in (
            "cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison",
            "accent-insensitive-comparison", "basic-spatial-functions", "basic-spatial-functions-plus",
            "spatial-functions", "temporal-functions", "property-property", "arithmetic",
        )
    ),
)  # fmt: skip


def link(base: str, path: str, rel: str, type: str, title: Any = "") -> dict[str, str]:
    made = {"href": f"{base}{path}", "rel": rel, "type": type}
    return made | ({"title": str(title)} if title else {})


def landing(base: str) -> dict[str, Any]:
    return {
        "title": _("Données du territoire"),
        "description": _("Les jeux de données ouverts du territoire, en OGC API Features."),
        "links": [
            link(base, ROOT, "self", JSON, _("Cette page")),
            link(base, "/donnees", "alternate", "text/html", _("Les jeux de données, pour les personnes")),
            link(base, f"{ROOT}/api", "service-desc", OPENAPI, _("La description de l’interface")),
            link(base, "/api/v1/docs", "service-doc", "text/html", _("La documentation")),
            link(base, f"{ROOT}/conformance", "conformance", JSON, _("Ce qui est suivi du standard")),
            link(base, f"{ROOT}/collections", "data", JSON, _("Les collections")),
        ],
    }


def collections(base: str, made: Iterable[tuple[DatasetView, Table]]) -> dict[str, Any]:
    return {
        "links": [
            link(base, f"{ROOT}/collections", "self", JSON),
            link(base, "/donnees", "alternate", "text/html"),
        ],
        "crs": [each.uri for each in KNOWN],
        "collections": [collection(base, dataset, table) for dataset, table in made],
    }


def collection(base: str, dataset: DatasetView, table: Table) -> dict[str, Any]:
    here = f"{ROOT}/collections/{dataset.id}"
    links = [
        link(base, here, "self", JSON),
        link(base, f"/donnees/{dataset.id}", "alternate", "text/html"),
        link(base, f"{here}/items", "items", GEOJSON, said(dataset.title)),
        link(base, f"{here}/queryables", QUERYABLES, SCHEMA),
    ]
    licence = LICENCES.get(dataset.licence)
    if licence and licence.page:
        links.append({"href": licence.page, "rel": "license", "type": "text/html", "title": said(licence.label)})
    made: dict[str, Any] = {
        "id": dataset.id,
        "title": said(dataset.title),
        "description": said(dataset.description),
        "itemType": "feature",
        "extent": extent(table),
        "links": links,
    }
    if table.place is not None:
        made |= {"crs": [each.uri for each in KNOWN], "storageCrs": OGC}
    return made


def extent(table: Table) -> dict[str, Any]:
    """Where and when its rows are; of a version, computed once."""
    only = table.only.sql() if table.only is not None else ""
    where, when = _extent(_Held((table.dataset, table.number, table.content, only), table))
    made: dict[str, Any] = {}
    if where is not None:
        made["spatial"] = {"bbox": [list(where)], "crs": OGC}
    if when is not None:
        made["temporal"] = {"interval": [list(when)], "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}
    return made


class _Held:
    """A table, the same when it has the same rows."""

    def __init__(self, key: tuple[Any, ...], table: Table) -> None:
        self.key, self.table = key, table

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.key == other.key


@lru_cache(maxsize=1_000)
def _extent(held: _Held) -> tuple[tuple[float, ...] | None, tuple[str, str] | None]:
    table = held.table
    place, moment = table.place, moment_of(table)
    asked: list[exp.Expr] = [*(places.bounds(place) if place else ())]
    asked += [exp.Min(this=col(moment.name)), exp.Max(this=col(moment.name))] if moment else []
    if not asked:
        return None, None
    columns = tuple(exp.alias_(each, f"c{position}") for position, each in enumerate(asked))
    (row,) = lake.answer(table, Question(columns=columns)).rows
    where = tuple(float(each) for each in row[:4]) if place and None not in row[:4] else None
    when = row[-2:] if moment else (None, None)
    return where, (_instant(when[0]), _instant(when[1], last=True)) if None not in when else None


def _instant(moment: date | datetime, *, last: bool = False) -> str:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return f"{moment.isoformat()}T{'23:59:59' if last else '00:00:00'}Z"


def queryables(base: str, dataset: DatasetView, table: Table) -> dict[str, Any]:
    """The columns a filter may name, as a JSON Schema (part 3, 6.2)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{base}{ROOT}/collections/{dataset.id}/queryables",
        "type": "object",
        "title": said(dataset.title),
        "properties": {each.name: _schema(each) for each in table.columns},
        "additionalProperties": False,
    }


_SCHEMAS: dict[str, dict[str, str]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "time": {"type": "string", "format": "time"},
    "point": {"format": "geometry-point"},
    "shape": {"format": "geometry-any"},
    "json": {"type": "string"},
}


def _schema(column: Column) -> dict[str, str]:
    made = {"title": column.label, **_SCHEMAS[column.type]}
    return made | ({"description": column.description} if column.description else {})
