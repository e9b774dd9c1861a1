"""The plan under a question « where »: what it shows, and a point in words.

It is opened on demand: the pages of who writes an address do not carry it. What is done with it is in pointing.py.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.texts import said
from lacydon.kernel.ui.plans import HEIGHT, WIDTH, View

from ...queries.drafts import Where
from ...queries.forms import published_form
from ...queries.published import Held
from .places import answering

PRECISE = 3
"""The zoom from which a press is precise enough not to come closer."""
LONGEST = 200
APART = 12
"""Pixels from which the middle is told apart from the marker."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A point in words: `label`, the nearest address; `who`, what there is to know of who answers there."""

    label: str
    who: str


def spot_at(*, lon: float, lat: float, held: Held, where: Where) -> Spot:
    """A point in words. Raises OutsideTerritory, BadInput."""
    place = territory.place_at(lon=lon, lat=lat)
    code = place.arrondissement.code if place.arrondissement else place.commune.code
    conditions = where.conditions if _commune(where.citycode) == place.commune.code else {}
    here = answering(held, Where(code, place.label, lon, lat, conditions), surely=False)
    if here.trouble:
        who = here.trouble
    elif here.authority is not None and here.question is None:
        who = _("C’est là que répond : %s.") % said(here.authority.name)
    else:
        who = ""
    if _commune(where.citycode) not in ("", place.commune.code):
        other = _("Ce point est dans une autre commune que celle que vous aviez dite : %s.") % place.label
        who = f"{other} {who}"
    return Spot(_label(place, lon, lat)[:LONGEST], who.strip())


def _commune(citycode: str) -> str:
    try:
        return territory.place_of(citycode).commune.code if citycode else ""
    except Refused:
        return ""


def _label(place: territory.Place, lon: float, lat: float) -> str:
    """The nearest address; without one, the commune and the point itself."""
    try:
        near = territory.reverse_address(lon=lon, lat=lat)["features"]
    except Refused:
        near = []
    if near and near[0]["properties"]["type"] != "municipality":
        return near[0]["properties"]["label"]
    return f"{place.label} ({lat:.5f}, {lon:.5f})"


# What is shown


def plan_of(name: str, *, raw: Mapping[str, str], action: str, held: Held, where: Where) -> str:
    """The plan of a field, open or to be opened. `raw`: its `vue`, `lon` and `lat` as they were posted."""
    if not raw["vue"]:
        return format_html(
            '<button class="link show" type="submit" name="faire" value="plan:{}:voir" formaction="{}#{}-plan"'
            ' formnovalidate>{}</button>', name, action, name, _("Montrer sur un plan"),
        )  # fmt: skip
    point = _point(raw["lon"], raw["lat"])
    view = View.named(raw["vue"]) or first_view(where, point)
    context = {
        "name": name, "view": view, "width": WIDTH, "height": HEIGHT, "action": action,
        "image": reverse("plan", kwargs={"view": view.name}), "pin": view.pixel(*point) if point else None,
        "wide": round(view.metres * WIDTH / 100) * 100, "bar": view.bar(),
        "streets": territory.streets_known(), "told": _in_words(view, point, held=held, where=where),
        "here": f"{reverse('procedure-spot', kwargs={'form': held.form.id})}?citycode={where.citycode}",
    }  # fmt: skip
    return get_template("requests/filling/plan.html").render(context)


def _point(lon: str, lat: str) -> tuple[float, float] | None:
    try:
        return float(lon), float(lat)
    except ValueError:
        return None


def first_view(where: Where, point: tuple[float, float] | None) -> View:
    """Around the point that is known; else the commune that was said; else the largest one."""
    if point is None and where.lon is not None and where.lat is not None:
        point = where.lon, where.lat
    if point is not None:
        return View.at(*point, PRECISE)
    try:
        place = territory.place_of(where.citycode)
    except Refused:
        return territory.view_of(max(territory.communes(), key=lambda each: each.population))
    if place.arrondissement is not None:
        return View.at(place.arrondissement.lon, place.arrondissement.lat, 1)
    return territory.view_of(place.commune)


def _in_words(view: View, point: tuple[float, float] | None, *, held: Held, where: Where) -> list[str]:
    """Where the marker is and where the middle is."""
    told = []
    if point is not None:
        told.append(_sentence(_("Le repère"), *point, held=held, where=where))
    x, y = view.pixel(*point) if point else (0.0, 0.0)
    if math.hypot(x - WIDTH / 2, y - HEIGHT / 2) > APART:
        told.append(_sentence(_("La croix au milieu"), view.lon, view.lat, held=held, where=where, who=False))
    return told


def _sentence(what: str, lon: float, lat: float, *, held: Held, where: Where, who: bool = True) -> str:
    try:
        spot = spot_at(lon=lon, lat=lat, held=held, where=where)
    except Refused as refusal:
        return _("%(what)s : %(where)s") % {"what": what, "where": refusal.sentence}
    told = _("%(what)s : près de %(where)s.") % {"what": what, "where": spot.label}
    return f"{told} {spot.who}".strip() if who else told


@open_to_all
@require_safe
def spot(request: HttpRequest, form: str) -> HttpResponse:
    """A point in words, for the script of the plan. Parameters: `lon`, `lat`, `citycode` (the commune said before)."""
    held, where = published_form(form), Where(request.GET.get("citycode", ""))
    point = _point(request.GET.get("lon", ""), request.GET.get("lat", ""))
    if point is None:
        raise BadInput(_("« lon » et « lat » doivent être des nombres de degrés."), field="lon")
    answer: dict[str, Any] = {"label": "", "who": "", "trouble": ""}
    try:
        found = spot_at(lon=point[0], lat=point[1], held=held, where=where)
        answer |= {"label": found.label, "who": found.who}
    except Refused as refusal:
        answer["trouble"] = str(refusal.sentence)
    return JsonResponse(answer, headers={"Cache-Control": "private, max-age=300"})
