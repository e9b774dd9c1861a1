"""« Les démarches en chiffres »: how many, how fast, how satisfied, as a page, as bars, as open data."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.dates import MONTHS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shell import page
from lacydon.kernel.ui.templatetags.ui import count

from ..queries.disclosure import THRESHOLD
from ..queries.figures import COLUMNS, OTHERS, Figures, Line, figures

LISTED = 10
WIDTH, HEIGHT, ROOM = 720, 240, 28
"""Of the drawing, and what is kept above and below its bars; in its own units."""


@open_to_all
@require_safe
def show_figures(request: HttpRequest) -> HttpResponse:
    """Parameters: `service`, `citycode`. Raises services.UnknownService, territory.UnknownCommune."""
    held = figures()
    service, citycode = request.GET.get("service", ""), request.GET.get("citycode", "")
    subject = services.service(service) if service else None
    place = territory.place_of(citycode) if citycode else None
    where = place.commune.code if place else ""
    context: dict[str, Any] = {
        "held": held,
        "subject": subject,
        "place": place,
        "citycode": citycode,
        "service": service,
        "threshold": THRESHOLD,
        "next": f"{request.path}?{urlencode({'service': service})}" if service else request.path,
    }
    if held is not None:
        context |= _shown(held, service, where)
    return HttpResponse(
        page(
            "requests/figures/figures.html",
            context,
            address=request.get_full_path(),
            section="procedures",
            title=_("Les démarches en chiffres"),
            description=_("Combien de demandes, en combien de temps, avec quelle satisfaction, commune par commune."),
        )
    )


def _shown(held: Figures, service: str, citycode: str) -> dict[str, Any]:
    months = held.months(service=service, citycode=citycode)
    known = [each for each in held.services() if each.service != OTHERS]
    return {
        "line": held.line(service=service, citycode=citycode),
        "since": month_name(held.since),
        "until": month_name(held.until),
        "months": [(month_name(each.month), each) for each in months],
        "drawing": bars(months) if months else "",
        "choices": sorted(((each.service, service_title(each.service)) for each in known), key=lambda each: each[1]),
        "services": [] if service else _named(held.services(citycode=citycode), citycode=citycode),
        "communes": [] if citycode else _named(held.communes(service=service), service=service),
    }


def _named(lines: Sequence[Line], *, service: str = "", citycode: str = "") -> list[tuple[str, str, Line]]:
    """The first lines, each with its name and where to see more of it."""
    found = []
    for each in lines[:LISTED]:
        names = {"service": service or each.service, "citycode": citycode or each.citycode}
        name = commune_name(each.citycode) if not citycode and each.citycode else service_title(each.service)
        whole = OTHERS in (each.service, each.citycode)
        address = "" if whole else f"{reverse('figures')}?{urlencode({k: v for k, v in names.items() if v})}"
        found.append((name, address, each))
    return found


def service_title(id: str) -> str:
    if id == OTHERS:
        return _("Les autres démarches")
    try:
        return said(services.service(id).title)
    except services.UnknownService:
        return id


def commune_name(citycode: str) -> str:
    if citycode == OTHERS:
        return _("Les autres communes")
    try:
        return territory.commune(citycode).name
    except territory.UnknownCommune:
        return citycode


def month_name(month: str) -> str:
    """`2026-10` → « octobre 2026 »."""
    return f"{MONTHS[int(month[5:])]} {month[:4]}"


def bars(months: Sequence[Line]) -> SafeString:
    """A bar a month, with its number; the same is in the table beside."""
    highest = max((each.opened or 0 for each in months), default=0) or 1
    step = WIDTH / len(months)
    most = max(months, key=lambda each: each.opened or 0)
    drawn = []
    for place, each in enumerate(months):
        tall = round((HEIGHT - 2 * ROOM) * (each.opened or 0) / highest, 1)
        middle = round(step * (place + 0.5), 1)
        bar = (round(step * (place + 0.15), 1), round(HEIGHT - ROOM - tall, 1), round(step * 0.7, 1), tall)
        number = (middle, round(HEIGHT - ROOM - tall - 6, 1), count(each.opened or 0))
        drawn.append((*bar, *number, middle, HEIGHT - 8, str(MONTHS[int(each.month[5:])])[:1].upper()))
    shape = '<rect x="{}" y="{}" width="{}" height="{}"/><text x="{}" y="{}">{}</text><text x="{}" y="{}">{}</text>'
    return format_html(
        '<svg class="bars" viewBox="0 0 {} {}" role="img" aria-labelledby="bars-title bars-text">'
        '<title id="bars-title">{}</title><desc id="bars-text">{}</desc>{}</svg>',
        WIDTH,
        HEIGHT,
        _("Demandes reçues, mois par mois"),
        _("Le plus : %(number)s en %(month)s. Les nombres sont dans le tableau qui suit.")
        % {"number": count(most.opened or 0), "month": month_name(most.month)},
        format_html_join("", shape, drawn),
    )


@open_to_all
@require_safe
def figures_csv(_request: HttpRequest) -> HttpResponse:
    """All that is told, a line each; an empty cell: all of them, or not told."""
    held = figures()
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow(("service_title", "commune", *COLUMNS))
    table.writerows(_rows(held.lines.values() if held else ()))
    response = HttpResponse(written.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="demarches-en-chiffres.csv"'
    return response


def _rows(lines: Iterable[Line]) -> Iterable[list[Any]]:
    for each in lines:
        title = service_title(each.service) if each.service else ""
        name = commune_name(each.citycode) if each.citycode else ""
        yield [title, name, *("" if (told := getattr(each, column)) is None else told for column in COLUMNS)]


urlpatterns = [
    path("chiffres", show_figures, name="figures"),
    path("chiffres.csv", figures_csv, name="figures-csv"),
]
