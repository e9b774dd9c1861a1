"""The map: in which communes the agenda acts, and in which nothing of their own is under way."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.french import plain
from lacydon.kernel.ui import maps

from ...queries.nouns import Action
from ...queries.plan.words import COMMUNE_ROLES
from .frame import asked, shown

NAMED = 7


@open_to_all
@require_safe
def communes(request: HttpRequest) -> HttpResponse:
    """Parameters: `axe`, `role`, `le`."""
    given = asked(request)
    chart = given.moment.chart
    axis, role = request.GET.get("axe", "")[:80], request.GET.get("role", "")
    role = role if role in COMMUNE_ROLES else ""
    counts: dict[str, int] = {}
    everywhere = 0
    for action in chart.all(Action):
        if axis and all(share.axis != axis for share in action.axes):
            continue
        everywhere += not action.communes and action.scale == "metropole"
        for commune in action.communes:
            if not role or commune.role == role:
                counts[commune.citycode] = counts.get(commune.citycode, 0) + 1
    groups = _groups(counts)
    all_ = territory.communes()
    links = {each.code: given.to("agenda-actions", {"commune": each.code, "axe": axis}) for each in all_}
    shapes = territory.shapes()
    present = sum(each.code in counts for each in all_)
    message = ngettext(
        "%(present)d commune sur %(all)d a au moins une action chez elle.",
        "%(present)d communes sur %(all)d ont au moins une action chez elles.",
        present,
    ) % {"present": present, "all": len(all_)}
    drawing = maps.drawn(
        maps.outline(shapes.by_code),
        areas={
            each.code: maps.Area(
                label=f"{each.name} : {_tally(counts.get(each.code, 0))}",
                category=_category(counts.get(each.code, 0), groups),
                href=links[each.code] if each.code in counts else "",
            )
            for each in all_
        },
        title=_("Combien d’actions de l’agenda dans chaque commune"),
        description=message,
        names={each.code: each.name for each in sorted(all_, key=lambda town: -town.population)[:NAMED]},
    )
    rows: dict[int, list[tuple[str, str, int]]] = {}
    for each in sorted(all_, key=lambda town: plain(town.name)):
        many = counts.get(each.code, 0)
        rows.setdefault(_category(many, groups), []).append((each.name, links[each.code] if many else "", many))
    context: dict[str, Any] = {
        "drawing": drawing,
        "message": message,
        "schematic": shapes.schematic,
        "everywhere": ngettext(
            "%d action vaut pour toutes les communes sans en nommer aucune.",
            "%d actions valent pour toutes les communes sans en nommer aucune.",
            everywhere,
        ) % everywhere if everywhere and not role else "",
        "groups": [
            (maps.swatch(place), _range(groups.get(place)), rows[place])
            for place in sorted(rows, reverse=True)
            if place
        ],
        "nothing": [name for name, _href, _many in rows.get(0, ())],
        "none": maps.swatch(0),
        "axis_options": [(each.id, each.title, each.id == axis) for each in chart.axes],
        "roles": [(name, label, name == role) for name, label in COMMUNE_ROLES.items()],
    }  # fmt: skip
    return shown(
        given, "agenda/plan/map.html", context, title=_("L’agenda dans les communes"), part="agenda-map",
        description=message,
    )  # fmt: skip


Groups = Mapping[int, tuple[int, int]]
"""category → from, to."""


def _groups(counts: Mapping[str, int]) -> Groups:
    """From one to five classes of counts: each count its own while there are few, then as wide as each other."""
    if not counts:
        return {}
    most = max(counts.values())
    wide = -(-most // maps.CATEGORIES)
    found = {}
    for place in range(1, maps.CATEGORIES + 1):
        first, last = (place - 1) * wide + 1, min(place * wide, most)
        if first <= most:
            found[place] = (first, last)
    return found


def _category(many: int, groups: Groups) -> int:
    return next((place for place, (first, last) in groups.items() if first <= many <= last), 0)


def _range(ends: tuple[int, int] | None) -> str:
    first, last = ends or (0, 0)
    return _tally(first) if first == last else _("de %(first)d à %(last)d actions") % {"first": first, "last": last}


def _tally(many: int) -> str:
    return ngettext("%d action", "%d actions", many) % many if many else _("aucune action")


urlpatterns = [path("agenda/carte", communes, name="agenda-map")]
