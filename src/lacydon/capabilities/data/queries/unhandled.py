"""What was found in an arrival and is not handled: it may not be published before."""

from collections.abc import Mapping
from typing import Any

from ..models import Access, Arrival
from . import treating
from .personal_data import SURE, Finding, finding_of
from .treating import Treatment, treatment_of

NEVER_KEPT = frozenset({"nir", "iban"})
"""Published as they are under no reason, when their keys are right."""


def findings_of(arrival: Arrival) -> list[Finding]:
    return [finding_of(each) for each in arrival.personal.get("findings", ())]


def treatments_of(arrival: Arrival) -> dict[str, Treatment]:
    """By column."""
    kept: Mapping[str, Any] = arrival.personal.get("treatments") or {}
    return {name: treatment_of(each) for name, each in kept.items()}


def must_be_handled(arrival: Arrival) -> list[Finding]:
    """The findings that nobody has handled yet; empty when it may be published, as far as people are concerned."""
    done = treatments_of(arrival)
    safe = _in_company(arrival)
    return [each for each in findings_of(arrival) if not _handled(each, done.get(each.column), arrival, safe=safe)]


def _handled(finding: Finding, done: Treatment | None, arrival: Arrival, *, safe: frozenset[str]) -> bool:
    if done is None:
        return not finding.identifies and not finding.special and finding.column in safe
    if done.kind == treating.KEEP:
        return finding.category not in NEVER_KEPT or finding.sure != SURE
    if done.kind == treating.PSEUDONYMISE and arrival.dataset.access == Access.PUBLIC:
        return bool(safe)  # still personal: not open data, unless people also hide among others
    return True


def _in_company(arrival: Arrival) -> frozenset[str]:
    """The quasi-identifiers, when each combination of them is shared by enough rows."""
    figures = arrival.personal.get("figures") or {}
    after: Mapping[str, Any] = figures.get("after") or {}
    return frozenset(after["quasi"]) if after and not after["below"] else frozenset()
