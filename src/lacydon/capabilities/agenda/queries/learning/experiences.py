"""What communes tried, told by themselves: found by what it was about, by what they advise, by who resembles them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from lacydon.kernel.french import plain
from lacydon.kernel.texts import said

from ..chart import Chart
from ..nouns import Action, Experience, Kit


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for among the experiences; empty: anything."""

    words: str = ""
    verdict: str = ""
    axis: str = ""
    commune: str = ""


def experiences(chart: Chart, sought: Sought = Sought(), *, internal: bool = False) -> tuple[Experience, ...]:
    """Those that answer, the latest first."""
    found = [each for each in chart.all(Experience) if internal or each.visibility == "public"]
    found = [each for each in found if _answers(chart, each, sought)]
    return tuple(sorted(found, key=lambda each: (each.ended or date.min, each.id), reverse=True))


def of_communes(chart: Chart, codes: Iterable[str]) -> dict[str, tuple[Experience, ...]]:
    """By INSEE code, for the communes that wrote any."""
    held: dict[str, list[Experience]] = {}
    for each in experiences(chart):
        held.setdefault(each.commune, []).append(each)
    return {code: tuple(held[code]) for code in codes if code in held}


def deployed_in(chart: Chart, code: str) -> tuple[Action, ...]:
    """The actions that a commune leads or has in service."""
    roles = ("pilote", "deployee")
    return tuple(
        each for each in chart.all(Action)
        if each.visibility == "public" and any(c.citycode == code and c.role in roles for c in each.communes)
    )  # fmt: skip


def kits_of(chart: Chart, experience: Experience) -> tuple[Kit, ...]:
    """The kit it was done with, and those that were made of it."""
    return tuple(
        each for each in chart.all(Kit)
        if each.visibility == "public" and (each.id == experience.kit or experience.id in each.experiences)
    )  # fmt: skip


def of_kit(chart: Chart, kit: Kit) -> tuple[Experience, ...]:
    """What communes told of it, and what it was made of; the latest first."""
    return tuple(each for each in experiences(chart) if each.kit == kit.id or each.id in kit.experiences)


def _answers(chart: Chart, each: Experience, sought: Sought) -> bool:
    if sought.verdict and each.verdict != sought.verdict:
        return False
    if sought.commune and each.commune != sought.commune:
        return False
    if sought.axis:
        action = chart.get(Action, each.action) if each.action else None
        if action is None or sought.axis not in {share.axis for share in action.axes}:
            return False
    wanted = plain(sought.words).split()
    return not wanted or all(word in _text(each) for word in wanted)


def _text(each: Experience) -> str:
    parts = [each.title, *each.worked, *each.failed, *each.effects]
    parts += [text for text in (each.summary, each.otherwise) if text]
    return plain(" ".join(said(part.stored()) for part in parts))
