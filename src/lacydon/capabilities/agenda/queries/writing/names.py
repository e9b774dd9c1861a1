"""What the agenda names: by the words people know it by, and back to its id."""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from django.utils.translation import gettext as _

from lacydon.capabilities.data import public as data
from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.kernel.french import plain
from lacydon.kernel.texts import said

from ..chart import Chart
from ..nouns import SHAPES, Action, LegalAct, Object

FEW = 12
"""Up to so many choices, they are all shown; beyond, one is typed and the browser proposes."""
BY_ID = ("service", "dataset")
"""Their id is what people write; their title goes beside it."""


class Names:
    """The names at one moment: made for one request."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self._labels: dict[str, Mapping[str, str]] = {}
        self._ids: dict[str, Mapping[str, str]] = {}

    def of(self, target: str) -> Mapping[str, str]:
        """Id → words, in the order they are to be offered; no two have the same words."""
        if target not in self._labels:
            self._labels[target] = _told_apart(self._found(target))
        return self._labels[target]

    def label(self, target: str, id: str) -> str:
        if target in BY_ID:
            return id
        return self.of(target).get(id, id)

    def id_of(self, target: str, text: str) -> str | None:
        """What is meant by an id, a label, or (for an action or an act) its code or its title alone."""
        if target not in self._ids:
            known: dict[str, str] = {}
            for id, label in self.of(target).items():
                for name in (*self._also(target, id), label, id):
                    known[plain(" ".join(name.split()))] = id
            self._ids[target] = known
        return self._ids[target].get(plain(" ".join(text.split())))

    def unknown(self, target: str, text: str) -> str:
        sentence = _UNKNOWN.get(target, lambda: _("« %s » n’est pas dans l’agenda : choisissez dans la liste."))()
        return sentence % text[:60]

    @cached_property
    def codes(self) -> Mapping[str, str]:
        return {each.id: each.code for each in self.chart.all(Action)}

    def _also(self, target: str, id: str) -> Iterable[str]:
        found = self.chart.objects.get((target, id))
        if found is None:
            return ()
        title = said(found.title.stored())
        return (title, found.code) if isinstance(found, Action) else (title,)

    def _found(self, target: str) -> Iterable[tuple[str, str]]:
        if target == "commune":
            return [(each.code, each.name) for each in territory.communes()]
        if target == "authority":
            return [(each.id, said(each.name)) for each in territory.authorities()]
        if target == "service":
            return [(each.id, said(each.title)) for each in services.services()]
        if target == "dataset":
            return [(each.id, said(each.title)) for each in data.datasets()]
        return [(each.id, name_of(each)) for each in self.chart.all(SHAPES[target])]


def name_of(each: Object) -> str:
    """What an object is called in a list: its code or its number first, when it has one."""
    title = said(each.title.stored())
    if isinstance(each, Action):
        return f"{each.code} · {title}"
    if isinstance(each, LegalAct):
        return f"{each.number} · {title}"
    return title


def _told_apart(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    found = list(pairs)
    times: dict[str, int] = {}
    for _id, label in found:
        times[label] = times.get(label, 0) + 1
    return {id: label if times[label] == 1 else f"{label} ({id})" for id, label in found}


_UNKNOWN: Mapping[str, Callable[[], str]] = {
    "commune": lambda: _("« %s » n’est pas une commune du territoire : choisissez dans la liste."),
    "authority": lambda: _("« %s » n’est pas un organisme connu ici : choisissez dans la liste."),
    "service": lambda: _("« %s » n’est pas l’identifiant d’un service."),
    "dataset": lambda: _("« %s » n’est pas l’identifiant d’un jeu de données."),
}
