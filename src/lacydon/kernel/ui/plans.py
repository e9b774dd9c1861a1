"""Plans of streets drawn on the server as SVG images: a view to go about in, and what there is to see in it.

A view has always the same size in CSS pixels, because a browser without JavaScript says where its image was pressed in
pixels of the image as it is shown, and of nothing else. Small screens show the middle of it. Points are in WGS 84.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import shapely
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from numpy.typing import NDArray

from .maps import Dot

WIDTH, HEIGHT = 736, 440
"""CSS pixels."""
METRES: Final = (24.0, 8.0, 2.5, 0.8, 0.25)
"""Metres of ground a pixel stands for, from farthest to closest: 18 km, 6 km, 1.8 km, 600 m, 180 m wide."""
CLOSEST = len(METRES) - 1
DECIMALS: Final = (3, 4, 4, 5, 5)
"""Of the degrees of a view's middle: a few pixels, so that the same views are asked for again."""
METRES_A_DEGREE = 111_195.0
STEP = 64
"""Pixels an arrow moves by: 16 m at the closest zoom, so that the middle comes within 8 m of any point."""
NAME = re.compile(r"([0-4])/(-?[0-9]{1,3}(?:\.[0-9]{1,6})?),(-?[0-9]{1,2}(?:\.[0-9]{1,6})?)")
BARS: Final = (5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10)
LONGEST_BAR = 130
WAYS: Final = {"nord": (0, -1), "sud": (0, 1), "ouest": (-1, 0), "est": (1, 0)}
"""Where the arrows lead, as (right, down)."""

