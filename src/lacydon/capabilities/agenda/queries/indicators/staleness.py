"""Why the value of an indicator is not that of now: each reason has a name, kept, and its words."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _l

from ..nouns import Indicator

VANISHED, CLOSED, SCHEMA, REFUSED, FIGURE, EMPTY, LATE = (
    "dataset-vanished", "dataset-closed", "schema-changed", "question-refused", "figure-vanished", "nothing-found",
    "late",
)  # fmt: skip
REASONS: Mapping[str, Any] = {
    VANISHED: _l("Son jeu de données n’existe plus, ou n’a plus de lignes."),
    CLOSED: _l("Son jeu de données n’est plus ouvert à tous."),
    SCHEMA: _l("Des colonnes que lit sa requête ont disparu, ou changé de type."),
    REFUSED: _l("Sa requête ne peut pas être calculée."),
    FIGURE: _l("La plateforme ne donne plus ce chiffre."),
    EMPTY: _l("Sa requête ne trouve aucune valeur."),
    LATE: _l("Il n’a pas été mesuré depuis plus longtemps que sa fréquence ne le veut."),
}
PATIENCE: Mapping[str, int] = {
    "jour": 3, "semaine": 21, "mois": 75, "trimestre": 200, "annee": 730,
}  # fmt: skip
"""Days after the day a reading speaks of when the next one should have come: about twice the period, for data are
published after it ends."""


def word_of(reason: str) -> str:
    return str(REASONS.get(reason, "")) if reason else ""


def is_late(indicator: Indicator, read: date, *, day: date) -> bool:
    """Whether the next reading should have come by this day."""
    patience = PATIENCE.get(indicator.frequency)
    return patience is not None and day - read > timedelta(days=patience)
