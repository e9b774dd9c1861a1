"""Handing over, in processes that are killed: what a resident was told is received arrives there, once.

The product is real, and so is the commune's Open311 server; the worker is killed (SIGKILL) while the answer to its POST is
under way: the request exists there, and nothing here says so.
"""

import json
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests import open311_server
from tests import product as products
from tests.open311_server import Open311Server

pytestmark = pytest.mark.server
TERRITORY = products.ROOT / "tests" / "territory"
ROUTE = """
- id: olivette-rue
  authority: commune-97001
  channel: open311
  settings: {url: "URL", services: {essai: BIN-BROKEN}}
"""
OPEN = """
from tests.capabilities.requests import made
from lacydon.capabilities.requests.public import Where
made.opened(where=Where(citycode="97001", lon=5.1, lat=43.1), words="Le bac est cassé")
"""
TELL = """
import json
from lacydon.capabilities.requests.models import Delivery, Request
row = Delivery.objects.get()
print(json.dumps({"delivery": row.state, "attempts": row.attempts, "reference": row.reference,
    "request": Request.objects.get().state, "steps": [step.kind for step in row.request.steps.all()]}))
"""
AT_ONCE = """
from lacydon.capabilities.requests.models import Delivery
from lacydon.kernel.clock import now
Delivery.objects.filter(next_at__isnull=False).update(next_at=now())
Delivery.objects.filter(pull_at__isnull=False).update(pull_at=now())
"""


class Town:
    """A product whose one commune has an Open311 server."""

    def __init__(self, environment: Mapping[str, str], theirs: Open311Server) -> None:
        self.environment, self.theirs = environment, theirs

    def run(self, code: str) -> str:
        told = products.lacydon("manage", "shell", "--no-imports", "-c", code, environment=self.environment)
        assert told.returncode == 0, told.stderr
        return told.stdout

    def told(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.run(TELL).strip().splitlines()[-1])
        return found

    def work(self) -> None:
        self.run(AT_ONCE)
        products.done("work", "--once", "--patience", "0", environment=self.environment)

    def killed_while_sending(self) -> None:
        worker = subprocess.Popen(
            [products.LACYDON, "work"], env=self.environment, cwd=products.ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            assert self.theirs.made.wait(30), "it never came"
            worker.send_signal(signal.SIGKILL)
        finally:
            worker.kill()
            worker.wait()


@pytest.fixture
def town(tmp_path: Path, worker_id: str) -> Iterator[Town]:
    import shutil

    territory = Path(shutil.copytree(TERRITORY, tmp_path / "territory"))
    with (
        open311_server.running() as theirs,
        products.database_of(f"delivery_{worker_id}") as database,
    ):
        (territory / "deliveries.yaml").write_text(ROUTE.replace("URL", theirs.url))
        settings = {
            "PARTNER_HOSTS": f"127.0.0.1:{theirs.port}",
            "ROUTE_SECRETS": f"olivette-rue.api_key={theirs.api_key}",
            **database,
        }
        environment = products.environment(home=tmp_path / "home", **settings)
        environment |= {"PYTHONPATH": f"{products.ROOT / 'src'}:{products.ROOT}"}
        products.done("migrate", environment=environment)
        products.done("load", str(territory), environment=environment)
        yield Town(environment, theirs)


def test_killed_between_the_sending_and_the_note_it_is_there_once(town):
    town.run(OPEN)
    town.theirs.mode = "holding"
    town.killed_while_sending()
    assert len(town.theirs.kept) == 1
    assert town.told() == {
        "delivery": "queued",
        "attempts": 1,
        "reference": "",
        "request": "received",
        "steps": ["opened"],
    }
    town.theirs.release.set()
    town.theirs.mode = "up"
    town.work()
    assert len(town.theirs.kept) == 1, "it was found there, and not made again"
    told = town.told()
    assert (told["delivery"], told["reference"], told["request"]) == ("accepted", "1001", "sent")
    assert told["steps"] == ["opened", "sent", "acknowledged"]
    town.theirs.solve("1001", "Bac remplacé.")
    town.work()
    assert town.told()["request"] == "closed"


def test_killed_before_anything_was_enqueued_it_leaves_all_the_same(town):
    town.run(
        OPEN.replace(
            "made.opened",
            "import os; from lacydon.kernel import events; events._deliver = lambda event: os._exit(0)\nmade.opened",
        )
    )
    assert town.told()["delivery"] == "queued"
    products.done("work", "--once", environment=town.environment)
    assert (town.told()["delivery"], len(town.theirs.kept)) == ("accepted", 1)
