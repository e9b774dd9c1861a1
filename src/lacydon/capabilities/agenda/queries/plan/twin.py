"""The public twin: the same agenda without what is kept inside, and the list of what is kept, never in silence.

Withheld: objects whose visibility is internal, what depends on them alone (the money of an internal action), and the
fields declared here. Every public page and file of the agenda reads `twin(chart).chart`, not the chart.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _l

from ..chart import Chart
from ..nouns import Action, Budget, Object

FIELDS: Mapping[str, Mapping[str, tuple[Any, Any]]] = {
    "action": {
        "confidence": (
            _l("La confiance de qui conduit l’action, en pour cent"),
            _l("une appréciation qui prépare une décision (code des relations avec l’administration, art. L. 311-2)"),
        ),
    },
}
"""kind → field → (what it is, why it stays inside). Everything else that an object says is public."""


@dataclass(frozen=True, eq=False)
class Twin:
    """`objects`: how many of each kind are withheld; `fields`: of how many objects each declared field is."""

    chart: Chart
    objects: Mapping[str, int]
    fields: Mapping[tuple[str, str], int]


@lru_cache(maxsize=12)
def twin(chart: Chart) -> Twin:
    """What everybody may read of this chart, made once for it."""
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
        shown[kind, id_] = each
    made = Chart(objects=shown, numbers=chart.numbers, at=chart.at)
    return Twin(chart=made, objects=dict(objects), fields=dict(fields))


def _public(chart: Chart, each: Object) -> bool:
    if each.visibility != "public":
        return False
    if isinstance(each, Budget):
        action = chart.get(Action, each.action)
        return action is None or action.visibility == "public"
    return True
