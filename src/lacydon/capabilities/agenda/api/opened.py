"""`/api/v1/agenda`: the public agenda, today or at any past date; its history, its votes; CSV, OC4IDS, goals.

Kinds have French names, those of the addresses of pages: `actions`, `axes`, `jalons` being a list of an action.
What is internal is never here: its count is.
"""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Path, Query, Router

from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import BadInput, NotFound
from lacydon.kernel.french import plain

from ..models import Frozen, State
from ..queries.nouns import SHAPES, Action, Object, stored
from ..queries.opening import oc4ids
from ..queries.opening.goals import goals
from ..queries.opening.shelf import as_csv, shelf, shelves
from ..queries.plan.moments import Moment, moment
from ..queries.writing.past import last_vote
from ..queries.writing.words import ADDRESS_OF, IN_ADDRESSES

router = Router(tags=["agenda"])
Kind = Annotated[str, Path(description=", ".join(IN_ADDRESSES))]
Day = Annotated[date | None, Query(description="The agenda as it was known at the end of this day; today without it.")]


def _moment(le: date | None) -> Moment:
    return moment(le)


def _said(found: Moment) -> dict[str, Any]:
    """Of which day an answer is; `rebuilt`: nothing was recorded then, it is made of the dates objects speak of."""
    return {"le": found.day.isoformat(), "rebuilt": found.rebuilt}


def _kind(word: str) -> str:
    """Raises NotFound."""
    if word not in IN_ADDRESSES:
        raise NotFound(_("L’agenda n’a pas cela ; il a : %s.") % ", ".join(IN_ADDRESSES))
    return IN_ADDRESSES[word]


def _one(found: Moment, kind: str, id: str) -> Object:
    each = found.chart.get(SHAPES[kind], id)
    if each is None:
        raise NotFound(_("Ceci n’est pas dans l’agenda public à cette date."))
    return each


@open_to_all
def summary(request: HttpRequest, le: Day = None) -> dict[str, Any]:
    found = _moment(le)
    agenda = found.chart.agenda()
    counts = dict.fromkeys(SHAPES, 0)
    for kind, _id in found.chart.objects:
        counts[kind] += 1
    vote = last_vote()
    here = request.build_absolute_uri(request.path)
    return {
        **_said(found),
        "agenda": stored(agenda) if agenda else None,
        "kinds": [
            {"kind": ADDRESS_OF[kind], "count": count, "withheld": found.withheld.get(kind, 0),
             "url": f"{here}/{ADDRESS_OF[kind]}"}
            for kind, count in counts.items()
        ],
        "content": found.chart.content,
        "last_vote": _version(vote.version) if vote else None,
    }  # fmt: skip


@router.get("/versions", summary="The versions that votes froze, with the SHA-256 of what each holds")
@open_to_all
def versions(request: HttpRequest) -> list[dict[str, Any]]:
    return [_version(each) for each in Frozen.objects.order_by("at", "number")]


@router.get("/odd", summary="The goals of sustainable development, and what of the agenda serves each")
@open_to_all
def sustainable(request: HttpRequest, le: Day = None) -> list[dict[str, Any]]:
    return [asdict(each) for each in goals(_moment(le).chart)]


@router.get("/oc4ids", summary="Physical works of the agenda, as a package of OC4IDS 0.9")
@open_to_all
def infrastructure(request: HttpRequest, le: Day = None) -> dict[str, Any]:
    made = oc4ids.package(_moment(le).chart, address=request.build_absolute_uri(request.get_full_path()))
    if not made["projects"]:
        raise NotFound(_("L’agenda ne construit rien : il n’y a pas de projet à décrire en OC4IDS."))
    return made


@router.get("/schemas/{kind}", summary="The JSON Schema of a kind of object")
@open_to_all
def schema(request: HttpRequest, kind: Kind) -> dict[str, Any]:
    return SHAPES[_kind(kind)].model_json_schema()


@router.get("/tables", summary="The tables of the agenda: their columns, their CSV, their dataset in the harbour")
@open_to_all
def tables(request: HttpRequest) -> list[dict[str, Any]]:
    here = request.build_absolute_uri(request.path)
    return [
        {
            "id": each.id, "title": each.title["fr"], "csv": f"{here}/{each.id}.csv",
            "columns": [
                {"name": column.name, "label": column.label, "type": column.type} for column in each.columns()
            ],
        }
        for each in shelves()
    ]  # fmt: skip


@router.get("/tables/{id}.csv", summary="A table of the agenda as CSV")
@open_to_all
def table(request: HttpRequest, id: str, le: Day = None) -> HttpResponse:
    found = shelf(id)
    if found is None:
        raise NotFound(_("Cette table n’existe pas."))
    response = HttpResponse(as_csv(found, _moment(le).chart), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.id}.csv"'
    return response


@router.get("/{kind}", summary="Objects of a kind; actions may be narrowed")
@open_to_all
def objects(
    request: HttpRequest,
    kind: Kind,
    le: Day = None,
    q: Annotated[str, Query(max_length=100)] = "",
    axe: Annotated[str, Query(max_length=80)] = "",
    avancement: Annotated[str, Query(max_length=20)] = "",
    sante: Annotated[str, Query(max_length=20)] = "",
    commune: Annotated[str, Query(max_length=5)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> dict[str, Any]:
    if kind != "actions" and (axe or avancement or sante or commune):
        raise BadInput(_("Seules les actions se filtrent ainsi."), field="axe")
    found = _moment(le)
    kept = [
        each
        for each in sorted(found.chart.all(SHAPES[_kind(kind)]), key=lambda each: each.id)
        if not q or plain(q) in plain(f"{each.title.fr} {each.title.en or ''} {each.id} {getattr(each, 'code', '')}")
    ]
    if axe or avancement or sante or commune:
        kept = [each for each in kept if isinstance(each, Action) and _kept(each, axe, avancement, sante, commune)]
    page = kept[offset : offset + limit]
    return {**_said(found), "count": len(kept), "results": [stored(each) for each in page]}


@router.get("/{kind}/{id}", summary="An object of the agenda")
@open_to_all
def one(request: HttpRequest, kind: Kind, id: str, le: Day = None) -> dict[str, Any]:
    found = _moment(le)
    each = _one(found, _kind(kind), id)
    return {
        **_said(found), "number": found.chart.numbers.get((_kind(kind), id)), "object": stored(each),
        "history": reverse("api-v1:agenda-history", kwargs={"kind": kind, "id": id}),
    }  # fmt: skip


@router.get(
    "/{kind}/{id}/histoire", url_name="agenda-history", summary="The states of an object: when, why, by which act"
)
@open_to_all
def history(request: HttpRequest, kind: Kind, id: str) -> list[dict[str, Any]]:
    of = _kind(kind)
    _one(_moment(None), of, id)
    rows = State.objects.filter(kind=of, object=id, content__visibility__isnull=True).order_by("number")
    return [
        {"number": row.number, "at": row.at, "reason": row.reason, "act": row.act or None, "removed": row.removed}
        for row in rows.defer("content")
    ]  # fmt: skip


def _version(each: Frozen) -> dict[str, Any]:
    return {
        "agenda": each.agenda, "number": each.number, "at": each.at, "act": each.act, "content": each.content,
        "frozen_at": each.frozen_at,
    }  # fmt: skip


def _kept(action: Action, axe: str, avancement: str, sante: str, commune: str) -> bool:
    return (
        (not axe or any(share.axis == axe for share in action.axes))
        and avancement in ("", action.status)
        and sante in ("", action.health)
        and (not commune or any(each.citycode == commune for each in action.communes))
    )
