"""`/api/resources/{rid}/…`: rows as api-tabular of data.gouv.fr gives them. `rid`: as CKAN's, or the dataset's id."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.views.decorators.http import require_safe

from lacydon.kernel import problems, site
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import Refused

from ..actions.opening import table_of
from ..queries import datasets, lake, tabular
from ..queries.ckan import packages
from ..queries.ckan.rows import plain
from ..queries.exports import Export, Format
from ..queries.logical import Table
from .exports import send

ENDINGS: dict[str, Format] = {"csv": "csv", "json": "json"}
KINDS = {"integer": "int", "number": "float", "boolean": "bool", "date": "date", "datetime": "datetime", "json": "json"}


def _table(request: HttpRequest, rid: str) -> tuple[packages.Resource, Table]:
    actor = request.actor  # type: ignore[attr-defined]
    resource = packages.resource_of(rid, datasets.datasets(actor=actor))
    return resource, table_of(resource.dataset.id, actor=actor)


@open_to_all
@require_safe
def about(request: HttpRequest, rid: str) -> HttpResponse:
    resource, _rows = _table(request, rid)
    here = f"{site.address()}/api/resources/{rid}"
    links = [{"href": f"{here}/{each}/", "type": "GET", "rel": each} for each in ("profile", "data")]
    return JsonResponse({"created_at": resource.told["created"], "url": resource.told["url"], "links": links})


@open_to_all
@require_safe
def profile(request: HttpRequest, rid: str) -> HttpResponse:
    """What is known of the columns."""
    _resource, table = _table(request, rid)
    columns = {
        each.name: {
            "python_type": KINDS.get(each.type, "string"),
            "format": each.kind or KINDS.get(each.type, "string"),
        }
        for each in table.columns
    }
    told = {"header": list(columns), "columns": columns, "total_lines": lake.count(table)}
    return JsonResponse({"profile": told, "indexes": list(table.ordered_by)})


@open_to_all
@require_safe
def data(request: HttpRequest, rid: str, ending: str = "") -> HttpResponseBase:
    """A page of rows, or all of them as a file. What is wrong with a question is 400, as there."""
    resource, table = _table(request, rid)
    said = [(name, text) for name, values in request.GET.lists() for text in values]
    try:
        asked = tabular.asked_of(table, said)
        if ending:
            whole = replace(asked.question, limit=None, offset=0)
            made = Export(
                table=table, question=whole, format=ENDINGS[ending], types=asked.types, delimiter=",", bom=False
            )
            return send(request, made, name=f"{resource.dataset.id}.{ending}", open=resource.dataset.open)
        names = [name for name, _type in asked.types]
        rows = lake.answer(table, asked.question).rows
        found = [dict(zip(names, map(plain, row), strict=True)) for row in rows]
        counting = tabular.counting(asked)
        if counting:
            total = lake.answer(table, counting).rows[0][0]
        else:
            total = 1 if asked.aggregated else lake.count(table, asked.question.where)
    except Refused as refusal:
        if refusal.status != 422:
            raise
        return problems.problem(request, status=400, code=refusal.code, detail=refusal.sentence, field=refusal.field)
    return JsonResponse({"data": found, "links": _links(rid, said, asked, total=total), "meta": _meta(asked, total)})


def _meta(asked: tabular.Asked, total: int) -> dict[str, int]:
    return {"page": asked.page, "page_size": asked.size, "total": total}


def _links(rid: str, said: list[tuple[str, str]], asked: tabular.Asked, *, total: int) -> dict[str, Any]:
    here = f"{site.address()}/api/resources/{rid}"
    kept = [(name, text) for name, text in said if name not in ("page", "page_size")]

    def at(page: int) -> str:
        return f"{here}/data/?{urlencode([*kept, ('page', page), ('page_size', asked.size)])}"

    return {
        "profile": f"{here}/profile/",
        "next": at(asked.page + 1) if asked.page * asked.size < total else None,
        "prev": at(asked.page - 1) if asked.page > 1 else None,
    }


urlpatterns = [
    path("api/resources/<str:rid>/", about, name="tabular"),
    path("api/resources/<str:rid>/profile/", profile, name="tabular-profile"),
    path("api/resources/<str:rid>/data/", data, name="tabular-data"),
    path("api/resources/<str:rid>/data/csv/", data, {"ending": "csv"}, name="tabular-csv"),
    path("api/resources/<str:rid>/data/json/", data, {"ending": "json"}, name="tabular-json"),
]
