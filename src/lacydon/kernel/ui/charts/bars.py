"""Bars that lie: a line for the label and the value, the bar under it. Good for names, however long."""

import math

from .chart import Chart, is_number
from .numbers import printed
from .parts import hatches, label, opened, paint, share

ROW, HEAD, THICK = 50, 0, 18


def bars(chart: Chart, *, name: str, description: str) -> str:
    """One series, zero where it belongs: bars of negative values lead to the left."""
    values = list(chart.series[0].values) if chart.series else []
    known = [value for value in values if value is not None and is_number(value)]
    low, high = min([0.0, *known]), max([0.0, *known])
    width = (high - low) or 1.0
    zero = -low / width
    height = ROW * len(values) + HEAD
    parts = [opened(name, height=height, title=chart.title, description=description, look="lying")]
    for place, (text, value) in enumerate(zip(chart.labels, values, strict=True)):
        top = place * ROW
        parts.append(f'<text y="{top + 18}">{label(text)}</text>')
        parts.append(f'<text class="value" x="100%" y="{top + 18}">{printed(value, unit=chart.unit)}</text>')
        if value is not None and is_number(value):
            start, size = (zero, value / width) if value >= 0 else (zero + value / width, -value / width)
            sign = ' class="c1"' if value >= 0 else ' class="c2"'
            parts.append(f'<rect{sign} x="{share(start)}" y="{top + 26}" width="{share(size)}" height="{THICK}"/>')
        else:
            parts.append(f'<path class="none" d="M0 {top + 35}h24"/>')
    parts.append(f'<line class="zero" x1="{share(zero)}" x2="{share(zero)}" y1="22" y2="{max(height, 22)}"/></svg>')
    return "".join(parts)


def stacked(chart: Chart, *, name: str, description: str) -> str:
    """Two to five series, one after the other along each bar; what is below zero cannot be stacked and is left out."""
    rows = [
        [value if value is not None and is_number(value) and value > 0 else 0.0 for value in row]
        for row in zip(*(each.values for each in chart.series), strict=True)
    ]
    longest = max((math.fsum(row) for row in rows), default=0.0) or 1.0
    height = ROW * len(rows)
    parts = [opened(name, height=height, title=chart.title, description=description, look="lying stacked")]
    parts.append(hatches(name, len(chart.series)))
    for place, (text, row) in enumerate(zip(chart.labels, rows, strict=True)):
        top, start = place * ROW, 0.0
        parts.append(f'<text y="{top + 18}">{label(text)}</text>')
        parts.append(f'<text class="value" x="100%" y="{top + 18}">{printed(math.fsum(row), unit=chart.unit)}</text>')
        for which, value in enumerate(row, 1):
            if value:
                parts.append(
                    f'<rect {paint(name, which)} x="{share(start / longest)}" y="{top + 26}"'
                    f' width="{share(value / longest)}" height="{THICK}"/>'
                )
                start += value
    parts.append(f'<line class="zero" x1="0" x2="0" y1="22" y2="{max(height, 22)}"/></svg>')
    return "".join(parts)
