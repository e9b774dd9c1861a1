"""The API for people who read: one HTML page made from the OpenAPI document, without a script."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui.shell import page

from .api import api

EXAMPLES = {
    "GET /api/v1/services": "?q=poubelle+jaune",
    "GET /api/v1/communes": "",
    "GET /api/v1/competences/themes": "",
}
"""Operations that answer something useful as they are: shown as links to try."""
FORMATS = (("Turtle", ".ttl"), ("JSON-LD", ".jsonld"), ("RDF/XML", ".rdf"))
"""The catalogue as linked data."""


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    type: str
    required: bool
    default: Any


@dataclass(frozen=True, slots=True)
class Operation:
    """One address of the API, as the page shows it."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    example: str


@open_to_all
def api_page(request: HttpRequest) -> HttpResponse:
    """The language is that of the address, as on every page; under /api, only data look at Accept-Language."""
    with translation.override("en" if request.path.startswith("/en/") else "fr"):
        schema = api.get_openapi_schema()
        context = {
            "openapi": reverse("api-v1:openapi-json"),
            "formats": [(name, f"{reverse('catalogue')}{suffix}") for name, suffix in FORMATS],
            "operations": tuple(_operations(schema)),
        }
        answer = page(
            "ui/api.html",
            context,
            address=request.get_full_path(),
            title=_("Données et API"),
            description=_("Les adresses de l’API ouverte : services, compétences, communes, adresses, catalogue."),
        )
    return HttpResponse(answer)


def _operations(schema: Mapping[str, Any]) -> Iterator[Operation]:
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            name = f"{method.upper()} {path}"
            yield Operation(
                id=str(told.get("operationId", name)).replace("lacydon_capabilities_", ""),
                method=method.upper(),
                path=path,
                summary=told.get("summary", ""),
                description=" ".join(told.get("description", "").split()),
                parameters=tuple(_parameter(each) for each in told.get("parameters", ())),
                example=f"{path}{EXAMPLES[name]}" if name in EXAMPLES else "",
            )


def _parameter(told: Mapping[str, Any]) -> Parameter:
    schema = told.get("schema", {})
    return Parameter(
        name=told["name"],
        type=_type(schema),
        required=bool(told.get("required")),
        default=schema.get("default"),
    )


def _type(schema: Mapping[str, Any]) -> str:
    """`string`, `integer`, `fr | en`… without the null that only says « optional »."""
    if schema.get("enum"):
        return " | ".join(map(str, schema["enum"]))
    if schema.get("anyOf"):
        return " | ".join(dict.fromkeys(_type(each) for each in schema["anyOf"] if each.get("type") != "null"))
    return str(schema.get("format") or schema.get("type", ""))
