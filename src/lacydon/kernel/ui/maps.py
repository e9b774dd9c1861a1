"""Maps drawn on the server as SVG: the communes, coloured by who answers, each a link.

Shapes are shapely geometries in WGS 84 (lon, lat). They are projected on a plane tangent at the middle of the
territory, simplified together (neighbours keep the same border), and written with whole numbers. Colour is never
alone: each category has a pattern too, and the names of the categories stand beside, in a legend.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from shapely.geometry.base import BaseGeometry

WIDTH = 1000
"""Units of the drawing from west to east."""
MARGIN = 36
PRECISION = 1.1
"""Units a border may be moved by when it is simplified."""
CATEGORIES = 5
PATTERNS = ("", "M0 0V12", "M4 4h3v3h-3Z", "M0 6H12", "M0 0V12M0 6H12")
"""The strokes of each category over its colour, before they are slanted: none, lines, dots, lines across, crossed."""
SLANT = 45
"""Degrees."""
SMALL_LETTER, SMALL_LINE = 21, 40
"""Units a letter and a line of a name take on a small screen, where names are written larger."""


@dataclass(frozen=True)
class Outline:
    """A territory ready to be drawn: for each code its path and a point to write its name at."""

    height: int
    paths: Mapping[str, str]
    centres: Mapping[str, tuple[int, int]]
    edge: str
    west: float = 0.0
    north: float = 0.0
    scale: float = 1.0
    """Units a degree of latitude takes; `narrow` times that for a degree of longitude."""
    narrow: float = 1.0

    def at(self, lon: float, lat: float) -> tuple[int, int]:
        """Where a point (WGS 84, degrees) stands in the drawing."""
        return (
            round((lon - self.west) * self.narrow * self.scale + MARGIN),
            round((self.north - lat) * self.scale + MARGIN),
        )


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of interest: where it stands (WGS 84), its number in the list beside, what it says, where it leads."""

    lon: float
    lat: float
    mark: str
    label: str
    href: str
    category: int = 1


@dataclass(frozen=True, slots=True)
class Area:
    """What one shape says: a name, a category (1 to 5; 0 = none) and where it leads."""

    label: str
    category: int = 0
    href: str = ""


_kept: dict[int, tuple[Mapping[str, BaseGeometry], Outline]] = {}


def outline(shapes: Mapping[str, BaseGeometry]) -> Outline:
    """The drawing of these shapes, worked out once for the same mapping object."""
    kept = _kept.get(id(shapes))
    if kept is None or kept[0] is not shapes:
        _kept.clear()
        kept = _kept[id(shapes)] = (shapes, _outline(shapes))
    return kept[1]


def drawn(
    outline: Outline,
    *,
    areas: Mapping[str, Area],
    title: str,
    description: str = "",
    names: Mapping[str, str] | None = None,
    highlight: str = "",
    dots: Sequence[Dot] = (),
) -> SafeString:
    """The map as an inline SVG. Links are out of the tab order: the page offers the same by a form or a list."""
    height = outline.height
    parts = [
        f'<svg class="map" viewBox="0 0 {WIDTH} {height}" role="group" aria-labelledby="map-title">'
        f'<title id="map-title">{conditional_escape(title)}</title>',
        f"<desc>{conditional_escape(description)}</desc>" if description else "",
        _patterns(sorted({area.category for area in areas.values() if area.category > 1})),
        f'<path id="edge" class="water" d="{outline.edge}" stroke-width="64"/>',
        '<use href="#edge" class="water" stroke-width="38"/><use href="#edge" class="water" stroke-width="16"/>',
    ]
    for category in sorted({area.category for area in areas.values()}):
        parts.append(f"<g{_paint(category)}>")
        parts += [
            _shape(area, outline.paths[code])
            for code, area in areas.items()
            if area.category == category and code in outline.paths
        ]
        parts.append("</g>")
    if highlight in outline.paths:
        parts.append(f'<path class="ring" d="{outline.paths[highlight]}"/>')
    parts += _names(outline, names or {}, first=highlight)
    parts += [_dot(outline, each) for each in dots]
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 (numbers of ours, texts escaped)


def close_up(shape: BaseGeometry) -> Outline:
    """The drawing of one place alone, as large as it goes."""
    return _outline({"": shape})


def _dot(outline: Outline, dot: Dot) -> str:
    """A numbered disc (open) or square (another category): told apart without colour."""
    x, y = outline.at(dot.lon, dot.lat)
    label, href = conditional_escape(dot.label), conditional_escape(dot.href)
    form = f'<circle cx="{x}" cy="{y}" r="24"/>'
    if dot.category != 1:
        form = f'<rect x="{x - 22}" y="{y - 22}" width="44" height="44" rx="6"/>'
    return (
        f'<a class="dot c{dot.category}" href="{href}" tabindex="-1" aria-label="{label}"><title>{label}</title>{form}'
        f'<text x="{x}" y="{y + 8}" aria-hidden="true">{conditional_escape(dot.mark)}</text></a>'
    )


