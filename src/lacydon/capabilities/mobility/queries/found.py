"""Lines and stops, for the one search of the house."""

from collections.abc import Iterable

from lacydon.capabilities.territory.public import communes
from lacydon.kernel.search import Document
from lacydon.kernel.texts import in_every_language

from .stops import folded
from .timetable import known, timetable
from .vehicles import KIND_NOUNS, kind_of

KIND = "transport"


def documents() -> Iterable[Document]:
    """One for each line and each place where something calls."""
    if not known():
        return
    table = timetable()
    said = {kind: in_every_language(lambda noun=noun: str(noun)) for kind, noun in KIND_NOUNS.items()}  # type: ignore[misc]
    names = {each.code: each.name for each in communes()}
    for route in table.routes:
        nouns = said[kind_of(route.type, school=route.school)]
        yield Document(
            id=f"line:{route.id}",
            kind=KIND,
            title={lang: f"{noun} {route.name}" for lang, noun in nouns.items()},
            keywords={"fr": [f"ligne {route.name}"], "en": [f"line {route.name}"]},
            summary={"fr": route.long_name, "en": route.long_name},
        )
    for n, place in enumerate(table.places):
        lines = table.routes_of_place[n]
        if lines:
            words = " ".join(folded(place.name))
            served = ", ".join(table.routes[r].name for r in lines[:12])
            commune = names.get(place.citycode, "")
            yield Document(
                id=f"stop:{place.id}",
                kind=KIND,
                title={"fr": place.name, "en": place.name},
                keywords={"fr": [f"arrêt {words}"], "en": [f"stop {words}"]},
                summary={"fr": f"Arrêt, {commune}. Lignes {served}", "en": f"Stop, {commune}. Lines {served}"},
                citycodes=[place.citycode] if place.citycode else None,
            )
