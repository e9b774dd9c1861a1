"""Drawings with values upwards: columns, and lines along time."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from .chart import Chart, is_number
from .numbers import short, ticks
from .parts import DASHES, SHORT, label, mark, opened, share

HEIGHT, ABOVE, BELOW = 340, 18, 40
SMALL_HEIGHT = 200
PLAIN_MARKS = 40
WIDE, THIN = 96, 30
"""Signs there is room for along the axis, on a screen and on a phone."""
FINE = 1000


def starts_at_zero(low: float, high: float) -> bool:
    """Whether the axis of lines shows zero: not when all values are far from it, and their changes would be lost."""
    return low == high or low < 0 or low < high * 0.5


class _Scale:
    """Upwards: from value to pixel, and the marks of the axis."""

    def __init__(self, chart: Chart, *, height: int, from_zero: bool, ends: Sequence[float] = ()) -> None:
        known = [*chart.numbers, *ends] or [0.0]
        low, high = min(known), max(known)
        if from_zero or starts_at_zero(low, high):
            low, high = min(low, 0.0), max(high, 0.0)
        self.ticks = ticks(low, high, about=5 if height > SMALL_HEIGHT else 2, whole=chart.whole)
        self.low, self.high = self.ticks[0], self.ticks[-1]
        self.top, self.bottom = ABOVE, height - BELOW
        self.names = [short(each) for each in self.ticks]
        self.height = height

    def at(self, value: float) -> float:
        part = (value - self.low) / ((self.high - self.low) or 1.0)
        return round(self.bottom - part * (self.bottom - self.top), 1)

    def opened(self, chart: Chart, *, name: str, description: str) -> str:
        """The marks in a strip of their own, as wide as they need; then the drawing, with a line across for each."""
        width = max(len(each) for each in self.names) * 8 + 12
        texts = "".join(
            f'<text class="tick" x="{width - 8}" y="{self.at(value) + 5:g}">{text}</text>'
            for value, text in zip(self.ticks, self.names, strict=True)
        )
        across = "".join(
            f'<line class="{look}" x2="100%" y1="{y:g}" y2="{y:g}"/>'
            for look, y in (("grid" if value else "zero", self.at(value)) for value in self.ticks)
        )
        drawing = opened(name, height=self.height, title=chart.title, description=description, look="up")
        strip = f'<svg class="chart strip" width="{width}" height="{self.height}" aria-hidden="true">{texts}</svg>'
        return f'<div class="upright">{strip}{drawing}{across}'


def columns(chart: Chart, *, name: str, description: str, height: int = HEIGHT) -> str:
    """One series; its zero is always shown. `touching` columns are classes of a number."""
    values = list(chart.series[0].values) if chart.series else []
    scale = _Scale(chart, height=height, from_zero=True)
    parts = [scale.opened(chart, name=name, description=description)]
    step = 1 / max(len(values), 1)
    inset = 0.02 if chart.touching else 0.15
    for place, value in enumerate(values):
        if value is None or not is_number(value):
            continue
        top, bottom = sorted((scale.at(value), scale.at(0)))
        parts.append(
            f'<rect class="{"c1" if value >= 0 else "c2"}" x="{share(step * (place + inset))}" y="{top:g}"'
            f' width="{share(step * (1 - 2 * inset))}" height="{max(bottom - top, 0):g}"/>'
        )
    parts.append(_under([(step * (place + 0.5), text) for place, text in enumerate(chart.labels)], scale))
    parts.append("</svg></div>")
    return "".join(parts)


def lines(chart: Chart, *, name: str, description: str, height: int = HEIGHT, ends: Sequence[float] = ()) -> str:
    """One to five series along time, or along the order of the categories; broken where a value is missing.

    `ends`: values the scale holds too, so that several drawings can be compared.
    """
    scale = _Scale(chart, height=height, from_zero=chart.from_zero, ends=ends)
    places = _places(chart)
    parts = [scale.opened(chart, name=name, description=description)]
    drawn = []
    for which, series in enumerate(chart.series, 1):
        points = list(zip(places, series.values, strict=True))
        pieces = []
        for known, run in groupby(points, key=lambda point: is_number(point[1])):
            if known:
                pieces.append("L".join(f"{round(x * FINE)} {scale.at(y or 0.0):g}" for x, y in run))
        dash = f' stroke-dasharray="{DASHES[which - 1]}"' if DASHES[which - 1] else ""
        drawn.append(f'<path class="l{which}" d="{"".join("M" + each for each in pieces)}"{dash}/>')
        alone = len(points) <= PLAIN_MARKS
        parts += [
            mark(which, share(x), scale.at(y))
            for place, (x, y) in enumerate(points)
            if y is not None and is_number(y) and (alone or _lonely(series.values, place))
        ]
    parts.append(
        f'<svg class="stretched" width="100%" height="{height}" viewBox="0 0 {FINE} {height}"'
        ' preserveAspectRatio="none">'
        f"{''.join(drawn)}</svg>"
    )
    parts.append(_under(list(zip(places, chart.labels, strict=True)), scale))
    parts.append("</svg></div>")
    return "".join(parts)


def _lonely(values: Sequence[float | None], place: int) -> bool:
    """Whether a value has no neighbour a line could lead to."""
    before = place > 0 and is_number(values[place - 1])
    return not before and not (place + 1 < len(values) and is_number(values[place + 1]))


def _places(chart: Chart) -> list[float]:
    """Where each category stands, from 0 to 1: by its moment when all have one, else at even distances."""
    count = len(chart.labels)
    if chart.when and len(chart.when) == count:
        days = [each.toordinal() for each in chart.when if isinstance(each, date)]
        width = (max(days) - min(days)) if days else 0
        if width:
            return [(each - min(days)) / width for each in days]
    return [0.5] if count == 1 else [place / (count - 1) for place in range(count)]


def _under(labels: Sequence[tuple[float, str]], scale: _Scale) -> str:
    """Labels under the axis, evenly chosen, as many as there is room for; those at the ends lean inwards."""
    if not labels:
        return ""
    room, little = (WIDE, THIN) if scale.height > SMALL_HEIGHT else (THIN, THIN)
    wide, thin = _fitting(labels, room), _fitting(labels, little)
    told = []
    for place in sorted(wide | thin):
        x, text = labels[place]
        ends = " first" if _lean(x) == 0 else " last" if _lean(x) == 1 else ""
        hidden = "" if place in wide & thin else " wide" if place in wide else " thin"
        told.append(f'<text class="under{ends}{hidden}" x="{share(x)}" y="{scale.bottom + 24}">{label(text)}</text>')
        told.append(
            f'<line class="grid{hidden}" x1="{share(x)}" x2="{share(x)}" y1="{scale.bottom}" y2="{scale.bottom + 6}"/>'
        )
    return "".join(told)


def _fitting(labels: Sequence[tuple[float, str]], room: int) -> set[int]:
    """The places of labels that do not touch, on an axis as wide as `room` signs: one in every so many."""
    for every in range(1, len(labels) + 1):
        kept, end, touching = set(), -1.0, False
        for place in range(0, len(labels), every):
            x, text = labels[place]
            size = min(len(text), SHORT + 1) + 2
            start = x * room - size * _lean(x)
            touching = start < end
            if touching:
                break
            kept.add(place)
            end = start + size
        if not touching:
            return kept
    return {0}


def _lean(x: float) -> float:
    """Which part of a label stands before its place."""
    return 0.0 if x < 0.05 else 1.0 if x > 0.95 else 0.5
