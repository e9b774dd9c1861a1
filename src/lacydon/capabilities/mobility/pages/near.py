"""« Autour de moi »: next departures of the places around a commune, an address, a stop, or where one stands.

A position of the browser comes in the body of a form, rounded to a hundred metres; it is read, answered, and forgotten.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lacydon.capabilities.territory import public as territory
from lacydon.kernel import clock
from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui.shell import page

from ..actions.live.demand import looked_at
from ..queries.departures import badge, departures, shown
from ..queries.live import live
from ..queries.nearby import Near, places_near
from ..queries.stops import stops_named
from ..queries.timetable import Timetable, timetable
from .stop import commune_of, head_of

PLACES, ROWS = 6, 3
METRES = 1_500
COMMUNE_METRES = 4_000
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Found:
    """Where departures are shown; or what to choose among, or why there is nothing."""

    label: str = ""
    near: tuple[Near, ...] = ()
    choices: tuple[tuple[str, str, str], ...] = ()
    """Name, commune, id of a stop."""
    candidates: tuple[Any, ...] = ()
    sentence: str = ""
    trouble: str = ""


@csrf_exempt  # nothing of anybody changes; kernel.middleware.origins refuses other sites
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def near_me(request: HttpRequest) -> HttpResponse:
    """`lieu`: a commune, an address, a stop. Posted: `lon` and `lat`."""
    table = timetable()
    asked = request.POST if request.method == "POST" else request.GET
    found = _found(table, {name: asked[name] for name in ("lieu", "citycode", "connu", "lon", "lat") if name in asked})
    now = clock.now()
    moment = int(now.timestamp())
    state = live()
    looked_at(places=[table.places[each.place].id for each in found.near])
    around = []
    for each in found.near:
        place = table.places[each.place]
        rows = departures(table=table, live=state, stops=place.stops, at=now, limit=ROWS)
        told = [
            (badge(table.routes[row.route]) if row.route >= 0 else "", row.headsign, shown(table, row, now=moment))
            for row in rows
        ]
        around.append((place, each, told))
    context = {
        "found": found,
        "around": around,
        "typed": asked.get("lieu", "")[:200],
        "territory": territory.territory_name(),
        "at": clock.hour(now),
    }
    answer = page(
        "mobility/stops/near.html", context, address=request.path, section="mobility",
        title=_("Départs autour de : %s") % found.label if found.label else _("Départs autour de moi"),
        description=_("Les prochains départs des arrêts les plus proches, avec ce qui est sûr et ce qui ne l’est pas."),
        head=head_of(script=True),
    )  # fmt: skip
    response = HttpResponse(answer, status=422 if found.trouble else 200)
    response["Cache-Control"] = "no-store"
    return response


def _found(table: Timetable, asked: dict[str, str]) -> Found:
    here = _position(asked)
    if here is not None:
        near = places_near(table, lon=here[0], lat=here[1], metres=METRES, limit=PLACES)
        sentence = "" if near else _("Aucun arrêt à moins de %d m.") % METRES
        return Found(_("ma position"), near, sentence=sentence)
    typed = " ".join(asked.get("lieu", "").split())
    if typed and not asked.get("citycode"):
        named = stops_named(typed, limit=6)
        if named and (named[0].score >= SURE and (len(named) == 1 or named[1].score < named[0].score)):
            place = table.places[named[0].place]
            return Found(place.name, places_near(table, lon=place.lon, lat=place.lat, metres=METRES, limit=PLACES))
    else:
        named = ()
    told = territory.asked_place(asked)
    if told.place is not None:
        where = told.place
        if where.lon is not None and where.lat is not None:
            lon, lat, metres = where.lon, where.lat, METRES
        else:
            part = where.arrondissement or where.commune
            lon, lat, metres = part.lon, part.lat, COMMUNE_METRES
        near = places_near(table, lon=lon, lat=lat, metres=metres, limit=PLACES)
        sentence = "" if near else _("Aucun arrêt à moins de %d m.") % metres
        return Found(where.label, near, _choices(table, named), (), sentence)
    if named:
        return Found(choices=_choices(table, named), sentence=_("Lequel de ces arrêts ?"))
    if told.choice is not None:
        return Found(candidates=told.choice.candidates, sentence=told.choice.sentence)
    return Found(trouble=told.trouble)


def _position(asked: dict[str, str]) -> tuple[float, float] | None:
    """What a browser measured: a stop may be just outside of the territory, and is none the less near."""
    try:
        lon, lat = float(asked.get("lon", "")), float(asked.get("lat", ""))
    except ValueError:
        return None
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 85 else None


def _choices(table: Timetable, named: Any) -> tuple[tuple[str, str, str], ...]:
    return tuple((each.name, commune_of(table.places[each.place]), each.id) for each in named)


urlpatterns = [path("transports/autour", near_me, name="near-me")]
