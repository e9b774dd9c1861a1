"""The poster of a stop: one sheet to print or to hang up, with the address of the page for telephones."""

from pathlib import Path
from typing import Any

import segno
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.urls import path, reverse
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel import clock, paper, site
from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui.shell import page

from ..actions.posters import kept_poster
from ..queries.departures.sheet import sheet
from ..queries.timetable import Place, Timetable
from .drawn import around
from .stop import commune_of, head_of, place_of

AN_HOUR = "public, max-age=3600"


def _context(table: Timetable, place: Place) -> dict[str, Any]:
    address = site.address() + reverse("stop", kwargs={"id": place.id})
    lang = (translation.get_language() or "fr")[:2]
    made = sheet(table, place, today=clock.today(), lang=lang)
    title = _("Les prochains départs, à lire avec un téléphone")
    return {
        "place": place,
        "commune": commune_of(place),
        "sheet": made,
        "address": address,
        "qr": SafeString(segno.make(address, error="m").svg_inline(scale=4, border=2, title=title)),
        "map": around(table, place),
        "feeds": [
            feed for feed in table.feeds if any(table.stops[n].feed == table.feeds.index(feed) for n in place.stops)
        ],
        "made": clock.today(),
        "lang": lang,
    }


@open_to_all
@require_safe
def poster(request: HttpRequest, id: str) -> HttpResponse:
    table, place = place_of(id)
    answer = page(
        "mobility/stops/poster.html", _context(table, place), address=request.get_full_path(), section="mobility",
        title=_("Fiche horaire : %s") % place.name, head=head_of("mobility/poster.css"),
    )  # fmt: skip
    return HttpResponse(answer, headers={"Cache-Control": AN_HOUR})


@open_to_all
@require_safe
def poster_paper(_request: HttpRequest, id: str) -> HttpResponse:
    """The same as a PDF/A, accessible, to send to the printer."""
    table, place = place_of(id)
    found = finders.find("mobility/poster.css")
    style = Path(str(found)).read_text(encoding="utf-8") if found else ""
    context = _context(table, place)

    def make() -> bytes:
        return paper.printed(get_template("mobility/stops/paper.html").render({**context, "style": SafeString(style)}))

    made = kept_poster(
        content=table.content, place=place.id, lang=context["lang"], day=clock.today(), address=context["address"],
        make=make,
    )  # fmt: skip
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="fiche-{place.id}.pdf"'
    answer["Cache-Control"] = AN_HOUR
    return answer


urlpatterns = [
    path("transports/arrets/<slug:id>/affiche", poster, name="stop-poster"),
    path("transports/arrets/<slug:id>/affiche.pdf", poster_paper, name="stop-poster-pdf"),
]
