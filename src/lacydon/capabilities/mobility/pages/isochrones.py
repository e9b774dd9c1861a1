"""« Jusqu’où va-t-on ? »: what one reaches from a point by kind of day and hour, and from each commune."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.kernel import clock
from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui import maps
from lacydon.kernel.ui.shell import page

from ..actions.reaching import ask_access
from ..queries.planning.access import HOURS, KINDS, MINUTES, Access, Progress, day_like, of_point, progress
from ..queries.planning.points import Found, point
from ..queries.timetable import Timetable, timetable
from .stop import head_of

STEPS = (0.0, 0.01, 0.05, 0.15)
"""Shares of the places from which a commune takes the next colour of the map."""
BANDS = (15, 30, 45, 60)
MOST_LISTED = 200
FIRST_COMMUNES = 15
"""Communes in the table at first, those from which one goes farthest: a phone's two screens."""


@open_to_all
@require_safe
def isochrones(request: HttpRequest) -> HttpResponse:
    """Parameters: `lieu` (typed), `choisi` (chosen), `connu`, `jour` (semaine, samedi, dimanche), `heure`."""
    table = timetable()
    found, kind, hour = _asked(table, request.GET)
    base = reverse("isochrones")
    context: dict[str, Any] = {
        "base": base,
        "found": found,
        "kinds": [(name, words, name == kind) for name, (_day, words) in KINDS.items()],
        "hours": [(each, each == hour) for each in HOURS],
        "kind_words": KINDS[kind][1],
        "hour": hour,
        "json": f"{reverse('isochrones-json')}?{request.GET.urlencode()}",
    }
    if found.spot is not None:
        context |= _of_point(table, found, kind, hour)
    else:
        context["choices"] = [
            (
                each,
                _link(kind, hour, lieu=each.label, choisi=each.token, connu=each.label),
            )
            for each in found.choices
        ]
        context |= _of_communes(table, kind, hour, every=request.GET.get("communes") == "toutes")
    title = (
        _("Jusqu’où va-t-on depuis : %s") % found.spot.name if found.spot else _("Jusqu’où va-t-on en trente minutes ?")
    )
    body = page(
        "mobility/journey/isochrones.html", context, address=request.get_full_path(), section="mobility", title=title,
        description=_("Ce que l’on atteint en transport en commun et à pied, selon le jour et l’heure."),
        head=head_of("mobility/journey.css"),
    )  # fmt: skip
    response = HttpResponse(body, status=422 if found.trouble else 200)
    if found.spot is not None:
        response["Cache-Control"] = "no-store"
    return response


