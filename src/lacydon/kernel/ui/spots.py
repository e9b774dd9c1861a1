"""What is placed, drawn over the land as SVG: discs, heaps with their number, shapes; and the frames around.

A view is always four wide for three high, so the style sheet gives it its height. Places are shares of the drawing:
discs and words have the same size on a phone. Coordinates are WGS 84; the plane is tangent at the middle of the view.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from .charts.numbers import printed
from .charts.parts import share

WIDTH, HEIGHT = 1000, 750
GRID, FEW = (16, 12), (8, 6)
"""Squares that heaps are gathered in, across and upwards: on a screen, and on a phone."""
METRES_A_DEGREE = 111_195.0
LEAST = 0.002
"""Degrees of latitude that a view is high at least: 220 m."""
AROUND = 1.12
BARS = tuple(digit * 10**power for power in range(6, 0, -1) for digit in (5, 2, 1))
Frame = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is, how many it stands for, what it says, where it leads."""

    lon: float
    lat: float
    rows: int
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of ground four wide for three high: its middle and its height in degrees of latitude."""

    lon: float
    lat: float
    high: float

    @classmethod
    def around(cls, frame: Frame) -> "Window":
        """The smallest that holds a frame (west, south, east, north), with a little room."""
        west, south, east, north = frame
        lat = (south + north) / 2
        narrow = max(math.cos(math.radians(lat)), 0.05)
        high = max((north - south), (east - west) * narrow * HEIGHT / WIDTH, LEAST / AROUND) * AROUND
        return cls((west + east) / 2, lat, min(high, 170.0))

    @property
    def narrow(self) -> float:
        """Degrees of latitude that one of longitude is as long as."""
        return max(math.cos(math.radians(self.lat)), 0.05)

    @property
    def wide(self) -> float:
        """Degrees of longitude."""
        return self.high * WIDTH / HEIGHT / self.narrow

    @property
    def frame(self) -> Frame:
        """West, south, east, north; within the Earth."""
        return (
            max(self.lon - self.wide / 2, -180.0), max(self.lat - self.high / 2, -90.0),
            min(self.lon + self.wide / 2, 180.0), min(self.lat + self.high / 2, 90.0),
        )  # fmt: skip

    @property
    def kept(self) -> Frame:
        """The frame that gives this view again: without the room around."""
        inner = Window(self.lon, self.lat, self.high / AROUND)
        west, south, east, north = inner.frame
        return round(west, 5), round(south, 5), round(east, 5), round(north, 5)

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a point stands, as shares from the left and from the top."""
        return (lon - self.lon) / self.wide + 0.5, (self.lat - lat) / self.high + 0.5

    def plane(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same in units of the drawing, for many points."""
        x = ((degrees[:, 0] - self.lon) / self.wide + 0.5) * WIDTH
        y = ((self.lat - degrees[:, 1]) / self.high + 0.5) * HEIGHT
        return np.column_stack((x, y))

    def closer(self, by: float, *, lon: float | None = None, lat: float | None = None) -> "Window":
        """A part of it (`by` 2: half as high), or more of it when `by` is under one."""
        high = min(max(self.high / by, LEAST), 170.0)
        return Window(self.lon if lon is None else lon, self.lat if lat is None else lat, high)

    def moved(self, right: float, up: float) -> "Window":
        """The view beside, by shares of this one."""
        lat = min(max(self.lat + up * self.high, -85.0), 85.0)
        return Window(min(max(self.lon + right * self.wide, -180.0), 180.0), lat, self.high)


def drawn(
    window: Window, *, land: Iterable[BaseGeometry] = (), shapes: Sequence[tuple[BaseGeometry, str, str]] = (),
    spots: Sequence[Spot] = (), few: Sequence[Spot] = (), title: str, description: str, name: str = "spots",
) -> SafeString:  # fmt: skip
    """The map as an inline SVG. `shapes`: what is drawn, its name, where it leads. `few`: what a phone shows instead
    of `spots`, when there are many. Links are out of the tab order: the page offers the same by a list.
    """
    parts = [
        f'<svg class="map spots" width="100%" role="group" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{conditional_escape(title)}</title>'
        f'<desc id="{name}-desc">{conditional_escape(description)}</desc>'
        f'<svg class="ground" width="100%" height="100%" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">'
        f'<path class="k0" d="{"".join(_land(window, land))}"/>',
    ]
    for shape, label, href in shapes:
        path = _path(window, shape)
        if path:
            said = conditional_escape(label)
            parts.append(
                f'<a href="{conditional_escape(href)}" tabindex="-1" aria-label="{said}"><title>{said}</title>'
                f'<path class="{"form" if shape.area else "way"}" d="{path}"/></a>'
            )
    parts.append("</svg>")
    drawings = [("wide", spots), ("thin", few)] if few else [("", spots)]
    for look, some in drawings:
        most = max((each.rows for each in some), default=1)
        parts.append(f'<g class="{look}">' if look else "<g>")
        parts += [_spot(window, each, most) for each in sorted(some, key=lambda each: -each.rows)]
        parts.append("</g>")
    parts += [_ruler(window), "</svg>"]
    return mark_safe("".join(parts))  # noqa: S308 (numbers of ours, texts escaped)


def _spot(window: Window, spot: Spot, most: int) -> str:
    x, y = window.at(spot.lon, spot.lat)
    said = conditional_escape(spot.label)
    size = 6.0 if spot.rows == 1 else 11 + 11 * math.sqrt(spot.rows / most)
    number = ""
    if spot.rows > 1:
        number = f'<text x="{share(x)}" y="{share(y)}" dy="5" aria-hidden="true">{_brief(spot.rows)}</text>'
    return (
        f'<a class="{"spot" if spot.rows == 1 else "heap"}" href="{conditional_escape(spot.href)}" tabindex="-1"'
        f' aria-label="{said}"><title>{said}</title>'
        f'<circle cx="{share(x)}" cy="{share(y)}" r="{size:.3g}"/>{number}</a>'
    )


def _brief(number: int) -> str:
    """A number that fits in a disc: `1234` → « 1,2k »."""
    for size, sign in ((1_000_000, "M"), (1_000, "k")):
        if number >= size:
            part = number / size
            return (f"{part:.1f}" if part < 10 else f"{part:.0f}").replace(".", ",").removesuffix(",0") + sign
    return str(number)


def _ruler(window: Window) -> str:
    """How long some round number of metres is."""
    across = window.high * METRES_A_DEGREE * WIDTH / HEIGHT
    length = next((each for each in BARS if each <= across * 0.3), BARS[-1])
    text = f"{printed(length // 1000)}\u00a0km" if length >= 1000 else f"{length}\u00a0m"
    end = share(0.02 + length / across)
    return (
        f'<g class="ruler" aria-hidden="true"><line x1="2%" x2="{end}" y1="97%" y2="97%"/>'
        f'<text x="2%" y="97%" dy="-8">{text}</text></g>'
    )


def _land(window: Window, land: Iterable[BaseGeometry]) -> Iterator[str]:
    west, south, east, north = window.frame
    across, up = window.wide * 0.05, window.high * 0.05
    for area in land:
        cut = shapely.clip_by_rect(area, west - across, south - up, east + across, north + up)
        if not cut.is_empty:
            yield _path(window, cut)


def _path(window: Window, shape: BaseGeometry) -> str:
    """Of surfaces, lines and points alike; simplified to what can be seen."""
    flat = shapely.simplify(shapely.transform(shape, window.plane), 0.8)
    made = []
    for part in shapely.get_parts(flat):
        if part.is_empty:
            continue
        if part.geom_type == "Polygon":
            for ring in (part.exterior, *part.interiors):
                made.append(_steps(shapely.get_coordinates(ring)) + "z")
        elif part.geom_type in ("LineString", "LinearRing"):
            made.append(_steps(shapely.get_coordinates(part)))
        elif part.geom_type == "Point":
            made.append(f"M{part.x:.0f} {part.y:.0f}h0")
        else:
            made.append("".join(_path_of_parts(part)))
    return "".join(made)


def _path_of_parts(part: BaseGeometry) -> Iterator[str]:
    for each in shapely.get_parts(part):
        yield _steps(shapely.get_coordinates(each))


def _steps(points: NDArray[np.float64]) -> str:
    """`M` to the first point, then steps in whole units."""
    whole = np.rint(np.clip(points, -5000, 6000)).astype(int)
    steps = np.diff(whole, axis=0)
    told = " ".join(f"{x} {y}" for x, y in steps.tolist() if x or y)
    return (f"M{whole[0][0]} {whole[0][1]}l" + (told or "0 0")).replace(" -", "-")
