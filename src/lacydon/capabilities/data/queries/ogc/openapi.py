"""The description of the interface for machines: OpenAPI 3.0 (part 1, 7.3)."""

from collections.abc import Mapping
from typing import Any

from .documents import GEOJSON, JSON, OPENAPI, ROOT, SCHEMA
from .items import MOST, USUAL

Schema = Mapping[str, Any]
TEXT: Schema = {"type": "string"}
URI: Schema = {"type": "string", "format": "uri"}


def _parameter(name: str, schema: Schema, description: str, *, exploded: bool | None = None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "description": description,
    }
    return made | ({"style": "form", "explode": exploded} if exploded is not None else {})


PARAMETERS = {
    "limit": _parameter(
        "limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}, "Features a page"
    ),
    "offset": _parameter("offset", {"type": "integer", "minimum": 0, "default": 0}, "Features before this page"),
    "bbox": _parameter(
        "bbox",
        {
            "type": "array",
            "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
            "items": {"type": "number"},
        },
        "Features that touch this box",
        exploded=False,
    ),
    "bbox-crs": _parameter("bbox-crs", URI, "Coordinates of bbox"),
    "crs": _parameter("crs", URI, "Coordinates of the answer"),
    "datetime": _parameter("datetime", TEXT, "Features of this instant or interval (RFC 3339)", exploded=False),
    "filter": _parameter("filter", TEXT, "A condition in CQL2"),
    "filter-lang": _parameter(
        "filter-lang",
        {"type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text"},
        "Language of filter",
    ),
    "filter-crs": _parameter("filter-crs", URI, "Coordinates of the geometries of filter"),
    "sortby": _parameter("sortby", {"type": "array", "items": TEXT}, "Names, each after + or -", exploded=False),
    "properties": _parameter(
        "properties", {"type": "array", "items": TEXT}, "Properties of the answer", exploded=False
    ),
}
COLLECTION = {"name": "collectionId", "in": "path", "required": True, "schema": TEXT, "description": "A dataset"}
FEATURE = {"name": "featureId", "in": "path", "required": True, "schema": TEXT, "description": "A feature"}


def description(base: str) -> dict[str, Any]:
    """The whole description."""

    def reading(id: str, summary: str, media: str, *parameters: dict[str, str]) -> dict[str, Any]:
        answers = {
            "200": {"description": summary, "content": {media: {"schema": {"type": "object"}}}},
            "400": {"description": "A parameter is unknown or wrong"},
            "404": {"description": "Not found"},
        }
        return {
            "get": {
                "operationId": id,
                "summary": summary,
                "tags": ["features"],
                "parameters": list(parameters),
                "responses": answers,
            }
        }

    here = {"$ref": "#/components/parameters/collectionId"}
    feature = {"$ref": "#/components/parameters/featureId"}
    asked = [{"$ref": f"#/components/parameters/{name}"} for name in PARAMETERS]
    crs = {"$ref": "#/components/parameters/crs"}
    return {
        "openapi": "3.0.3",
        "info": {"title": "Lacydon, OGC API Features", "version": "1.0"},
        "servers": [{"url": f"{base}{ROOT}"}],
        "paths": {
            "/": reading("getLandingPage", "Landing page", JSON),
            "/api": reading("getApi", "This description", OPENAPI),
            "/conformance": reading("getConformance", "Classes of conformance", JSON),
            "/collections": reading("getCollections", "Collections", JSON),
            "/collections/{collectionId}": reading("getCollection", "A collection", JSON, here),
            "/collections/{collectionId}/queryables": reading("getQueryables", "What filters may name", SCHEMA, here),
            "/collections/{collectionId}/items": reading("getFeatures", "Features", GEOJSON, here, *asked),
            "/collections/{collectionId}/items/{featureId}": reading(
                "getFeature", "A feature", GEOJSON, here, feature, crs
            ),
        },
        "components": {"parameters": {"collectionId": COLLECTION, "featureId": FEATURE, **PARAMETERS}},
    }
