"""What is kept of people who want to be told of disruptions: its line of the register (GDPR art. 30)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.personal import PUBLIC_TASK, Activity, Purpose

from ...models import AlertSubscription, AlertTold, Concerned, Disruption, Revision, Said
from .subscriptions import of_person, opened
from .words import hours_words, names_of

ACTIVITIES = (
    Activity(
        id="mobility.alerts",
        name=_l("Être prévenu des perturbations"),
        purpose=_l("Vous prévenir quand une ligne ou un arrêt que vous avez choisis est perturbé à vos heures."),
        legal_basis=_l("Votre accord, que vous retirez d’un clic (article 6.1.a du RGPD)."),
        people=_l("Toute personne qui l’a demandé, avec ou sans compte."),
        data=_l(
            "Une adresse e-mail ou celle du navigateur, les lignes, arrêts, jours et heures choisis, la langue, les "
            "dates de la demande et de l’accord, ce qui a déjà été dit ; le compte quand vous étiez connecté."
        ),
        recipients=_l("Personne hors de cette plateforme."),
        retention=_l(
            "Jusqu’au clic qui arrête les messages ; sept jours quand l’adresse n’est pas confirmée ; ce qui a été "
            "dit, trente jours après la fin de la perturbation."
        ),
        rule="alerts",
        security=_l("Adresse chiffrée avec une clé propre à chaque demande (AES-256-GCM), elle-même chiffrée."),
        fields=tuple(
            f"mobility.{model.__name__}.{field.name}"
            for model in (AlertSubscription, AlertTold)
            for field in model._meta.concrete_fields
        ),
    ),
)
NOT_PERSONAL: Mapping[str, str] = {
    f"mobility.{model.__name__}.{field.name}": "what disturbs transport, an act of an operator"
    for model in (Disruption, Concerned, Said, Revision)
    for field in model._meta.concrete_fields
}
PURPOSES = (
    Purpose(
        "transport",
        _l("informer les voyageurs"),
        PUBLIC_TASK,
        _l("article L. 1115-1 du code des transports"),
    ),
)
ACTIONS = {
    "disruption.draft": _l("a préparé l’annonce d’une perturbation"),
    "disruption.publish": _l("a annoncé une perturbation des transports"),
    "disruption.change": _l("a changé l’annonce d’une perturbation"),
    "disruption.end": _l("a mis fin à une perturbation"),
    "disruption.withdraw": _l("a retiré l’annonce d’une perturbation"),
    "disruption.undo": _l("a annulé un changement de l’annonce d’une perturbation"),
    "disruption.discard": _l("a jeté l’annonce d’une perturbation qui n’avait pas été publiée"),
    "disruption.receive": _l("a reçu d’une source l’annonce d’une perturbation"),
}


def export(person: str) -> Mapping[str, Any]:
    """Label → list of records."""
    rows = of_person(person)
    if not rows:
        return {}
    return {
        _("Alertes de perturbations"): [
            {
                _("Lignes et arrêts"): names_of(row),
                _("Jours et heures"): hours_words(row),
                _("Adresse"): opened(row).get("address") or _("un appareil"),
                _("Demandé le"): row.asked_at.isoformat(),
                _("Confirmé le"): row.confirmed_at.isoformat() if row.confirmed_at else "",
            }
            for row in rows
        ]
    }
