"""Two at once: no counter is given twice, no payment is counted twice."""

import json
import os
import subprocess
import sys

import pytest

from tests import product
from tests.faults.counter_race import COUNTERS, PEOPLE


@pytest.mark.server
def test_neither_a_counter_nor_a_payment_is_counted_twice(tmp_path):
    with product.database_of("counter_race") as database:
        environment = product.environment(home=tmp_path, **database) | {
            "DJANGO_SETTINGS_MODULE": "lacydon.config.settings",
            "PYTHONPATH": os.pathsep.join([str(product.ROOT), os.environ.get("PYTHONPATH", "")]),
        }
        product.migrated(environment=environment)
        finished = subprocess.run(
            [sys.executable, "-m", "tests.faults.counter_race"],
            env=environment, cwd=product.ROOT, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    told = json.loads(finished.stdout.splitlines()[-1])
    assert told["slots"] == {"booked": COUNTERS, "SlotTaken": PEOPLE - COUNTERS, "held": COUNTERS * 4}
    assert told["payment"] == {"paid": PEOPLE, "addresses": 1, "steps": 1, "attempts": 1}
