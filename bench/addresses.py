"""Addresses: import, memory, search with typos and reverse, over 300,000 invented addresses of the real communes.

    python -m bench.addresses [--numbers 300000] [--contours FILE]

The peer, in the same run and over the same rows: SQLite FTS5 (trigrams, then words) and LIKE, as a search without an
index of one's own would be made. "Right" is the share of questions whose first answer is the address that was meant.
With `--contours FILE` (GeoJSON of the national commune API) they are imported, and points are placed too.
"""

import argparse
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
import unicodedata
from pathlib import Path
from typing import Any

from bench.measuring import Latencies, machine, say, timed
from tests import product

WAYS = "Rue Rue Rue Avenue Boulevard Chemin Chemin Impasse Place Allée Traverse Montée Route Cours Square".split()
FIRST = (
    "Jean Paul Louis Marcel Émile Marie Joseph Pierre Antoine Lucien Simone Hélène Édouard François Gabriel René "
    "Georges Auguste Frédéric Berthe Rosa Victor Camille André Claudine Étienne Léon Maurice Félix Henri"
).split()
PARTS = "bel mar ron val tou cas ber gui lan mon pré sau ver dan fer gar lou mal nou pel rou san tra vin".split()
ENDS = "ac an ard eau el er et ier in ois on ot ou y ette ière ane elle ine aud".split()
PLACES = "Lavande Cigale Source Fontaine Colline Bastide Olivier Pinède Garrigue Restanque Moulin Église Gare".split()


def a_name(chance: random.Random) -> str:
    way, kind = chance.choice(WAYS), chance.random()
    if kind < 0.3:
        return f"{way} de la {chance.choice(PLACES)}"
    last = (chance.choice(PARTS) + chance.choice(PARTS) + chance.choice(ENDS)).capitalize()
    return f"{way} {chance.choice(FIRST)} {last}" if kind < 0.8 else f"{way} du {chance.choice(PARTS)}{last.lower()}"


def written(path: Path, communes: Any, count: int) -> list[tuple[str, str, str, float, float]]:
    """A file in the BAN's format; gives (number, street, city, lon, lat) of each row."""
    chance, rows = random.Random(13), []
    people = sum(each.population for each in communes)
    with path.open("w", encoding="utf-8") as file:
        file.write("id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;x;y;lon;lat\n")
        for town in communes:
            left, street = max(60, round(count * town.population / people)), 0
            names: set[str] = set()
            parts = town.arrondissements or (None,)
            while left > 0:
                street, name, part = street + 1, a_name(chance), chance.choice(parts)
                if name in names:
                    continue
                names.add(name)
                code, post = (part.code, part.postal_code) if part else (town.code, town.postal_codes[0])
                lon, lat = town.lon + chance.gauss(0, 0.015), town.lat + chance.gauss(0, 0.012)
                for number in range(1, min(left, chance.randint(3, 40)) + 1):
                    at = (round(lon + number * 2e-4, 6), round(lat + number * 1e-4, 6))
                    key = f"{code}_{street:04d}_{number:05d}"
                    file.write(f"{key};;{number};;{name};{post};{code};{town.name};;;{at[0]};{at[1]}\n")
                    rows.append((str(number), name, town.name, *at))
                    left -= 1
    return rows


def mistyped(text: str, chance: random.Random) -> str:
    """One letter left out, doubled, swapped or replaced, in a word of more than four letters."""
    words = text.split()
    at = chance.choice([i for i, word in enumerate(words) if len(word) > 4] or [0])
    word, where = words[at], chance.randrange(1, max(2, len(words[at]) - 1))
    words[at] = chance.choice(
        [
            word[:where] + word[where + 1 :],
            word[:where] + word[where] + word[where:],
            word[: where - 1] + word[where : where + 1] + word[where - 1 : where] + word[where + 1 :],
            word[:where] + chance.choice("aeionrst") + word[where + 1 :],
        ]
    )
    return " ".join(words)


FRESH = """
import time, django
django.setup()
from bench.addresses import resident_memory
from lacydon.connectors.address_index import connector
connector.towns()
before, began = resident_memory(), time.perf_counter()
connector.streets()
print(time.perf_counter() - began, resident_memory() - before)
"""
"""In a process that imported nothing, whose memory is not yet stretched."""


