"""What moved indicators, in words: from which value to which, by which data, at which line of the journal."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from lacydon.capabilities.data import public as data
from lacydon.kernel.texts import said

from ...queries.indicators.movements import Movement, from_to
from ...queries.nouns import Indicator
from ...queries.plan.history import who_words
from .frame import Asked

MOVED = 25
"""Indicators named of one measuring; the others are counted."""


def moves_told(given: Asked, moves: Sequence[Movement]) -> dict[str, Any]:
    """One measuring, as the pages of changes tell it: most often one version of one dataset."""
    first = moves[0]
    return {
        "at": first.at, "who": who_words(first.doer), "line": first.doer.line if first.doer else None,
        "moves": [move_told(given, each) for each in moves[:MOVED]], "count": len(moves),
        "more": max(0, len(moves) - MOVED), "open": len(moves) <= 3,
    }  # fmt: skip


def move_told(given: Asked, each: Movement) -> dict[str, Any]:
    """One of them."""
    one = given.moment.chart.one(Indicator, each.indicator)
    return {
        "at": each.at, "title": one.title, "href": given.to("agenda-indicator", id=one.id),
        "words": from_to(each, one), "first": each.first,
        "origin": origin(each), "line": each.doer.line if each.doer else None,
    }  # fmt: skip


def origin(each: Movement) -> str:
    """« version 2 de « Stationnement des vélos » », or that the platform counts it of itself."""
    if not each.dataset:
        return _("chiffre de la plateforme")
    try:
        name = said(data.dataset(each.dataset).title)
    except data.UnknownDataset:
        name = each.dataset
    return _("version %(number)d de « %(name)s »") % {"number": each.version or 0, "name": name}
