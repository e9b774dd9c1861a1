"""Finding datasets: the search of the whole house, and facets that say how many each choice would leave."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import NOBODY, Actor
from lacydon.kernel.errors import BadInput
from lacydon.kernel.french import plain
from lacydon.kernel.search import Document, Index, WordList
from lacydon.kernel.snapshots import Snapshot
from lacydon.kernel.texts import said

from . import addresses, quality
from .datasets import SNAPSHOT, DatasetView, datasets, shown_to_all
from .vocabularies import FREQUENCIES, HVD, LICENCES, THEMES, format_named

KIND: Final = "dataset"
FACETS: Final = ("theme", "organisation", "licence", "format", "commune", "quality", "hvd", "access")
"""What lists may be narrowed by, in the order pages show them."""
UNTAGGED: Final = ("commune", "quality")
"""Those that the documents of the search do not carry: places are said apart, quality falls as days go by."""
SAID_OF_ALL: Final = ("données", "donnée", "jeu de données", "jeux de données", "données ouvertes", "open data", "data")
"""Words of a question that every dataset answers: they choose none, unless nothing else is asked."""
SORTS: Final = ("relevance", "recent", "title", "quality")


@dataclass(frozen=True, slots=True)
class Value:
    """One choice of a facet, and how many datasets it would leave."""

    id: str
    label: Any
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A page of datasets; `count` is of all pages; `facets`: those that offer a choice."""

    count: int
    datasets: tuple[DatasetView, ...]
    facets: Mapping[str, tuple[Value, ...]]
    corrected: str | None = None


def documents() -> Iterator[Document]:
    """Every dataset shown to all, as documents of the one search."""
    for each in shown_to_all().values():
        themes = [THEMES[code].label for code in each.themes if code in THEMES]
        yield Document(
            id=each.id,
            kind=KIND,
            title=each.title,
            summary=each.description,
            keywords={"fr": each.keywords},
            events={"fr": [label["fr"] for label in themes], "en": [label["en"] for label in themes]},
            description={
                "fr": " ".join((said(each.organisation_name, lang="fr"), *(column.label for column in each.columns)))
            },
            tags={name: values_of(each, name) for name in FACETS if name not in UNTAGGED},
            citycodes=each.coverage or None,
        )


def _build() -> Index:
    ignored = (*(each.name for each in territory.communes()), *SAID_OF_ALL)
    return Index.build(documents(), WordList(), ignored=ignored)


index: Snapshot[Index] = Snapshot(SNAPSHOT, _build)


def values_of(dataset: DatasetView, facet: str) -> Collection[str]:
    """What a dataset says under a facet."""
    match facet:
        case "theme":
            return dataset.themes
        case "organisation":
            return (dataset.organisation,)
        case "licence":
            return (dataset.licence,) if dataset.licence else ()
        case "format":
            made = {each.format.code for each in addresses.exports(dataset)}
            kept = {known.code for each in dataset.distributions if (known := format_named(each.format))}
            return made | kept
        case "commune":
            return dataset.coverage
        case "hvd":
            return (dataset.hvd,) if dataset.hvd else ()
        case "access":
            return (dataset.access,)
        case "quality":
            return (quality.quality(dataset).level,)
    raise ValueError(facet)


def search_datasets(
    *,
    q: str = "",
    chosen: Mapping[str, Collection[str]] | None = None,
    sort: str = "",
    actor: Actor = NOBODY,
    lang: str = "fr",
    limit: int = 10,
    offset: int = 0,
) -> Found:
    """Datasets that this visitor may know of, for words and choices, stable under paging.

    `chosen`: facet → values, any of which will do. `commune` also lets through what covers the whole territory. `sort`:
    one of SORTS; the default is relevance for words, else the most recent first. Raises BadInput.
    """
    wanted = {name: set(values) for name, values in (chosen or {}).items() if values}
    if unknown := set(wanted) - set(FACETS):
        raise BadInput(_("On ne peut pas filtrer par « %s ».") % sorted(unknown)[0][:40])
    if sort and sort not in SORTS:
        raise BadInput(_("On ne peut pas trier par « %s ».") % sort[:40], field="tri")
    matching, corrected = _matching(q, actor=actor, lang=lang)
    kept = [each for each in matching if all(_fits(each, name, wanted[name]) for name in wanted)]
    facets = {name: tuple(_choices(matching, name, wanted)) for name in FACETS}
    ordered = _sorted(kept, sort=sort or ("relevance" if q else "recent"), lang=lang)
    return Found(
        count=len(ordered),
        datasets=tuple(ordered[max(offset, 0) :][: max(limit, 0)]),
        facets={name: values for name, values in facets.items() if values},
        corrected=corrected,
    )


