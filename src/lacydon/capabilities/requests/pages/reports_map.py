"""Where reports are: on the map of the communes, or, in one commune, on the plan of its streets."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.ui import maps, plans
from lacydon.kernel.ui.plans import HEIGHT, WAYS, WIDTH, View

MOST_CLOSE = 3
"""The zoom a plan opens at when all its reports are in one place: the streets around are seen too."""


def of_territory(dots: Sequence[maps.Dot]) -> str:
    """Every commune, each a link to its plan."""
    areas = {
        each.code: maps.Area(label=each.name, href=f"{reverse('reports')}?citycode={each.code}")
        for each in territory.communes()
    }
    outline = maps.outline(territory.shapes().by_code)
    return maps.drawn(outline, areas=areas, title=_("Où sont les signalements de la liste"), dots=dots)


def of_commune(
    dots: Sequence[maps.Dot], *, commune: territory.CommuneView, address: str, kept: Mapping[str, str], asked: str
) -> str:
    """The plan of the streets under the reports; `asked`: the name of a view, any text; `kept`: the parameters the
    links that move it keep."""
    view = View.named(asked) or _around(dots) or territory.view_of(commune)
    shown = sum(view.holds(each.lon, each.lat) for each in dots)
    words = {
        "ouest": _("Vers l’ouest"), "nord": _("Vers le nord"), "sud": _("Vers le sud"), "est": _("Vers l’est"),
    }  # fmt: skip
    signs = {"ouest": "←", "nord": "↑", "sud": "↓", "est": "→"}
    moves = [(signs[way], words[way], view.moved(way)) for way in ("ouest", "nord", "sud", "est") if way in WAYS]
    moves += [("+", _("Plus près"), view.closer()), ("−", _("Plus loin"), view.closer(-1))]
    parameters = {name: value for name, value in kept.items() if value}
    context = {
        "image": reverse("plan", kwargs={"view": view.name}),
        "alt": _("Plan des rues : %s") % commune.name,
        "streets": territory.streets_known(),
        "width": WIDTH, "height": HEIGHT, "bar": view.bar(),
        "dots": plans.pinned(view, dots, title=_("Où sont les signalements de la liste")),
        "moves": [
            (sign, told, f"{address}?{urlencode(parameters | {'vue': there.name})}#plan")
            for sign, told, there in moves
            if there != view
        ],
        "outside": ngettext(
            "%d signalement de la liste est hors de ce plan.", "%d signalements de la liste sont hors de ce plan.",
            len(dots) - shown,
        ) % (len(dots) - shown) if shown < len(dots) else "",
    }  # fmt: skip
    return get_template("requests/reports/plan.html").render(context)


def _around(dots: Sequence[maps.Dot]) -> View | None:
    """A view of all of them."""
    if not dots:
        return None
    lons, lats = [each.lon for each in dots], [each.lat for each in dots]
    found = plans.fitting(min(lons), min(lats), max(lons), max(lats))
    return View.at(found.lon, found.lat, min(found.zoom, MOST_CLOSE))
