"""The catalogue: datasets, what is said of each, its facets and its exports."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from lacydon.kernel.errors import NotFound

from ...queries import cells, datasets, lake, listed
from ...queries import facets as faceting
from ...queries.datasets import DatasetView
from ...queries.exports import MEDIA_TYPES, Export
from ...queries.logical import Question, Table, col
from ..exports import export_of, is_true, send
from .answering import JSON, ROOT, answered, integer, lang_of, links, told
from .records import DEFAULT, MOST, MOST_REACHED, asked_of, content_of, counted, page, rows_where

TYPES = {
    "text": "text",
    "integer": "int",
    "number": "double",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
    "time": "text",
    "point": "geo_point_2d",
    "shape": "geo_shape",
    "json": "json_blob",
}


def _listing(request: HttpRequest) -> tuple[Table, dict[str, DatasetView], bool]:
    actor = request.actor  # type: ignore[attr-defined]
    table, views = listed.table(actor=actor, lang=lang_of(request))
    return table, views, not actor.organisation


@told
def catalogue(request: HttpRequest) -> HttpResponseBase:
    """Datasets."""
    table, views, open = _listing(request)
    return answered(
        request,
        content=content_of(table) + _described(views),
        open=open,
        make=lambda: _catalogue(request, table, views),
    )


def _described(views: dict[str, DatasetView]) -> str:
    said = "\0".join(repr(each) for each in views.values())
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def _catalogue(request: HttpRequest, table: Table, views: dict[str, DatasetView]) -> dict[str, Any]:
    if request.GET.get("select") or request.GET.get("group_by"):
        return page(request, table)
    limit = integer(request, "limit", otherwise=DEFAULT, least=-1, most=MOST)
    limit = MOST if limit == -1 else limit
    offset = integer(request, "offset", otherwise=0, least=0, most=MOST_REACHED - limit)
    asked = asked_of(request, table, limit=limit, offset=offset)
    question = Question(
        columns=(col("dataset_id"),),
        where=asked.question.where,
        order_by=asked.question.order_by,
        limit=limit,
        offset=offset,
    )
    rows = lake.answer(table, question).rows if limit else []
    made = [_dataset(request, views[id]) for (id,) in rows]
    return {"total_count": rows_where(table, asked.question.where), "results": made}


@told
def dataset(request: HttpRequest, id: str) -> HttpResponseBase:
    """What is said of a dataset, and its columns."""
    view = datasets.dataset(id, actor=request.actor)  # type: ignore[attr-defined]
    content = hashlib.blake2b(repr(view).encode(), digest_size=16).hexdigest()
    return answered(request, content=content, open=view.open, make=lambda: _dataset(request, view))


def _dataset(request: HttpRequest, view: DatasetView) -> dict[str, Any]:
    lang = lang_of(request)
    row = listed.row_of(view, lang=lang)
    metas = {
        "title": row["title"],
        "description": row["description"],
        "theme": row["theme"],
        "keyword": row["keyword"],
        "license": row["license"],
        "language": "fr",
        "metadata_languages": sorted(view.title),
        "timezone": None,
        "modified": row["modified"],
        "modified_updates_on_metadata_change": False,
        "modified_updates_on_data_change": True,
        "data_processed": row["data_processed"],
        "metadata_processed": row["modified"],
        "geographic_reference": row["territory"],
        "territory": row["territory"],
        "geometry_types": _geometries(view),
        "publisher": row["publisher"],
        "references": view.landing_page or None,
        "records_count": row["records_count"],
        "attributions": [view.rights] if view.rights else None,
        "update_frequency": row["update_frequency"],
        "federated": bool(view.source),
    }
    dcat = {
        "created": row["issued"],
        "issued": row["issued"],
        "contact_name": view.contact_name or None,
        "contact_email": view.contact_email or None,
        "accrualperiodicity": row["update_frequency"],
        "spatial": row["territory"] or None,
        "temporal": "/".join(each.isoformat() if each else ".." for each in (view.starts_on, view.ends_on))
        if view.starts_on or view.ends_on
        else None,
    }
    made: dict[str, Any] = {
        "visibility": "domain" if view.open else "restricted",
        "dataset_id": view.id,
        "dataset_uid": f"da_{view.id}",
        "has_records": view.version is not None,
        "features": row["features"],
        "attachments": _attachments(view),
        "alternative_exports": [],
        "data_visible": view.open,
        "fields": _fields(view),
        "metas": {"default": metas, "dcat": dcat},
    }
    if is_true(request.GET.get("include_links")):
        made["links"] = [
            {"rel": rel, "href": request.build_absolute_uri(f"/{ROOT}/datasets/{view.id}{tail}")}
            for rel, tail in (("self", ""), ("records", "/records"), ("exports", "/exports"), ("facets", "/facets"))
        ]
    return made


def _geometries(view: DatasetView) -> list[str] | None:
    return ["Point"] if any(each.type == "point" for each in view.columns) else None


def _fields(view: DatasetView) -> list[dict[str, Any]]:
    made = []
    for each in view.columns:
        notes: dict[str, Any] = {"facet": True} if faceting.is_facet(each) else {}
        if each.kind:
            notes["kind"] = each.kind
        said = {"name": each.name, "description": each.description or None, "annotations": notes}
        made.append({**said, "label": each.label, "type": TYPES[each.type]})
    return made


def _attachments(view: DatasetView) -> list[dict[str, Any]]:
    return [
        {
            "href": each.download_url or each.access_url,
            "metas": {"id": str(each.id), "mime-type": each.media_type, "title": each.title, "url": each.access_url},
        }
        for each in view.distributions
    ]


@told
def attachments(request: HttpRequest, id: str) -> HttpResponseBase:
    """Files beside the rows."""
    view = datasets.dataset(id, actor=request.actor)  # type: ignore[attr-defined]
    content = hashlib.blake2b(repr(view).encode(), digest_size=16).hexdigest()

    def make() -> dict[str, Any]:
        return {"links": links(request), "attachments": _attachments(view)}

    return answered(request, content=content, open=view.open, make=make)


@told
def catalogue_facets(request: HttpRequest) -> HttpResponseBase:
    """Publishers, themes, keywords… and how many datasets have each."""
    table, _views, open = _listing(request)
    return answered(
        request, content=content_of(table), open=open, make=lambda: counted(request, table, list(listed.FACETS))
    )


@told
def exports(request: HttpRequest, id: str | None = None) -> HttpResponseBase:
    """The formats there are."""
    formats = [each for each in MEDIA_TYPES if id is not None or each not in ("geojson",)]
    place = f"/{ROOT}/datasets/{id}/exports" if id is not None else f"/{ROOT}/exports"
    if id is not None:
        datasets.dataset(id, actor=request.actor)  # type: ignore[attr-defined]
    links = [{"rel": each, "href": request.build_absolute_uri(f"{place}/{each}")} for each in formats]
    own = {"rel": "self", "href": request.build_absolute_uri(place)}
    response = HttpResponse(cells.encoded({"links": [own, *links]}), content_type=JSON)
    response["Cache-Control"] = "public, max-age=60"
    return response


@told
def export(request: HttpRequest, id: str, format: str) -> HttpResponseBase:
    """The rows as a file."""
    return export_of(request, id=id, format=format)


@told
def catalogue_export(request: HttpRequest, format: str) -> HttpResponseBase:
    """The catalogue as a file."""
    if format not in MEDIA_TYPES or format == "geojson":
        raise NotFound(_("Le catalogue ne s’exporte pas dans ce format."))
    table, _views, open = _listing(request)
    asked = asked_of(request, table, limit=None, offset=0)
    made = Export(
        table=table,
        question=asked.question,
        types=asked.types,
        format=format,  # type: ignore[arg-type]
        delimiter=request.GET.get("delimiter") or ";",
        labels=is_true(request.GET.get("use_labels")),
        volatile="1" if asked.volatile else "",
    )
    return send(request, made, name="catalogue", open=open)
