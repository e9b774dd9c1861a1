"""What is done with the plan under a question « where », by mouse, finger or keyboard, without a script.

Pressing the image sends where it was pressed (`lieu-plan.x`, `lieu-plan.y`) beside the view shown (`lieu-vue`); each
button sends `faire=plan:lieu:<act>`. Nothing else is kept than the point that was chosen.
"""

import re

from django.http import HttpRequest

from lacydon.kernel.errors import Refused
from lacydon.kernel.forms import Page
from lacydon.kernel.ui.plans import HEIGHT, WAYS, WIDTH, View

from ...queries.drafts import Where
from ...queries.published import Held
from .plans import PRECISE, spot_at
from .posting import Posted, fields_of

PRESSED = re.compile(r"(.+)-plan\.[xy]")


def act_of(request: HttpRequest) -> str:
    """What was pressed: a button says it, an image says where."""
    pressed = next((found for found in map(PRESSED.fullmatch, request.POST) if found), None)
    return request.POST.get("faire") or (f"plan:{pressed[1]}:ici" if pressed else "suivre")


def is_act(act: str) -> bool:
    return act.startswith("plan:")


def turn(told: Posted, page: Page, act: str, *, held: Held, where: Where) -> None:
    """Do with the plan of a field what its button says; a point elsewhere is refused beside the field."""
    _plan, name, what = [*act.split(":", 2), "", ""][:3]
    if not any(asked.type == "place" and each == name for asked, each in fields_of(page, told.raw)):
        return
    view = View.named(_first(told, f"{name}-vue"))
    if what == "fermer":
        told.raw.pop(f"{name}-vue", None)
    elif what == "voir":
        told.raw[f"{name}-vue"] = ["voir"]
    elif view is not None:
        told.raw[f"{name}-vue"] = [_turned(told, name, what, view, held=held, where=where).name]


def _turned(told: Posted, name: str, what: str, view: View, *, held: Held, where: Where) -> View:
    if what in WAYS:
        return view.moved(what)
    if what in ("plus", "moins"):
        return view.closer(1 if what == "plus" else -1)
    lon, lat = _pressed(told, name, view) if what == "ici" else (view.lon, view.lat)
    try:
        spot = spot_at(lon=lon, lat=lat, held=held, where=where)
    except Refused as refusal:
        told.errors[name] = str(refusal.sentence)
        return view
    told.raw |= {
        name: [spot.label], f"{name}-known": [spot.label],
        f"{name}-lon": [f"{lon:.6f}"], f"{name}-lat": [f"{lat:.6f}"],
    }  # fmt: skip
    return View.at(lon, lat, view.zoom + 1) if view.zoom < PRECISE else view


def _pressed(told: Posted, name: str, view: View) -> tuple[float, float]:
    """The ground under the press; the middle when there is none: a keyboard presses at 0, 0."""
    x, y = (_whole(_first(told, f"{name}-plan.{axis}")) for axis in "xy")
    if not (0 < x <= WIDTH and 0 < y <= HEIGHT):
        return view.lon, view.lat
    return view.point(x, y)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _first(told: Posted, name: str) -> str:
    return (told.raw.get(name) or [""])[0]
