"""`/api/3/action/…`: the reading half of CKAN's action API, for its clients and those who harvest it.

A question is GET or POST, in JSON or as a form; the answer is CKAN's envelope {help, success, result | error}, with its
status codes. What CKAN does not know it does not refuse: parameters of no use are passed over, as there.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lacydon.kernel import site
from lacydon.kernel.access import Actor, open_to_all
from lacydon.kernel.errors import Refused

from ..actions.asking import ask_sql
from ..actions.opening import table_of
from ..errors import UnknownDataset, WrongQuestion
from ..queries import lake
from ..queries.ckan import finding, packages, rows
from ..queries.datasets import DatasetView, datasets
from ..queries.sandbox import Named
from .asker import asker

Said = Mapping[str, Any]
Action = Callable[[Said, Actor], Any]
VERSION = "2.12.0"
"""Of CKAN, whose API this is."""
MOST_PACKAGES = 1_000
KINDS = {
    401: ("Authorization Error", 403),
    403: ("Authorization Error", 403),
    404: ("Not Found Error", 404),
    422: ("Validation Error", 409),
    400: ("Validation Error", 409),
}
"""CKAN's kinds of errors and their statuses, by the status a refusal has here."""


def package_list(said: Said, actor: Actor) -> list[str]:
    return _slice([each.id for each in datasets(actor=actor)], said)


def package_show(said: Said, actor: Actor) -> dict[str, Any]:
    return packages.package(packages.package_of(_needed(said, "id"), datasets(actor=actor)))


def current_package_list_with_resources(said: Said, actor: Actor) -> list[dict[str, Any]]:
    found = finding.sorted_by(datasets(actor=actor), "metadata_modified desc")
    return [packages.package(each) for each in _slice(found, said, most=MOST_PACKAGES)]


def package_search(said: Said, actor: Actor) -> dict[str, Any]:
    known = datasets(actor=actor)
    asked = [str(said.get("q") or ""), *_texts(said.get("fq")), *_texts(said.get("fq_list"))]
    tests = [finding.tests_of(each) for each in asked if each.strip()]
    found = [each for each in known if all(test(each) for test in tests)]
    sort = str(said.get("sort") or "score desc, metadata_modified desc")
    ordered = finding.sorted_by(found, sort)
    start, most = rows.count(said.get("start"), "start", usual=0), rows.count(said.get("rows"), "rows", usual=10)
    fields = [each for each in _texts(said.get("facet.field")) if each]
    titles = {each["name"]: each["title"] for each in (*packages.organisations(known), *packages.groups(known))}
    counted, told = finding.facets(
        found,
        fields if str(said.get("facet", "true")).lower() != "false" else [],
        most=int(str(said.get("facet.limit") or 50))
        if str(said.get("facet.limit") or 50).lstrip("-").isdecimal()
        else 50,
        least=rows.count(said.get("facet.mincount"), "facet.mincount", usual=1),
        names=titles,
    )
    return {
        "count": len(ordered),
        "sort": sort,
        "facets": counted,
        "search_facets": told,
        "results": [packages.package(each) for each in ordered[start : start + min(most, MOST_PACKAGES)]],
    }


def resource_show(said: Said, actor: Actor) -> Mapping[str, Any]:
    return packages.resource_of(_needed(said, "id"), datasets(actor=actor)).told


def _listed(made: list[dict[str, Any]], said: Said) -> list[Any]:
    """Names, or all that is known with `all_fields`; some of them with `organizations` or `groups`."""
    kept = {name for key in ("organizations", "groups") for each in _texts(said.get(key)) for name in each.split(",")}
    made = [each for each in made if not kept or each["name"] in kept]
    return _slice(made if rows.true(said.get("all_fields")) else [each["name"] for each in made], said)


def organization_list(said: Said, actor: Actor) -> list[Any]:
    return _listed(packages.organisations(datasets(actor=actor)), said)


def group_list(said: Said, actor: Actor) -> list[Any]:
    return _listed(packages.groups(datasets(actor=actor)), said)


def _shown(
    made: list[dict[str, Any]], said: Said, of: Callable[[DatasetView, str], bool], actor: Actor
) -> dict[str, Any]:
    asked = _needed(said, "id")
    for each in made:
        if asked in (each["id"], each["name"]):
            inside = [dataset for dataset in datasets(actor=actor) if of(dataset, each["name"])]
            listed = (
                [packages.package(dataset) for dataset in inside] if rows.true(said.get("include_datasets")) else []
            )
            return {**each, "packages": listed, "users": [], "extras": [], "tags": [], "groups": []}
    raise UnknownDataset(_("Rien ne porte le nom « %s ».") % asked[:80])


def organization_show(said: Said, actor: Actor) -> dict[str, Any]:
    made = packages.organisations(datasets(actor=actor))
    return _shown(made, said, lambda each, name: each.organisation == name, actor)


