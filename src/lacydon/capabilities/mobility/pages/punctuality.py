"""Public punctuality: what was observed, how it is counted, and how anybody counts it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.capabilities.data import public as data
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.charts import Chart, Series, figure, printed
from lacydon.kernel.ui.shell import page

from ..errors import NoTimetable
from ..queries import punctuality as asked
from ..queries.punctuality import FREQUENT, IRREGULAR, SMALL, Row, Wish
from ..queries.punctuality.availability import availability
from ..queries.punctuality.words import gap_words, month_words
from ..queries.timetable import timetable
from .disruptions import style

MOST_DRAWN = 12
MOST_ROWS = 25


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of a table: small samples are grey, and say why."""

    row: Row
    link: str
    name: str
    gap: str
    seen: int | None
    """Per cent of the planned departures that were observed."""


@open_to_all
def punctuality(request: HttpRequest) -> HttpResponse:
    """Parameters: `mois` (2026-11), `ligne`, `arret`."""
    known = asked.months()
    wanted = request.GET.get("mois", "")[:7]
    month = wanted if wanted in known else known[0] if known else ""
    line, place = request.GET.get("ligne", "")[:200], request.GET.get("arret", "")[:200]
    context: dict[str, Any] = {
        "month": month_words(month) if month else "",
        "months": [(each, month_words(each), each == month) for each in known[:24]],
        "line": line, "place": place, "name": _name(line, place),
        "early": -asked.early() // 60, "late": asked.late() // 60, "small": SMALL, "frequent": FREQUENT // 60,
        "irregular": round((IRREGULAR - 1) * 100),
    }  # fmt: skip
    if month:
        wish = Wish(month, line, place)
        try:
            context |= _month(wish)
        except Refused as refusal:
            context["refusal"] = refusal
    head = _style()
    title = _("Ponctualité des transports")
    return HttpResponse(
        page(
            "mobility/punctuality/month.html", context, address=request.get_full_path(), title=title,
            section="mobility", head=head,
            description=_("La part des départs à l’heure, calculée seulement sur ce qui a été observé."),
        )
    )  # fmt: skip


@open_to_all
def sources(request: HttpRequest) -> HttpResponse:
    """How often each source of real time answered, hour by hour, for a week."""
    found = availability()
    charts = [
        figure(
            Chart(
                kind="columns", title=each.name, axis=_("Heure"), measure=_("Réponses à temps"), unit="%",
                labels=[hour.label for hour in each.hours],
                series=[Series(name=_("Réponses à temps"), values=[hour.share for hour in each.hours])],
            ),
            name=f"s{n}",
        )
        for n, each in enumerate(found)
    ]  # fmt: skip
    head = _style()
    title = _("Disponibilité du temps réel")
    context = {"sources": list(zip(found, charts, strict=True)), "dataset": _open(asked.SOURCES)}
    return HttpResponse(
        page(
            "mobility/punctuality/sources.html", context, address=request.get_full_path(), title=title,
            section="mobility", head=head,
        )
    )  # fmt: skip


def _style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("ui/charts.css")) + style()


def _month(wish: Wish) -> dict[str, Any]:
    total = asked.figures(wish, by="tout")
    main = "arret" if wish.line else "ligne"
    listed, hours, days = asked.figures(wish, by=main), asked.figures(wish, by="heure"), asked.figures(wish, by="jour")
    rows = sorted(listed.rows, key=lambda each: (each.small, each.share))
    shown = [_shown(each, wish, main, listed.planned) for each in rows]
    whole = total.rows[0] if total.rows else None
    planned = total.planned.get(wish.line or "tout") if not wish.place else None
    return {
        "whole": whole,
        "gap": gap_words(whole.median) if whole else "",
        "seen": min(100, round(100 * whole.departures / planned)) if whole and planned else None,
        "tally": _tally(whole.departures) if whole else "",
        "days": total.days,
        "by_stop": main == "arret",
        "rows": shown[:MOST_ROWS],
        "more": max(0, len(shown) - MOST_ROWS),
        "charts": [chart for chart in (_bars(rows, main), _hours(hours.rows), _days(days.rows)) if chart],
        "sql": listed.sql,
        "ask": "/donnees/sql?" + urlencode({"q": listed.sql}),
        "dataset": _open(asked.dataset_of(wish.month)),
        "dataset_id": asked.dataset_of(wish.month),
        "back": f"?mois={wish.month}" if wish.line or wish.place else "",
    }


def _tally(many: int) -> str:
    return ngettext("%s départ observé", "%s départs observés", many) % printed(many)


def _shown(row: Row, wish: Wish, by: str, planned: Any) -> Shown:
    asks = {"mois": wish.month} | ({"ligne": row.key} if by == "ligne" else {"ligne": wish.line, "arret": row.key})
    many = planned.get(row.key) if by == "ligne" else None
    return Shown(
        row=row,
        link=f"?{urlencode(asks)}",
        name=_("Ligne %s") % row.name if by == "ligne" else row.name,
        gap=gap_words(row.median),
        seen=min(100, round(100 * row.departures / many)) if many else None,
    )


def _bars(rows: Sequence[Row], by: str) -> Any:
    drawn = sorted((each for each in rows if not each.small), key=lambda each: -each.departures)[:MOST_DRAWN]
    if len(drawn) < 2:
        return ""
    title = _("Départs à l’heure, par arrêt") if by == "arret" else _("Départs à l’heure, par ligne")
    drawn.sort(key=lambda each: -each.share)
    labels = [_("Ligne %s") % each.name if by == "ligne" else each.name for each in drawn]
    return _chart("bars", title, _("Ligne") if by == "ligne" else _("Arrêt"), labels, drawn, name="p1")


def _hours(rows: Sequence[Row]) -> Any:
    kept = [each for each in rows if not each.small]
    if len(kept) < 2:
        return ""
    labels = [_("%s h") % each.name for each in kept]
    return _chart("columns", _("Départs à l’heure, selon l’heure"), _("Heure"), labels, kept, name="p2")


def _days(rows: Sequence[Row]) -> Any:
    kept = [each for each in rows if not each.small]
    if len(kept) < 2:
        return ""
    labels = [str(int(each.name[-2:])) for each in kept]
    return _chart("columns", _("Départs à l’heure, jour après jour"), _("Jour"), labels, kept, name="p3")


def _chart(kind: Any, title: str, axis: str, labels: Sequence[str], rows: Sequence[Row], *, name: str) -> Any:
    measure = _("Départs à l’heure")
    values = [round(each.share, 1) for each in rows]
    return figure(
        Chart(kind=kind, title=title, axis=axis, measure=measure, unit="%", labels=labels,
            series=[Series(name=measure, values=values)]),
        name=name,
    )  # fmt: skip


def _name(line: str, place: str) -> str:
    try:
        table = timetable()
    except NoTimetable:
        return " · ".join(filter(None, (line, place)))
    said = []
    if line:
        said.append(_("Ligne %s") % (table.routes[table.route_of_id[line]].name if line in table.route_of_id else line))
    if place:
        said.append(table.places[table.place_of_id[place]].name if place in table.place_of_id else place)
    return " · ".join(said)


def _open(id: str) -> str:
    """The address of an open dataset; empty when it is not published yet."""
    try:
        return f"/donnees/{data.dataset(id).id}"
    except Refused:
        return ""


urlpatterns = [
    path("transports/ponctualite", punctuality, name="punctuality"),
    path("transports/ponctualite/sources", sources, name="punctuality-sources"),
]