def first_found(*, q: str, lang: str = "fr", limit: int = 3) -> Found:
    """The first of those shown to all that answer `q` as it is written, and how many do. Nothing for empty words.

    For pages that are about something else: a word that had to be corrected to be found here is no answer to it.
    """
    held = index()
    found = held.search(q, kind=KIND, lang=lang, limit=limit) if q.strip() else None
    if found is None or found.corrected:
        return Found(count=0, datasets=(), facets={})
    shown = shown_to_all()
    known = tuple(shown[id] for id, _score in found.hits if id in shown)
    return Found(count=found.count if known else 0, datasets=known, facets={})


def _matching(q: str, *, actor: Actor, lang: str) -> tuple[list[DatasetView], str | None]:
    """Those the words find, best first. What is not shown to all is not in the index: its title is compared."""
    known = {each.id: each for each in datasets(actor=actor)}
    if not q.strip():
        return list(known.values()), None
    held = index()
    found = held.search(q, kind=KIND, lang=lang, limit=len(held))
    ids = [id for id, _score in found.hits if id in known]
    shown = shown_to_all()
    words = plain(q).split()
    ids += [
        id
        for id, each in known.items()
        if id not in shown and all(word in plain(" ".join((id, *each.title.values()))) for word in words)
    ]
    return [known[id] for id in ids], found.corrected


def _fits(dataset: DatasetView, facet: str, wanted: Collection[str]) -> bool:
    values = values_of(dataset, facet)
    return not set(wanted).isdisjoint(values) or (facet == "commune" and not values)


def _choices(matching: Sequence[DatasetView], facet: str, wanted: Mapping[str, Collection[str]]) -> Iterator[Value]:
    """The values of a facet among what the other choices leave; the most frequent first."""
    others = {name: values for name, values in wanted.items() if name != facet}
    left = [each for each in matching if all(_fits(each, name, values) for name, values in others.items())]
    counts = Counter(value for each in left for value in values_of(each, facet))
    chosen = wanted.get(facet, ())
    for value in (*chosen, *counts):
        counts.setdefault(value, 0)
    whole = sum(not each.coverage for each in left) if facet == "commune" else 0
    for value, count in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        if (count and count + whole < len(left)) or value in chosen:
            yield Value(value, label_of(facet, value), count + whole, value in chosen)


def label_of(facet: str, value: str) -> str:
    """The name of a value, in the reader's language."""
    match facet:
        case "theme":
            return said(THEMES[value].label) if value in THEMES else value
        case "organisation":
            for each in datasets():
                if each.organisation == value:
                    return said(each.organisation_name) or value
            return value
        case "licence":
            return said(LICENCES[value].label) if value in LICENCES else value
        case "format":
            known = format_named(value)
            return known.label if known else value
        case "commune":
            try:
                return territory.commune(value).name
            except territory.UnknownCommune:
                return value
        case "hvd":
            return said(HVD[value].label) if value in HVD else value
        case "quality":
            return str(quality.LEVELS.get(value, value))
        case "access":
            return {
                "public": _("Ouvert à tous"),
                "restricted": _("Sur demande"),
                "private": _("Interne"),
            }.get(value, value)
    return value


def _sorted(found: list[DatasetView], *, sort: str, lang: str) -> list[DatasetView]:
    match sort:
        case "recent":
            return sorted(found, key=lambda each: (-(each.modified.timestamp() if each.modified else 0), each.id))
        case "title":
            return sorted(found, key=lambda each: (plain(said(each.title, lang=lang)), each.id))
        case "quality":
            return sorted(found, key=lambda each: (-quality.quality(each).score, each.id))
    return found


def frequency_label(code: str) -> str:
    """« tous les mois »."""
    return said(FREQUENCIES[code].label) if code in FREQUENCIES else code