def group_show(said: Said, actor: Actor) -> dict[str, Any]:
    made = packages.groups(datasets(actor=actor))
    return _shown(made, said, lambda each, name: name.upper() in each.themes, actor)


def tag_list(said: Said, actor: Actor) -> list[Any]:
    made = {each: packages.tag(each) for dataset in datasets(actor=actor) for each in dataset.keywords}
    asked = str(said.get("query") or "").lower()
    found = sorted((each for each in made.values() if asked in each["name"]), key=lambda each: each["name"])
    return found if rows.true(said.get("all_fields")) else list(dict.fromkeys(each["name"] for each in found))


def license_list(_said: Said, _actor: Actor) -> list[dict[str, Any]]:
    return packages.licences()


def status_show(_said: Said, _actor: Actor) -> dict[str, Any]:
    return {
        "ckan_version": VERSION,
        "site_url": site.address(),
        "site_title": "Lacydon",
        "site_description": "",
        "error_emails_to": None,
        "locale_default": "fr",
        "extensions": ["datastore"],
    }


def help_show(said: Said, _actor: Actor) -> str:
    name = _needed(said, "name")
    if name not in ACTIONS:
        raise UnknownDataset(_("Il n’y a pas d’action « %s ».") % name[:80])
    return (ACTIONS[name].__doc__ or _("Voir https://docs.ckan.org/en/2.12/api/#action-api-reference")).strip()


def datastore_search(said: Said, actor: Actor) -> dict[str, Any]:
    """Rows of a resource: filters, q, full_text, distinct, fields, sort, limit (100, at most 32,000), offset,
    include_total, records_format (objects, lists, csv, tsv)."""
    resource = _rows_resource(said, actor)
    table = table_of(resource.dataset.id, actor=actor, version=_version(_resource_id(said)))
    asked = rows.asked_of(table, said)
    fields = rows.fields_out(asked)
    names = [each["id"] for each in fields]
    found = rows.rows_of(table, asked)
    way = str(said.get("records_format") or "objects")
    result: dict[str, Any] = {
        "resource_id": resource.id,
        "fields": fields,
        "records_format": way,
        "records": _records(found, names, way),
        "limit": asked.question.limit,
        "offset": asked.question.offset,
        "include_total": rows.true(said.get("include_total", True)),
        **{each: said[each] for each in ("filters", "q", "sort", "distinct") if said.get(each)},
        "_links": _links(said, limit=asked.question.limit or 0, offset=asked.question.offset),
    }
    if result["include_total"]:
        result |= {"total": rows.total_of(table, asked), "total_was_estimated": False}
    return result


def datastore_search_sql(said: Said, actor: Actor) -> dict[str, Any]:
    """One SELECT in PostgreSQL's words, FROM "resource_id"; what PostgreSQL alone has is not known here."""
    sql = _needed(said, "sql")
    known = datasets(actor=actor)

    def naming(named: Named) -> tuple[str, int | None]:
        return packages.resource_of(named.dataset, known).dataset.id, named.version

    found = ask_sql(sql, actor=actor, dialect="postgres", naming=naming)
    names = [name for name, _kind in found.columns]
    result: dict[str, Any] = {
        "sql": sql,
        "fields": [{"id": name, "type": packages.TYPES[kind]} for name, kind in found.columns],
        "records": [dict(zip(names, row, strict=True)) for row in found.rows],
    }
    return result | ({"records_truncated": True} if found.truncated else {})


def datastore_info(said: Said, actor: Actor) -> dict[str, Any]:
    resource = _rows_resource(said, actor)
    table = table_of(resource.dataset.id, actor=actor, version=_version(_resource_id(said)))
    meta = {
        "id": resource.id,
        "count": lake.count(table),
        "table_type": "BASE TABLE",
        "aliases": [resource.dataset.id],
        "size": resource.dataset.version.bytes if resource.dataset.version else 0,
    }
    fields = [
        {**rows.field_out(each), "schema": {"notnull": not each.nullable, "is_index": each.name in table.ordered_by},
         "info": {"label": each.label, "notes": each.description}}
        for each in table.columns
    ]  # fmt: skip
    return {"meta": meta, "fields": fields}


ACTIONS: Mapping[str, Action] = {
    each.__name__: each
    for each in (
        package_list, package_show, package_search, current_package_list_with_resources, resource_show,
        organization_list, organization_show, group_list, group_show, tag_list, license_list, status_show, help_show,
        datastore_search, datastore_search_sql, datastore_info,
    )
}  # fmt: skip


