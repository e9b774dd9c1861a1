"""Pages per second beside a fixed string through Django on the same server, and what each page weighs in a browser.

    python -m bench.pages [--requests 2000] [--runs 3] [--no-browser]

The server is the real one with one worker and the real territory. Visitors type judged questions in every commune, as
often as it has inhabitants; the first pass, when little is kept yet, is shown apart from the next ones. The limit goes
through the same middleware; what Django costs with none at all is measured on a second server.
"""

import argparse
import os
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import django

from bench import client, generated, measuring
from tests import browser as browsers
from tests import product
from tests.journeys.pages import PAGES, Page
from tests.search import corpus

RATIO = 0.3
VISITORS = 4
VARIABLES = {"DJANGO_SETTINGS_MODULE": "bench.settings", "PYTHONPATH": str(product.ROOT)}


def quickest(url: str, kinds: Mapping[str, tuple[Sequence[str], bool]], *, runs: int) -> dict[str, client.Answers]:
    """The best of several runs of each kind (paths, compressed), by turns: a noisy minute is nobody's alone."""
    best: dict[str, client.Answers] = {}
    for _run in range(runs):
        for name, (paths, gzip) in kinds.items():
            run = client.ask(url, paths, connections=VISITORS, gzip=gzip)
            if name not in best or run.per_second > best[name].per_second:
                best[name] = run
    return best


def bare(count: int, *, runs: int) -> float:
    """Requests a second for the fixed string without any middleware."""
    with (
        tempfile.TemporaryDirectory() as home,
        product.running(home=Path(home), territory=None, variables=VARIABLES | {"BENCH_BARE": "1"}, WORKERS="1") as it,
    ):
        return quickest(it.url, {"bare": (["/fixed"] * count, False)}, runs=runs)["bare"].per_second


def results(served: product.Product, *, count: int, runs: int) -> None:
    """Table 1: results pages per second and the limits."""
    typed = generated.questions(corpus.questions(), count=count, misspelt=0.0)
    asked = generated.addresses("/recherche", typed)
    # Half of it wakes the worker up; the other half is what a visitor meets when nobody asked the same before.
    client.ask(served.url, asked[: count // 4])
    cold = client.ask(served.url, asked[count // 4 : count // 2], connections=VISITORS)
    kinds: dict[str, tuple[Sequence[str], bool]] = {
        "limit: fixed string, same middleware": (["/fixed"] * count, False),
        "results page": (asked, False),
        "results page, compressed": (asked, True),
        "home page, compressed": (["/"] * count, True),
    }
    best = quickest(served.url, kinds, runs=runs)
    limit = best["limit: fixed string, same middleware"].per_second
    none = bare(count, runs=runs)
    lines = {"results page, nobody asked the same before": cold} | best
    rows: list[tuple[object, ...]] = []
    for name, run in lines.items():
        ratio = run.per_second / limit
        judged = name.startswith("results")
        target = measuring.verdict(ratio, at_least=RATIO) if judged else ""
        rows.append((name, run.per_second, ratio, run.per_second / none, round(run.mean_size), target))
    rows.append(("fixed string, no middleware at all", none, none / limit, 1.0, "", ""))
    columns = ("one worker, 4 visitors", "requests/s", "of the limit", "of bare Django", "bytes", "target")
    measuring.say("Results pages and their limit", columns, rows)


def each_page(served: product.Product, pages: Iterable[Page], *, count: int) -> None:
    """Table 2: the time of every page on the server, one visitor at a time, as a browser asks for it."""
    rows = []
    for page in pages:
        if page.status == 200:
            of = client.ask(served.url, [page.path] * count, gzip=True)
            rows.append((page.name, of.latencies.p50, of.latencies.p95, round(of.mean_size)))
    measuring.say("Each page, from the server", ("page", "p50 ms", "p95 ms", "bytes compressed"), rows)


def in_a_browser(served: product.Product, pages: Iterable[Page]) -> None:
    """Table 3: what a first view transfers, in a real browser with nothing in its memory."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()  # what is looked at during a visit includes pages rendered in this process
    from tests.journeys import visit as journey

    rows = []
    with browsers.chromium() as chromium:
        watched = browsers.Browser(chromium=chromium, url=served.url)
        for page in pages:
            with watched.context(reduced_motion="reduce") as visitor:
                tab = visitor.new_page()
                visit = journey.Visit(tab, page, lang="fr")
                loaded = tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
                rows.append((page.name, visit.transferred, len(visit.answers), visit.nodes, visit.mark, float(loaded)))
    worst = (
        max(row[1] for row in rows),
        max(row[2] for row in rows),
        max(row[3] for row in rows),
        min(row[4] for row in rows),
        max(row[5] for row in rows),
    )
    rows.append(("worst", *worst))
    targets = (
        measuring.verdict(worst[0], at_most=journey.HEAVIEST),
        measuring.verdict(worst[1], at_most=journey.MOST_REQUESTS),
        "",
        measuring.verdict(worst[3], at_least=journey.LOWEST_ECOINDEX),
        "",
    )
    columns = ("page, first view", "bytes transferred", "requests", "nodes", "EcoIndex", "loaded ms")
    measuring.say("Each page, in a browser", columns, [*rows, ("target", *targets)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=3, help="the best of so many is kept")
    parser.add_argument("--territory", type=Path, default=corpus.FOLDER)
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--only", default="", help="pages whose name matches this expression")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes: does it still run?")
    chosen = parser.parse_args()
    if chosen.smoke:
        chosen.requests, chosen.runs, chosen.only = 16, 1, "^(home|results)$"
        chosen.territory = product.SMALL_TERRITORY
    pages = [page for page in PAGES if re.search(chosen.only, page.name)]
    print(measuring.machine())
    with (
        tempfile.TemporaryDirectory() as home,
        product.running(home=Path(home), territory=chosen.territory, variables=VARIABLES, WORKERS="1") as served,
    ):
        results(served, count=chosen.requests, runs=chosen.runs)
        each_page(served, pages, count=max(4, chosen.requests // 40))
        if not chosen.no_browser:
            in_a_browser(served, pages)


if __name__ == "__main__":
    main()
