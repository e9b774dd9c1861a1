"""The documents and words of the territory's folder, and the judged questions, without a database."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from lacydon.kernel.search import Document, WordList

FOLDER = Path(__file__).parents[2] / "territories" / "aix-marseille-provence"
JUDGED = Path(__file__).parent / "judged.tsv"


@dataclass(frozen=True)
class Question:
    """What a resident typed, and the services somebody judged right (any of them answers)."""

    text: str
    expected: frozenset[str]


def questions(path: Path = JUDGED) -> list[Question]:
    """The judged questions: a line is `query<TAB>expected ids<TAB>note`; a header and # comments are left out."""
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [
        Question(row[0].strip(), frozenset(row[1].split()))
        for row in rows
        if not row[0].startswith("#") and row[0] != "query" and len(row) > 1
    ]


def words(folder: Path = FOLDER) -> WordList:
    """Both word lists of the territory."""
    lists = [
        WordList.parse(path.read_text("utf-8"), lang=path.stem, file=path.name)
        for path in sorted((folder / "words").glob("*.txt"))
    ]
    return sum(lists, WordList())


def documents(folder: Path = FOLDER) -> list[Document]:
    """The services of every commune, as documents."""
    parsed = yaml.load((folder / "events.yaml").read_text("utf-8"), yaml.CSafeLoader)
    events = {event["id"]: event for family in parsed.values() for event in family}
    services = [
        service
        for path in sorted((folder / "services").glob("*.yaml"))
        for service in yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) or []
    ]
    return [_document(service, events) for service in services]


def _document(service: dict[str, Any], events: dict[str, Any]) -> Document:
    lived = [events[one] for name in ("life_events", "business_events") for one in service.get(name, ())]
    told = [service.get("description", {}), service.get("concerned", {})]
    told += [evidence["name"] for evidence in service.get("evidence", ())]
    return Document(
        id=service["id"],
        kind="service",
        title=service["title"],
        summary=service["summary"],
        keywords={"fr": service.get("keywords", [])},
        events={
            "fr": [words for event in lived for words in (event["title"]["fr"], *event["words"])],
            "en": [event["title"]["en"] for event in lived],
        },
        description={lang: " ".join(text[lang] for text in told if lang in text) for lang in ("fr", "en")},
        tags={"audience": service["audience"], "sector": [service["sector"]]},
    )
