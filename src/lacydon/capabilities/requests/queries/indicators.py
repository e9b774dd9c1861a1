"""The public figures of requests as indicators: for the agenda, whole and by commune."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.cards import Indicator

from .figures import OTHERS, figures

INDICATORS: tuple[tuple[str, Any, Any, str], ...] = (
    ("requests.opened", _l("Demandes reçues en douze mois"), _l("demandes"), "opened"),
    ("requests.median-days", _l("Délai médian de réponse aux demandes"), _l("jours"), "median_days"),
    ("requests.on-time", _l("Réponses données dans le délai"), "%", "on_time"),
    ("requests.satisfaction", _l("Satisfaction des habitants à la clôture"), _l("sur 5"), "satisfaction"),
)
"""Id, title, unit, and the field of a Line."""


def of_requests() -> Iterator[Indicator]:
    """Nothing before the first publication."""
    held = figures()
    if held is None:
        return
    whole, communes = held.line(), [each for each in held.communes() if each.citycode != OTHERS]
    for id, title, unit, name in INDICATORS:
        yield Indicator(
            id=id,
            title=title,
            unit=unit,
            value=_number(getattr(whole, name)),
            by_commune={each.citycode: _number(getattr(each, name)) for each in communes},
            computed_at=held.made_at,
        )


def _number(told: Any) -> Decimal | None:
    return None if told is None else Decimal(told)
