"""How the fields of a form are put together, and what a row of each list is called."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _l

from .fields import Field, fields_of

_ACTION: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("partie-etat", _l("Où elle en est"),
     ("status", "status_reason", "health", "health_reason", "confidence", "priority")),
    ("partie-dates", _l("Jalons et dates"), ("milestones", "planned", "revised", "actual", "decided_by")),
    ("partie-decisions", _l("Décisions, risques, dépendances"), ("decisions", "risks", "dependencies")),
    ("partie-quoi", _l("Ce qu’elle est"),
     ("title", "code", "kind", "problem", "users", "description", "scale", "parent", "agenda")),
    ("partie-plan", _l("Sa place dans le plan"), ("axes", "levers", "policies", "plans")),
    ("partie-qui", _l("Qui la conduit, avec qui, où"), ("owner", "service", "elected_lead", "parties", "communes")),
    ("partie-participation", _l("Participation"), ("participation",)),
    ("partie-liens", _l("Liens et sources"),
     ("services", "datasets", "sensors", "calls", "source_code", "documents", "contracts", "privacy", "footprint",
      "sources", "visibility", "example")),
)  # fmt: skip
_EVALUATION: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("partie-quoi", _l("Ce qui est évalué"), ("title", "kind", "actions", "questions", "agenda")),
    ("partie-comment", _l("Par qui, comment"), ("evaluator", "independent", "method", "due")),
    ("partie-constats", _l("Ce qu’elle a trouvé"), ("findings", "published")),
    ("partie-suites", _l("Ce qu’elle recommande"), ("recommendations",)),
    ("partie-liens", _l("Liens et sources"), ("sources", "visibility", "example")),
)  # fmt: skip
_EXPERIENCE: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("partie-quoi", _l("Ce que vous avez fait"), ("title", "commune", "summary", "verdict")),
    ("partie-recit", _l("Ce qu’il faut en savoir"), ("worked", "failed", "otherwise", "effects")),
    ("partie-cout", _l("Ce que cela a coûté"), ("cost", "months", "ended")),
    ("partie-contexte", _l("Votre commune alors"), ("context",)),
    ("partie-liens", _l("À quoi c’est lié, à qui en parler"),
     ("kit", "action", "actions", "services", "contact", "sources", "licence", "visibility", "example")),
)  # fmt: skip
_PARTS = {"action": _ACTION, "evaluation": _EVALUATION, "experience": _EXPERIENCE}
_FIRST = ("title", "number", "date", "body", "kind", "order", "action", "policy")
_LAST = ("sources", "visibility", "example")
ROWS: Mapping[str, tuple[Any, Any]] = {
    "Action.axes": (_l("Axe"), _l("Ajouter un axe")),
    "Action.policies": (_l("Politique"), _l("Ajouter une politique")),
    "Action.revised": (_l("Révision"), _l("Ajouter une révision")),
    "Action.parties": (_l("Partenaire"), _l("Ajouter un partenaire")),
    "Action.communes": (_l("Commune"), _l("Ajouter une commune")),
    "Action.milestones": (_l("Jalon"), _l("Ajouter un jalon")),
    "Action.dependencies": (_l("Dépendance"), _l("Ajouter une dépendance")),
    "Action.risks": (_l("Risque"), _l("Ajouter un risque")),
    "Action.decisions": (_l("Décision"), _l("Ajouter une décision")),
    "Action.calls": (_l("Appel"), _l("Ajouter un appel")),
    "Axis.orientations": (_l("Orientation"), _l("Ajouter une orientation")),
    "Authorisation.revisions": (_l("Révision"), _l("Ajouter une révision")),
    "Budget.years": (_l("Année"), _l("Ajouter une année")),
    "Budget.funding": (_l("Financement"), _l("Ajouter un financement")),
    "Indicator.targets": (_l("Cible"), _l("Ajouter une cible")),
    "Evaluation.questions": (_l("Question"), _l("Ajouter une question")),
    "Evaluation.findings": (_l("Constat"), _l("Ajouter un constat")),
    "Evaluation.recommendations": (_l("Recommandation"), _l("Ajouter une recommandation")),
    "Experience.worked": (_l("Point"), _l("Ajouter ce qui a marché")),
    "Experience.failed": (_l("Point"), _l("Ajouter ce qui a raté")),
    "Experience.effects": (_l("Effet"), _l("Ajouter un effet")),
}
_ROW = (_l("Ligne"), _l("Ajouter une ligne"))


def sections_of(kind: str) -> list[tuple[str, Any, list[Field]]]:
    """(anchor, title, fields): every field of the kind, once."""
    by_name = {each.name: each for each in fields_of(kind)}
    if kind in _PARTS:
        return [(anchor, title, [by_name[name] for name in names]) for anchor, title, names in _PARTS[kind]]
    first = [name for name in _FIRST if name in by_name]
    last = [name for name in _LAST if name in by_name]
    rest = [name for name in by_name if name not in (*first, *last)]
    return [("partie-champs", "", [by_name[name] for name in (*first, *rest, *last)])]


def row_words(field: Field) -> tuple[Any, Any]:
    """What one row is called; the words of the button that adds one."""
    return ROWS.get(f"{field.shape}.{field.name}", _ROW)
