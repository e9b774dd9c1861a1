"""A map of a dataset: communes coloured by a value, or what is placed; links go closer, farther and around."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.texts import said
from lacydon.kernel.ui import maps, spots
from lacydon.kernel.ui.charts import printed
from lacydon.kernel.ui.spots import Window

from ..errors import TooMuch, UnknownColumn, WrongQuestion
from ..queries import lake
from ..queries.drawing import charting, mapping
from ..queries.drawing.mapping import Choropleth, Scene
from ..queries.vocabularies import LICENCES
from . import looking
from .looking import Looked

LISTED, FIRST = 20, 12
"""Values listed under a map: of rows; of communes, whose others are one press away."""
WHICH = "-laquelle-"
"""In the address that a browser is told, where it puts the row or the commune that was pressed."""
MOVES = (
    (_l("Vers le nord"), 0.0, 0.5, "↑"),
    (_l("Vers le sud"), 0.0, -0.5, "↓"),
    (_l("Vers l’ouest"), -0.5, 0.0, "←"),
    (_l("Vers l’est"), 0.5, 0.0, "→"),
)


@open_to_all
@require_safe
def map_page(request: HttpRequest, id: str) -> HttpResponse:
    """`/donnees/<id>/carte?…`: see queries/drawing/mapping.py for what the address may say."""
    held = looking.looked(request, id, kind="map")
    if not held.trouble and {"colonne", "valeur", "operation"} & set(request.GET):
        return HttpResponseRedirect(looking.address(held, kind="map", asked=held.asked))
    try:
        context = of_page(held)
    except (TooMuch, WrongQuestion, UnknownColumn) as error:
        held = looking.wrong(held, error)
        context = of_page(held)
    return looking.show(request, "data/looking/map.html", context, held=held, title=_("la carte"))


def of_page(held: Looked) -> dict[str, Any]:
    """What the template of the map says."""
    asked = held.asked
    ground = mapping.ground_of(asked)
    codes = mapping.coded_by(asked)
    context = {
        "ground": ground,
        "grounds": [("points", _("Les lignes, où elles sont")), ("communes", _("Les communes, selon une valeur"))]
        if codes and held.table.place
        else [],
        "codes": codes,
        "measures": charting.measurable(asked)[: looking.CHOICES],
        "calculations": charting.CALCULATIONS.items(),
        "kept": [(name, text) for name, text in asked.pairs if name not in mapping.MAP and name != "q"],
    }
    if ground == "communes":
        values = mapping.choropleth(asked)
        return context | _communes(held, values) | {"live": _live(held, values)}
    found = mapping.scene(asked) if ground else None
    return context | (_scene(held, found) | {"live": _live(held, found)} if found else {})


def _live(held: Looked, found: Choropleth | Scene) -> dict[str, Any] | None:
    """What the browser needs to draw the same map by itself, once asked to; no tiles of communes that are coloured."""
    names, asked = {"id": held.dataset.id}, held.asked
    communes = reverse("data-communes", kwargs=names)
    if isinstance(found, Choropleth):
        rows = looking.address(held, kind="table", asked=mapping.of_commune(asked, found, WHICH))
        drawn = {"communes": communes + asked.query, "rows": rows, "measure": found.measure}
    elif lake.extension("spatial") is None:
        return None
    else:
        drawn = {
            "tiles": reverse("data-tilejson", kwargs=names) + asked.but(frame=None).query,
            "communes": communes,
            "frame": ",".join(f"{each:.6f}" for each in found.window.frame),
            "rows": _row(held, 0).replace("/0", f"/{WHICH}"),
        }
    return drawn | {
        "source": said(held.dataset.organisation_name),
        "licence": LICENCES.get(held.dataset.licence),
        "schematic": territory.shapes().schematic,
    }


def _whole_list(held: Looked) -> str:
    """The address of the same map, with the value of each commune in the list under it."""
    return looking.address(held, kind="map", asked=held.asked.saying(liste="toute")) + "#valeurs"


def _communes(held: Looked, found: Choropleth) -> dict[str, Any]:
    whole = held.asked.told("liste") == "toute"
    shapes = territory.shapes()
    areas = {}
    lines = []
    for commune in territory.communes():
        value = found.values.get(commune.code)
        href = looking.address(held, kind="table", asked=mapping.of_commune(held.asked, found, commune.code))
        said = f"{commune.name} : {printed(value)}" if value is not None else commune.name
        areas[commune.code] = maps.Area(
            label=said, category=found.category(commune.code), href=href if value is not None else ""
        )
        if value is not None:
            lines.append((commune.name, href, printed(value), value))
    lines.sort(key=lambda each: (-each[3], each[0]))
    title = _("%(measure)s, par commune") % {"measure": found.measure}
    most = (
        _("Le plus : %(name)s (%(value)s).") % {"name": lines[0][0], "value": lines[0][2]}
        if lines
        else _("Aucune valeur.")
    )
    below = _("Les valeurs sont dans le tableau qui suit.")
    drawing = maps.drawn(
        maps.outline(shapes.by_code), areas=areas, title=title,
        description=f"{most} {below}",
        names={c.code: c.name for c in sorted(territory.communes(), key=lambda each: -each.population)[:7]},
    )  # fmt: skip
    return {
        "drawing": drawing,
        "graded": True,
        "drawing_title": title,
        "finding": most,
        "legend": list(_legend(found, len(areas) - len(lines))),
        "how": _(
            "Les communes, de la plus petite à la plus grande valeur, sont en groupes de même taille (quantiles)."
        ),
        "plan": found.plan,
        "code": found.column,
        "lines": [each[:3] for each in (lines if whole else lines[:FIRST])],
        "whole_list": "" if whole or len(lines) <= FIRST else _whole_list(held),
        "open_list": whole,
        "measure": found.measure,
        "asides": list(_asides(found)),
        "schematic": shapes.schematic,
    }


def _legend(found: Choropleth, without: int) -> Iterator[tuple[SafeString, str, str]]:
    for place, each in enumerate(found.classes, 1):
        between = _("%(low)s à %(high)s") % {"low": printed(each.low), "high": printed(each.high)}
        number = ngettext("%d commune", "%d communes", each.communes) % each.communes
        yield maps.swatch(place), printed(each.low) if each.low == each.high else between, number
    if without > 0:
        yield maps.swatch(0), _("Aucune ligne"), ngettext("%d commune", "%d communes", without) % without


def _asides(found: Choropleth) -> Iterator[str]:
    if found.elsewhere:
        yield (
            _("Codes qui ne sont ceux d’aucune commune du territoire, et ne sont pas dessinés : %d.") % found.elsewhere
        )
    if found.unknown:
        yield _("Des lignes n’ont pas de commune : elles ne sont pas dessinées.")


def _scene(held: Looked, found: Scene) -> dict[str, Any]:
    asked, window = held.asked, found.window
    drawn = [_spot(held, window, each) for each in found.placed]
    few = [_spot(held, window, each) for each in found.few]
    shapes = [(shape, label, _row(held, row)) for shape, label, row in found.shapes]
    count = ngettext("%s ligne placée", "%s lignes placées", found.rows) % printed(found.rows)
    how = (
        _("Chaque disque réunit les lignes voisines, et dit combien : pressez-en un pour approcher.")
        if found.gathered
        else ""
    )
    drawing = spots.drawn(
        window, land=territory.shapes().by_code.values(), shapes=shapes, spots=drawn, few=few,
        title=_("Carte : %s") % count, description=how or _("Chaque point est une ligne."),
    )  # fmt: skip
    return {
        "drawing": drawing,
        "graded": False,
        "drawing_title": count,
        "finding": how,
        "lines": []
        if found.gathered
        else [(each.label, each.href, f"{each.lat:.5f} {each.lon:.5f}") for each in drawn[:LISTED]]
        or [(label, href, "") for _shape, label, href in shapes[:LISTED]],
        "measure": _("Latitude et longitude"),
        "moves": list(_moves(held, window)),
        "whole": looking.address(held, kind="map", asked=asked.but(frame=None)) if asked.frame else "",
        "asides": [text for text in _left_out(found) if text],
        "inside": looking.address(held, kind="table", asked=asked.but(frame=window.frame, more=())),
    }


def _spot(held: Looked, window: Window, each: mapping.Placed) -> spots.Spot:
    """A row leads to its page, a heap closer to it."""
    if each.row:
        return spots.Spot(each.lon, each.lat, 1, each.label, _row(held, each.row))
    said = ngettext("%s ligne", "%s lignes", each.rows) % printed(each.rows)
    return spots.Spot(each.lon, each.lat, each.rows, said, _framed(held, window.closer(3, lon=each.lon, lat=each.lat)))


def _left_out(found: Scene) -> Iterator[str]:
    if found.nowhere:
        yield _("Lignes sans position : %s.") % printed(found.nowhere)
    if found.outside > 0:
        yield _("Lignes hors de cette vue : %s.") % printed(found.outside)


def _row(held: Looked, row: int) -> str:
    version = f"?version={held.asked.version}" if held.asked.version else ""
    return reverse("data-row", kwargs={"id": held.dataset.id, "row": row}) + version


def _framed(held: Looked, window: Window) -> str:
    return looking.address(held, kind="map", asked=held.asked.but(frame=window.kept))


def _moves(held: Looked, window: Window) -> Iterator[tuple[str, str, Any]]:
    yield "+", _framed(held, window.closer(2)), _("Approcher")
    yield "−", _framed(held, window.closer(0.5)), _("Éloigner")
    for words, right, up, sign in MOVES:
        yield sign, _framed(held, window.moved(right, up)), words


urlpatterns = [path("donnees/<slug:id>/carte", map_page, name="data-map")]
