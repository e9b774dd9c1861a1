"""Which engine finds best what residents look for, and how fast: the same documents, questions and reading for all.

    python -m bench.search_engines [--documents 5000] [--questions tests/search/judged.tsv ...]

The territory's real services are drowned in invented ones, made of words that do not exist. "Our reading" means that
the question went through our stems, corrections and word list first; the engine only retrieves and ranks. PostgreSQL is
a cluster of this bench's own, in a temporary folder, ended with it.
"""

import argparse
import os
import random
import re
import socket
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import tantivy
from django.conf import settings

if not settings.configured:
    settings.configure(USE_I18N=False)

from lacydon.kernel.search import Document, Index, WordList
from lacydon.kernel.search.documents import WEIGHTS
from lacydon.kernel.search.reading import Reading
from lacydon.kernel.search.stopwords import GRAMMAR, POLITE
from lacydon.kernel.search.vocabulary import term
from lacydon.kernel.search.words import LANGUAGES, cut
from tests.search import corpus

Search = Callable[[str], list[str]]
"""A question → ids of the ten best."""
TOP = 10
POSTGRESQL = Path("/usr/lib/postgresql/15/bin")


def invented(count: int, *, seed: int = 13) -> list[Document]:
    """Documents of about the same shape as the real ones, of words that do not exist (and the grammar that does)."""
    chance = random.Random(seed)
    heads = [
        "b",
        "c",
        "d",
        "f",
        "g",
        "j",
        "l",
        "m",
        "n",
        "p",
        "r",
        "s",
        "t",
        "v",
        "br",
        "cr",
        "tr",
        "pl",
        "gr",
        "ch",
        "qu",
    ]
    hearts = ["a", "e", "i", "o", "u", "ou", "ai", "an", "on", "in", "eau", "oi", "é"]
    tails = ["", "", "", "r", "l", "s", "t", "ne", "tion", "ment", "age", "eur", "que"]

    def word() -> str:
        syllables = "".join(chance.choice(heads) + chance.choice(hearts) for _ in range(chance.randint(2, 4)))
        return syllables + chance.choice(tails)

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


def ours(documents: list[Document], words: WordList) -> Search:
    index = Index.build(documents, words)
    return lambda q: [found for found, _score in index.search(q, limit=TOP).hits]


def _terms(document: Document) -> dict[str, list[str]]:
    """The terms of a document by field, as our index sees them."""
    terms: dict[str, list[str]] = {name: [] for name in WEIGHTS}
    for lang in LANGUAGES:
        for name, text in document.texts(lang=lang):
            terms[name] += [term(word.folded, lang) for word in cut(text) if word.folded not in GRAMMAR[lang]]
    return terms