@csrf_exempt
@open_to_all
@require_http_methods(["GET", "POST"])
def action(request: HttpRequest, name: str, version: str = "3") -> HttpResponse:
    """One action. `name`: as CKAN calls it."""
    does = ACTIONS.get(name)
    if does is None:
        return _told(f"Bad request - Action name not known: {name[:80]}", status=400)
    help_ = f"{site.address()}/api/3/action/help_show?name={name}"
    try:
        said = _said(request)
    except (ValueError, RecursionError, RawPostDataException, UnreadablePostError) as error:
        return _told(f"Bad request - JSON Error: {type(error).__name__}", status=400)
    try:
        result = does(said, asker(request))
    except Refused as refusal:
        kind, status = KINDS.get(refusal.status, (type(refusal).__name__, refusal.status))
        fault: dict[str, Any] = {"__type": kind, "message": str(refusal.sentence)}
        if kind == "Validation Error":
            fault[refusal.field or _culprit(said)] = [str(refusal.sentence)]
        return _told({"help": help_, "success": False, "error": fault}, status=status)
    return _told({"help": help_, "success": True, "result": result})


def _culprit(said: Said) -> str:
    return next((each for each in ("sql", "filters", "sort", "q", "fields") if said.get(each)), "data")


def _told(told: Any, *, status: int = 200) -> HttpResponse:
    response = JsonResponse(told, safe=False, status=status, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/json;charset=utf-8"
    response.told = True  # type: ignore[attr-defined]
    return response


def _said(request: HttpRequest) -> dict[str, Any]:
    """The parameters: of the address, then of the body. Lists are parameters written several times, or JSON."""
    said: dict[str, Any] = {name: values if len(values) > 1 else values[0] for name, values in request.GET.lists()}
    if request.method != "POST":
        return said
    if (request.content_type or "") in ("application/x-www-form-urlencoded", "multipart/form-data") and request.POST:
        form = {name: values if len(values) > 1 else values[0] for name, values in request.POST.lists()}
        only = next(iter(form)) if len(form) == 1 else ""
        if not (only.startswith("{") and form[only] == ""):
            return said | form
        return said | _body(only)
    return said | _body(request.body.decode("utf-8"))


def _body(text: str) -> dict[str, Any]:
    found = json.loads(text) if text.strip() else {}
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _needed(said: Said, name: str) -> str:
    found = said.get(name)
    if not isinstance(found, str) or not found:
        raise WrongQuestion(_("« %s » est obligatoire.") % name, field=name)
    if "\0" in found:
        raise WrongQuestion(_("« %s » contient un caractère de contrôle.") % name, field=name)
    return found


def _texts(said: Any) -> list[str]:
    """One text, several, or several as a list in JSON."""
    if not said:
        return []
    if isinstance(said, str) and said.lstrip().startswith("["):
        try:
            said = json.loads(said)
        except ValueError:
            return [str(said)]
    return [str(each) for each in said] if isinstance(said, list) else [str(said)]


def _slice(made: list[Any], said: Said, *, most: int | None = None) -> list[Any]:
    start = rows.count(said.get("offset"), "offset", usual=0)
    limit = rows.count(said.get("limit"), "limit", usual=most or len(made))
    return made[start : start + (min(limit, most) if most else limit)]


def _resource_id(said: Said) -> str:
    return _needed(said, "resource_id" if said.get("resource_id") or not said.get("id") else "id")


def _version(asked: str) -> int | None:
    """`id@3`: the third version."""
    number = asked.partition("@")[2]
    return int(number) if number.isdecimal() and len(number) < 10 else None


def _rows_resource(said: Said, actor: Actor) -> packages.Resource:
    resource = packages.resource_of(_resource_id(said).partition("@")[0], datasets(actor=actor))
    if not resource.rows:
        raise UnknownDataset(_("Cette ressource est un fichier : ses lignes ne peuvent pas être interrogées."))
    return resource


def _records(found: Iterable[list[Any]], names: list[str], way: str) -> Any:
    if way == "objects":
        return [dict(zip(names, row, strict=True)) for row in found]
    if way == "lists":
        return list(found)
    if way in ("csv", "tsv"):
        text = io.StringIO()
        csv.writer(text, delimiter="," if way == "csv" else "\t", lineterminator="\n").writerows(found)
        return text.getvalue()
    raise WrongQuestion(_("« records_format » est objects, lists, csv ou tsv."), field="records_format")


def _links(said: Said, *, limit: int, offset: int) -> dict[str, str]:
    kept = {
        name: each if isinstance(each, str) else json.dumps(each)
        for name, each in said.items()
        if name not in ("offset", "limit")
    }

    def at(place: int) -> str:
        where = kept | ({"limit": limit} if limit != rows.USUAL else {}) | ({"offset": place} if place else {})
        return f"/api/3/action/datastore_search?{urlencode(where)}"

    return {"start": at(0), "next": at(offset + limit), **({"prev": at(max(offset - limit, 0))} if offset else {})}


urlpatterns = [
    path("api/3/action/<str:name>", action, name="ckan"),
    path("api/action/<str:name>", action, name="ckan-unversioned"),
]
