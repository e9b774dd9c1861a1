"""The dashboard of a large agenda: 2,000 actions, ten years of credits each, 200 indicators; now, and on past days.

    python -m bench.agenda [--actions 2000] [--indicators 200] [--asked 60] [--smoke]

What is timed is a request, from the address to the last byte of the page, in one process, without the network. Now: the
agenda is held in memory; after a change: it has just moved; a past day: another one each time, read from its states.
"""

import argparse
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from bench import measuring
from tests import product

NOW, PAST = 100.0, 150.0
"""Milliseconds at most, of p95 (issue 7)."""
ADDRESSES = ("/agenda/tableau-de-bord", "/agenda/budget", "/agenda/budget?par=axe", "/agenda/communes/13055")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--actions", type=int, default=2_000)
    parser.add_argument("--indicators", type=int, default=200)
    parser.add_argument("--asked", type=int, default=60)
    parser.add_argument("--smoke", action="store_true", help="tiny sizes: it runs, the figures mean nothing")
    parser.add_argument("--inside", action="store_true", help="what runs in the environment of the product")
    asked = parser.parse_args()
    if asked.smoke:
        asked.actions, asked.indicators, asked.asked = 20, 8, 4
    if asked.inside:
        _inside(asked.actions, asked.indicators, asked.asked)
        return
    with tempfile.TemporaryDirectory() as home:
        environment = product.environment(home=Path(home)) | {"LACYDON_RATE_LIMIT": "0"}
        product.migrated(environment=environment)
        product.done("load", str(product.REAL_TERRITORY), environment=environment)
        sizes = ["--actions", str(asked.actions), "--indicators", str(asked.indicators), "--asked", str(asked.asked)]
        subprocess.run(
            [sys.executable, "-m", "bench.agenda", "--inside", *sizes], env=environment, cwd=product.ROOT, check=True
        )


def _inside(actions: int, indicators: int, many: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lacydon.config.settings")
    import django

    django.setup()
    logging.disable(logging.INFO)
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from lacydon.kernel.ui import kept

    _written(actions, indicators)
    client = Client(HTTP_HOST="127.0.0.1")

    def ask(address: str) -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    rows: list[tuple[object, ...]] = []
    for address in ADDRESSES:
        ask(address)
        with CaptureQueriesContext(connection) as asked:
            ask(address)
        found = measuring.Latencies.of(measuring.timed(ask, [address] * many))
        rows.append((address, found.p50, found.p95, len(asked), measuring.verdict(found.p95, at_most=NOW)))
    found = measuring.Latencies.of(measuring.timed(_after_a_change(ask), range(max(2, many // 6))))
    rows.append(("dashboard, just changed", found.p50, found.p95, "", ""))
    days = [(date.today() - timedelta(days=n)).isoformat() for n in range(1, many + 1)]
    kept._forget()
    past = measuring.Latencies.of(measuring.timed(lambda day: ask(f"/agenda/tableau-de-bord?le={day}"), days))
    rows.append(("dashboard, a past day", past.p50, past.p95, "", measuring.verdict(past.p95, at_most=PAST)))
    title = f"{measuring.shown(actions)} actions, {indicators} indicators"
    measuring.say("The dashboards of an agenda", (title, "p50 ms", "p95 ms", "queries", "target"), rows)
    print(f"\n{measuring.machine()}")


def _after_a_change(ask: Callable[[str], None]) -> Callable[[int], None]:
    from lacydon.capabilities.agenda.public import Wanted, chart, write
    from lacydon.capabilities.agenda.queries.nouns import Action
    from lacydon.kernel.access import MACHINE

    def change(n: int) -> None:
        action = chart().one(Action, "bench-0").model_copy(update={"priority": 1 + n % 4})
        write(wanted=[Wanted(kind="action", id="bench-0", object=action)], actor=MACHINE, reason="bench")
        ask(ADDRESSES[0])

    return change


def _written(actions: int, indicators: int) -> None:
    """As if they had been written two years ago: past days are read from their states."""
    from lacydon.capabilities.agenda.models import State
    from lacydon.capabilities.agenda.public import Wanted, chart, write
    from lacydon.capabilities.agenda.queries.nouns import SHAPES, Action, Budget, Indicator
    from lacydon.kernel.access import MACHINE
    from lacydon.kernel.clock import now

    stands = chart()
    models = (stands.all(Action)[:12], stands.all(Budget)[:12], stands.all(Indicator)[:12])
    wanted = []
    for n in range(actions):
        action = models[0][n % 12].model_copy(update={"id": f"bench-{n}", "code": f"B.{n}", "dependencies": ()})
        budget = models[1][n % 12]
        allowed = budget.authorisation.model_copy(
            update={"code": f"AP-B-{n}", "voted": Decimal(1_000_000), "revisions": ()}
        )
        years = [
            {"year": 2020 + year, "voted": 90_000, "engaged": 80_000, "paid": 70_000, "as_of": f"{2020 + year}-12-31"}
            for year in range(10)
        ]
        line = budget.model_dump(mode="json") | {"id": f"bench-{n}", "action": action.id, "years": years}
        line["authorisation"] = allowed.model_dump(mode="json")
        wanted.append(Wanted(kind="action", id=action.id, object=action))
        wanted.append(Wanted(kind="budget", id=f"bench-{n}", object=SHAPES["budget"].model_validate(line)))
    for n in range(indicators):
        indicator = models[2][n % len(models[2])].model_copy(update={"id": f"bench-{n}", "actions": (f"bench-{n}",)})
        wanted.append(Wanted(kind="indicator", id=indicator.id, object=indicator))
    write(wanted=wanted, actor=MACHINE, reason="bench")
    State.objects.update(at=now() - timedelta(days=730))


if __name__ == "__main__":
    main()