def with_tantivy(documents: list[Document], read: Callable[[str], Reading]) -> Search:
    """tantivy over our terms: a disjunction (max) of the ways to say each concept, and a bonus for each concept met."""
    builder = tantivy.SchemaBuilder().add_text_field("id", stored=True, tokenizer_name="raw")
    for name in WEIGHTS:
        builder = builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema)
    index.register_tokenizer("whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    for document in documents:
        row = tantivy.Document(id=document.id)
        for name, terms in _terms(document).items():
            row.add_text(name, " ".join(terms))
        writer.add_document(row)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    query, occur = tantivy.Query, tantivy.Occur

    def one(word: str, weight: float) -> Any:
        fields = [
            query.boost_query(query.term_query(schema, name, word, "freq"), weight * worth)
            for name, worth in WEIGHTS.items()
        ]
        return query.disjunction_max_query(fields, 0.3)

    def search(q: str) -> list[str]:
        clauses = []
        for concept in read(q).concepts:
            ways = [
                query.boolean_query([(occur.Must, one(words[0], way.weight / len(way.words))) for words in way.words])
                for way in concept.ways
            ]
            if ways:
                best = query.boost_query(query.disjunction_max_query(ways), concept.share)
                clauses += [(occur.Should, best), (occur.Should, query.const_score_query(best, 8.0 * concept.share))]
        if not clauses:
            return []
        hits = searcher.search(query.boolean_query(clauses), TOP, count=True).hits
        return [searcher.doc(address)["id"][0] for _score, address in hits]

    return search


def with_tantivy_alone(documents: list[Document]) -> Search:
    """tantivy's own French analysis, and its fuzzy terms; no word list."""
    chain = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    chain = chain.filter(tantivy.Filter.stopword("french")).filter(tantivy.Filter.stemmer("french"))
    analyzer = chain.filter(tantivy.Filter.ascii_fold()).build()
    builder = tantivy.SchemaBuilder().add_text_field("id", stored=True, tokenizer_name="raw")
    for name in WEIGHTS:
        builder = builder.add_text_field(name, tokenizer_name="french")
    index = tantivy.Index(builder.build())
    index.register_tokenizer("french", analyzer)
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    for document in documents:
        row = tantivy.Document(id=document.id)
        for lang in LANGUAGES:
            for name, text in document.texts(lang=lang):
                row.add_text(name, text)
        writer.add_document(row)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher, fields = index.searcher(), list(WEIGHTS)
    fuzzy = dict.fromkeys(("title", "keywords"), (False, 1, True))

    def search(q: str) -> list[str]:
        cleaned = re.sub(r"\W+", " ", q.replace("'", " "))
        query, _errors = index.parse_query_lenient(cleaned, fields, dict(WEIGHTS), fuzzy)
        return [searcher.doc(address)["id"][0] for _score, address in searcher.search(query, TOP).hits]

    return search


def with_fts5(documents: list[Document], read: Callable[[str], Reading]) -> Search:
    """SQLite FTS5 in memory over our terms; every way of every concept is an OR (FTS5 cannot weigh them)."""
    base = sqlite3.connect(":memory:")
    columns = ", ".join(WEIGHTS)
    base.execute(
        f"CREATE VIRTUAL TABLE found USING fts5(id UNINDEXED, {columns}, tokenize=\"unicode61 tokenchars ':'\")"
    )
    rows = [(document.id, *(" ".join(terms) for terms in _terms(document).values())) for document in documents]
    base.executemany(f"INSERT INTO found VALUES (?{', ?' * len(WEIGHTS)})", rows)
    base.execute("INSERT INTO found(found) VALUES ('optimize')")
    rank = ", ".join(str(weight) for weight in (0.0, *WEIGHTS.values()))
    sql = f"SELECT id, bm25(found, {rank}) AS score FROM found WHERE found MATCH ? ORDER BY score, id LIMIT {TOP}"

    def search(q: str) -> list[str]:
        ways = [
            "(" + " AND ".join(f'"{words[0]}"' for words in way.words) + ")"
            for concept in read(q).concepts
            for way in concept.ways
        ]
        return [row[0] for row in base.execute(sql, (" OR ".join(ways),))] if ways else []

    return search


@contextmanager
def postgresql() -> Iterator[psycopg.Connection[Any]]:
    """A PostgreSQL cluster of our own on a free port, ended and removed afterwards."""
    owner = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    with socket.socket() as probe, tempfile.TemporaryDirectory() as folder:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        if owner:
            subprocess.run(["chown", "postgres:postgres", folder], check=True)
        data, quiet = f"{folder}/data", {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder, **owner}
        subprocess.run([POSTGRESQL / "initdb", "-D", data, "-U", "bench", "--auth=trust", "-E", "UTF8"], **quiet)
        options = f"-p {port} -k {folder} -c listen_addresses= -c shared_buffers=256MB -c jit=off"
        control = [POSTGRESQL / "pg_ctl", "-D", data, "-w", "-l", f"{folder}/log"]
        subprocess.run([*control, "-o", options, "start"], **quiet)
        try:
            with psycopg.connect(
                host=folder, port=port, user="bench", dbname="postgres", autocommit=True
            ) as connection:
                yield connection
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **quiet)


def with_postgresql(documents: list[Document], connection: psycopg.Connection[Any]) -> Search:
    """The peer: French and English full text, unaccented and weighted, with pg_trgm for typos; GIN indexes."""
    connection.execute(
        """
        CREATE EXTENSION unaccent; CREATE EXTENSION pg_trgm;
        CREATE TEXT SEARCH CONFIGURATION fr (COPY = french);
        ALTER TEXT SEARCH CONFIGURATION fr ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;
        CREATE TABLE found (id text PRIMARY KEY, names text, words tsvector);
        """
    )
    rows = []
    for document in documents:
        of = {(lang, name): [] for lang in LANGUAGES for name in WEIGHTS}
        for lang in LANGUAGES:
            for name, text in document.texts(lang=lang):
                of[lang, name].append(text)
        joined = {key: ". ".join(texts) for key, texts in of.items()}
        names = " ".join(joined[key] for key in (("fr", "title"), ("fr", "keywords"), ("en", "title")))
        rows.append((document.id, names, *joined.values()))
    vector = " || ".join(
        f"setweight(to_tsvector('{'fr' if lang == 'fr' else 'english'}', %s), '{letter}')"
        for lang in LANGUAGES
        for letter in "ABCDD"
    )
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO found VALUES (%s, lower(unaccent(%s)), {vector})", rows)
    connection.execute("CREATE INDEX ON found USING gin (words); CREATE INDEX ON found USING gin (names gin_trgm_ops)")
    connection.execute("VACUUM ANALYZE found")
    sql = f"""
        WITH asked AS (
            SELECT replace((plainto_tsquery('fr', %(q)s) || plainto_tsquery('english', %(q)s))::text, '&', '|')::tsquery
                AS query, lower(unaccent(%(q)s)) AS typed
        )
        SELECT id FROM found, asked WHERE words @@ query OR typed <%% names
        ORDER BY ts_rank('{{0.1, 0.3, 0.8, 1}}', words, query) + word_similarity(typed, names) DESC, id LIMIT {TOP}
    """
    return lambda q: [row[0] for row in connection.execute(sql, {"q": q}, prepare=True).fetchall()]


