"""From a need in a resident's words to services, and for each who is in charge at the place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.search import Document, Index, WordList
from lacydon.kernel.snapshots import Snapshot
from lacydon.kernel.texts import Localised

from ..errors import UnknownAudience
from .catalogue import AUDIENCES, SNAPSHOT, ServiceView, catalogue, service

KIND = "service"


@dataclass(frozen=True, slots=True)
class Hit:
    """A service found; `resolution` is None when no place was given. `reason`: the deciding sentence, or None."""

    service: ServiceView
    resolution: territory.Resolution | None
    score: float = 0.0

    @property
    def authority(self) -> territory.AuthorityView | None:
        return self.resolution.authority if self.resolution else None

    @property
    def reason(self) -> Localised | None:
        """The sentence of the rule that decided, when the answer is certain."""
        if self.resolution is None or self.resolution.question or not self.resolution.because:
            return None
        return self.resolution.because[-1].sentence


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits; `count` is of all pages. `corrected`: the query as understood, when words were corrected."""

    count: int
    hits: tuple[Hit, ...]
    corrected: str | None = None


def documents() -> Iterator[Document]:
    """The catalogue as documents of the one search."""
    held = catalogue()
    themes = {theme.id: theme.title for theme in territory.themes()}
    for each in held.services.values():
        events = [held.events[id] for id in each.events if id in held.events]
        prose = [text for text in (each.description, each.concerned, each.output, themes.get(each.theme)) if text]
        yield Document(
            id=each.id,
            kind=KIND,
            title=each.title,
            summary=each.summary,
            keywords={"fr": each.keywords},
            events={
                "fr": [event.title["fr"] for event in events] + [word for event in events for word in event.words],
                "en": [event.title["en"] for event in events if "en" in event.title],
            },
            description={lang: " ".join(text[lang] for text in prose if lang in text) for lang in ("fr", "en")},
            tags={"audience": each.audience, "sector": [each.sector]},
            citycodes=[each.commune] if each.commune else None,
            boost=1.1 if each.featured else 1.0,
        )


def _build() -> Index:
    words = WordList()
    for name, text in sorted(catalogue().words.items()):
        words += WordList.parse(text, lang=name)
    return Index.build(documents(), words, ignored=[each.name for each in territory.communes()])


index: Snapshot[Index] = Snapshot(SNAPSHOT, _build)


def search_services(
    *,
    q: str,
    place: territory.Place | None = None,
    citycode: str | None = None,
    audience: str | None = None,
    conditions: Mapping[str, str] | None = None,
    lang: str = "fr",
    limit: int = 10,
    offset: int = 0,
) -> Results:
    """Services for a need, best first, stable under paging; with who is in charge at the place when there is one.

    `place` (or `citycode`) resolves each hit; `conditions` are given to the themes that depend on them. An empty `q`
    lists the whole catalogue. Raises BadInput (query too long), UnknownAudience, UnknownCommune.
    """
    if audience and audience not in AUDIENCES:
        raise UnknownAudience(
            _("« %(given)s » n’est pas un public connu : %(known)s.")
            % {"given": audience[:40], "known": ", ".join(AUDIENCES)},
            field="audience",
        )
    code = place.commune.code if place else territory.commune(citycode).code if citycode else None
    tags = {"audience": [audience]} if audience else {}
    found = index().search(q, kind=KIND, tags=tags, citycode=code, lang=lang, limit=limit, offset=offset)
    hits = tuple(_hit(id, code=code, conditions=conditions, score=score) for id, score in found.hits)
    return Results(count=found.count, hits=hits, corrected=found.corrected)


def _hit(id: str, *, code: str | None, conditions: Mapping[str, str] | None, score: float = 0.0) -> Hit:
    found = service(id, citycode=code)
    return Hit(
        service=found, resolution=in_charge(found, citycode=code, conditions=conditions) if code else None, score=score
    )


def in_charge(
    service: ServiceView, *, citycode: str, conditions: Mapping[str, str] | None = None
) -> territory.Resolution:
    """Who is in charge of a service at a commune; of `conditions`, only those its theme depends on are used."""
    known = dict(service.facts)
    if conditions:
        facts = {fact.id for fact in territory.theme(service.theme).facts}
        known = {fact: value for fact, value in conditions.items() if fact in facts} | known
    return territory.resolve(theme=service.theme, citycode=citycode, conditions=known)
