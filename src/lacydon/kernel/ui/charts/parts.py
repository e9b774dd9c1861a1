"""Pieces that drawings share. Widths are shares of the room there is, sizes of letters are those of the page: a drawing
is as wide as its place without a script, and its words stay as large on a phone.
"""

from collections.abc import Sequence

from django.utils.html import conditional_escape

SHORT, LONG = 30, 90
"""Signs of a label on a phone, and elsewhere."""
HATCHES = ("", "M0 0V8", "M2 2h3v3h-3Z", "M0 4H8", "M0 0V8M0 4H8")
DASHES = ("", "7 4", "2 4", "10 4 2 4", "14 6")


def share(value: float) -> str:
    """A place or a width along the drawing, `0.123` → `12.3%`."""
    return f"{round(value * 100, 2):g}%"


def label(text: str) -> str:
    """A label cut where the room ends, sooner on a phone."""
    words = " ".join(text.split()) or "–"
    if len(words) <= SHORT:
        return str(conditional_escape(words))
    rest = words[SHORT:LONG] + ("…" if len(words) > LONG else "")
    return (
        f'{conditional_escape(words[:SHORT])}<tspan class="wide">{conditional_escape(rest)}</tspan>'
        '<tspan class="thin">…</tspan>'
    )


def opened(name: str, *, height: int, title: str, description: str, look: str) -> str:
    """The beginning of a drawing: an image, its name and what it shows."""
    return (
        f'<svg class="chart {look}" width="100%" height="{height}" role="img"'
        f' aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{conditional_escape(title)}</title>'
        f'<desc id="{name}-desc">{conditional_escape(description)}</desc>'
    )


def hatches(name: str, count: int) -> str:
    """What tells the second series and the next apart besides their colour."""
    made = [
        f'<pattern id="{name}-h{place}" width="8" height="8" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)">'
        f'<rect class="c{place}" width="8" height="8"/><path class="hatch" d="{HATCHES[place - 1]}"/></pattern>'
        for place in range(2, count + 1)
    ]
    return f"<defs>{''.join(made)}</defs>" if made else ""


def paint(name: str, place: int) -> str:
    """How the series of this place (from 1) is filled."""
    return f'fill="url(#{name}-h{place})"' if place > 1 else 'class="c1"'


def mark(place: int, x: str, y: float) -> str:
    """The point of a series: a disc, a square, a diamond, a ring, a small square. `x` is a share or a number."""
    top = f"{y:g}"
    if place in (2, 3, 5):
        turned = "square" if place == 2 else "diamond" if place == 3 else "dash"
        sign = f'<rect class="c{place} {turned}" x="-4" y="-4" width="8" height="8"/>'
        return f'<svg x="{x}" y="{top}" class="at">{sign}</svg>'
    ring = " ring" if place == 4 else ""
    return f'<circle class="c{place}{ring}" cx="{x}" cy="{top}" r="4"/>'


def legend(name: str, names: Sequence[str], *, lines: bool) -> str:
    """What each series looks like. Empty for a single one: the title says it."""
    if len(names) < 2:
        return ""
    items = []
    for place, each in enumerate(names, 1):
        sample = f'<rect width="28" height="18" {paint(name, place)}/>'
        if lines:
            dash = f' stroke-dasharray="{DASHES[place - 1]}"' if DASHES[place - 1] else ""
            sample = f'<path class="l{place}" d="M0 9H28"{dash}/>' + mark(place, "14", 9)
        drawing = f'<svg class="chart" width="28" height="18" aria-hidden="true">{sample}</svg>'
        items.append(f"<li>{drawing}{conditional_escape(each)}</li>")
    return f'<ul class="series">{"".join(items)}</ul>'
