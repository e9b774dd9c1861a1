"""A catalogue that lists what it is told to, and sources of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lacydon.capabilities.data.actions.harvesting import harvest
from lacydon.capabilities.data.models import Dataset, Harvest, Source
from lacydon.capabilities.data.ports import Record, RecordFile, Visit, VisitLimits
from tests.capabilities.trust import people


@dataclass
class Theirs:
    """The other side: `records` are listed; `stops` is raised after them; `meanwhile` is called before each."""

    id: str = "theirs"
    title: str = "Leur catalogue"
    example: str = "https://theirs.example"
    options: dict[str, Any] = field(default_factory=lambda: {"filter": "Un filtre"})
    listed: list[Any] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)
    whole: bool = True
    stops: Exception | None = None
    meanwhile: Any = None
    visits: list[Visit] = field(default_factory=list)

    def records(self, visit: Visit) -> Iterator[Record]:
        self.visits.append(visit)
        for identifier, sentence in self.faults:
            visit.fault(sentence, identifier=identifier)
        start = visit.cursor or 0
        for at, each in enumerate(self.listed[start:], start + 1):
            if self.meanwhile:
                self.meanwhile()
            if isinstance(each, Exception):
                raise each
            yield each
            visit.at(at)
        if self.stops:
            raise self.stops
        visit.whole = self.whole
        visit.keep(etag="v")


def record(id: str = "a", title: str = "", **fields: Any) -> Record:
    return Record(**({"identifier": id, "title": {"fr": title or f"Jeu {id}"}} | fields))


def file(url: str = "https://theirs.example/a.csv", **fields: Any) -> RecordFile:
    return RecordFile(**({"title": "Tableau", "access_url": url, "download_url": url, "format": "csv"} | fields))


def source(id: str = "voisin", *, organisation: str = "commune-97001", **fields: Any) -> Source:
    people.organisation(organisation)
    told = {"title": "Le voisin", "kind": "theirs", "url": "https://theirs.example", "organisation_id": organisation}
    return Source.objects.create(id=id, **(told | fields))


def visited(id: str = "voisin", **limits: Any) -> Harvest:
    """A visit now, all of it."""
    Source.objects.filter(pk=id).update(whole_at=None)
    run = harvest(source=id, limits=VisitLimits(**limits))
    assert run is not None
    return run


def counts(run: Harvest) -> tuple[int, int, int, int]:
    """Added, changed, same, removed."""
    return run.added, run.changed, run.same, run.removed


def statuses() -> dict[str, str]:
    return dict(Dataset.objects.values_list("pk", "status"))
