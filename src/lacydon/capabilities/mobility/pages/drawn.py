"""Small maps of transport: a stop among its streets of lines, vehicles along a line. Drawn here, as SVG, for all."""

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import shapely
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from ..queries.timetable import Place, Timetable

WIDTH, HEIGHT = 640, 400
HIGH: Final = 800.0
"""Metres of ground that the map of a stop shows from top to bottom."""
METRES_A_DEGREE: Final = 111_195.0
MOST_LINES: Final = 14
Points = NDArray[np.float64]


class Ground:
    """A piece of ground: degrees to units of the drawing."""

    def __init__(self, *, lon: float, lat: float, high: float, width: int = WIDTH, height: int = HEIGHT) -> None:
        """`high`: metres from top to bottom."""
        self.lon, self.lat, self.width, self.height = lon, lat, width, height
        up = height / high * METRES_A_DEGREE
        self.scale = np.array([up * np.cos(np.radians(lat)), -up])

    def at(self, points: Points) -> Points:
        found: Points = (points - (self.lon, self.lat)) * self.scale + (self.width / 2, self.height / 2)
        return found

    def path(self, points: Points, *, margin: float = 30) -> str:
        """What is seen of a line, simplified to half a unit; empty when it is elsewhere."""
        line = shapely.LineString(self.at(points))
        cut = shapely.clip_by_rect(line, -margin, -margin, self.width + margin, self.height + margin)
        steps = []
        for part in shapely.get_parts(shapely.simplify(cut, 0.6)):
            if part.geom_type == "LineString" and not part.is_empty:
                whole = np.rint(shapely.get_coordinates(part)).astype(int).tolist()
                steps.append("M" + "L".join(f"{x} {y}" for x, y in whole))
        return "".join(steps)


def way_of(table: Timetable, pattern: int) -> Points:
    """The points (lon, lat) that a pattern goes through: its shape, or its stops in a straight line."""
    shape = int(table.pattern_shape[pattern])
    if shape >= 0:
        points = np.asarray(table.shape_points[int(table.shape_first[shape]) : int(table.shape_first[shape + 1])])
        if len(points) > 1:
            return points
    return np.array([(table.stops[n].lon, table.stops[n].lat) for n in table.stops_of(pattern).tolist()])


def colour_of(table: Timetable, route: int) -> str:
    """Of a line on a map, ready for an attribute; our own when the feed gives none."""
    given = table.routes[route].colour
    return f"#{given}" if len(given) == 6 and all(sign in "0123456789ABCDEF" for sign in given) else "#5b9fc4"


def patterns_of(table: Timetable, routes: Iterable[int]) -> Iterator[int]:
    """One pattern for each line and direction: the one with most trips."""
    wanted = set(routes)
    best: dict[tuple[int, int], tuple[int, int]] = {}
    sizes = np.diff(np.asarray(table.pattern_trips))
    for pattern, route in enumerate(np.asarray(table.pattern_route).tolist()):
        if route in wanted:
            key = (route, int(table.pattern_direction[pattern]))
            best[key] = max(best.get(key, (-1, -1)), (int(sizes[pattern]), pattern))
    yield from (pattern for _size, pattern in best.values())


def around(table: Timetable, place: Place) -> SafeString:
    """The quays of a place, its lines, and the places beside it."""
    ground = Ground(lon=place.lon, lat=place.lat, high=HIGH)
    routes = table.routes_of_place[table.place_of_id[place.id]][:MOST_LINES]
    paths: dict[str, str] = {}
    for pattern in patterns_of(table, routes):
        seen = ground.path(way_of(table, pattern))
        colour = colour_of(table, int(table.pattern_route[pattern]))
        paths[colour] = paths.get(colour, "") + seen
    quays = ground.at(np.array([(table.stops[n].lon, table.stops[n].lat) for n in place.stops]))
    title = conditional_escape(_("Plan de l’arrêt %s") % place.name)
    told = conditional_escape(
        _("Les quais de l’arrêt sont des ronds ; les traits sont les lignes qui y passent. Le nord est en haut.")
    )
    parts = [
        f'<svg class="around" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="plan-title plan-desc">'
        f'<title id="plan-title">{title}</title><desc id="plan-desc">{told}</desc>'
    ]
    parts += [f'<path d="{path}" stroke="{colour}"/>' for colour, path in paths.items() if path]
    parts += [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="9"/>' for x, y in quays.tolist()[:24]]
    bar = 200 * HEIGHT / HIGH
    parts.append(f'<path class="ruler" d="M16 {HEIGHT - 16}h{bar:.0f}"/><text x="16" y="{HEIGHT - 26}">200 m</text>')
    parts.append("</svg>")
    return SafeString("".join(parts))
