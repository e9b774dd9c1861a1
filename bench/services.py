"""Search through HTTP with thousands of services in every commune, beside a fixed string and beside PostgreSQL.

    python -m bench.services [--services 5000] [--requests 3000] [--runs 3]

The territory's folder is completed with invented services, loaded into a home of the bench's own and served by the
real server with one worker. Visitors type judged questions, the same misspelt, and words of nobody's, in every commune
as often as it has inhabitants. The limit is a fixed string through Django on the same server; the peer is PostgreSQL
full text and pg_trgm, asked the same questions about the same services, compared with the search alone.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

from bench import client, generated, measuring, postgresql, search_engines
from tests import product
from tests.search import corpus

P95_MS = 20.0
TIMES_FASTER = 5.0
VISITORS = 4
VARIABLES = {"DJANGO_SETTINGS_MODULE": "bench.settings", "PYTHONPATH": str(product.ROOT)}


def through_http(folder: Path, typed: list[str], *, runs: int) -> None:
    """Table 1: the API's search, one visitor at a time and several at once, and the limit."""
    asked = generated.addresses("/api/v1/services", typed)
    with (
        tempfile.TemporaryDirectory() as home,
        product.running(home=Path(home), territory=folder, variables=VARIABLES, WORKERS="1") as served,
    ):
        client.ask(served.url, asked[: len(asked) // 5])  # the index is built, the caches of a worker are warm
        limit = ["/fixed"] * len(asked)
        alone = min((client.ask(served.url, asked) for _run in range(runs)), key=lambda run: run.latencies.p95)
        busy = min((client.ask(served.url, asked, connections=VISITORS) for _run in range(runs)), key=_seconds)
        fixed = min((client.ask(served.url, limit) for _run in range(runs)), key=lambda run: run.latencies.p95)
        full = min((client.ask(served.url, limit, connections=VISITORS) for _run in range(runs)), key=_seconds)
    rows = [
        ("search, one visitor at a time", *_figures(alone), measuring.verdict(alone.latencies.p95, at_most=P95_MS)),
        (f"search, {VISITORS} at once", *_figures(busy), measuring.verdict(busy.latencies.p95, at_most=P95_MS)),
        ("limit: fixed string, one at a time", *_figures(fixed), ""),
        (f"limit: fixed string, {VISITORS} at once", *_figures(full), ""),
        ("ratio to the limit (requests/s, saturated)", "", "", "", busy.per_second / full.per_second, ""),
    ]
    columns = ("GET /api/v1/services, one worker", "p50 ms", "p95 ms", "p99 ms", "requests/s", "target (p95)")
    measuring.say("Search through HTTP", columns, rows)


def _seconds(run: client.Answers) -> float:
    return run.seconds


def _figures(run: client.Answers) -> tuple[float, ...]:
    of = run.latencies
    return of.p50, of.p95, of.p99, run.per_second


def beside_postgresql(folder: Path, judged: list[corpus.Question], typed: list[str], *, runs: int) -> None:
    """Table 2: the search itself, in process, and PostgreSQL's through its local socket."""
    documents = corpus.documents(folder)
    with postgresql.cluster() as cluster, cluster.connect() as peer:
        candidates = {
            "ours": search_engines.ours(documents, corpus.words(folder)),
            "PostgreSQL full text + pg_trgm": search_engines.with_postgresql(documents, peer),
            "the same, pg_trgm only when nothing is found": search_engines.with_postgresql_by_turns(peer),
        }
        rows: list[tuple[object, ...]] = []
        own = 0.0
        for name, search in candidates.items():
            good = search_engines.quality(search, judged)
            times = [measuring.timed(search, typed) for _run in range(runs)]
            best = min(times, key=sum)
            of, mean = measuring.Latencies.of(best), statistics.mean(best)
            own = own or mean
            target = measuring.verdict(mean / own, at_least=TIMES_FASTER) if rows else ""
            rows.append((name, good.first, good.rank, of.p50, of.p95, of.p99, mean, mean / own, target))
    columns = ("search itself", "recall@3", "MRR", "p50 ms", "p95 ms", "p99 ms", "mean ms", "times ours", "target")
    measuring.say("The search itself, beside PostgreSQL", columns, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--services", type=int, default=5000)
    parser.add_argument("--requests", type=int, default=3000)
    parser.add_argument("--peer-questions", type=int, default=200, help="questions to PostgreSQL, which is slow")
    parser.add_argument("--runs", type=int, default=3, help="the best of so many is kept")
    parser.add_argument("--territory", type=Path, default=corpus.FOLDER)
    parser.add_argument("--smoke", action="store_true", help="tiny sizes: does it still run?")
    chosen = parser.parse_args()
    if chosen.smoke:
        chosen.services, chosen.requests, chosen.peer_questions, chosen.runs = 400, 20, 10, 1
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "territory"
        generated.territory(folder, services=chosen.services, of=chosen.territory)
        documents = corpus.documents(folder)
        judged = corpus.questions()
        noise = [each for each in documents if each.id.startswith("invented")]
        typed = generated.questions(judged, count=chosen.requests, noise=noise)
        print(f"{measuring.machine()}\n{len(documents)} services")
        through_http(folder, typed, runs=chosen.runs)
        asked = judged[:8] if chosen.smoke else judged
        beside_postgresql(folder, asked, typed[: chosen.peer_questions], runs=chosen.runs)


if __name__ == "__main__":
    main()
