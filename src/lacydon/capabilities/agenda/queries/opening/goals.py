"""The seventeen goals of sustainable development, and what of the agenda serves each (UN resolution A/RES/70/1)."""

from dataclasses import dataclass, field
from typing import Any

from ..chart import Chart
from ..nouns import Axis, Indicator
from ..plan.words import GOALS


@dataclass(kw_only=True)
class Goal:
    """`axes`, `actions`, `indicators`: ids; `targets`: those that axes and indicators name, like `9.c`."""

    goal: str
    title: str
    targets: list[str] = field(default_factory=list)
    axes: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    indicators: list[str] = field(default_factory=list)


def goals(public: Chart) -> list[Goal]:
    """Those that something serves, in their order. An action serves the goals of its axes."""
    found: dict[str, Goal] = {}
    serving: tuple[Axis | Indicator, ...] = (*public.axes, *public.all(Indicator))
    for each in serving:
        for code in each.sdg:
            number = code.split(".")[0]
            goal = found.setdefault(number, Goal(goal=number, title=str(GOALS.get(number, number))))
            if code != number:
                _add(goal.targets, code)
            if isinstance(each, Axis):
                _add(goal.axes, each.id)
                for action in public.actions_of_axis.get(each.id, ()):
                    _add(goal.actions, action.id)
            else:
                _add(goal.indicators, each.id)
    return sorted(found.values(), key=lambda goal: (len(goal.goal), goal.goal))


def _add(held: list[str], value: Any) -> None:
    if value not in held:
        held.append(value)
