"""The communes: a map and a list."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.kernel.access import open_to_all
from lacydon.kernel.french import plain
from lacydon.kernel.ui import maps
from lacydon.kernel.ui.shell import page

from ..queries import communes as territory


@open_to_all
def communes(request: HttpRequest) -> HttpResponse:
    found = sorted(
        territory.communes(),
        key=lambda each: plain(each.name).removeprefix("le ").removeprefix("la ").removeprefix("les "),
    )
    links = [(each, reverse("commune", kwargs={"code": each.code, "slug": each.slug})) for each in found]
    shapes = territory.shapes()
    drawing = maps.drawn(
        maps.outline(shapes.by_code),
        areas={each.code: maps.Area(label=each.name, href=link) for each, link in links},
        title=_("Les communes du territoire"),
        names={each.code: each.name for each in sorted(found, key=lambda each: -each.population)[:7]},
    )
    count = len(found)
    context = {
        "links": links,
        "count": count,
        "drawing": drawing,
        "schematic": shapes.schematic,
        "territory": territory.territory_name(),
    }
    return HttpResponse(
        page(
            "territory/communes.html",
            context,
            address=request.get_full_path(),
            section="communes",
            title=ngettext("%d commune", "%d communes", count) % count,
            description=_("Les communes du territoire, sur une carte et par ordre alphabétique."),
        )
    )
