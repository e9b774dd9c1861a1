"""`/api/ogc`: OGC API Features 1.0 (core, GeoJSON, OpenAPI 3.0), coordinates (part 2), filters in CQL2 (part 3).

A browser that asks for a page is sent to the page of the dataset; `f=json` shows it what machines read.
"""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel import problems, site
from lacydon.kernel.access import open_to_all
from lacydon.kernel.clock import now
from lacydon.kernel.errors import Refused, UnknownParameter

from ..actions.opening import table_of
from ..errors import WrongQuestion
from ..queries import datasets
from ..queries.logical import Table
from ..queries.ogc import documents, items, openapi
from ..queries.ogc.crs import CRS84, Crs, crs_named
from ..queries.ogc.documents import GEOJSON, JSON, ROOT, link

View = Callable[..., HttpResponse]
FORMATS = ("json", "geojson", "html")


def face(view: View) -> View:
    """Decorator: pages for people are elsewhere; what is wrong with a question is 400, as the standard has it."""

    @open_to_all
    @require_safe
    @wraps(view)
    def inner(request: HttpRequest, **parts: str) -> HttpResponse:
        try:
            format_ = request.GET.get("f", "")
            if format_ and format_ not in FORMATS:
                raise WrongQuestion(_("« f » est json ou html."), field="f")
            if format_ == "html" or (not format_ and _page_wanted(request)):
                id = parts.get("id")
                response: HttpResponse = HttpResponseRedirect(f"/donnees/{id}" if id else "/donnees")
                response.status_code = 303
            else:
                response = view(request, **parts)
        except Refused as refusal:
            if refusal.status != 422:
                raise
            response = problems.problem(
                request, status=400, code=refusal.code, detail=refusal.sentence, field=refusal.field
            )
        response["Vary"] = "Accept, Accept-Language"
        return response

    return inner


def _page_wanted(request: HttpRequest) -> bool:
    accepted = request.headers.get("Accept", "")
    return "text/html" in accepted and request.get_preferred_type([JSON, GEOJSON, "text/html"]) == "text/html"


def _json(told: Any, *, media: str = JSON) -> HttpResponse:
    return HttpResponse(json.dumps(told, ensure_ascii=False, allow_nan=False), content_type=media)


def _said(request: HttpRequest, *, known: frozenset[str]) -> dict[str, str]:
    """The parameters, each once. Raises UnknownParameter, WrongQuestion."""
    said = {}
    for name, values in request.GET.lists():
        if name not in known:
            listed = ", ".join(sorted(known - {"lang"}))
            sentence = _("« %(name)s » n'est pas un paramètre connu ici. Paramètres connus : %(known)s.")
            raise UnknownParameter(sentence % {"name": name[:80], "known": listed}, field=name[:80])
        if len(values) > 1:
            raise WrongQuestion(_("« %s » est écrit plusieurs fois.") % name[:80], field=name[:80])
        said[name] = values[0]
    return said


NONE = frozenset({"f", "lang"})


@face
def landing(request: HttpRequest) -> HttpResponse:
    _said(request, known=NONE)
    return _json(documents.landing(site.address()))


@face
def conformance(request: HttpRequest) -> HttpResponse:
    _said(request, known=NONE)
    return _json({"conformsTo": documents.CONFORMS})


@face
def description(request: HttpRequest) -> HttpResponse:
    _said(request, known=NONE)
    return _json(openapi.description(site.address()), media=documents.OPENAPI)


@face
def collections(request: HttpRequest) -> HttpResponse:
    """Those whose rows this visitor reads without a contract: to list is not to read, and writes no journal."""
    _said(request, known=NONE)
    actor = request.actor  # type: ignore[attr-defined]
    readable = [
        each for each in datasets.datasets(actor=actor) if each.version and (each.open or datasets.is_of(actor, each))
    ]
    made = ((each, table_of(each.id, actor=actor)) for each in readable)
    return _json(documents.collections(site.address(), made))


@face
def collection(request: HttpRequest, id: str) -> HttpResponse:
    _said(request, known=NONE)
    table = _table(request, id)
    return _json(documents.collection(site.address(), _dataset(request, id), table))


