"""A chart as a part of a page: what it shows in words, its drawing, what it leaves out, its values as a table."""

from dataclasses import replace

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .bars import bars, stacked
from .chart import SERIES, TABLE, Chart, finding, notes
from .numbers import printed
from .parts import legend
from .upright import columns, lines, starts_at_zero

MULTIPLES = 24
SMALL = 170


def drawn(chart: Chart, *, name: str = "chart") -> SafeString:
    """The drawing alone, as an inline SVG. `name` begins the ids inside: one for each drawing of a page."""
    shown, description = chart.shown, finding(chart)
    if not chart.numbers:
        return SafeString("")
    if shown.kind == "bars":
        made = bars(shown, name=name, description=description)
    elif shown.kind == "stacked":
        made = stacked(_few(shown), name=name, description=description)
    elif shown.kind == "columns":
        made = columns(shown, name=name, description=description)
    else:
        made = lines(_few(shown), name=name, description=description)
    return mark_safe(made)  # noqa: S308 (numbers of ours, texts escaped)


def figure(chart: Chart, *, name: str = "chart", heading: str = "h2", values: bool = True) -> SafeString:
    """All of it. Lines of more than five series are drawn apart, on one scale, so that they can be compared.

    `values`: as a table; without it, the page has them in a table of its own.
    """
    many = chart.kind == "lines" and len(chart.series) > SERIES
    drawing = _multiples(chart, name=name) if many else drawn(chart, name=name)
    key = "" if many else legend(name, [each.name for each in chart.series[:SERIES]], lines=chart.kind == "lines")
    told = notes(chart)
    if chart.kind == "stacked" and len(chart.series) > SERIES:
        told.append(_("Les cinq premières séries sont dessinées."))
    cut = chart.kind == "lines" and chart.numbers and not chart.from_zero
    if cut and not starts_at_zero(min(chart.numbers), max(chart.numbers)):
        told.insert(0, _("L’axe ne commence pas à zéro."))
    said = "".join(f"<p><small>{conditional_escape(each)}</small></p>" for each in told)
    empty = "" if drawing else ' class="nothing"'
    return mark_safe(  # noqa: S308 (texts escaped)
        f'<figure class="graph"><{heading}>{conditional_escape(chart.title)}</{heading}>'
        f"<p{empty}>{conditional_escape(finding(chart))}</p>{key}{drawing}"
        f"<figcaption>{said}</figcaption>{table(chart) if values else ''}</figure>"
    )


def table(chart: Chart) -> str:
    """The values behind a disclosure: what is drawn, for who reads better than they see."""
    if not chart.labels:
        return ""
    heads = "".join(f'<th scope="col" class="n">{conditional_escape(each.name)}</th>' for each in chart.series)
    rows = []
    for place, text in enumerate(chart.labels[:TABLE]):
        named = conditional_escape(text)
        if place < len(chart.links) and chart.links[place]:
            named = f'<a href="{conditional_escape(chart.links[place])}">{named}</a>'  # type: ignore[assignment]
        cells = "".join(f'<td class="n">{printed(each.values[place])}</td>' for each in chart.series)
        rows.append(f'<tr><th scope="row">{named}</th>{cells}</tr>')
    summary, region = _("Les valeurs en tableau"), conditional_escape(chart.title)
    return (
        f'<details><summary>{summary}</summary><div class="scroll" role="region" tabindex="0" aria-label="{region}">'
        f'<table class="values"><thead><tr><th scope="col">{conditional_escape(chart.axis)}</th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div></details>"
    )


def _few(chart: Chart) -> Chart:
    return replace(chart, series=chart.series[:SERIES])


def _multiples(chart: Chart, *, name: str) -> SafeString:
    """Each series in a drawing of its own; the others give it its scale."""
    items = []
    ends = [
        value for value in (min(chart.numbers, default=None), max(chart.numbers, default=None)) if value is not None
    ]
    for place, each in enumerate(chart.series[:MULTIPLES]):
        alone = replace(chart, title=each.name, series=[each]).shown
        if not alone.numbers:
            continue
        made = lines(alone, name=f"{name}-{place}", description=finding(alone), height=SMALL, ends=ends)
        items.append(f"<li><b>{conditional_escape(each.name)}</b>{made}</li>")
    return mark_safe(f'<ul class="multiples">{"".join(items)}</ul>')  # noqa: S308 (texts escaped)
