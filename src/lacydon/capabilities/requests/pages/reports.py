"""Problems in public space: the public map and its list, one report, following it, and choosing what to report."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import needs, open_to_all
from lacydon.kernel.downloads import as_attachment
from lacydon.kernel.texts import said
from lacydon.kernel.ui import maps
from lacydon.kernel.ui.shell import page
from lacydon.kernel.ui.shown import done, show

from ..actions import files
from ..actions import reports as actions
from ..models import Report, RequestState
from ..queries import reports
from ..queries.open311 import describe
from ..queries.words import OUTCOMES, STATES
from . import reports_map

SHOWN = 20
STATUSES = ("", "open", "closed")
MOST_GEOJSON = 5000


@open_to_all
@require_safe
def report_something(request: HttpRequest) -> HttpResponse:
    """« Signaler un problème » : first what it is about, since that decides who is in charge."""
    sectors: dict[str, list[Any]] = defaultdict(list)
    for form in (each.form for each in reports.report_forms()):
        try:
            sectors[services.service(form.service).sector].append(form)
        except services.UnknownService:
            continue
    citycode = request.GET.get("citycode", "")
    groups = [(services.sector(id), sorted(forms, key=lambda form: said(form.title))) for id, forms in sectors.items()]
    context = {"groups": groups, "citycode": citycode}
    return HttpResponse(
        page(
            "requests/reports/choose.html",
            context,
            address=request.get_full_path(),
            section="procedures",
            title=_("Signaler un problème dans l’espace public"),
            description=_("Un trou, un lampadaire éteint, un dépôt sauvage : dites où, sans compte."),
        )
    )


@open_to_all
@require_safe
def map_of_reports(request: HttpRequest) -> HttpResponse:
    """Parameters: `citycode`, `etat` (open, closed), `categorie`, `page`, `vue` (of the plan)."""
    citycode, status = request.GET.get("citycode", ""), request.GET.get("etat", "")
    category = request.GET.get("categorie", "")
    place = territory.place_of(citycode) if citycode else None
    status = status if status in STATUSES else ""
    rows = reports.public_reports()
    if place is not None:
        rows = rows.filter(request__citycode=place.commune.code)
    if category:
        rows = rows.filter(category=category)
    if status:
        closed = status == "closed"
        rows = rows.filter(request__closed_at__isnull=not closed)
    number = max(int(asked) if (asked := request.GET.get("page", "1")).isdecimal() else 1, 1)
    first = (number - 1) * SHOWN
    found = list(rows[first : first + SHOWN + 1])
    kept = {"citycode": citycode, "etat": status, "categorie": category}
    listed = [(first + at, *_line(each)) for at, each in enumerate(found[:SHOWN], 1)]
    context = {
        "place": place,
        "citycode": citycode,
        "status": status,
        "category": category,
        "categories": [(each.form.id, each.form.title) for each in reports.report_forms()],
        "listed": listed,
        "drawing": _drawing(
            listed,
            request=request,
            commune=place.commune if place else None,
            kept=kept | {"page": request.GET.get("page", "")},
        ),
        "next": request.path,
        "number": number,
        "more": len(found) > SHOWN,
        "query": urlencode({name: value for name, value in kept.items() if value}),
        "everything": f"{reverse('reports-geojson')}?{urlencode({'citycode': citycode})}",
    }
    where = _("Signalements – %s") % place.commune.name if place else _("Signalements dans l’espace public")
    return HttpResponse(
        page(
            "requests/reports/map.html",
            context,
            address=request.get_full_path(),
            section="procedures",
            title=where,
            description=_("Ce qui est signalé, et ce qu’il en advient."),
        )
    )


def _line(report: Report) -> tuple[Report, Any, str, str]:
    """(report, title, description, state in words)."""
    form = reports.form_of(report)
    return report, form.title, describe(report, form), state_in_words(report)


def state_in_words(report: Report) -> str:
    row = report.request
    return str(OUTCOMES[row.outcome] if row.outcome else STATES[row.state])


def _drawing(
    listed: Sequence[tuple[int, Report, Any, str, str]],
    *,
    request: HttpRequest,
    commune: territory.CommuneView | None,
    kept: Mapping[str, str],
) -> str:
    """The reports of this page of the list, with their numbers, on the plan of the commune or on the territory."""
    dots = [
        maps.Dot(
            lon=report.request.lon or 0,
            lat=report.request.lat or 0,
            mark=str(mark),
            label=f"{mark}. {said(title)} – {state}",
            href=reverse("report", kwargs={"number": report.request.number}),
            category=2 if report.request.state == RequestState.CLOSED else 1,
        )
        for mark, report, title, _words, state in reversed(listed)
    ]
    if commune is None:
        return reports_map.of_territory(dots)
    asked = request.GET.get("vue", "")
    return reports_map.of_commune(dots, commune=commune, address=request.path, kept=kept, asked=asked)


@open_to_all
@require_safe
def geojson(request: HttpRequest) -> HttpResponse:
    """The same as open data (RFC 7946), the latest 5,000; `citycode` to keep one commune."""
    rows = reports.public_reports()
    if citycode := request.GET.get("citycode", ""):
        rows = rows.filter(request__citycode=territory.place_of(citycode).commune.code)
    features = [_feature(each) for each in rows[:MOST_GEOJSON]]
    response = JsonResponse({"type": "FeatureCollection", "features": features})
    response["Content-Type"] = "application/geo+json"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _feature(report: Report) -> dict[str, Any]:
    row = report.request
    return {
        "type": "Feature",
        "id": row.number,
        "geometry": {"type": "Point", "coordinates": [round(row.lon or 0, 6), round(row.lat or 0, 6)]},
        "properties": {
            "category": report.category,
            "state": row.state,
            "outcome": row.outcome or None,
            "citycode": row.citycode,
            "organisation": row.organisation_id,
            "opened_at": row.opened_at.isoformat(timespec="seconds"),
            "closed_at": row.closed_at.isoformat(timespec="seconds") if row.closed_at else None,
        },
    }


@open_to_all
@require_safe
def one(request: HttpRequest, number: str) -> HttpResponse:
    report = _report(number)
    form = reports.form_of(report)
    actor = request.actor  # type: ignore[attr-defined]
    commune = territory.place_of(report.request.citycode).commune
    context = {
        "report": report,
        "form": form,
        "words": describe(report, form),
        "state": state_in_words(report),
        "closed": report.request.state == RequestState.CLOSED,
        "commune": commune,
        "known": actor.known and not actor.delegated,
        "following": actor.known and report.followers.filter(person_id=actor.person).exists(),
        "drawing": _drawing([(1, *_line(report))], request=request, commune=commune, kept={}),
        "steps": reports.public_steps(report),
        "request_path": request.path,
    }
    return show(
        request, "requests/reports/one.html", context, title=_("%s – signalement %s") % (said(form.title), number),
        section="procedures",
    )  # fmt: skip


def _report(number: str) -> Report:
    found = reports.report_by_number(number)
    if found is None:
        raise Http404
    return found


@open_to_all
@require_safe
def photo(_request: HttpRequest, number: str) -> HttpResponse:
    """The photo, once an agent saw that it shows nobody."""
    report = _report(number)
    if report.photo is None or report.photo_shown_at is None:
        raise Http404
    return as_attachment(files.content_of(report.photo), media_type=report.photo.media_type, name=f"{number}.jpg")


@needs("report.follow")
@require_POST
def follow(request: HttpRequest, number: str) -> HttpResponse:
    report = _report(number)
    if request.POST.get("arreter"):
        actions.unfollow(actor=request.actor, number=number)  # type: ignore[attr-defined]
        return done(request, _("Vous ne suivez plus ce signalement."), "report", number=number)
    actions.follow(actor=request.actor, number=report.request.number)  # type: ignore[attr-defined]
    return done(request, _("Vous suivez ce signalement : vous serez prévenu de la suite."), "report", number=number)


urlpatterns = [
    path("signaler", report_something, name="report-something"),
    path("signalements", map_of_reports, name="reports"),
    path("signalements.geojson", geojson, name="reports-geojson"),
    path("signalements/<slug:number>", one, name="report"),
    path("signalements/<slug:number>/photo", photo, name="report-photo"),
    path("signalements/<slug:number>/suivre", follow, name="report-follow"),
]
