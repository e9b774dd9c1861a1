"""Handing over, in processes that are killed: what a resident was told is received arrives there, once.

The product is real, and so is the commune's Open311 server. The worker is killed (SIGKILL) while the answer to its POST is
under way: the request exists there, and nothing here says so. Another process ends as a request is committed, before
anything was enqueued.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from tests import open311_server
from tests import product as products


def process(*arguments: str, environment: Mapping[str, str]) -> str:
    command = [sys.executable, "-m", "tests.faults.deliveries", *arguments]
    done = subprocess.run(
        command, env=environment, cwd=products.ROOT, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.server
def test_nothing_is_lost_and_nothing_made_twice_wherever_it_is_killed(tmp_path, worker_id):
    with open311_server.running() as theirs, products.database_of(f"delivery_{worker_id}") as database:
        settings = {
            "PARTNER_HOSTS": f"127.0.0.1:{theirs.port}",
            "ROUTE_SECRETS": f"route-0.api_key={theirs.api_key}",
            **database,
        }
        environment = products.environment(home=tmp_path / "home", **settings)
        environment |= {"PYTHONPATH": f"{products.ROOT / 'src'}:{products.ROOT}"}

        def work() -> list[dict[str, Any]]:
            told: list[dict[str, Any]] = json.loads(process("work", environment=environment).splitlines()[-1])
            return told

        products.migrated(environment=environment)
        process("open", theirs.url, environment=environment)
        theirs.mode = "holding"
        worker = subprocess.Popen(
            [products.LACYDON, "work"], env=environment, cwd=products.ROOT,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            assert theirs.made.wait(60), "it never came"
            worker.send_signal(signal.SIGKILL)
        finally:
            worker.kill()
            worker.wait()
        assert len(theirs.kept) == 1
        theirs.release.set()
        theirs.mode = "up"
        process("cut", theirs.url, environment=environment)
        assert len(theirs.kept) == 1
        [killed, cut] = work()
        assert len(theirs.kept) == 2, "one was found there and not made again, the other was not forgotten"
        assert (killed["attempts"], cut["attempts"]) == (2, 1)
        assert (killed["reference"], cut["reference"]) == ("1001", "1002")
        for each in (killed, cut):
            assert (each["delivery"], each["request"]) == ("accepted", "sent")
            assert each["steps"] == ["opened", "sent", "acknowledged"]
        theirs.solve("1001", "Bac remplacé.")
        [killed, cut] = work()
        assert (killed["request"], cut["request"]) == ("closed", "sent")
