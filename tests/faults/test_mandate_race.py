"""Revoke against submit: after the commit of a revocation no act is committed, and each act before is in the journal."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection

from tests import product

ROUNDS = 25


def raced(home, *arguments: str) -> dict[str, int]:
    with product.database_of("mandate_race") as database:
        environment = product.environment(home=home, **database) | {
            "DJANGO_SETTINGS_MODULE": "lacydon.config.settings",
            "PYTHONPATH": os.pathsep.join([str(product.ROOT), os.environ.get("PYTHONPATH", "")]),
        }
        product.migrated(environment=environment)
        finished = subprocess.run(
            [sys.executable, "-m", "tests.faults.mandate_race", *arguments],
            env=environment, cwd=product.ROOT, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    told: dict[str, int] = json.loads(finished.stdout.splitlines()[-1])
    return told


@pytest.mark.server
def test_no_act_after_the_commit_of_a_revocation(tmp_path):
    told = raced(tmp_path, str(ROUNDS))
    assert told["acts"] >= ROUNDS
    assert told["refused"] == 3 * ROUNDS
    assert (told["late"], told["missing"]) == (0, 0)


@pytest.mark.server
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one transaction at a time anyway")
def test_without_the_lock_acts_come_late(tmp_path):
    assert raced(tmp_path, str(ROUNDS), "unlocked")["late"] > 0