@open_to_all
@require_safe
def isochrones_json(request: HttpRequest) -> JsonResponse:
    """The same as data: of a point, minutes to each place; without one, shares by commune."""
    table = timetable()
    found, kind, hour = _asked(table, request.GET)
    day = day_like(table, kind, today=clock.today())
    told: dict[str, Any] = {"day": day.isoformat(), "kind": kind, "hour": hour, "window_minutes": 60, "simple": True}
    if found.spot is not None:
        _access, seconds = of_point(table, day, found.spot, hour=hour)
        told["origin"] = {"name": found.spot.name, "lon": found.spot.lon, "lat": found.spot.lat}
        told["places"] = [
            {"id": its.id, "name": its.name, "lon": its.lon, "lat": its.lat, "minutes": -(-seconds[n] // 60)}
            for n, its in enumerate(table.places)
            if seconds[n] <= MINUTES[-1] * 60
        ]
    else:
        state = progress(table.content, kind, hour)
        told |= {"done": state.done, "total": state.total}
        told["communes"] = {
            code: {"near": its.near, "places": dict(zip(map(str, MINUTES), its.places, strict=True))}
            for code, its in state.found.items()
        }
    return JsonResponse(told)


def _asked(table: Timetable, asked: Mapping[str, str]) -> tuple[Found, str, int]:
    typed = " ".join(asked.get("lieu", "").split())
    token = asked.get("choisi", "") if typed == asked.get("connu", typed) or not typed else ""
    kind = asked.get("jour", "") if asked.get("jour", "") in KINDS else "semaine"
    hour = int(asked["heure"]) if asked.get("heure", "") in map(str, HOURS) else HOURS[0]
    return point(table, typed=typed, token=token), kind, hour


def _of_point(table: Timetable, found: Found, kind: str, hour: int) -> dict[str, Any]:
    assert found.spot is not None
    day = day_like(table, kind, today=clock.today())
    access, seconds = of_point(table, day, found.spot, hour=hour)
    order = sorted((each, n) for n, each in enumerate(seconds) if each <= MINUTES[-1] * 60)
    dots = [
        maps.Dot(lon=found.spot.lon, lat=found.spot.lat, mark="A", label=found.spot.name, href="#depart", category=2)
    ]
    by_commune = _communes_reached(table, seconds)
    names = {each.code: each.name for each in territory.communes()}
    areas = {
        each.code: maps.Area(label=each.name, category=_band(by_commune.get(each.code)))
        for each in territory.communes()
    }
    drawing = maps.drawn(
        maps.outline(territory.shapes().by_code), areas=areas, dots=dots,
        title=_("Communes que l’on atteint depuis : %s") % found.spot.name,
        description=_("La couleur dit le temps jusqu’au premier arrêt atteint de la commune."),
        names={code: names[code] for code in by_commune if code in names},
    )  # fmt: skip
    return {
        "access": access,
        "counts": list(zip(MINUTES, access.places, strict=True)),
        "day": day,
        "drawing": drawing,
        "bands": _used([(n + 1, _("jusqu’à %d min") % minutes) for n, minutes in enumerate(BANDS)], areas),
        "communes": [
            (names.get(code, code), -(-each // 60)) for code, each in sorted(by_commune.items(), key=lambda e: e[1])
        ],
        "reached": [(table.places[n], -(-each // 60)) for each, n in order[:MOST_LISTED]],
        "rest": max(0, len(order) - MOST_LISTED),
    }


def _communes_reached(table: Timetable, seconds: Sequence[int]) -> dict[str, int]:
    best: dict[str, int] = {}
    for n, place in enumerate(table.places):
        if seconds[n] <= MINUTES[-1] * 60 and seconds[n] < best.get(place.citycode, 10**9):
            best[place.citycode] = seconds[n]
    best.pop("", None)
    return best


def _band(seconds: int | None) -> int:
    if seconds is None:
        return 0
    return next((n + 1 for n, minutes in enumerate(BANDS) if seconds <= minutes * 60), 0)


def _of_communes(table: Timetable, kind: str, hour: int, *, every: bool) -> dict[str, Any]:
    state = progress(table.content, kind, hour)
    if not state.total:
        ask_access(table=table, kind=kind, hour=hour)
    people = {each.code: each for each in territory.communes()}
    thirty = MINUTES.index(30)
    areas = {
        code: maps.Area(
            label=_("%(name)s : %(places)s arrêts") % {"name": each.name, "places": _places(state, code, thirty)},
            category=_step(state.found.get(code), thirty),
            href=_link(kind, hour, choisi=f"commune:{code}"),
        )
        for code, each in people.items()
    }
    listed = [
        (people[code].name, _link(kind, hour, choisi=f"commune:{code}"), its)
        for code, its in sorted(state.found.items(), key=lambda e: (-e[1].shares[thirty], e[0]))
        if code in people
    ]
    return {
        "state": state,
        "drawing": maps.drawn(
            maps.outline(territory.shapes().by_code), areas=areas,
            title=_("Arrêts que l’on atteint en trente minutes depuis le centre de chaque commune"),
            description=_("Plus la couleur est forte, plus on atteint d’arrêts ; les nombres sont dans le tableau."),
            names={each.code: each.name for each in sorted(people.values(), key=lambda e: -e.population)[:7]},
        ),
        "bands": _used(
            [(1, _("moins de 1 %")), (2, _("1 à 5 %")), (3, _("5 à 15 %")), (4, _("plus de 15 %"))],
            areas,
        ),
        "rows": listed if every else listed[:FIRST_COMMUNES],
        "communes_in_all": len(listed),
        "every_commune": "" if every or len(listed) <= FIRST_COMMUNES else _link(kind, hour, communes="toutes"),
        "minutes": MINUTES,
    }  # fmt: skip


def _used(bands: Sequence[tuple[int, str]], areas: Mapping[str, maps.Area]) -> list[tuple[SafeString, str]]:
    """The legend of the colours that are on the map."""
    drawn = {each.category for each in areas.values()}
    return [(maps.swatch(category), words) for category, words in bands if category in drawn]


def _link(kind: str, hour: int, **asked: str) -> str:
    return f"{reverse('isochrones')}?{urlencode({**asked, 'jour': kind, 'heure': hour})}"


def _places(state: Progress, code: str, thirty: int) -> str:
    its = state.found.get(code)
    return str(its.places[thirty]) if its else "?"


def _step(its: Access | None, thirty: int) -> int:
    """0: no colour, for what is not known or not reached."""
    return 0 if its is None else sum(its.shares[thirty] > each for each in STEPS)


urlpatterns = [
    path("transports/isochrones", isochrones, name="isochrones"),
    path("transports/isochrones.json", isochrones_json, name="isochrones-json"),
]
