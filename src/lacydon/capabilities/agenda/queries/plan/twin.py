"""The public twin: the same agenda without what is kept inside, and the list of what is kept, never in silence.

Withheld: objects whose visibility is internal, what depends on them alone (the money of an internal action), and the
fields declared here. Every public page and file of the agenda reads `twin(chart).chart`, not the chart.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.clock import today

from ..chart import Chart
from ..nouns import Action, Budget, Evaluation, Object

FIELDS: Mapping[str, Mapping[str, tuple[Any, Any]]] = {
    "action": {
        "confidence": (
            _l("La confiance de qui conduit l’action, en pour cent"),
            _l("une appréciation qui prépare une décision (code des relations avec l’administration, art. L. 311-2)"),
        ),
    },
}
"""kind → field → (what it is, why it stays inside). Everything else that an object says is public."""
UNTIL_PUBLISHED = ("findings", "recommendations")
"""What an evaluation says on the day it is published, and not while it is written."""


@dataclass(frozen=True, eq=False)
class Twin:
    """`objects`: how many of each kind are withheld; `fields`: of how many objects each declared field is."""

    chart: Chart
    objects: Mapping[str, int]
    fields: Mapping[tuple[str, str], int]


def twin(chart: Chart) -> Twin:
    """What everybody may read of this chart, made once for it and for the day."""
    return _twin(chart, today())


@lru_cache(maxsize=12)
def _twin(chart: Chart, day: date) -> Twin:
    shown: dict[tuple[str, str], Object] = {}
    objects: Counter[str] = Counter()
    fields: Counter[tuple[str, str]] = Counter()
    for (kind, id_), each in chart.objects.items():
        if not _public(chart, each):
            objects[kind] += 1
            continue
        inside = [name for name in FIELDS.get(kind, ()) if getattr(each, name) != type(each).model_fields[name].default]
        if inside:
            fields.update((kind, name) for name in inside)
            each = each.model_copy(update={name: type(each).model_fields[name].default for name in inside})
        if isinstance(each, Evaluation) and not is_published(each.published, day):
            each = each.model_copy(update=dict.fromkeys(UNTIL_PUBLISHED, ()))
        shown[kind, id_] = each
    made = Chart(objects=shown, numbers=chart.numbers, at=chart.at)
    return Twin(chart=made, objects=dict(objects), fields=dict(fields))


def is_published(published: date | None, day: date | None = None) -> bool:
    """Whether the day it is published has come by that day, or today."""
    return published is not None and published <= (day or today())


def told_content(kind: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
    """What of a state, as stored, its history may tell."""
    if kind != "evaluation":
        return content
    day = content.get("published")
    if is_published(date.fromisoformat(day) if day else None):
        return content
    return {name: value for name, value in content.items() if name not in UNTIL_PUBLISHED}


def _public(chart: Chart, each: Object) -> bool:
    if each.visibility != "public":
        return False
    if isinstance(each, Budget):
        action = chart.get(Action, each.action)
        return action is None or action.visibility == "public"
    return True