def with_postgresql_read(
    documents: list[Document], read: Callable[[str], Reading], connection: psycopg.Connection[Any]
) -> Search:
    """PostgreSQL over our terms and reading: what its ranking alone is worth."""
    connection.execute("CREATE TABLE ours (id text PRIMARY KEY, words tsvector)")

    def vector(document: Document) -> str:
        at, lexemes = 0, []
        for (_name, terms), letter in zip(_terms(document).items(), "ABCDD", strict=True):
            for one in terms:
                at = min(at + 1, 16_000)
                lexemes.append(f"'{one}':{at}{letter}")
        return " ".join(lexemes)

    with connection.cursor() as cursor:
        rows = [(document.id, vector(document)) for document in documents]
        cursor.executemany("INSERT INTO ours VALUES (%s, %s::tsvector)", rows)
    connection.execute("CREATE INDEX ON ours USING gin (words)")
    connection.execute("VACUUM ANALYZE ours")
    sql = f"""
        SELECT id FROM ours WHERE words @@ %(q)s::tsquery
        ORDER BY ts_rank('{{0.1, 0.3, 0.8, 1}}', words, %(q)s::tsquery) DESC, id LIMIT {TOP}
    """

    def search(q: str) -> list[str]:
        ways = [
            "(" + " & ".join(f"'{words[0]}'" for words in way.words) + ")"
            for concept in read(q).concepts
            for way in concept.ways
        ]
        return [row[0] for row in connection.execute(sql, {"q": " | ".join(ways)}, prepare=True)] if ways else []

    return search


@dataclass(frozen=True)
class Measure:
    name: str
    build: float
    recall: float
    first: float
    rank: float
    median: float
    p95: float


def measured(name: str, make: Callable[[], Search], questions: list[corpus.Question], *, rounds: int = 3) -> Measure:
    """Build, answer every question once to warm up and judge, then `rounds` times against the clock."""
    begun = time.perf_counter()
    search = make()
    build = time.perf_counter() - begun
    answers = [search(question.text) for question in questions]
    judged = list(zip(questions, answers, strict=True))
    recall = [len(q.expected & {*found[:3]}) / min(3, len(q.expected)) for q, found in judged]
    first = [bool(q.expected & {*found[:3]}) for q, found in judged]
    ranks = [next((1 / at for at, one in enumerate(found, 1) if one in q.expected), 0.0) for q, found in judged]
    times = []
    for question in questions * rounds:
        begun = time.perf_counter()
        search(question.text)
        times.append((time.perf_counter() - begun) * 1000)
    return Measure(
        name,
        build,
        statistics.mean(recall),
        statistics.mean(first),
        statistics.mean(ranks),
        statistics.median(times),
        statistics.quantiles(times, n=20)[-1],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--questions", type=Path, nargs="+", default=[corpus.JUDGED])
    chosen = parser.parse_args()
    real, words = corpus.documents(), corpus.words()
    known = {document.id for document in real}
    asked = [q for path in chosen.questions for q in corpus.questions(path) if q.expected & known]
    documents = real + invented(max(0, chosen.documents - len(real)))
    read = Index.build(documents, words).understood
    bare = Index.build(documents, WordList()).understood
    print(
        f"{len(documents)} documents, {len(real)} real; {len(words.entries)} lines of words; {len(asked)} questions\n"
    )
    print("| engine | recall@3 | one right in 3 | MRR | median ms | p95 ms | build s |\n|---|---|---|---|---|---|---|")
    with postgresql() as connection:
        engines: list[tuple[str, Callable[[], Search]]] = [
            ("own postings (numpy), our reading", lambda: ours(documents, words)),
            ("own postings (numpy), no word list", lambda: ours(documents, WordList())),
            ("tantivy, our reading", lambda: with_tantivy(documents, read)),
            ("tantivy, our reading, no word list", lambda: with_tantivy(documents, bare)),
            ("tantivy alone (French stems, fuzzy)", lambda: with_tantivy_alone(documents)),
            ("SQLite FTS5, our reading", lambda: with_fts5(documents, read)),
            ("PostgreSQL full text + unaccent + pg_trgm", lambda: with_postgresql(documents, connection)),
            ("PostgreSQL, our reading", lambda: with_postgresql_read(documents, read, connection)),
        ]
        for name, make in engines:
            m = measured(name, make, asked)
            print(
                f"| {m.name} | {m.recall:.3f} | {m.first:.3f} | {m.rank:.3f} | {m.median:.2f} | {m.p95:.2f} "
                f"| {m.build:.1f} |"
            )


if __name__ == "__main__":
    main()
