"""A whole and its parts in one bar, as wide as its place: told apart by a pattern too, and said in words beside."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from .charts.parts import HATCHES, share

THICK = 18


@dataclass(frozen=True, slots=True)
class Part:
    """`tone`: a class of the style sheet that gives its colour (`.proportion .pine`); `pattern`: 0 to 4."""

    count: int
    tone: str
    pattern: int = 0


def proportion(parts: Sequence[Part], *, words: str, name: str) -> SafeString:
    """The bar as an inline SVG, `words` being what it says. `name` begins the ids inside; empty without anything."""
    whole = sum(each.count for each in parts)
    if not whole:
        return SafeString("")
    defs, bars, start = [], [], 0.0
    for n, each in enumerate(parts):
        if not each.count:
            continue
        fill = f'class="{each.tone}"'
        if each.pattern:
            fill = f'fill="url(#{name}-{n})"'
            defs.append(
                f'<pattern id="{name}-{n}" width="8" height="8" patternUnits="userSpaceOnUse"'
                f' patternTransform="rotate(45)"><rect class="{each.tone}" width="8" height="8"/>'
                f'<path class="hatch" d="{HATCHES[each.pattern]}"/></pattern>'
            )
        width = each.count / whole
        bars.append(f'<rect {fill} x="{share(start)}" width="{share(width)}" height="{THICK}"/>')
        start += width
    return mark_safe(  # noqa: S308 (numbers of ours, texts escaped)
        f'<svg class="chart proportion stacked" width="100%" height="{THICK}" role="img"'
        f' aria-label="{conditional_escape(words)}"><defs>{"".join(defs)}</defs>{"".join(bars)}</svg>'
    )