STROKES: Final = (1.3, 2.0, 4.5, 9.0, 19.0)
CASED = 2
"""From this zoom, streets have two edges; before, they are lines."""
MOST_WAYS: Final = (350, 900, 1_200, 900, 400)
MOST_NAMES: Final = (0, 14, 30, 34, 30)
LETTER, SIZE = 7.0, 13
TOLERANCE = 0.7
"""Pixels a line may be moved by when it is simplified."""
STRAIGHT = 0.94
"""A name is written where the way is at least this straight: from end to end, over along it."""
INK, EDGE, LAND, ELSEWHERE, STREET, FAR_STREET, MARK, BOUNDARY = (
    "#14213d", "#cdbfa5", "#f4efe5", "#dfeaf0", "#fff", "#a5977c", "#0b5c8a", "#a8480f",
)  # fmt: skip

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class View:
    """A piece of ground to draw: its middle, and how close (0 to 4)."""

    lon: float
    lat: float
    zoom: int

    @classmethod
    def at(cls, lon: float, lat: float, zoom: int) -> "View":
        """The view around a point, its middle rounded as views are."""
        zoom = min(max(zoom, 0), CLOSEST)
        return cls(round(lon, DECIMALS[zoom]), round(min(max(lat, -85.0), 85.0), DECIMALS[zoom]), zoom)

    @classmethod
    def named(cls, name: str) -> "View | None":
        """The view of a name, `3/5.5702,43.2921`; None for anything else."""
        found = NAME.fullmatch(name)
        if found is None or abs(float(found[2])) > 180 or abs(float(found[3])) > 85:
            return None
        return cls.at(float(found[2]), float(found[3]), int(found[1]))

    @property
    def name(self) -> str:
        decimals = DECIMALS[self.zoom]
        return f"{self.zoom}/{self.lon:.{decimals}f},{self.lat:.{decimals}f}"

    @property
    def metres(self) -> float:
        """Of ground, for a pixel."""
        return METRES[self.zoom]

    @property
    def _scale(self) -> tuple[float, float]:
        """Pixels for a degree, rightwards and upwards."""
        up = METRES_A_DEGREE / self.metres
        return up * math.cos(math.radians(self.lat)), up

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        across, up = self._scale
        east, north = WIDTH / 2 / across, HEIGHT / 2 / up
        return self.lon - east, self.lat - north, self.lon + east, self.lat + north

    def point(self, x: float, y: float) -> tuple[float, float]:
        """The ground (lon, lat) under a pixel counted from the top left corner."""
        across, up = self._scale
        return self.lon + (x - WIDTH / 2) / across, self.lat - (y - HEIGHT / 2) / up

    def pixel(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a point is drawn."""
        across, up = self._scale
        return (lon - self.lon) * across + WIDTH / 2, (self.lat - lat) * up + HEIGHT / 2

    def pixels(self, degrees: Points) -> Points:
        """Where points (an array of lon, lat) are drawn."""
        across, up = self._scale
        return (degrees - (self.lon, self.lat)) * (across, -up) + (WIDTH / 2, HEIGHT / 2)

    def shows(self, lon: float, lat: float, *, margin: float = 24) -> bool:
        """Whether a point is in the part that small screens show too."""
        x, y = self.pixel(lon, lat)
        return abs(x - WIDTH / 2) <= 150 - margin and abs(y - HEIGHT / 2) <= 160 - margin

    def holds(self, lon: float, lat: float) -> bool:
        """Whether a point is in the view."""
        west, south, east, north = self.box
        return west <= lon <= east and south <= lat <= north

    def moved(self, way: str) -> "View":
        """One step towards `nord`, `sud`, `est` or `ouest`."""
        right, down = WAYS[way]
        lon, lat = self.point(WIDTH / 2 + right * STEP, HEIGHT / 2 + down * STEP)
        return View.at(lon, lat, self.zoom)

    def closer(self, by: int = 1) -> "View":
        """The same middle, nearer to the ground; farther when `by` is negative."""
        return View.at(self.lon, self.lat, self.zoom + by)

    def bar(self) -> tuple[str, int]:
        """(a distance, its pixels): the longest round one that the scale can show."""
        metres = next((each for each in BARS if each / self.metres <= LONGEST_BAR), BARS[-1])
        return (f"{metres} m" if metres < 1_000 else f"{metres // 1_000} km"), round(metres / self.metres)


def fitting(west: float, south: float, east: float, north: float, *, least: int = 0) -> View:
    """The closest view that holds a box, small screens left aside; no farther than zoom `least`."""
    middle = View.at((west + east) / 2, (south + north) / 2, CLOSEST)
    for zoom in range(CLOSEST, least, -1):
        view = replace(middle, zoom=zoom)
        if view.holds(west, south) and view.holds(east, north):
            return View.at(middle.lon, middle.lat, zoom)
    return View.at(middle.lon, middle.lat, least)


def pinned(view: View, dots: Sequence[Dot], *, title: str) -> SafeString:
    """Numbered dots to lay over a plan: a disc, or a square for another category than the first; each a link. Links are
    out of the tab order: the page offers the same in a list."""
    shown = []
    for dot in dots:
        if not view.holds(dot.lon, dot.lat):
            continue
        x, y = (round(each) for each in view.pixel(dot.lon, dot.lat))
        form = f'<circle cx="{x}" cy="{y}" r="13"/>'
        if dot.category != 1:
            form = f'<rect x="{x - 12}" y="{y - 12}" width="24" height="24" rx="4"/>'
        label = conditional_escape(dot.label)
        shown.append(
            f'<a class="dot c{dot.category}" href="{conditional_escape(dot.href)}" tabindex="-1" aria-label="{label}">'
            f'<title>{label}</title>{form}<text x="{x}" y="{y + 5}" aria-hidden="true">'
            f"{conditional_escape(dot.mark)}</text></a>"
        )
    return mark_safe(  # noqa: S308 (numbers of ours, texts escaped)
        f'<svg class="over" width="{WIDTH}" height="{HEIGHT}" role="group" aria-labelledby="plan-title">'
        f'<title id="plan-title">{conditional_escape(title)}</title>{"".join(shown)}</svg>'
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """What a view shows. Lines are arrays of lon, lat laid end to end: `starts` says where each begins.

    `names`: of each line; `places`: (lon, lat, what is written there); `numbers`: the same for houses; `land`: the
    communes, None when their limits are not known; `towns`: names of communes at their centres.
    """

    lines: Points
    starts: NDArray[np.int64]
    names: Sequence[str]
    numbers: Sequence[tuple[float, float, str]] = ()
    places: Sequence[tuple[float, float, str]] = ()
    towns: Sequence[tuple[float, float, str]] = ()
    land: Sequence[Any] | None = None


def drawn(view: View, seen: Seen) -> str:
    """The view as an SVG image: north up, no style and no script, so that no policy refuses it."""
    taken = _Taken()
    ways = _ways(view, seen)
    stroke = STROKES[view.zoom]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">',
        *_ground(view, seen.land),
        '<g fill="none" stroke-linecap="round" stroke-linejoin="round">',
    ]
    path = "".join(_path(np.rint(shapely.get_coordinates(each)).astype(int).tolist()) for each, _name in ways)
    if view.zoom >= CASED:
        parts.append(f'<path id="w" d="{path}" stroke="{EDGE}" stroke-width="{stroke + 2}"/>')
        parts.append(f'<path d="{path}" stroke="{STREET}" stroke-width="{stroke}"/>')
    else:
        parts.append(f'<path d="{path}" stroke="{FAR_STREET}" stroke-width="{stroke}"/>')
    if view.zoom > CASED and seen.numbers:
        dots = "".join("M{:.0f} {:.0f}h0".format(*view.pixel(lon, lat)) for lon, lat, _mark in seen.numbers)
        parts.append(f'<path d="{dots}" stroke="{MARK}" stroke-width="{6 if view.zoom == CLOSEST else 3}"/>')
    parts.append("</g>")
    parts.append(
        f'<g font-family="system-ui,sans-serif" font-size="{SIZE}" fill="{INK}" text-anchor="middle"'
        f' paint-order="stroke" stroke="{STREET}" stroke-opacity=".85" stroke-width="3" stroke-linejoin="round">'
    )
    parts += _points(view, seen.towns, taken, ' font-weight="700" font-size="16"', letter=9.0)
    parts += _names(view, ways, taken)
    if view.zoom > CASED:
        parts += _points(view, seen.places, taken, ' font-style="italic"')
    if view.zoom == CLOSEST:
        parts += _points(view, seen.numbers, taken, f' font-size="11" fill="{MARK}"', letter=6.5, above=9)
    parts.append("</g></svg>")
    return "".join(parts)


def _ground(view: View, land: Sequence[Any] | None) -> Iterator[str]:
    """The communes, and their limits; all of it is land when they are not known."""
    if land is None:
        yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{LAND}"/>'
        return
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{ELSEWHERE}"/>'
    west, south, east, north = view.box
    across, up = (east - west) * 0.05, (north - south) * 0.05
    pieces = []
    for area in land:
        cut = shapely.clip_by_rect(area, west - across, south - up, east + across, north + up)
        flat = shapely.simplify(shapely.transform(cut, view.pixels), TOLERANCE)
        for polygon in shapely.get_parts(flat):
            if polygon.geom_type == "Polygon" and not polygon.is_empty:
                pieces += [_path(np.rint(shapely.get_coordinates(polygon.exterior)).astype(int).tolist()) + "z"]
    yield (
        f'<path d="{"".join(pieces)}" fill="{LAND}" stroke="{BOUNDARY}" stroke-opacity=".55" stroke-width="1.5"'
        ' stroke-dasharray="7 4"/>'
    )


def _ways(view: View, seen: Seen) -> list[tuple[Any, str]]:
    """The lines in pixels, the longest first; as many as the zoom bears."""
    if not len(seen.starts):
        return []
    counts = np.diff(np.append(seen.starts, len(seen.lines)))
    lines = shapely.linestrings(view.pixels(seen.lines), indices=np.repeat(np.arange(len(counts)), counts))
    lengths = shapely.length(lines)
    kept = np.argsort(-lengths, kind="stable")[: MOST_WAYS[view.zoom]]
    kept = kept[lengths[kept] >= 2]
    return list(zip(shapely.simplify(lines[kept], TOLERANCE), [seen.names[each] for each in kept], strict=True))


def _names(view: View, ways: Sequence[tuple[Any, str]], taken: "_Taken") -> Iterator[str]:
    """The names of the longest ways along them, each once, where there is room."""
    written: set[str] = set()
    for line, name in ways:
        if len(written) >= MOST_NAMES[view.zoom]:
            return
        width = len(name) * LETTER
        if name in written or not name or line.length < width:
            continue
        inside = shapely.clip_by_rect(line, 6, 6, WIDTH - 6, HEIGHT - 6)
        pieces = [each for each in shapely.get_parts(inside) if each.length >= width + 8]
        for piece in sorted(pieces, key=lambda each: -each.length)[:2]:
            found = _room(piece, width, taken)
            if found is None:
                continue
            written.add(name)
            at = len(written)
            yield (
                f'<path id="n{at}" d="{_path(np.rint(found).astype(int).tolist())}" fill="none" stroke="none"/>'
                f'<text dy="4.5"><textPath href="#n{at}" startOffset="50%">{conditional_escape(name)}</textPath></text>'
            )
            break


def _room(piece: Any, width: float, taken: "_Taken") -> Points | None:
    """Where along a line a name of this width can be read: straight enough, over no other; left to right."""
    spare = piece.length - width
    for share in (0.5, 0.25, 0.75, 0.1, 0.9):
        along = spare * share + np.linspace(0, width, max(3, int(width / 12)))
        points = shapely.get_coordinates(shapely.line_interpolate_point(piece, along))
        chord = points[-1] - points[0]
        if math.hypot(*chord) < width * STRAIGHT or not taken.take(points):
            continue
        if chord[0] < 0:
            points = points[::-1]
        smooth = shapely.get_coordinates(shapely.simplify(shapely.linestrings(points), 2.0))
        outwards = (smooth[-1] - smooth[0]) / max(math.hypot(*(smooth[-1] - smooth[0])), 1.0) * 12
        smooth[0], smooth[-1] = smooth[0] - outwards, smooth[-1] + outwards
        return smooth
    return None


def _points(
    view: View, told: Iterable[tuple[float, float, str]], taken: "_Taken", look: str, *, letter: float = LETTER,
    above: float = 0,
) -> Iterator[str]:  # fmt: skip
    """What is written at points, where there is room."""
    texts = []
    for lon, lat, words in told:
        x, y = view.pixel(lon, lat)
        half = len(words) * letter / 2
        if not (half < x < WIDTH - half and 10 < y - above < HEIGHT - 6):
            continue
        across = np.linspace(x - half, x + half, max(2, int(half / 5)))
        if taken.take(np.column_stack((across, np.full(len(across), y - above)))):
            texts.append(f'<text x="{x:.0f}" y="{y - above + 4:.0f}">{conditional_escape(words)}</text>')
    if texts:
        yield f"<g{look}>{''.join(texts)}</g>"


class _Taken:
    """Where something is written already, in squares of 12 pixels."""

    def __init__(self) -> None:
        self._squares: set[tuple[int, int]] = set()

    def take(self, points: Points) -> bool:
        """Take the squares under these points and around them; False, taking none, when one is taken."""
        squares = {(int(x) // 12, int(y) // 12) for x, y in points}
        if squares & self._squares:
            return False
        self._squares |= {(x + right, y + down) for x, y in squares for right in (-1, 0, 1) for down in (-1, 0, 1)}
        return True


def _path(points: list[list[int]]) -> str:
    """`M` to the first point, then steps in whole pixels; a minus sign separates too."""
    (x, y), steps = points[0], []
    told = f"M{x} {y}l"
    for right, down in points[1:]:
        if right != x or down != y:
            steps.append(f"{right - x} {down - y}")
            x, y = right, down
    return (told + " ".join(steps or ["0 0"])).replace(" -", "-")
