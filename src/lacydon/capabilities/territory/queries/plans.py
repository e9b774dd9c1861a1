"""Plans of the streets: what the territory has to show in a view, drawn."""

from functools import lru_cache

from lacydon.kernel.ui import plans
from lacydon.kernel.ui.plans import CLOSEST, MOST_WAYS, Seen, View

from .chart import CommuneView, chart
from .streets import numbers_within
from .ways import ways

KEPT = 48
"""Drawings each process keeps: the views one begins with are asked for by everybody."""


def plan(view: View) -> str:
    """The plan of a view, as an SVG image."""
    return _plan(view, plan_version())


def plan_version() -> str:
    """Changes when any plan may: the limits of communes, or the addresses."""
    return f"{chart.version}-{ways.version}"


def view_of(commune: CommuneView) -> View:
    """A view of a whole commune; of its centre when its limits are not known."""
    held = chart().geography
    if commune.code in held.missing:
        return View.at(commune.lon, commune.lat, 1)
    west, south, east, north = held.shapes().by_code[commune.code].bounds
    return plans.fitting(west, south, east, north)


@lru_cache(maxsize=KEPT)
def _plan(view: View, _version: str) -> str:
    held, known = chart(), ways()
    west, south, east, north = view.box
    lines, starts, names = known.within(west, south, east, north, most=MOST_WAYS[view.zoom])
    shapes = held.geography.shapes()
    communes = [each for each in held.communes.values() if view.holds(each.lon, each.lat)]
    numbers = []
    if view.zoom >= CLOSEST - 1:
        found = numbers_within(west=west, south=south, east=east, north=north)
        numbers = [(each.lon, each.lat, f"{each.number}{each.suffix}") for each in found]
    return plans.drawn(
        view,
        Seen(
            lines=lines,
            starts=starts,
            names=names,
            numbers=numbers,
            places=known.places(west, south, east, north) if view.zoom >= CLOSEST - 1 else (),
            towns=[
                (each.lon, each.lat, each.name) for each in sorted(communes, key=lambda each: -each.population)
            ] if view.zoom <= 1 else (),
            land=None if shapes.schematic else held.geography.around(west, south, east, north),
        ),
    )  # fmt: skip
