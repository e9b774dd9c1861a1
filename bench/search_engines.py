"""Which engine finds best what residents look for, and how fast: the same documents, questions and reading for all.

    python -m bench.search_engines [--documents 5000] [--questions tests/search/judged.tsv ...]

The territory's real services are drowned in invented ones, made of words that do not exist. "Our reading" means that
the question went through our stems, corrections and word list first; the engine only retrieves and ranks. PostgreSQL is
a cluster of this bench's own, in a temporary folder, ended with it.
"""

import argparse
import re
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import tantivy
from django.conf import settings

if not settings.configured:
    settings.configure(USE_I18N=False)

from bench import measuring, postgresql
from bench.generated import invented
from lacydon.kernel.search import Document, Index, WordList
from lacydon.kernel.search.documents import WEIGHTS
from lacydon.kernel.search.reading import Reading
from lacydon.kernel.search.stopwords import GRAMMAR
from lacydon.kernel.search.vocabulary import term
from lacydon.kernel.search.words import LANGUAGES, cut
from tests.search import corpus

Search = Callable[[str], list[str]]
"""A question → ids of the ten best."""
TOP = 10


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


def with_postgresql_by_turns(connection: psycopg.Connection[Any]) -> Search:
    """The peer made quicker, on the same table: pg_trgm is asked only when the full text finds nothing."""
    by_words = f"""
        WITH asked AS (
            SELECT replace((plainto_tsquery('fr', %(q)s) || plainto_tsquery('english', %(q)s))::text, '&', '|')::tsquery
                AS query
        )
        SELECT id FROM found, asked WHERE words @@ query
        ORDER BY ts_rank('{{0.1, 0.3, 0.8, 1}}', words, query) DESC, id LIMIT {TOP}
    """
    by_letters = f"""
        WITH asked AS (SELECT lower(unaccent(%(q)s)) AS typed)
        SELECT id FROM found, asked WHERE typed <%% names ORDER BY word_similarity(typed, names) DESC, id LIMIT {TOP}
    """

    def search(q: str) -> list[str]:
        for sql in (by_words, by_letters):
            rows = connection.execute(sql, {"q": q}, prepare=True).fetchall()
            if rows:
                return [row[0] for row in rows]
        return []

    return search


@dataclass(frozen=True)
class Quality:
    """`first`: questions with a right service among the first three. `recall`: the share of all right services there
    (of three at most). `rank`: the mean reciprocal rank of the first right one (MRR)."""

    first: float
    recall: float
    rank: float


def quality(search: Search, questions: Sequence[corpus.Question]) -> Quality:
    judged = [(question.expected, search(question.text)) for question in questions]
    return Quality(
        first=statistics.mean(bool(expected & {*found[:3]}) for expected, found in judged),
        recall=statistics.mean(len(expected & {*found[:3]}) / min(3, len(expected)) for expected, found in judged),
        rank=statistics.mean(
            next((1 / at for at, one in enumerate(found, 1) if one in expected), 0.0) for expected, found in judged
        ),
    )


def engines(
    documents: list[Document], words: WordList, peer: psycopg.Connection[Any]
) -> dict[str, Callable[[], Search]]:
    """Every candidate by name, each to be built when its turn comes."""
    read = Index.build(documents, words).understood
    bare = Index.build(documents, WordList()).understood
    return {
        "own postings (numpy), our reading": lambda: ours(documents, words),
        "own postings (numpy), no word list": lambda: ours(documents, WordList()),
        "tantivy, our reading": lambda: with_tantivy(documents, read),
        "tantivy, our reading, no word list": lambda: with_tantivy(documents, bare),
        "tantivy alone (French stems, fuzzy)": lambda: with_tantivy_alone(documents),
        "SQLite FTS5, our reading": lambda: with_fts5(documents, read),
        "PostgreSQL full text + unaccent + pg_trgm": lambda: with_postgresql(documents, peer),
        "the same, pg_trgm only when nothing is found": lambda: with_postgresql_by_turns(peer),
        "PostgreSQL, our reading": lambda: with_postgresql_read(documents, read, peer),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=5000)
    parser.add_argument("--questions", type=Path, nargs="+", default=[corpus.JUDGED])
    parser.add_argument("--smoke", action="store_true", help="tiny sizes: does it still run?")
    chosen = parser.parse_args()
    real, words = corpus.documents(), corpus.words()
    known = {document.id for document in real}
    asked = [q for path in chosen.questions for q in corpus.questions(path) if q.expected & known]
    if chosen.smoke:
        asked = asked[:8]
    documents = real + invented(0 if chosen.smoke else max(0, chosen.documents - len(real)))
    print(
        f"{measuring.machine()}\n{len(documents)} documents, {len(real)} real; {len(words.entries)} lines of words; "
        f"{len(asked)} questions"
    )
    rows: list[tuple[object, ...]] = []
    with postgresql.cluster() as cluster, cluster.connect() as peer:
        for name, make in engines(documents, words, peer).items():
            began = time.perf_counter()
            search = make()
            built = time.perf_counter() - began
            good = quality(search, asked)
            times = measuring.quietest(
                1 if chosen.smoke else 3,
                lambda search=search: measuring.Latencies.of(measuring.timed(search, [each.text for each in asked])),
            )
            rows.append((name, good.first, good.recall, good.rank, times.p50, times.p95, built))
    columns = ("engine", "one right in 3", "all right in 3", "MRR", "median ms", "p95 ms", "build s")
    measuring.say("Which engine finds best", columns, rows)


if __name__ == "__main__":
    main()