def _names(outline: Outline, names: Mapping[str, str], *, first: str) -> Iterator[str]:
    """The names, written at the centres; those that would touch another on a small screen are hidden there."""
    placed: list[tuple[int, int, int]] = []
    for code in sorted(names, key=lambda code: code != first):
        if code not in outline.centres:
            continue
        x, y = outline.centres[code]
        half = len(names[code]) * SMALL_LETTER // 2
        near = any(abs(x - east) < half + width and abs(y - north) < SMALL_LINE for east, north, width in placed)
        if not near:
            placed.append((x, y, half))
        hidden = ' class="wide"' if near else ""
        yield f'<text x="{x}" y="{y}"{hidden} aria-hidden="true">{conditional_escape(names[code])}</text>'


def swatch(category: int) -> SafeString:
    """A sample of a category for the legend; the patterns are those of the map on the same page."""
    return format_html(
        '<svg class="map" viewBox="0 0 32 22" aria-hidden="true"><rect width="32" height="22"{}/></svg>',
        _paint(category),
    )


def _paint(category: int) -> SafeString:
    """A plain colour for the first category and for none, a pattern of this map for the others."""
    return mark_safe(f' fill="url(#p{category})"' if category > 1 else f' class="k{category}"')  # noqa: S308 (numbers)


def _shape(area: Area, path: str) -> str:
    label = conditional_escape(area.label)
    if not area.href:
        return f'<path d="{path}"/>'
    href = conditional_escape(area.href)
    return f'<a href="{href}" tabindex="-1" aria-label="{label}"><title>{label}</title><path d="{path}"/></a>'


def _patterns(categories: Sequence[int]) -> str:
    return "".join(
        f'<pattern id="p{each}" width="12" height="12" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate({SLANT})"><rect class="k{each}" width="12" height="12"/>'
        f'<path class="hatch" d="{PATTERNS[each - 1]}"/></pattern>'
        for each in categories
    )


def _outline(shapes: Mapping[str, BaseGeometry]) -> Outline:
    codes = list(shapes)
    if not codes:
        return Outline(height=WIDTH // 2, paths={}, centres={}, edge="")
    west, south, east, north = shapely.total_bounds(list(shapes.values()))
    narrow = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * narrow, 1e-9)

    def project(degrees: np.ndarray) -> np.ndarray:
        x = (degrees[:, 0] - west) * narrow * scale + MARGIN
        y = (north - degrees[:, 1]) * scale + MARGIN
        return np.column_stack((x, y))

    plane = np.array([shapely.transform(shapes[code], project) for code in codes], dtype=object)
    plane = shapely.make_valid(shapely.coverage_simplify(plane, PRECISION))
    edge = shapely.union_all(shapely.buffer(plane, 0.8)).simplify(2.5)
    centres = {code: _centre(area) for code, area in zip(codes, plane, strict=True)}
    return Outline(
        height=round((north - south) * scale) + 2 * MARGIN,
        paths={code: _path(area) for code, area in zip(codes, plane, strict=True)},
        centres=centres,
        edge=_path(edge, holes=False),
        west=west,
        north=north,
        scale=scale,
        narrow=narrow,
    )


def _centre(area: BaseGeometry) -> tuple[int, int]:
    point = area.centroid if area.contains(area.centroid) else area.representative_point()
    return (round(point.x), round(point.y)) if not point.is_empty else (0, 0)


def _path(area: BaseGeometry, *, holes: bool = True) -> str:
    rings = []
    for polygon in shapely.get_parts(area):
        if polygon.geom_type == "Polygon" and polygon.area >= 4:
            rings.append(polygon.exterior)
            rings += list(polygon.interiors) if holes else []
    return "".join(_ring(shapely.get_coordinates(ring)) for ring in rings)


def _ring(points: np.ndarray) -> str:
    """`M` to the first point, then steps: whole numbers, no step of zero length."""
    whole = [(int(x), int(y)) for x, y in np.rint(points)]
    steps = [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(whole[:-1])]
    return f"M{whole[0][0]} {whole[0][1]}l{_joined(steps)}z"


def _joined(steps: Iterable[tuple[int, int]]) -> str:
    """Steps as a list of numbers where a minus sign is also a separator."""
    text = " ".join(f"{x} {y}" for x, y in steps if x or y)
    return text.replace(" -", "-")
