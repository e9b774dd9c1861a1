"""Open311 GeoReport v2, server side: https://wiki.open311.org/GeoReport_v2. XML and JSON, by suffix.

Machines post with an `api_key`; no cookie is read at these addresses, so that no other site can use a visitor's session
(docs/adr/0008). Errors are `[{code, description}]`, as the standard wants them.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from io import StringIO
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, register_converter
from django.urls.converters import StringConverter
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.csrf import csrf_exempt

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import BadInput, Forbidden, NotFound, Refused
from lacydon.kernel.middleware.input import refuse_unreadable_form

from ..actions import open311 as actions
from ..actions.reports import api_client
from ..queries import open311 as queries
from ..queries.competence import competent
from ..queries.reports import report_forms

SINGULAR = {
    "services": "service", "service_requests": "request", "attributes": "attribute", "values": "value",
    "errors": "error", "endpoints": "endpoint", "formats": "format",
}  # fmt: skip
View = Callable[..., HttpResponse]


def answered(root: str) -> Callable[[Callable[..., Any]], View]:
    """Decorator: what a view returns, as XML under `root` or as JSON; what it refuses, as the standard's errors."""

    def decorate(view: Callable[..., Any]) -> View:
        @csrf_exempt
        @open_to_all
        @wraps(view)
        def inner(request: HttpRequest, suffix: str, **parts: Any) -> HttpResponse:
            try:
                _jurisdiction(request)
                return _written(root, view(request, **parts), suffix=suffix)
            except Refused as refusal:
                status = {422: 400, 409: 400}.get(refusal.status, refusal.status)
                said = [{"code": status, "description": _sentence(refusal)}]
                return _written("errors", said, suffix=suffix, status=status)

        return inner

    return decorate


def _sentence(refusal: Refused) -> str:
    return f"{refusal.field}: {refusal.sentence}" if refusal.field else str(refusal.sentence)


def _jurisdiction(request: HttpRequest) -> None:
    """One jurisdiction is served: this host's name, or the INSEE code of one of its communes. NotFound for another."""
    asked = (request.POST if request.method == "POST" else request.GET).get("jurisdiction_id", "")
    ours = {request.get_host().partition(":")[0]} | {each.code for each in territory.communes()}
    if asked and asked not in ours:
        raise NotFound(_("Cette juridiction n’est pas servie ici."), field="jurisdiction_id")


@answered("discovery")
def discovery(request: HttpRequest) -> dict[str, Any]:
    return queries.discovery(_base(request))


@answered("services")
def services(request: HttpRequest) -> list[dict[str, Any]]:
    """With `lat` and `long` (an extension others have too): only the services somebody answers for at that point."""
    lon, lat = _coordinate(request.GET, "long"), _coordinate(request.GET, "lat")
    citycode = territory.place_at(lon=lon, lat=lat).commune.code if lon is not None and lat is not None else ""
    made = []
    for each in report_forms():
        if citycode and not _somebody(each.form.service, citycode):
            continue
        made.append(queries.service(each.form, actions.attributes_of(each.form)))
    return made


def _somebody(service: str, citycode: str) -> bool:
    try:
        competent(service=service, citycode=citycode)
    except Refused:
        return False
    return True


@answered("service_definition")
def definition(_request: HttpRequest, code: str) -> dict[str, Any]:
    form = actions.service_of(code).form
    return queries.definition(form, actions.attributes_of(form))


@answered("service_requests")
def requests(request: HttpRequest) -> list[dict[str, Any]]:
    if request.method == "POST":
        return _post(request)
    if request.method != "GET":
        raise BadInput(_("Cette adresse répond à GET et à POST."))
    extended = request.GET.get("extensions", "") == "true"
    rows = queries.asked_reports(request.GET.dict())
    return [queries.request_out(each, base=_base(request), extended=extended) for each in rows]


