"""Finding actions: by words, axis, lever, status, health, commune, policy, plan and who leads them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.french import plain
from lacydon.kernel.search import Document, Index, WordList
from lacydon.kernel.snapshots import Snapshot

from ..chart import SNAPSHOT, Chart, chart
from ..nouns import Action, Axis, Lever, LinkedPlan, Policy
from .comparing import end_of
from .twin import twin
from .words import HEALTHS, STATUSES

KIND: Final = "agenda"
RUNNING = ("en-cours", "en-pause")
LONGEST = 200
SORTS: Final = ("code", "fin", "titre")


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow the list. `of`: the values an action has under it."""

    name: str
    of: Callable[[Action], Iterable[str]]


FACETS: Final = (
    Facet("axe", lambda each: (share.axis for share in each.axes)),
    Facet("statut", lambda each: (each.status,)),
    Facet("sante", lambda each: (each.health,) if each.status in RUNNING else ()),
    Facet("politique", lambda each: (part.policy for part in each.policies)),
    Facet("levier", lambda each: each.levers),
    Facet("plan", lambda each: each.plans),
    Facet("porteur", lambda each: (each.owner,)),
    Facet("commune", lambda each: (commune.citycode for commune in each.communes)),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet, and how many actions it would leave."""

    id: str
    label: Any
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Found:
    actions: tuple[Action, ...]
    facets: Mapping[str, tuple[Choice, ...]]
    corrected: str = ""


def actions_found(of: Chart, *, q: str = "", chosen: Mapping[str, str], sort: str = "", lang: str = "fr") -> Found:
    """Actions of a chart (a public twin) that answer these words and fit these choices."""
    matching, corrected = _matching(of, q, lang=lang)
    values = _values(of)
    kept = [each for each in matching if _fits(values[each.id], chosen)]
    if sort or not q:
        kept.sort(key=_ORDERS.get(sort, _ORDERS["code"]))
    facets = {each.name: tuple(_choices(each, of, matching, chosen)) for each in FACETS}
    return Found(tuple(kept), {name: found for name, found in facets.items() if found}, corrected)


_ORDERS: Mapping[str, Callable[[Action], Any]] = {
    "code": lambda each: each.code,
    "fin": lambda each: (str(end_of(each) or "9999"), each.code),
    "titre": lambda each: plain(each.title.fr),
}


Values = Mapping[str, frozenset[str]]
"""facet → what an action has under it."""


@lru_cache(maxsize=4)
def _values(of: Chart) -> Mapping[str, Values]:
    """Of each action, once for a chart: counting choices costs most of a list."""
    return {each.id: {facet.name: frozenset(facet.of(each)) for facet in FACETS} for each in of.all(Action)}


def _fits(values: Values, chosen: Mapping[str, str], *, but: str = "") -> bool:
    return all(value in values[name] for name, value in chosen.items() if value and name != but and name in values)


def _choices(facet: Facet, of: Chart, matching: Sequence[Action], chosen: Mapping[str, str]) -> Iterator[Choice]:
    counts: Counter[str] = Counter()
    values = _values(of)
    others = any(value for name, value in chosen.items() if name != facet.name)
    for each in matching:
        if not others or _fits(values[each.id], chosen, but=facet.name):
            counts.update(values[each.id][facet.name])
    wanted = chosen.get(facet.name, "")
    labels = labels_of(facet.name, of)
    named = [(id_, labels[id_]) for id_ in labels if counts[id_] or id_ == wanted]
    for id_, label in named:
        yield Choice(id_, label, counts[id_], id_ == wanted)


def labels_of(facet: str, of: Chart) -> Mapping[str, Any]:
    """What each value of a facet is called, in the order they are proposed."""
    match facet:
        case "statut":
            return STATUSES
        case "sante":
            return HEALTHS
        case "axe":
            return {each.id: each.title for each in of.axes}
        case "levier":
            return {each.id: each.title for each in sorted(of.all(Lever), key=lambda lever: lever.order)}
        case "politique":
            return {each.id: each.title for each in of.all(Policy)}
        case "plan":
            return {each.id: each.title for each in of.all(LinkedPlan)}
        case "commune":
            return {each.code: each.name for each in sorted(territory.communes(), key=lambda town: plain(town.name))}
    leading = {each.owner for each in of.all(Action)}
    known = [each for each in territory.authorities() if each.id in leading]
    return {
        each.id: each.name for each in sorted(known, key=lambda one: (one.kind != "metropole", plain(one.name["fr"])))
    }


def _matching(of: Chart, q: str, *, lang: str) -> tuple[list[Action], str]:
    words = " ".join(q.split())[:LONGEST]
    if not words:
        return list(of.all(Action)), ""
    codes = [each for each in of.all(Action) if each.code.casefold() == words.casefold()]
    if codes:
        return codes, ""
    if of is twin(chart()).chart:
        return _by_index(of, words, lang=lang)
    asked = plain(words).split()
    return [each for each, text in _texts(of) if all(word in text for word in asked)], ""


def _by_index(of: Chart, words: str, *, lang: str) -> tuple[list[Action], str]:
    found = index().search(words, lang=lang, limit=len(of.objects) or 1)
    actions = [action for id_, _score in found.hits if (action := of.get(Action, id_)) is not None]
    return actions, found.corrected if found.corrected and found.corrected != words else ""


@lru_cache(maxsize=4)
def _texts(of: Chart) -> tuple[tuple[Action, str], ...]:
    """For a past date: words as they are written, without accents."""
    return tuple(
        (each, plain(" ".join((each.code, each.title.fr, each.problem.fr, each.description.fr))))
        for each in of.all(Action)
    )  # fmt: skip


def documents() -> Iterator[Document]:
    """Every public action, for the one search."""
    public = twin(chart()).chart
    names = {each.code: each.name for each in territory.communes()}
    for each in public.all(Action):
        axes = [axis.title for share in each.axes if (axis := public.get(Axis, share.axis))]
        policies = [policy.title for part in each.policies if (policy := public.get(Policy, part.policy))]
        about = [text.stored() for text in (*axes, *policies)]
        towns = [names[commune.citycode] for commune in each.communes if commune.citycode in names]
        yield Document(
            id=each.id,
            kind=KIND,
            title=each.title.stored(),
            summary=each.description.stored(),
            keywords={"fr": [each.code, *towns], "en": [each.code, *towns]},
            events={lang: [text[lang] for text in about if text.get(lang)] for lang in ("fr", "en")},
            description=each.problem.stored(),
            tags={"status": (each.status,)},
        )


index: Snapshot[Index] = Snapshot(SNAPSHOT, lambda: Index.build(documents(), WordList()))
