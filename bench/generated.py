"""Material for the benches: invented documents, a territory with thousands of services, what residents would type."""

import csv
import random
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml

from lacydon.kernel.search import Document
from lacydon.kernel.search.stopwords import GRAMMAR, POLITE
from tests.search import corpus

HEADS = "b c d f g j l m n p r s t v br cr tr pl gr ch qu".split()
HEARTS = "a e i o u ou ai an on in eau oi é".split()
SERVICES_A_FILE = 500
TAILS = ["", "", "", "r", "l", "s", "t", "ne", "tion", "ment", "age", "eur", "que"]


def invented(count: int, *, seed: int = 13) -> list[Document]:
    """Documents of about the same shape as the real ones, of words that do not exist (and the grammar that does)."""
    chance = random.Random(seed)

    def word() -> str:
        syllables = "".join(chance.choice(HEADS) + chance.choice(HEARTS) for _ in range(chance.randint(2, 4)))
        return syllables + chance.choice(TAILS)

    vocabulary = [word() for _ in range(12_000)]
    usual = sorted(GRAMMAR["fr"] | POLITE["fr"])
    weights = [1 / (rank + 20) for rank in range(len(vocabulary))]  # Zipf, without its few giants

    def text(length: int) -> str:
        made = chance.choices(vocabulary, weights, k=length)
        return " ".join(chance.choice(usual) if chance.random() < 0.4 else one for one in made)

    return [
        Document(
            id=f"invented-{number}",
            kind="service",
            title={"fr": text(7), "en": text(6)},
            summary={"fr": text(20), "en": text(18)},
            keywords={"fr": [text(2) for _ in range(8)]},
            description={"fr": text(110)},
        )
        for number in range(count)
    ]


def territory(folder: Path, *, services: int, of: Path = corpus.FOLDER, seed: int = 13) -> None:
    """Write in `folder` the territory `of`, with invented services up to `services` in all, on its own themes."""
    shutil.copytree(of, folder)
    chance = random.Random(seed)
    files = [yaml.load(path.read_text("utf-8"), yaml.CSafeLoader) or [] for path in (of / "services").glob("*.yaml")]
    real = [service for file in files for service in file]
    made = [_service(each, chance.choice(real)) for each in invented(max(0, services - len(real)), seed=seed)]
    for start in range(0, len(made), SERVICES_A_FILE):
        written = yaml.dump(made[start : start + SERVICES_A_FILE], Dumper=yaml.CSafeDumper, allow_unicode=True)
        (folder / "services" / f"invented-{start}.yaml").write_text(written, "utf-8")


def _service(document: Document, like: dict[str, Any]) -> dict[str, Any]:
    """A service of the folder with the words of `document`, on the subject of a real one."""
    return {
        "id": document.id,
        "title": dict(document.title),
        "summary": {lang: said[:160].rstrip() for lang, said in document.summary.items()},
        "keywords": list(document.keywords["fr"]),
        "description": dict(document.description),
        **{name: like[name] for name in ("sector", "theme", "audience", "channels", "facts") if name in like},
    }


def questions(
    judged: Sequence[corpus.Question],
    *,
    count: int,
    misspelt: float = 0.2,
    noise: Sequence[Document] = (),
    noisy: float = 0.2,
    seed: int = 13,
) -> list[str]:
    """What `count` visitors type: judged questions; a share of them misspelt; with `noise`, a share of its words."""
    chance = random.Random(seed)
    typed = []
    for _visitor in range(count):
        text = chance.choice(judged).text
        kind = chance.random()
        if kind < misspelt:
            text = _misspelt(text, chance)
        elif noise and kind < misspelt + noisy:
            text = " ".join(chance.choices(chance.choice(noise).summary["fr"].split(), k=3))
        typed.append(text)
    return typed


def _misspelt(text: str, chance: random.Random) -> str:
    """One letter is forgotten, or two are swapped."""
    at = chance.randrange(max(len(text) - 1, 1))
    return text[:at] + text[at + 1 :] if chance.random() < 0.5 else text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def addresses(path: str, typed: Sequence[str], *, folder: Path = corpus.FOLDER, seed: int = 13) -> list[str]:
    """A request for each question, each from one of the 92 communes: as often as it has inhabitants."""
    chance = random.Random(seed)
    with (folder / "communes.csv").open(encoding="utf-8", newline="") as text:
        inhabitants = {row["code"]: int(row["population"]) for row in csv.DictReader(text)}
    places = chance.choices(list(inhabitants), list(inhabitants.values()), k=len(typed))
    return [f"{path}?{urlencode({'q': text, 'citycode': code})}" for text, code in zip(typed, places, strict=True)]