@answered("service_requests")
def one(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    rows = queries.asked_reports({}, number=number)
    if not rows:
        raise NotFound(_("Aucun signalement public de ce numéro."), field="service_request_id")
    extended = request.GET.get("extensions", "") == "true"
    return [queries.request_out(each, base=_base(request), extended=extended) for each in rows]


@answered("service_requests")
def token(_request: HttpRequest, token: str) -> list[dict[str, Any]]:
    """Numbers are given at once (type realtime): a token is the number itself."""
    rows = queries.asked_reports({}, number=token)
    if not rows:
        raise NotFound(_("Ce jeton ne mène à rien."), field="token")
    return [{"service_request_id": rows[0].request.number, "token": token}]


def _post(request: HttpRequest) -> list[dict[str, Any]]:
    refuse_unreadable_form(request)
    said = request.POST
    client = api_client(said.get("api_key", ""))
    if client is None:
        raise Forbidden(_("Il faut une clé (api_key) valable."), field="api_key")
    for needed in ("service_code",):
        if not said.get(needed):
            raise BadInput(_("« %s » est obligatoire.") % needed, field=needed)
    description = said.get("description", "")
    if len(description) > 4000:
        raise BadInput(_("La description a 4 000 caractères au plus."), field="description")
    attributes: dict[str, list[str]] = {}
    for name, values in said.lists():
        if name.startswith("attribute[") and name.removesuffix("[]").endswith("]"):
            attributes[name.removesuffix("[]")[len("attribute[") : -1]] = [str(each) for each in values]
    opened = actions.receive(
        actions.Received(
            service_code=said["service_code"],
            lon=_coordinate(said, "long"),
            lat=_coordinate(said, "lat"),
            address=said.get("address_string", "")[:200],
            description=description,
            email=said.get("email", "")[:200],
            attributes=attributes,
            media=[(each.name or "", each.read()) for each in request.FILES.getlist("media")[:5]],
            client=client.name,
            key=request.headers.get("Idempotency-Key", "")[:200],
        )
    )
    return [{"service_request_id": opened.request.number, "service_notice": "", "account_id": None}]


def _coordinate(parameters: Mapping[str, str], name: str) -> float | None:
    written = parameters.get(name, "")
    if not written:
        return None
    try:
        number = float(written)
    except ValueError:
        number = float("nan")
    if not -180 <= number <= 180:
        raise BadInput(_("« %s » est un nombre de degrés (WGS 84).") % name, field=name)
    return number


def _base(request: HttpRequest) -> str:
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")


def _written(root: str, told: Any, *, suffix: str, status: int = 200) -> HttpResponse:
    if suffix == "json":
        response: HttpResponse = JsonResponse(
            told, safe=False, status=status, json_dumps_params={"ensure_ascii": False}
        )
        response["Content-Type"] = "application/json; charset=utf-8"
    else:
        text = StringIO()
        writer = SimplerXMLGenerator(text, "utf-8")
        writer.startDocument()
        _write(writer, root, told)
        writer.endDocument()
        response = HttpResponse(text.getvalue(), content_type="text/xml; charset=utf-8", status=status)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _write(writer: SimplerXMLGenerator, name: str, told: Any) -> None:
    """Lists are repeated elements named in the singular; what is not known is an empty element."""
    writer.startElement(name, {})  # type: ignore[arg-type]
    if isinstance(told, Mapping):
        for each, value in told.items():
            _write(writer, each, value)
    elif isinstance(told, list):
        for each in told:
            _write(writer, SINGULAR.get(name, "item"), each)
    elif told is not None:
        writer.characters(str(told).lower() if isinstance(told, bool) else str(told))
    writer.endElement(name)


class Suffix(StringConverter):
    """The format asked for."""

    regex = "xml|json"


register_converter(Suffix, "suffix")

urlpatterns = [
    path("open311/v2/discovery.<suffix:suffix>", discovery, name="open311-discovery"),
    path("open311/v2/services.<suffix:suffix>", services, name="open311-services"),
    path("open311/v2/services/<slug:code>.<suffix:suffix>", definition, name="open311-definition"),
    path("open311/v2/requests.<suffix:suffix>", requests, name="open311-requests"),
    path("open311/v2/requests/<slug:number>.<suffix:suffix>", one, name="open311-request"),
    path("open311/v2/tokens/<slug:token>.<suffix:suffix>", token, name="open311-token"),
]
