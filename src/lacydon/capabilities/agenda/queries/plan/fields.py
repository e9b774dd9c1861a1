"""What each field of the agenda's objects is called, for pages that show how an object changed."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _l

FIELDS: Mapping[str, Any] = {
    "ambition": _l("Ambition"), "description": _l("Description"), "vision": _l("Vision"), "title": _l("Titre"),
    "visibility": _l("Visibilité"), "sources": _l("Sources"), "example": _l("Exemple"), "code": _l("Code"),
    "kind": _l("Nature"), "axes": _l("Axes"), "levers": _l("Leviers"), "policies": _l("Politiques publiques"),
    "plans": _l("Plans liés"), "parent": _l("Fait partie de"), "problem": _l("Problème"), "users": _l("Pour qui"),
    "scale": _l("Échelle"), "status": _l("État"), "status_reason": _l("Raison de l’état"), "health": _l("Santé"),
    "health_reason": _l("Raison de la santé"), "priority": _l("Priorité"), "planned": _l("Dates votées"),
    "revised": _l("Dates révisées"), "actual": _l("Dates réelles"), "decided_by": _l("Décidée par"),
    "owner": _l("Qui conduit"), "service": _l("Service"), "elected_lead": _l("Mandat qui la porte"),
    "parties": _l("Partenaires"), "communes": _l("Communes"), "milestones": _l("Promesses"),
    "dependencies": _l("Dépendances"), "risks": _l("Risques"), "decisions": _l("Décisions demandées"),
    "participation": _l("Participation"), "services": _l("Services"), "datasets": _l("Jeux de données"),
    "source_code": _l("Code source"), "documents": _l("Documents"), "contracts": _l("Marchés publics"),
    "agenda": _l("Agenda"), "order": _l("Rang"), "sdg": _l("Objectifs de développement durable"),
    "orientations": _l("Orientations"), "outcomes": _l("Indicateurs de résultat"), "cofog": _l("Code COFOG"),
    "m57_function": _l("Fonction M57"), "url": _l("Adresse"), "adopted_by": _l("Adopté par"), "period": _l("Période"),
    "number": _l("Numéro"), "date": _l("Date"), "body": _l("Qui l’a pris"), "file_hash": _l("Empreinte du fichier"),
    "siren": _l("SIREN"), "action": _l("Action"), "policy": _l("Politique publique"), "section": _l("Section"),
    "nature": _l("Nature M57"), "function": _l("Fonction M57"), "operation": _l("Opération"), "vat": _l("Taxe"),
    "authorisation": _l("Autorisation"), "years": _l("Crédits de l’année"), "funding": _l("Financements"),
    "definition": _l("Définition"), "unit": _l("Unité"), "direction": _l("Sens voulu"), "frequency": _l("Rythme"),
    "actions": _l("Actions"), "method": _l("Méthode"), "limits": _l("Limites"), "decimals": _l("Décimales"),
    "baseline": _l("Point de départ"), "targets": _l("Cibles"), "source": _l("Source"), "questions": _l("Questions"),
    "evaluator": _l("Qui évalue"), "independent": _l("Indépendance"), "findings": _l("Constats"),
    "recommendations": _l("Recommandations"), "due": _l("Échéance"), "published": _l("Publication"),
    "commune": _l("Commune"), "worked": _l("Ce qui a marché"), "failed": _l("Ce qui n’a pas marché"),
    "otherwise": _l("Ce qui serait fait autrement"), "cost": _l("Coût"), "months": _l("Durée en mois"),
    "contact": _l("Contact"), "experiences": _l("Retours d’expérience"), "version": _l("Version"),
    "steps": _l("Étapes"), "prerequisites": _l("Ce qu’il faut avant"), "population_from": _l("Population, de"),
    "sensors": _l("Capteurs"), "calls": _l("Appels lancés"), "privacy": _l("Données personnelles"),
    "footprint": _l("Empreinte carbone"), "geography": _l("Territoire"), "disaggregation": _l("Découpage"),
    "kit": _l("Kit"), "stages": _l("Étapes"), "adaptations": _l("Ce qui a été adapté"),
    "obstacles": _l("Ce qui a bloqué"), "feedback": _l("Ce que la commune demande"), "area": _l("Superficie"),
    "staff": _l("Agents"), "tools": _l("Outils"), "context": _l("Contexte"), "effects": _l("Effets"),
    "verdict": _l("Avis"), "summary": _l("Résumé"), "ended": _l("Fini le"), "confidence": _l("Confiance"),
    "population_to": _l("Population, à"), "licence": _l("Licence"), "fragment": _l("Fragment de dossier"),
}  # fmt: skip
PARTS: Mapping[str, Any] = {
    "start": _l("début"), "end": _l("fin"), "forecast": _l("prévision"), "actual": _l("fait"),
    "baseline": _l("date votée"), "evidence": _l("preuve"), "title": _l("titre"), "kind": _l("nature"),
    "role": _l("rôle"), "since": _l("depuis"), "weight": _l("poids"), "share": _l("part"),
    "decided": _l("décidé le"), "reason": _l("raison"), "act": _l("acte"), "amount": _l("montant"),
    "voted": _l("voté"), "revised": _l("révisé"), "engaged": _l("engagé"), "paid": _l("payé"),
    "as_of": _l("arrêté au"), "asked": _l("demandé"), "granted": _l("accordé"), "received": _l("reçu"),
    "likelihood": _l("probabilité"), "gravity": _l("gravité"), "answer": _l("réponse"), "by": _l("avant le"),
    "answered": _l("répondu le"), "level": _l("niveau"), "effect": _l("effet"), "code": _l("code"),
    "revisions": _l("révisions"), "cancelled": _l("annulée le"), "value": _l("valeur"), "date": _l("date"),
    "due": _l("échéance"), "done": _l("fait le"), "text": _l("texte"), "dataset": _l("jeu de données"),
    "query": _l("requête"), "figure": _l("chiffre"), "min_cell": _l("plus petit effectif"), "source": _l("source"),
    "estimate": _l("estimation"), "agreement": _l("convention"), "capex": _l("investissement"),
    "opex_year": _l("coût par an"), "days": _l("jours"), "stage": _l("étape"), "processes": _l("consultations"),
    "opens": _l("ouvre le"), "closes": _l("ferme le"), "url": _l("adresse"), "basis": _l("fondement"),
    "assessment": _l("analyse d’impact"), "tonnes": _l("tonnes équivalent CO₂"), "method": _l("méthode"),
    "population": _l("habitants"), "staff": _l("agents"), "tools": _l("outils"), "agents": _l("agents"),
    "year": _l("année"), "axis": _l("axe"), "policy": _l("politique"), "citycode": _l("commune"),
    "organisation": _l("organisme"), "action": _l("action concernée"), "funder": _l("financeur"),
    "quality": _l("qualité"), "answer_by": _l("réponse avant le"), "owner": _l("qui répond"),
    "service": _l("service"), "example": _l("exemple"),
}  # fmt: skip
"""Of what is inside a field."""
KEYS = (
    "id",
    "axis",
    "policy",
    "citycode",
    "organisation",
    "action",
    "year",
    "funder",
    "date",
    "decided",
    "title",
    "by",
)
"""What tells the items of a list apart, first found first."""
EUROS = frozenset(
    {"voted", "revised", "engaged", "paid", "amount", "asked", "granted", "received", "capex", "opex_year"}
)
