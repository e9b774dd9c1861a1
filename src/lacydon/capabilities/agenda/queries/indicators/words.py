"""What is said of indicators: their kinds, their rhythm, what a value is worth."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.texts import said

from ..nouns import Indicator
from .readings import Gauge

KINDS: Mapping[str, Any] = {
    "impact": _l("Effet sur le territoire"),
    "resultat": _l("Résultat"),
    "usage": _l("Usage"),
    "inclusion": _l("Inclusion"),
    "realisation": _l("Réalisation"),
    "moyen": _l("Moyens"),
    "sobriete": _l("Sobriété"),
}
"""In the order they are shown."""
DIRECTIONS: Mapping[str, Any] = {
    "hausse": _l("plus il est haut, mieux c’est"),
    "baisse": _l("plus il est bas, mieux c’est"),
    "cible": _l("mieux vaut être à la cible"),
}
FREQUENCIES: Mapping[str, Any] = {
    "jour": _l("chaque jour"),
    "semaine": _l("chaque semaine"),
    "mois": _l("chaque mois"),
    "trimestre": _l("chaque trimestre"),
    "annee": _l("chaque année"),
    "ponctuel": _l("une fois"),
}
QUALITIES: Mapping[str, Any] = {"mesure": _l("mesure"), "estime": _l("estimation"), "provisoire": _l("provisoire")}
STATES: Mapping[str, Any] = {
    "atteint": _l("Cible atteinte"),
    "en-chemin": _l("En chemin"),
    "manque": _l("Cible manquée"),
    "suivi": _l("Suivi, sans cible"),
    "depart": _l("Valeur de départ"),
    "vide": _l("Pas encore mesuré"),
    "tu": _l("Trop peu d’observations"),
    "perime": _l("Périmé"),
}


def state_of(gauge: Gauge) -> str:
    """One of STATES: what may be said of it."""
    if gauge.stale:
        return "perime"
    if not gauge.computed:
        return "depart" if gauge.indicator.baseline else "vide"
    if gauge.value is None:
        return "tu"
    if gauge.target is None:
        return "suivi"
    if gauge.reached:
        return "atteint"
    return "manque" if gauge.day and gauge.day >= gauge.target.date else "en-chemin"


def amount(value: Decimal | None, indicator: Indicator) -> str:
    """« 1 234,5 »: with the decimals of the indicator."""
    if value is None:
        return "–"
    rounded = value.quantize(Decimal(1).scaleb(-indicator.decimals), rounding=ROUND_HALF_UP)
    return str(number_format(rounded, indicator.decimals, use_l10n=True, force_grouping=True)).replace("-", "\u2212", 1)


def with_unit(value: Decimal | None, indicator: Indicator) -> str:
    """« 62 % »."""
    return f"{amount(value, indicator)}\u00a0{said(indicator.unit)}" if value is not None else _("non montré")