@face
def queryables(request: HttpRequest, id: str) -> HttpResponse:
    _said(request, known=NONE)
    table = _table(request, id)
    told = documents.queryables(site.address(), _dataset(request, id), table)
    return _json(told, media=documents.SCHEMA)


@face
def features(request: HttpRequest, id: str) -> HttpResponse:
    table = _table(request, id)
    names = frozenset(each.name for each in table.columns)
    said = _said(request, known=items.PARAMETERS | names)
    asked = items.asked_of(table, said)
    page = items.page_of(asked)
    links = _links(id, said, asked=asked, page=page)
    told = {
        "numberMatched": page.matched,
        "numberReturned": len(page.features),
        "timeStamp": now().isoformat().replace("+00:00", "Z"),
        "links": links,
    }
    # The features are texts already: what goes around them is written around them.
    around = json.dumps(told, ensure_ascii=False)[1:]
    body = '{"type":"FeatureCollection","features":[' + ",".join(page.features) + "]," + around
    return _geojson(body, table=table, crs=asked.crs, links=links)


@face
def feature(request: HttpRequest, id: str, feature: str) -> HttpResponse:
    table = _table(request, id)
    said = _said(request, known=NONE | {"crs"})
    crs = crs_named(said["crs"]) if said.get("crs") else CRS84
    found = items.one(table, feature, crs=crs)
    here = f"{ROOT}/collections/{id}"
    base = site.address()
    links = [
        link(base, f"{here}/items/{feature}", "self", GEOJSON),
        link(base, f"/donnees/{id}", "alternate", "text/html"),
        link(base, here, "collection", JSON),
    ]
    return _geojson(
        f'{found[:-1]},"links":{json.dumps(links, ensure_ascii=False)}}}', table=table, crs=crs, links=links
    )


def _geojson(body: str, *, table: Table, crs: Crs, links: list[dict[str, str]]) -> HttpResponse:
    response = HttpResponse(body, content_type=GEOJSON)
    if table.place is not None:
        response["Content-Crs"] = f"<{crs.uri}>"
    told = [each for each in links if each["rel"] in ("self", "next", "prev")]
    response["Link"] = ", ".join(f'<{each["href"]}>; rel="{each["rel"]}"' for each in told)
    return response


def _links(id: str, said: Mapping[str, str], *, asked: items.Asked, page: items.Page) -> list[dict[str, str]]:
    here, base = f"{ROOT}/collections/{id}", site.address()

    def at(offset: int) -> str:
        where = {name: text for name, text in said.items() if name != "offset"} | ({"offset": offset} if offset else {})
        return f"{here}/items?{urlencode(where)}" if where else f"{here}/items"

    links = [
        link(base, at(asked.offset), "self", GEOJSON),
        link(base, f"/donnees/{id}", "alternate", "text/html"),
        link(base, here, "collection", JSON),
    ]
    if asked.offset + len(page.features) < page.matched and page.features:
        links.append(link(base, at(asked.offset + asked.limit), "next", GEOJSON))
    if asked.offset:
        links.append(link(base, at(max(asked.offset - asked.limit, 0)), "prev", GEOJSON))
    return links


def _dataset(request: HttpRequest, id: str) -> datasets.DatasetView:
    return datasets.dataset(id, actor=request.actor)  # type: ignore[attr-defined]


def _table(request: HttpRequest, id: str) -> Table:
    return table_of(id, actor=request.actor)  # type: ignore[attr-defined]


urlpatterns = [
    path("api/ogc", landing, name="ogc"),
    path("api/ogc/", landing),
    path("api/ogc/conformance", conformance, name="ogc-conformance"),
    path("api/ogc/api", description, name="ogc-api"),
    path("api/ogc/collections", collections, name="ogc-collections"),
    path("api/ogc/collections/<slug:id>", collection, name="ogc-collection"),
    path("api/ogc/collections/<slug:id>/queryables", queryables, name="ogc-queryables"),
    path("api/ogc/collections/<slug:id>/items", features, name="ogc-items"),
    path("api/ogc/collections/<slug:id>/items/<str:feature>", feature, name="ogc-item"),
]
