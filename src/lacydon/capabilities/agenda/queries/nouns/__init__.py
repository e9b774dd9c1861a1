"""The nouns of the agenda: one shape for each kind, the same in a folder, in the database, in the API and in pages."""

from collections.abc import Mapping
from typing import Any

from .actions import Action, Milestone
from .indicators import Indicator
from .learning import Adoption, Evaluation, Experience, Kit, Profile
from .money import Budget
from .objects import Object, Period
from .plan import Agenda, Axis, LegalAct, Lever, LinkedPlan, Policy

SHAPES: Mapping[str, type[Object]] = {
    "agenda": Agenda, "axis": Axis, "lever": Lever, "policy": Policy, "plan": LinkedPlan, "act": LegalAct,
    "action": Action, "budget": Budget, "indicator": Indicator, "evaluation": Evaluation, "experience": Experience,
    "kit": Kit, "adoption": Adoption, "profile": Profile,
}  # fmt: skip


def stored(each: Object) -> dict[str, Any]:
    """As kept: JSON without what is not said, so that a field added later changes no hash."""
    return each.model_dump(mode="json", exclude_defaults=True)


__all__ = [
    "SHAPES",
    "Action",
    "Adoption",
    "Agenda",
    "Axis",
    "Budget",
    "Evaluation",
    "Experience",
    "Indicator",
    "Kit",
    "LegalAct",
    "Lever",
    "LinkedPlan",
    "Milestone",
    "Object",
    "Period",
    "Policy",
    "Profile",
    "stored",
]
