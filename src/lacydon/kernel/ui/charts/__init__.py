"""Charts drawn on the server as SVG: bars, columns, lines, stacked bars, histograms, small multiples.

    figure(Chart(kind="bars", title="…", axis="Commune", measure="Signalements", labels=[…], series=[Series(…)]))

A page that has one links `ui/charts.css` in its head.
"""

from .chart import SERIES, Chart, Kind, Series, finding
from .figure import drawn, figure
from .numbers import printed, short, ticks

__all__ = ["SERIES", "Chart", "Kind", "Series", "drawn", "figure", "finding", "printed", "short", "ticks"]
