"""The front of transport: find a stop or a line, what goes on, lines by what runs on them, how fresh this is."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.kernel import clock
from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui.shell import page

from ..queries import lines
from ..queries.departures import badge
from ..queries.disruptions import current, now_and_soon
from ..queries.stops import lines_named, stops_named
from ..queries.timetable import Timetable, known, timetable
from ..queries.vehicles import KIND_WORDS, Kind, kind_of
from .disruptions import card_of
from .stop import maybe

SHEETS = ("mobility/mobility.css", "mobility/lines.css")
MOST_STOPS, MOST_BADGES, MOST_CARDS = 12, 14, 3
MOST_LINES, A_PAGE = 12, 30
"""Lines of a kind among the others, and of one kind alone: all those of a large network are a page that never ends."""
ICONS = {Kind.FERRY: "drop", Kind.SCHOOL: "school"}
SHORT_WHILE = "public, max-age=60"


def head() -> SafeString:
    """The style sheets of lines."""
    links = [format_html('<link rel="stylesheet" href="{}">', static(each)) for each in SHEETS]
    return SafeString("".join(links))


@open_to_all
@require_safe
def mobility(request: HttpRequest) -> HttpResponse:
    """Parameter: `q`, the name of a stop or of a line."""
    typed = " ".join(request.GET.get("q", "").split())[:100]
    title = _("Se déplacer")
    context: dict[str, Any] = {"typed": typed, "known": known(), "near": maybe("near-me"), "journey": maybe("journey")}
    if context["known"]:
        context |= _all(timetable(), typed)
    description = _("Arrêts, lignes, prochains départs et perturbations des transports de %s.")
    html = page(
        "mobility/front.html", context, address=request.get_full_path(), section="mobility",
        title=_("« %s » : arrêts et lignes") % typed if typed else title,
        description=description % territory.territory_name(), head=head(),
    )  # fmt: skip
    return HttpResponse(html, headers={"Cache-Control": SHORT_WHILE})


def _all(table: Timetable, typed: str) -> dict[str, Any]:
    context: dict[str, Any] = {"freshness": freshness(table)}
    if typed:
        context["stops"] = [
            (each, [badge(table.routes[n]) for n in table.routes_of_place[each.place][:6]])
            for each in stops_named(typed, MOST_STOPS)
        ]
        context["lines"] = [shown(table, n) for n in lines_named(typed, 6)]
        return context
    when = clock.now()
    running, coming = now_and_soon(current(when), when)
    context["cards"] = [card_of(each, when) for each in (*running, *coming)][:MOST_CARDS]
    context["more_disruptions"] = len(running) + len(coming)
    context["kinds"] = [
        {
            "kind": kind,
            "name": KIND_WORDS[kind],
            "icon": ICONS.get(kind, "bus"),
            "lines": [shown(table, n) for n in numbers] if len(numbers) <= MOST_BADGES else [],
            "all": ngettext("%d ligne", "%d lignes", len(numbers)) % len(numbers),
        }
        for kind, numbers in lines.by_kind(table)
    ]
    return context


def shown(table: Timetable, n: int) -> dict[str, Any]:
    """A line in a list: its badge, its name, its page."""
    route = table.routes[n]
    return {
        "badge": badge(route),
        "id": route.id,
        "name": lines.title(table, n),
        "school": kind_of(route.type, school=route.school) is Kind.SCHOOL,
        "ferry": kind_of(route.type) is Kind.FERRY,
        "href": maybe("line", id=route.id),
    }


def freshness(table: Timetable) -> dict[str, Any]:
    """Until when the timetables are worth, who publishes them, whether they are invented."""
    last = min((feed.last_day for feed in table.feeds), default=clock.today())
    left = (last - clock.today()).days
    return {
        "feeds": table.feeds,
        "last": last,
        "over": left < 0,
        "soon": 0 <= left < 7,
        "example": any(feed.example for feed in table.feeds),
    }


@open_to_all
@require_safe
def all_lines(request: HttpRequest) -> HttpResponse:
    """Every line, by what runs on it. Parameters: `mode`, one kind only; `page` of it."""
    table = timetable()
    kinds = lines.by_kind(table)
    wanted = request.GET.get("mode", "")
    chosen = [(kind, numbers) for kind, numbers in kinds if str(kind) == wanted]
    last = max(1, -(-len(chosen[0][1]) // A_PAGE)) if chosen else 1
    typed = request.GET.get("page", "")
    at = min(max(int(typed), 1), last) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else 1
    begin, end = ((at - 1) * A_PAGE, at * A_PAGE) if chosen else (0, MOST_LINES)
    context = {
        "kinds": [
            (kind, KIND_WORDS[kind], [shown(table, n) for n in numbers[begin:end]], 0 if chosen else len(numbers[end:]))
            for kind, numbers in chosen or kinds
        ],
        "at": at,
        "last": last,
        "before": at - 1 if at > 1 else 0,
        "after": at + 1 if at < last else 0,
        "pills": [(kind, KIND_WORDS[kind], len(numbers)) for kind, numbers in kinds],
        "wanted": wanted if chosen else "",
        "freshness": freshness(table),
    }
    title = _("Toutes les lignes")
    html = page(
        "mobility/lines/list.html", context, address=request.get_full_path(), section="mobility", title=title,
        description=_("Les lignes de métro, de tramway, de bus et de bateau, avec leurs horaires."), head=head(),
    )  # fmt: skip
    return HttpResponse(html, headers={"Cache-Control": SHORT_WHILE})


urlpatterns = [
    path("transports", mobility, name="mobility"),
    path("transports/lignes", all_lines, name="lines"),
]
