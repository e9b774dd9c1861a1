"""Themes a mandate may cover."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

THEMES: Mapping[str, Any] = {
    "papiers": _("Papiers, citoyenneté, élections"),
    "famille": _("Famille, école"),
    "social": _("Social, santé"),
    "travail": _("Travail, formation"),
    "logement": _("Logement"),
    "transports": _("Transports, mobilité"),
    "argent": _("Argent, impôts, consommation"),
    "justice": _("Justice"),
    "etranger": _("Étranger, Europe"),
    "loisirs": _("Loisirs, sport, culture"),
}
