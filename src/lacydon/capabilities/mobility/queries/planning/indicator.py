"""The public figure: what share of the places of transport one reaches in thirty minutes, whole and by commune."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _l

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.cards import Indicator

from ...errors import NoTimetable
from ..timetable import timetable
from .access import MINUTES, kept, progress

THIRTY = MINUTES.index(30)


def of_access() -> Iterator[Indicator]:
    """On a weekday at eight; nothing until it was worked out. The whole is the mean by inhabitant."""
    try:
        table = timetable()
    except NoTimetable:
        return
    state = progress(table.content, "semaine", 8)
    if not state.whole:
        return
    by_commune = {
        code: Decimal(str(round(each.shares[THIRTY] * 100, 1))) if each.near else None
        for code, each in state.found.items()
    }
    people = {each.code: each.population for each in territory.communes()}
    known = {code: value for code, value in by_commune.items() if value is not None and people.get(code)}
    total = sum(people[code] for code in known)
    mean = sum((value * people[code] for code, value in known.items()), Decimal()) / total if total else None
    yield Indicator(
        id="mobility.access-30",
        title=_l("Arrêts joignables en trente minutes, en semaine à 8 h"),
        unit="%",
        value=None if mean is None else mean.quantize(Decimal("0.1")),
        by_commune=by_commune,
        computed_at=datetime.fromtimestamp(kept(table.content, "semaine", 8).stat().st_mtime, UTC),
        note=_l("Depuis le centre de la commune, médiane des départs d’une heure. Vide : aucun arrêt n’est proche."),
    )
