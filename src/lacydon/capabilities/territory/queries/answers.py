"""How answers about competences are told as data: one shape for every API."""

from collections.abc import Iterable
from typing import Any

from lacydon.kernel.texts import said

from .chart import AuthorityView, FactView
from .competences import Reason


def authority_out(authority: AuthorityView | None) -> dict[str, Any] | None:
    """An authority as every answer gives it."""
    if authority is None:
        return None
    return {"id": authority.id, "name": said(authority.name), "kind": authority.kind, "siren": authority.siren or None}


def question_out(question: FactView | None) -> dict[str, Any] | None:
    """The one question that decides: ask it, and call again with its name and the chosen value as a parameter."""
    if question is None:
        return None
    return {
        "parameter": question.id,
        "text": said(question.question),
        "help": said(question.help) if question.help else None,
        "values": [{"value": each.value, "label": said(each.label)} for each in question.values],
    }


def because_out(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    return [
        {
            "rule": each.rule,
            "sentence": said(each.sentence),
            "legal_basis": each.legal_basis,
            "since": each.since,
            "status": each.status,
        }
        for each in reasons
    ]
