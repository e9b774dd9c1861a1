"""The product as operators run it: processes of its own, a home of its own, a free port."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg

ROOT = Path(__file__).resolve().parent.parent
LACYDON = Path(sys.executable).with_name("lacydon")
REAL_TERRITORY = ROOT / "territories" / "aix-marseille-provence"
SMALL_TERRITORY = ROOT / "tests" / "territory"


@dataclass(frozen=True)
class Product:
    """A running product: where it answers, where its state and its logs are."""

    url: str
    home: Path
    log: Path
    environment: Mapping[str, str]
    pid: int

    def get(self, path: str, **kwargs: object) -> httpx.Response:
        # Nothing to verify in plain HTTP: reading the authorities would take longer than most answers.
        return httpx.get(self.url + path, timeout=20, verify=False, **kwargs)  # type: ignore[arg-type]

    def lacydon(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of this product, on its home."""
        return lacydon(*arguments, environment=self.environment)


def environment(*, home: Path, **settings: str) -> dict[str, str]:
    """The environment of a product of its own: nothing of the caller's settings but these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LACYDON_", "DJANGO_"))}
    return kept | {"LACYDON_HOME": str(home)} | {f"LACYDON_{name}": value for name, value in settings.items()}


def lacydon(*arguments: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LACYDON, *arguments], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=400, check=False
    )


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


MADE = ("static", "keys")
"""Folders that `lacydon migrate` makes; the database knows the ring of keys it was made with."""


def migrated(*, environment: Mapping[str, str]) -> None:
    """Prepare a product (database, static files, keys): once for all tests by `lacydon migrate`, then by copying its work."""
    url, home = environment.get("LACYDON_DATABASE_URL", ""), Path(environment["LACYDON_HOME"])
    with held("postgresql" if url else "sqlite") as template:
        keep, give = (_keep_postgresql, _give_postgresql) if url else (_keep_sqlite, _give_sqlite)
        if not template.exists():
            done("migrate", environment=environment)
            for name in MADE:
                shutil.copytree(home / name, template.with_name(f"{template.name}-{name}"))
            keep(template, url=url, home=home)
            return
        home.mkdir(parents=True, exist_ok=True)
        for name in MADE:
            shutil.copytree(template.with_name(f"{template.name}-{name}"), home / name, dirs_exist_ok=True)
        give(template, url=url, home=home)


@contextmanager
def held(kind: str) -> Iterator[Path]:
    """Where a migrated product of this kind is held for the processes of this run, of which one at a time is here."""
    shared = Path(os.environ.get("TESTS_SHARED") or tempfile.gettempdir())
    folder = shared / f"lacydon-migrated-{os.getuid()}-{kind}-{_mark_of_what_is_made()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder / f"{folder.name}_{os.environ.get('PYTEST_XDIST_TESTRUNUID', 'alone')[:8]}"


def _keep_sqlite(held: Path, *, url: str, home: Path) -> None:
    with contextlib.closing(sqlite3.connect(home / "lacydon.sqlite3")) as made:
        made.execute("VACUUM INTO ?", [str(held)])


def _give_sqlite(held: Path, *, url: str, home: Path) -> None:
    shutil.copyfile(held, home / "lacydon.sqlite3")


def _keep_postgresql(held: Path, *, url: str, home: Path) -> None:
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{held.name}" TEMPLATE "{name}"'.encode())
    held.touch()


def _give_postgresql(held: Path, *, url: str, home: Path) -> None:
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{held.name}"'.encode())


def _mark_of_what_is_made() -> str:
    """What changes when a migration or a static file does."""
    source = ROOT / "src" / "lacydon"
    static = (path for path in source.glob("**/static/**/*") if path.is_file())
    paths = sorted((*source.glob("**/migrations/*.py"), *static))
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def done(*arguments: str, environment: Mapping[str, str]) -> None:
    finished = lacydon(*arguments, environment=environment)
    assert finished.returncode == 0, f"lacydon {' '.join(arguments)}: {finished.stdout}{finished.stderr}"


@contextmanager
def running(
    *,
    home: Path,
    territory: Path | None = REAL_TERRITORY,
    variables: Mapping[str, str] | None = None,
    prepared: bool = False,
    **settings: str,
) -> Iterator[Product]:
    """Prepare a home (database, territory), serve it, wait until it is ready; stop it at the end.

    `settings` are those of settings_table.py without their prefix, `variables` any others of the environment. With
    `territory=None` nothing is loaded; a home that is `prepared` keeps its database as it is.
    """
    port = int(settings.get("PORT") or free_port())
    variables = environment(home=home, **({"RATE_LIMIT": "0"} | settings | {"PORT": str(port)})) | dict(variables or {})
    if not prepared:
        migrated(environment=variables)
    if territory is not None:
        done("load", str(territory), environment=variables)
    log = home / "server.log"
    with log.open("w") as written:
        server = subprocess.Popen([LACYDON, "serve"], env=variables, cwd=ROOT, stdout=written, stderr=written)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, server=server, log=log, path="/readyz" if territory else "/healthz")
        yield Product(url=url, home=home, log=log, environment=variables, pid=server.pid)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def database_of(name: str) -> Iterator[dict[str, str]]:
    """Settings that give a product a database of its own when the tests run on PostgreSQL; none on SQLite."""
    url = os.environ.get("LACYDON_DATABASE_URL", "")
    if not url:
        yield {}
        return
    server, _, _database = url.rpartition("/")
    name = f"{name}_{os.getpid()}"  # the two processes of a run may be at two tests of one file
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield {"DATABASE_URL": f"{server}/{name}"}
        finally:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def _wait(url: str, *, server: subprocess.Popen[bytes], log: Path, path: str, patience: float = 150) -> None:
    deadline = time.monotonic() + patience
    answer = "no answer"
    while time.monotonic() < deadline and server.poll() is None:
        try:
            response = httpx.get(url + path, timeout=5, verify=False)  # as in Product.get
        except httpx.HTTPError:
            time.sleep(0.1)
            continue
        if response.status_code == 200:
            return
        answer = response.text
        time.sleep(0.1)
    raise AssertionError(f"The product is not ready: {answer}\n{log.read_text()[-4000:]}")
