"""From the rows a question finds to values that may be told: few observations are never shown, nor given away.

A cell of fewer observations than `min_cell` is hidden; when what is hidden of a day would be found by subtraction from
the whole, the next smallest cells are hidden with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from ...models.indicators import QUALITIES

PLACES = Decimal("0.0001")
KNOWN = frozenset({"value", "date", "cell", "n", "lower", "upper", "quality"})
MOST_CELLS = 500
MOST_DAYS = 1_000


class Unusable(Exception):  # noqa: N818 (made stale at once, with this sentence)
    """The rows are no values of an indicator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What is known of a day. `value` None: too few observations."""

    date: date
    value: Decimal | None
    lower: Decimal | None = None
    upper: Decimal | None = None
    quality: str = "mesure"
    cells: Mapping[str, str | None] = field(default_factory=dict)
    suppressed: int = 0


def values_of(
    names: Sequence[str], rows: Iterable[Sequence[Any]], *, day: date, min_cell: int, quality: str
) -> tuple[Value, ...]:
    """The values, by day. `day`: of a question that says none. Raises Unusable."""
    if "value" not in names:
        raise Unusable(_("La requête ne donne pas de colonne « value »."))
    if unknown := sorted(set(names) - KNOWN):
        raise Unusable(_("La requête donne une colonne « %s », qui ne veut rien dire ici.") % unknown[0])
    if min_cell and "n" not in names:
        raise Unusable(_("La colonne « n » (combien d’observations) manque : de petits effectifs seraient montrés."))
    days: dict[date, list[dict[str, Any]]] = {}
    for row in rows:
        found = dict(zip(names, row, strict=True))
        days.setdefault(_day(found["date"]) if "date" in found else day, []).append(found)
    if len(days) > MOST_DAYS:
        raise Unusable(_("La requête donne plus de %d dates.") % MOST_DAYS)
    made = (_of_day(when, found, min_cell=min_cell, quality=quality) for when, found in sorted(days.items()))
    return tuple(each for each in made if each is not None)


def _of_day(when: date, rows: list[dict[str, Any]], *, min_cell: int, quality: str) -> Value | None:
    wholes = [each for each in rows if each.get("cell") is None]
    if len(wholes) != 1:
        raise Unusable(_("Le %s, la requête ne donne pas une valeur d’ensemble et une seule.") % f"{when:%d/%m/%Y}")
    (whole,) = wholes
    value = number(whole["value"])
    if value is None and not whole.get("n"):
        return None
    said = str(whole.get("quality") or quality)
    if said not in QUALITIES:
        raise Unusable(_("« %s » n’est pas une qualité : mesure, estime ou provisoire.") % said[:40])
    small = bool(min_cell) and 0 < count(whole) < min_cell
    parts = {str(each["cell"]): each for each in rows if each.get("cell") is not None}
    if len(parts) > MOST_CELLS:
        raise Unusable(_("La requête donne plus de %d parts.") % MOST_CELLS)
    hidden = set(parts) if small else _hidden({name: count(each) for name, each in parts.items()}, min_cell)
    return Value(
        date=when,
        value=None if small else value,
        lower=None if small else number(whole.get("lower")),
        upper=None if small else number(whole.get("upper")),
        quality=said,
        cells={
            name: None if name in hidden or (told := number(each["value"])) is None else plain(told)
            for name, each in sorted(parts.items())
        },
        suppressed=len(hidden) + small,
    )


def _hidden(counts: Mapping[str, int], min_cell: int) -> set[str]:
    """The cells too small to be told, and those that are hidden so that no subtraction gives one away."""
    if not min_cell:
        return set()
    hidden = {name for name, each in counts.items() if 0 < each < min_cell}
    others = sorted((each, name) for name, each in counts.items() if each >= min_cell)
    while hidden and others and (len(hidden) < 2 or sum(counts[name] for name in hidden) < min_cell):
        hidden.add(others.pop(0)[1])
    return hidden


def count(row: Mapping[str, Any]) -> int:
    found = number(row.get("n"))
    return 0 if found is None else int(found)


def number(told: Any) -> Decimal | None:
    """As kept: four decimals. Raises Unusable."""
    if told is None:
        return None
    try:
        found = Decimal(str(told)).quantize(PLACES)
    except (InvalidOperation, ValueError) as error:
        raise Unusable(_("« %s » n’est pas un nombre qui puisse être gardé.") % str(told)[:40]) from error
    if not found.is_finite() or abs(found) >= Decimal(10) ** 14:
        raise Unusable(_("« %s » n’est pas un nombre qui puisse être gardé.") % str(told)[:40])
    return found


def plain(value: Decimal) -> str:
    """« 12.5 », « 40 »: as JSON keeps it."""
    return f"{value.normalize():f}" if value else "0"


def _day(told: Any) -> date:
    try:
        return date.fromisoformat(str(told)[:10])
    except ValueError as error:
        raise Unusable(_("« %s » n’est pas une date.") % str(told)[:40]) from error
