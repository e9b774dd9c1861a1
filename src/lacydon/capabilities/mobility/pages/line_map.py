"""The map of a line: its way and its stops, drawn to fit. And of lines as a list names them."""

from collections.abc import Callable

import numpy as np
import shapely
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..queries.lines import Way
from ..queries.timetable import Timetable
from .drawn import Points, way_of

WIDTH, TALLEST, MARGIN = 640, 520, 44
MOST_PATTERNS = 6
"""Variants that are drawn, those with most trips first."""


def line_map(table: Timetable, route: int, ways: tuple[Way, ...]) -> SafeString:
    """Empty when nothing runs on it."""
    tracks = [way_of(table, pattern) for way in ways for pattern in way.patterns[:MOST_PATTERNS]]
    places = list(dict.fromkeys(place for way in ways for place in way.places))
    if not tracks or not places:
        return SafeString("")
    stops = np.array([(table.places[n].lon, table.places[n].lat) for n in places])
    whole = np.concatenate([*tracks, stops])
    west, south = whole.min(axis=0)
    east, north = whole.max(axis=0)
    narrow = np.cos(np.radians((south + north) / 2))
    wide, high = max((east - west) * narrow, 0.002), max(north - south, 0.002)
    scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / high)
    height = round(high * scale + 2 * MARGIN)
    aside = (WIDTH - wide * scale) / 2

    def at(points: Points) -> Points:
        return (points - (west, north)) * (narrow * scale, -scale) + (aside, MARGIN)

    named = table.routes[route]
    title = conditional_escape(_("Plan de la ligne %s") % named.name)
    told = conditional_escape(_("Le trait est le trajet, les ronds sont les arrêts. Le nord est en haut."))
    ground = f"#{named.colour}" if named.colour else "#0B5C8A"
    track = _path(tracks, at)
    parts = [
        f'<svg class="line-map" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="plan-title plan-desc">'
        f'<title id="plan-title">{title}</title><desc id="plan-desc">{told}</desc>'
        f'<path class="edge" d="{track}"/><path class="track" d="{track}" stroke="{ground}"/>'
    ]
    dots = "".join(f"M{x:.0f} {y:.0f}h.01" for x, y in at(stops).tolist())
    parts.append(f'<path class="dots-edge" d="{dots}"/><path class="dots" d="{dots}"/>')
    for end in dict.fromkeys(place for way in ways for place in (way.places[0], way.places[-1])):
        x, y = at(np.array([(table.places[end].lon, table.places[end].lat)]))[0]
        side, anchor = (-14, "end") if x > WIDTH * 0.55 else (14, "start")
        name = conditional_escape(table.places[end].name[:28])
        parts.append(f'<text x="{x + side:.0f}" y="{y + 6:.0f}" text-anchor="{anchor}">{name}</text>')
    metres = _ruler(scale)
    bar = metres / 111_195 * scale
    parts.append(f'<path class="ruler" d="M16 {height - 14}h{bar:.0f}"/>')
    length = f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"
    parts.append(f'<text class="small" x="16" y="{height - 22}">{length}</text></svg>')
    return SafeString("".join(parts))


def _path(tracks: list[Points], at: Callable[[Points], Points]) -> str:
    steps = []
    for track in tracks:
        line = shapely.simplify(shapely.LineString(at(track)), 0.8)
        points = np.rint(shapely.get_coordinates(line)).astype(int).tolist()
        steps.append("M" + "L".join(f"{x} {y}" for x, y in points))
    return "".join(dict.fromkeys(steps))


def _ruler(scale: float) -> int:
    """A round length that takes about a sixth of the drawing."""
    wanted = WIDTH / 6 / scale * 111_195
    return min((100, 200, 500, 1000, 2000, 5000, 10_000, 20_000), key=lambda each: abs(each - wanted))
