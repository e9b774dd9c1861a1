"""Numbers of a chart: as they are printed, and the round ones an axis is marked with."""

import math
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

NBSP = "\u00a0"
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
MILLION, MILLIARD = 1_000_000, 1_000_000_000


def printed(value: float | None, *, unit: str = "") -> str:
    """`1234.5` → « 1 234,5 »; at most four figures after whole thousands are over; nothing is « – »."""
    if value is None or not math.isfinite(value):
        return "–"
    size = abs(value)
    decimals = 0 if float(value).is_integer() or size >= 1000 else 1 if size >= 100 else 2 if size >= 0.1 else 4
    text = f"{value:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("-0", "0") and size:
        return _signed(f"{value:.1e}".replace(".", ",")) + _unit(unit)
    after = len(text.partition(".")[2])
    return _signed(str(number_format(Decimal(text), after, use_l10n=True, force_grouping=True))) + _unit(unit)


def short(value: float) -> str:
    """The same beside an axis: « 2,5 M » over a million."""
    size = abs(value)
    if size >= MILLIARD * 1000:
        return _signed(f"{value:.0e}")
    if size >= MILLIARD:
        milliard = _("Md")
        return f"{printed(value / MILLIARD)}{NBSP}{milliard}"
    if size >= MILLION:
        return f"{printed(value / MILLION)}{NBSP}M"
    return printed(value)


def ticks(low: float, high: float, *, about: int = 5, whole: bool = False) -> list[float]:
    """Round numbers, evenly spaced, from at most `low` to at least `high`; whole ones only when the values are."""
    if not (math.isfinite(low) and math.isfinite(high)) or low == high:
        high = low + 1
    rough = (high - low) / max(about, 1)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(each * size for each in STEPS if each * size >= rough * 0.999)
    if whole:
        step = max(1.0, math.ceil(step))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    digits = max(0, 2 - math.floor(math.log10(step)))
    return [round(place * step, digits) + 0.0 for place in range(first, last + 1)]


def _signed(text: str) -> str:
    return text.replace("-", "\u2212", 1)


def _unit(unit: str) -> str:
    return f"{NBSP}{unit}" if unit else ""