def resident_memory() -> float:
    """Megabytes of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def _folded(text: str) -> str:
    signs = unicodedata.normalize("NFKD", text.lower())
    return "".join(sign for sign in signs if not unicodedata.combining(sign))


class Peer:
    """The same rows in SQLite: FTS5 by trigrams, by words, and LIKE."""

    def __init__(self, rows: list[tuple[str, str, str, float, float]]) -> None:
        self.base = sqlite3.connect(":memory:")
        self.base.execute("CREATE VIRTUAL TABLE tri USING fts5(label UNINDEXED, folded, tokenize='trigram')")
        self.base.execute("CREATE VIRTUAL TABLE words USING fts5(label, tokenize='unicode61 remove_diacritics 2')")
        self.base.execute("CREATE TABLE plain (label TEXT)")
        labels = [(f"{number} {street} {city}",) for number, street, city, *_at in rows]
        for table in ("words", "plain"):
            self.base.executemany(f"INSERT INTO {table} VALUES (?)", labels)
        self.base.executemany("INSERT INTO tri VALUES (?, ?)", [(label, _folded(label)) for (label,) in labels])

    def _first(self, query: str, value: str) -> str:
        row = self.base.execute(query, (value,)).fetchone()
        return row[0] if row else ""

    def words(self, q: str) -> str:
        asked = " ".join(f'"{word}"' for word in q.split())
        return self._first("SELECT label FROM words WHERE words MATCH ? ORDER BY rank LIMIT 5", asked)

    def trigrams(self, q: str) -> str:
        q = _folded(q)
        asked = " OR ".join(f'"{q[at : at + 3]}"' for at in range(len(q) - 2))
        return self._first("SELECT label FROM tri WHERE tri MATCH ? ORDER BY rank LIMIT 5", asked)

    def like(self, q: str) -> str:
        return self._first("SELECT label FROM plain WHERE label LIKE ? LIMIT 5", "%" + "%".join(q.split()) + "%")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--numbers", type=int, default=300_000)
    parser.add_argument("--contours", type=Path)
    parser.add_argument("--territory", type=Path, default=product.REAL_TERRITORY)
    parser.add_argument("--smoke", action="store_true", help="tiny sizes: it runs, the figures mean nothing")
    asked = parser.parse_args()
    if asked.smoke:
        asked.numbers, asked.territory = 2_000, product.SMALL_TERRITORY
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"LACYDON_HOME": home, "DJANGO_SETTINGS_MODULE": "lacydon.config.settings"}
        product.migrated(environment=os.environ)
        product.done("load", str(asked.territory), environment=os.environ)
        import django

        django.setup()
        measure(Path(home) / "ban.csv", asked.numbers, contours=asked.contours)


def measure(path: Path, count: int, *, contours: Path | None) -> None:
    from lacydon.capabilities.territory import public as territory
    from lacydon.connectors.address_index import connector

    rows = written(path, territory.communes(), count)
    began = time.perf_counter()
    done = connector.import_file(path).done
    seconds = time.perf_counter() - began
    again = time.perf_counter()
    connector.import_file(path)
    again = time.perf_counter() - again
    built, memory = map(
        float, subprocess.check_output([sys.executable, "-c", FRESH], cwd=product.ROOT, text=True).split()
    )

    say(
        f"Addresses: {done.numbers:,} numbers, {done.streets:,} streets ({machine()})",
        ("what", "value"),
        [
            ("import, s", seconds),
            ("rows imported a second", done.numbers / seconds),
            ("the same file again, s", again),
            ("index: built in, s", built),
            ("index: memory of a process, MB", memory),
        ],
    )
    chance = random.Random(7)
    meant = chance.sample(rows, 400)
    exact = [f"{number} {street} {city}" for number, street, city, *_at in meant]
    questions = {
        "as written": exact,
        "with a typo": [mistyped(each, chance) for each in exact],
        "with two typos": [mistyped(mistyped(each, chance), chance) for each in exact],
        "while typing": [each[: max(8, len(each) - 6)] for each in exact],
    }
    peer = Peer(rows)

    def ours(q: str) -> str:
        features = territory.search_addresses(q=q)["features"]
        if not features:
            return ""
        found = features[0]["properties"]
        return f"{found.get('housenumber', '')} {found.get('street', '')} {found['city']}"

    table = []
    for title, texts in questions.items():
        for name, ask in (
            ("embedded index", ours),
            ("FTS5 words", peer.words),
            ("FTS5 trigrams", peer.trigrams),
            ("LIKE", peer.like),
        ):
            some = list(zip(texts, exact, strict=True))[: {"FTS5 trigrams": 12, "LIKE": 40}.get(name, 400)]
            answers: list[str] = []
            spent = Latencies.of(timed(lambda q, ask=ask, to=answers: to.append(ask(q)), [text for text, _w in some]))
            right = sum(found.strip() == wanted for found, (_t, wanted) in zip(answers, some, strict=True)) / len(some)
            table.append((title, name, right, spent.p50, spent.p95))
    say("Search, in process", ("questions", "engine", "right first", "p50 ms", "p95 ms"), table)
    points = [(lon + 3e-5, lat + 3e-5) for *_name, lon, lat in chance.sample(rows, 400)]
    spent = Latencies.of(timed(lambda at: _reverse(territory, at), points))
    table = [("reverse", spent.p50, spent.p95)]
    if contours:
        from lacydon.connectors.commune_contours.connector import import_source

        began = time.perf_counter()
        read = import_source(str(contours))
        table.append((f"import of {read.read} contours (once)", (time.perf_counter() - began) * 1000, "–"))
        territory.place_at(lon=rows[0][3], lat=rows[0][4])
        centres = [(each.lon, each.lat, each.code) for each in territory.communes()]
        wrong = [code for lon, lat, code in centres if territory.place_at(lon=lon, lat=lat).commune.code != code]
        spent = Latencies.of(timed(lambda at: territory.place_at(lon=at[0], lat=at[1]), centres * 4))
        table.append(
            (f"commune of a point by contour ({len(centres) - len(wrong)}/{len(centres)} right)", spent.p50, spent.p95)
        )
    say("Points, in process", ("what", "p50 ms", "p95 ms"), table)


def _reverse(territory: Any, at: tuple[float, float]) -> object:
    from lacydon.kernel.errors import OutsideTerritory

    try:
        return territory.reverse_address(lon=at[0], lat=at[1])
    except OutsideTerritory:
        return None


if __name__ == "__main__":
    main()
