"""What was promised and what is, along the years (a Gantt chart): drawn on the server as SVG, as wide as its place.

Each row has two bars: above, thin, the dates that were promised; under it, thick, those that are lived or expected now,
hatched where they go beyond the promise. Diamonds are moments: full when they are past, hollow when they are expected.
The page says the same as a table; the links of the drawing are out of the tab order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .charts.parts import label, share

ROW, HEAD, FOOT = 56, 34, 6
LONG = 9
"""Years, from which every other one is not written on a phone."""
Tone = Literal["going", "done", "waiting", "stopped"]
_CLASS = {"going": "c1", "done": "c3", "waiting": "c5", "stopped": "c5"}
Span = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment of a row. `late`: after what was promised; `over`: it happened."""

    when: date
    words: str
    over: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Row:
    """`promised`, `lived`: from, to; a side that nobody said is left open."""

    words: str
    href: str
    promised: Span
    lived: Span
    tone: Tone
    marks: Sequence[Mark] = ()
    end: str = ""
    """When it ends, in a few signs."""
    lang: str = ""
    """The language of the words, when it is not that of the page."""


def years_of(rows: Sequence[Row], today: date) -> tuple[int, int]:
    """The first and the last year that these rows speak of; today is always inside."""
    known = [when for row in rows for when in (*row.promised, *row.lived, *(each.when for each in row.marks)) if when]
    return min([*known, today]).year, max([*known, today]).year


def timeline(rows: Sequence[Row], *, today: date, title: str, description: str, name: str = "time") -> SafeString:
    """The drawing as an inline SVG; empty without rows. `name` begins the ids inside."""
    if not rows:
        return SafeString("")
    first, last = years_of(rows, today)
    scale = _Scale(date(first, 1, 1), date(last + 1, 1, 1))
    height = HEAD + ROW * len(rows) + FOOT
    parts = [
        f'<svg class="chart spans" width="100%" height="{height}" role="group"'
        f' aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">{conditional_escape(title)}</title>'
        f'<desc id="{name}-desc">{conditional_escape(description)}</desc>',
        f'<defs><pattern id="{name}-over" width="8" height="8" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><rect class="c2" width="8" height="8"/><path class="hatch" d="M0 0V8"/>'
        "</pattern></defs>",
        *_years(first, last, scale, height),
        *_now(scale.at(today), height),
    ]
    for n, row in enumerate(rows):
        parts += _row(row, HEAD + n * ROW, scale, name)
    parts.append("</svg>")
    return mark_safe("".join(parts))  # noqa: S308 (numbers of ours, texts escaped)


class _Scale:
    def __init__(self, first: date, last: date) -> None:
        self.first, self.days = first, max((last - first).days, 1)

    def at(self, when: date) -> float:
        return min(max((when - self.first).days / self.days, 0.0), 1.0)


def _years(first: int, last: int, scale: _Scale, height: int) -> Iterator[str]:
    crowded = last - first + 1 >= LONG
    for n, year in enumerate(range(first, last + 1)):
        x = scale.at(date(year, 1, 1))
        wide = " wide" if crowded and n % 2 else ""
        yield f'<line class="grid" x1="{share(x)}" x2="{share(x)}" y1="22" y2="{height}"/>'
        yield f'<text class="tick first{wide}" x="{share(x)}" y="16" aria-hidden="true">{year}</text>'


def _now(x: float, height: int) -> Iterator[str]:
    words = _("Aujourd’hui")
    yield f'<line class="today" x1="{share(x)}" x2="{share(x)}" y1="22" y2="{height}"><title>{words}</title></line>'


def _row(row: Row, top: int, scale: _Scale, name: str) -> Iterator[str]:
    words, href = conditional_escape(row.words), conditional_escape(row.href)
    spoken = f' lang="{conditional_escape(row.lang)}"' if row.lang else ""
    yield (
        f'<a href="{href}" tabindex="-1" aria-label="{words}"{spoken}>'
        f'<text y="{top + 16}">{label(row.words)}</text></a>'
        f'<text class="tick wide" x="100%" y="{top + 16}" aria-hidden="true">{conditional_escape(row.end)}</text>'
    )
    promised, lived = _ends(row.promised, scale), _ends(row.lived, scale)
    if promised:
        yield _bar("promised", promised, top + 25, 5)
    if lived:
        limit = scale.at(row.promised[1]) if row.promised[1] else lived[1]
        inside = (lived[0], min(lived[1], max(limit, lived[0])))
        yield _bar(f"{_CLASS[row.tone]} {row.tone}", inside, top + 33, 12)
        if lived[1] > inside[1]:
            yield (
                f'<rect fill="url(#{name}-over)" x="{share(inside[1])}" y="{top + 33}"'
                f' width="{share(lived[1] - inside[1])}" height="12"/>'
            )
    for each in row.marks:
        kind = "c2" if each.late else "c3" if each.over else "c1"
        yield (
            f'<svg x="{share(scale.at(each.when))}" y="{top + 39}" class="at">'
            f'<rect class="{kind} diamond{"" if each.over else " hollow"}" x="-5" y="-5" width="10" height="10"/>'
            f"<title>{conditional_escape(each.words)}</title></svg>"
        )


def _bar(kind: str, ends: tuple[float, float], top: int, thick: int) -> str:
    return (
        f'<rect class="{kind}" x="{share(ends[0])}" y="{top}" width="{share(max(ends[1] - ends[0], 0.003))}"'
        f' height="{thick}" rx="2"/>'
    )


def _ends(span: Span, scale: _Scale) -> tuple[float, float] | None:
    start, end = span
    if start is None and end is None:
        return None
    return (scale.at(start) if start else 0.0, scale.at(end) if end else 1.0)
