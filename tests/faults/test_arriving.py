"""A publication that is killed: the old version stands, whole; done again, it goes through; what is left is swept."""

import hashlib
import signal
import sqlite3
import subprocess

import pytest

from tests.product import LACYDON, ROOT, environment, migrated

AFTER = {"received": [(1,)], "prepared": [(1,)], "moved": [(1,)], "published": [(1,), (2,)]}


@pytest.fixture
def publish(tmp_path):
    variables = environment(home=tmp_path / "home", DATABASE_URL="")
    migrated(environment=variables)

    def run(place: str, content: bytes) -> int:
        (tmp_path / "sent.csv").write_bytes(content)
        python = str(LACYDON.with_name("python"))
        command = [python, "-m", "tests.faults.arriving", place, str(tmp_path / "sent.csv")]
        return subprocess.run(command, env=variables, cwd=ROOT, check=False).returncode

    run.home = tmp_path / "home"
    return run


def test_killed_anywhere_leaves_whole_versions_only(publish):
    def asked(query: str) -> list[tuple]:
        with sqlite3.connect(publish.home / "lacydon.sqlite3") as base:
            return base.execute(query).fetchall()

    assert publish("nowhere", b"a;b\n1;x\n") == 0
    for number, (place, after) in enumerate(AFTER.items(), 2):
        content = f"a;b\n{number};y\n".encode()
        assert publish(place, content) == -signal.SIGKILL, place
        assert asked("SELECT number FROM data_version ORDER BY number") == after, place
    assert publish("nowhere", b"a;b\n1;z\n") == 0
    for number, content in asked("SELECT number, content FROM data_version"):
        file = publish.home / "data" / "marches" / f"{number}-{content[:16]}.parquet"
        assert hashlib.sha256(file.read_bytes()).hexdigest() == content
    assert asked("SELECT v.number FROM data_dataset d JOIN data_version v ON v.id = d.current_id") == [(3,)]
