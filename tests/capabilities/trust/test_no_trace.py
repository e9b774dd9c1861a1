"""After an erasure: canaries of every personal field searched for in the database, the files, the logs. None is found.

And after an old backup is put back: the erasures are done again.
"""

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import product as products
from tests.capabilities.trust.traces import CANARIES


class Installation:
    """A product of its own, as files and tables."""

    def __init__(self, home: Path, database: dict[str, str]) -> None:
        self.home = home
        self.url = database.get("DATABASE_URL", "")
        self.environment = products.environment(home=home, ALLOWED_HOSTS="localhost", **database)
        self.environment["PYTHONPATH"] = f"{products.ROOT}:{products.ROOT / 'src'}"
        self.log = b""

    def lacydon(self, *arguments: str) -> str:
        done = products.lacydon(*arguments, environment=self.environment)
        self.log += done.stderr.encode()
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run(self, code: str) -> str:
        return self.lacydon(
            "manage", "shell", "--no-imports", "-c", f"from tests.capabilities.trust.traces import *; {code}"
        )

    def tables(self) -> bytes:
        """All that the database holds: its files on SQLite, every row of every table on PostgreSQL."""
        if not self.url:
            return b"".join(path.read_bytes() for path in sorted(self.home.glob("lacydon.sqlite3*")))
        with psycopg.connect(self.url) as connection:
            names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            held = b""
            for (name,) in names:
                with connection.cursor().copy(f'COPY "{name}" TO STDOUT'.encode()) as copy:
                    held += b"".join(bytes(part) for part in copy)
        return held

    def files(self) -> bytes:
        """Every other file of its home, but the keys and the list of erased pseudonyms."""
        apart = ("lacydon.sqlite3", "erasures", "secret-key")
        paths = [path for path in self.home.rglob("*") if path.is_file() and not path.name.startswith(apart)]
        return b"".join(path.read_bytes() for path in paths if "keys" not in path.parts)

    def found(self, secret: str) -> list[str]:
        """Where a text, or its bytes when it is hexadecimal, is still found."""
        forms = [secret.encode(), secret.encode().hex().encode()]
        if set(secret) <= set("0123456789abcdef"):
            forms.append(bytes.fromhex(secret))
        places = {"database": self.tables(), "files": self.files(), "log": self.log}
        return [name for name, content in places.items() if any(form in content for form in forms)]

    def backup(self, to: Path) -> None:
        if self.url:
            server, _, name = self.url.rpartition("/")
            with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{name}_backup" TEMPLATE "{name}"'.encode())
            return
        source, target = sqlite3.connect(self.home / "lacydon.sqlite3"), sqlite3.connect(to)
        with target:
            source.backup(target)
        source.close()
        target.close()

    def restore(self, backup: Path) -> None:
        if self.url:
            server, _, name = self.url.rpartition("/")
            with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
                connection.execute(f'ALTER DATABASE "{name}_backup" RENAME TO "{name}"'.encode())
            return
        for path in self.home.glob("lacydon.sqlite3*"):
            path.unlink()
        (self.home / "lacydon.sqlite3").write_bytes(backup.read_bytes())


@pytest.fixture
def installation(tmp_path: Path, worker_id: str) -> Iterator[Installation]:
    with products.database_of(f"traces_{worker_id}") as database:
        made = Installation(tmp_path / "home", database)
        products.migrated(environment=made.environment)
        yield made


@pytest.mark.server
def test_nothing_personal_is_found_after_an_erasure_nor_after_an_old_backup(installation, tmp_path):
    told = json.loads(installation.run("seed()"))
    for canary in CANARIES:
        assert installation.found(canary) == [], f"{canary} in the clear"
    for control in ("wrapped", "subject"):
        assert installation.found(told[control]) == ["database"], "what is searched for can be found"
    installation.backup(tmp_path / "backup")

    installation.run(f"erase({told['person']!r})")
    for secret in (*CANARIES, told["wrapped"], told["subject"]):
        assert installation.found(secret) == [], secret

    installation.restore(tmp_path / "backup")
    assert installation.found(told["wrapped"]) == ["database"], "the limit: an old backup holds the wrapped key"
    assert "1" in installation.lacydon("people", "reapply-erasures")
    for secret in (*CANARIES, told["wrapped"], told["subject"]):
        assert installation.found(secret) == [], secret


@pytest.mark.server
def test_killed_before_its_commit_nothing_is_erased_and_nobody_is_listed(installation):
    told = json.loads(installation.run("seed()"))
    code = (
        "import os, signal; from lacydon.capabilities.trust.actions import erasure; "
        "real = erasure.erase_now; "
        "exec('def dies(person):\\n real(person)\\n os.kill(os.getpid(), signal.SIGKILL)'); erasure.erase_now = dies; "
        f"erase({told['person']!r})"
    )
    command = [
        products.LACYDON,
        "manage",
        "shell",
        "--no-imports",
        "-c",
        f"from tests.capabilities.trust.traces import *; {code}",
    ]
    died = subprocess.run(command, env=installation.environment, cwd=products.ROOT, capture_output=True, check=False)
    assert died.returncode == -9, died.stderr
    assert installation.found(told["wrapped"]) == ["database"]
    assert not (installation.home / "erasures").exists()
    installation.run(f"erase({told['person']!r})")
    assert installation.found(told["wrapped"]) == []
    assert (installation.home / "erasures").read_text().split() == [told["person"]]
    assert (installation.home / "erasures").stat().st_mode & 0o777 == 0o600
