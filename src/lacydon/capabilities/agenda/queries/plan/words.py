"""The plan's codes, as people say them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _l

STATUSES: Mapping[str, Any] = {
    "en-cours": _l("En cours"),
    "realisee": _l("Réalisée"),
    "decidee": _l("Décidée"),
    "etude": _l("À l’étude"),
    "idee": _l("Idée"),
    "en-pause": _l("En pause"),
    "abandonnee": _l("Abandonnée"),
}
HEALTHS: Mapping[str, Any] = {
    "vert": _l("En bonne voie"),
    "orange": _l("À surveiller"),
    "rouge": _l("En difficulté"),
}
HEALTH_ICONS: Mapping[str, str] = {"vert": "check", "orange": "clock", "rouge": "alert"}
ACTION_KINDS: Mapping[str, Any] = {
    "projet": _l("Projet"),
    "service": _l("Service"),
    "etude": _l("Étude"),
    "appel": _l("Appel à projets"),
    "deploiement": _l("Déploiement"),
}
SCALES: Mapping[str, Any] = {
    "metropole": _l("Toute la métropole"),
    "commune": _l("Une commune"),
    "intercommunal": _l("Plusieurs communes"),
    "partenarial": _l("Avec des partenaires"),
}
PARTY_ROLES: Mapping[str, Any] = {
    "pilote": _l("pilote"),
    "financeur": _l("finance"),
    "partenaire": _l("partenaire"),
    "prestataire": _l("prestataire"),
    "beneficiaire": _l("bénéficiaire"),
}
COMMUNE_ROLES: Mapping[str, Any] = {
    "deployee": _l("C’est en service"),
    "pilote": _l("Commune pilote"),
    "volontaire": _l("Volontaire"),
    "interessee": _l("Intéressée"),
}
"""From the most to the least engaged."""
MILESTONE_KINDS: Mapping[str, Any] = {
    "decision": _l("décision"),
    "livrable": _l("livrable"),
    "mise-en-service": _l("mise en service"),
    "marche": _l("marché public"),
    "evaluation": _l("évaluation"),
}
DEPENDENCIES: Mapping[str, Any] = {
    "apres": _l("vient après"),
    "avec": _l("va avec"),
    "gene-par": _l("est gênée par"),
}
CALLS: Mapping[str, Any] = {
    "ami": _l("Appel à manifestation d’intérêt"),
    "experimentation": _l("Appel à expérimentation"),
    "hackathon": _l("Hackathon"),
    "defi": _l("Défi"),
    "marche-innovant": _l("Marché innovant"),
}
STAGES: Mapping[str, Any] = {
    "interesse": _l("Intéressée"),
    "etude": _l("À l’étude"),
    "vote": _l("Votée"),
    "deploiement": _l("En déploiement"),
    "en-service": _l("En service"),
    "abandonne": _l("Abandonnée"),
}
PARTICIPATION: Mapping[str, Any] = {
    "information": _l("Information"),
    "consultation": _l("Consultation"),
    "concertation": _l("Concertation"),
    "co-construction": _l("Co-construction"),
    "decision": _l("Décision par les habitants"),
}
"""From the least to the most."""
PRIORITIES: Mapping[int, Any] = {1: _l("Première"), 2: _l("Haute"), 3: _l("Normale"), 4: _l("Basse")}
FUNDERS: Mapping[str, Any] = {
    "FEDER": _l("Fonds européen (FEDER)"),
    "Etat": _l("État"),
    "Region": _l("Région"),
    "Departement": _l("Département"),
    "commune": _l("Communes"),
    "autofinancement": _l("Fonds propres"),
    "prive": _l("Financeurs privés"),
}
SECTIONS: Mapping[str, Any] = {
    "investissement": _l("Investissement"),
    "fonctionnement": _l("Fonctionnement"),
}
KINDS: Mapping[str, Any] = {
    "agenda": _l("L’agenda"),
    "axis": _l("Axe"),
    "lever": _l("Levier"),
    "policy": _l("Politique publique"),
    "plan": _l("Plan lié"),
    "act": _l("Acte"),
    "action": _l("Action"),
    "budget": _l("Crédits"),
    "indicator": _l("Indicateur"),
    "evaluation": _l("Évaluation"),
    "experience": _l("Retour d’expérience"),
    "kit": _l("Kit"),
    "adoption": _l("Adoption d’un kit"),
    "profile": _l("Profil de commune"),
}
VERDICTS: Mapping[str, Any] = {
    "kept": _l("Tenue à l’heure"),
    "late": _l("Tenue en retard"),
    "missed": _l("Date passée, pas encore tenue"),
    "slipping": _l("À venir, annoncée en retard"),
    "coming": _l("À venir"),
    "dropped": _l("Abandonnée"),
}
VERDICT_ICONS: Mapping[str, str] = {
    "kept": "check", "late": "clock", "missed": "alert", "slipping": "clock", "coming": "arrow", "dropped": "none",
}  # fmt: skip
GOALS: Mapping[str, Any] = {
    "1": _l("Pas de pauvreté"),
    "2": _l("Faim « zéro »"),
    "3": _l("Bonne santé et bien-être"),
    "4": _l("Éducation de qualité"),
    "5": _l("Égalité entre les sexes"),
    "6": _l("Eau propre et assainissement"),
    "7": _l("Énergie propre et d’un coût abordable"),
    "8": _l("Travail décent et croissance économique"),
    "9": _l("Industrie, innovation et infrastructure"),
    "10": _l("Inégalités réduites"),
    "11": _l("Villes et communautés durables"),
    "12": _l("Consommation et production responsables"),
    "13": _l("Lutte contre les changements climatiques"),
    "14": _l("Vie aquatique"),
    "15": _l("Vie terrestre"),
    "16": _l("Paix, justice et institutions efficaces"),
    "17": _l("Partenariats pour la réalisation des objectifs"),
}
"""The seventeen goals of sustainable development (United Nations, A/RES/70/1)."""
