"""Causes, effects and severities as riders read them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _l

from ..live.alerts import Cause, Effect, Severity

CAUSES: Mapping[Cause, Any] = {
    Cause.UNKNOWN: _l("Cause inconnue"),
    Cause.OTHER: _l("Autre cause"),
    Cause.TECHNICAL: _l("Panne"),
    Cause.STRIKE: _l("Grève"),
    Cause.DEMONSTRATION: _l("Manifestation"),
    Cause.ACCIDENT: _l("Accident"),
    Cause.HOLIDAY: _l("Jour férié ou vacances"),
    Cause.WEATHER: _l("Météo"),
    Cause.MAINTENANCE: _l("Entretien"),
    Cause.CONSTRUCTION: _l("Travaux"),
    Cause.POLICE: _l("Intervention de la police"),
    Cause.MEDICAL: _l("Malaise d’un voyageur"),
    Cause.EVENT: _l("Événement"),
}
EFFECTS: Mapping[Effect, Any] = {
    Effect.NO_SERVICE: _l("Service interrompu"),
    Effect.REDUCED: _l("Moins de passages"),
    Effect.DELAYS: _l("Retards"),
    Effect.DETOUR: _l("Itinéraire dévié"),
    Effect.STOP_MOVED: _l("Arrêt déplacé ou non desservi"),
    Effect.MODIFIED: _l("Service modifié"),
    Effect.ADDITIONAL: _l("Service renforcé"),
    Effect.ACCESSIBILITY: _l("Accès difficile en fauteuil roulant"),
    Effect.NO_EFFECT: _l("Aucun effet sur le service"),
    Effect.OTHER: _l("Autre effet"),
    Effect.UNKNOWN: _l("Information"),
}
SEVERITIES: Mapping[Severity, Any] = {
    Severity.SEVERE: _l("Grave"),
    Severity.WARNING: _l("Gênante"),
    Severity.INFO: _l("Pour information"),
    Severity.UNKNOWN: _l("Gravité non précisée"),
}
ICONS: Mapping[Severity, str] = {
    Severity.SEVERE: "none",
    Severity.WARNING: "alert",
    Severity.INFO: "info",
    Severity.UNKNOWN: "alert",
}
"""Told apart without colour: a barred circle, a triangle, an i."""
