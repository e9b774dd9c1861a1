"""The codes of the agenda as people say them, and the names of its kinds in addresses."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _l

from ..learning.words import VERDICTS
from ..plan.words import CALLS
from .fields import Field

_LEVELS: Mapping[str, Any] = {
    "1": _l("1, très faible"),
    "2": _l("2, faible"),
    "3": _l("3, moyenne"),
    "4": _l("4, forte"),
    "5": _l("5, très forte"),
}
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "Object.visibility": {"public": _l("Tout le monde"), "internal": _l("Interne : les agents de l’agenda")},
    "Action.kind": {
        "projet": _l("Projet"),
        "service": _l("Service"),
        "etude": _l("Étude"),
        "appel": _l("Appel à projets"),
        "deploiement": _l("Déploiement"),
    },
    "Action.scale": {
        "metropole": _l("Toute la métropole"),
        "commune": _l("Une commune"),
        "intercommunal": _l("Plusieurs communes"),
        "partenarial": _l("Avec des partenaires"),
    },
    "Action.status": {
        "idee": _l("Idée"),
        "etude": _l("À l’étude"),
        "decidee": _l("Décidée"),
        "en-cours": _l("En cours"),
        "en-pause": _l("En pause"),
        "realisee": _l("Réalisée"),
        "abandonnee": _l("Abandonnée"),
    },
    "Action.health": {"vert": _l("En bonne voie"), "orange": _l("À surveiller"), "rouge": _l("En difficulté")},
    "Action.priority": {"1": _l("Première"), "2": _l("Haute"), "3": _l("Normale"), "4": _l("Basse")},
    "Party.role": {
        "pilote": _l("Pilote"),
        "financeur": _l("Finance"),
        "partenaire": _l("Partenaire"),
        "prestataire": _l("Prestataire"),
        "beneficiaire": _l("Bénéficiaire"),
    },
    "CommuneRole.role": {
        "pilote": _l("Commune pilote"),
        "volontaire": _l("Volontaire"),
        "deployee": _l("C’est en service"),
        "interessee": _l("Intéressée"),
    },
    "Call.kind": CALLS,
    "Milestone.kind": {
        "decision": _l("Décision"),
        "livrable": _l("Livrable"),
        "mise-en-service": _l("Mise en service"),
        "marche": _l("Marché public"),
        "evaluation": _l("Évaluation"),
    },
    "Dependency.kind": {"apres": _l("Vient après"), "avec": _l("Va avec"), "gene-par": _l("Est gênée par")},
    "Risk.likelihood": _LEVELS,
    "Risk.gravity": _LEVELS,
    "Participation.level": {
        "information": _l("Information"),
        "consultation": _l("Consultation"),
        "concertation": _l("Concertation"),
        "co-construction": _l("Co-construction"),
        "decision": _l("Décision par les habitants"),
    },
    "Lever.kind": {
        "usagers": _l("Les usagers"),
        "donnees": _l("Les données"),
        "experimentation": _l("L’expérimentation"),
        "projets-communaux": _l("Les projets des communes"),
        "financement": _l("Le financement"),
        "gouvernance": _l("La gouvernance"),
        "talents": _l("Les talents"),
    },
    "Budget.section": {"investissement": _l("Investissement"), "fonctionnement": _l("Fonctionnement")},
    "Budget.vat": {"HT": _l("Hors taxes"), "TTC": _l("Toutes taxes comprises")},
    "Authorisation.kind": {
        "AP": _l("AP, autorisation de programme (investissement)"),
        "AE": _l("AE, autorisation d’engagement (fonctionnement)"),
    },
    "Funding.funder": {
        "FEDER": _l("Fonds européen (FEDER)"),
        "Etat": _l("État"),
        "Region": _l("Région"),
        "Departement": _l("Département"),
        "commune": _l("Communes"),
        "autofinancement": _l("Fonds propres"),
        "prive": _l("Financeurs privés"),
    },
    "Indicator.kind": {
        "moyen": _l("Moyens"),
        "realisation": _l("Réalisation"),
        "resultat": _l("Résultat"),
        "impact": _l("Impact"),
        "usage": _l("Usage"),
        "sobriete": _l("Sobriété"),
        "inclusion": _l("Inclusion"),
    },
    "Indicator.direction": {"hausse": _l("Que ça monte"), "baisse": _l("Que ça baisse"), "cible": _l("Une cible")},
    "Indicator.frequency": {
        "jour": _l("Chaque jour"),
        "semaine": _l("Chaque semaine"),
        "mois": _l("Chaque mois"),
        "trimestre": _l("Chaque trimestre"),
        "annee": _l("Chaque année"),
        "ponctuel": _l("Une seule fois"),
    },
    "Source.quality": {
        "mesure": _l("Une mesure"),
        "estime": _l("Une estimation"),
        "provisoire": _l("Provisoire"),
    },
    "Evaluation.kind": {
        "ex-ante": _l("Avant"),
        "en-cours": _l("En cours"),
        "finale": _l("À la fin"),
        "ex-post": _l("Après"),
    },
    "Experience.verdict": VERDICTS,
    "StageReached.stage": {
        "interesse": _l("Intéressée"),
        "etude": _l("À l’étude"),
        "vote": _l("Votée"),
        "deploiement": _l("En déploiement"),
        "en-service": _l("En service"),
        "abandonne": _l("Abandonnée"),
    },
    "Answer.answer": {"acceptee": _l("Acceptée"), "partielle": _l("En partie"), "refusee": _l("Refusée")},
}
KINDS: Mapping[str, tuple[Any, Any]] = {
    "agenda": (_l("Agenda"), _l("L’agenda")),
    "axis": (_l("Axe"), _l("Axes")),
    "lever": (_l("Levier"), _l("Leviers")),
    "policy": (_l("Politique publique"), _l("Politiques publiques")),
    "plan": (_l("Plan lié"), _l("Plans liés")),
    "act": (_l("Acte"), _l("Actes")),
    "action": (_l("Action"), _l("Actions")),
    "budget": (_l("Ligne de crédits"), _l("Crédits")),
    "indicator": (_l("Indicateur"), _l("Indicateurs")),
    "evaluation": (_l("Évaluation"), _l("Évaluations")),
    "experience": (_l("Retour d’expérience"), _l("Retours d’expérience")),
    "kit": (_l("Kit"), _l("Kits")),
    "adoption": (_l("Adoption d’un kit"), _l("Adoptions de kits")),
    "profile": (_l("Profil de commune"), _l("Profils de communes")),
}
"""One, several."""
IN_ADDRESSES: Mapping[str, str] = {
    "agendas": "agenda", "axes": "axis", "leviers": "lever", "politiques": "policy", "plans": "plan", "actes": "act",
    "actions": "action", "credits": "budget", "indicateurs": "indicator", "evaluations": "evaluation",
    "experiences": "experience", "kits": "kit", "adoptions": "adoption", "profils": "profile",
}  # fmt: skip
ADDRESS_OF: Mapping[str, str] = {kind: word for word, kind in IN_ADDRESSES.items()}
STEERED = (
    "agenda", "axis", "lever", "policy", "plan", "act", "indicator", "budget", "evaluation", "experience", "profile",
)  # fmt: skip
"""What the steward writes beside actions. Kits and adoptions are made by exporting and adopting."""
OF_COMMUNES = ("experience", "profile")
"""What the agents of a commune write of it themselves."""


def choices_of(field: Field) -> Mapping[str, Any]:
    return CHOICES.get(f"{field.shape}.{field.name}", {})


def choice_said(field: Field, value: Any) -> str:
    return str(choices_of(field).get(str(value), value))
