"""A PostgreSQL of the bench's own: a cluster in a temporary folder, on a free port, ended and removed with it."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests import product


@dataclass(frozen=True)
class Cluster:
    folder: str
    port: int

    @property
    def url(self) -> str:
        """As LACYDON_DATABASE_URL wants it."""
        return f"postgresql://bench@127.0.0.1:{self.port}/postgres"

    def connect(self) -> psycopg.Connection[Any]:
        """By the local socket, the shortest way."""
        return psycopg.connect(host=self.folder, port=self.port, user="bench", dbname="postgres", autocommit=True)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0]))
    initdb = found[-1] if found else shutil.which("initdb")
    if initdb is None:
        raise SystemExit("This bench needs PostgreSQL: apt-get install postgresql")
    return Path(initdb).parent


@contextmanager
def migrated(home: Path) -> Iterator[Cluster]:
    """A cluster whose first database is that of a product, whose home this becomes: made once, then copied."""
    with product.held("cluster") as made:
        if not (made / "data").exists():
            made.mkdir()
            with cluster(kept=made / "data") as first:
                product.done("migrate", environment=product.environment(home=made / "home", DATABASE_URL=first.url))
    shutil.copytree(made / "home", home, dirs_exist_ok=True)
    with cluster(like=made / "data") as its_own:
        yield its_own


@contextmanager
def cluster(*, like: Path | None = None, kept: Path | None = None) -> Iterator[Cluster]:
    """`like`: a folder of data to begin from; `kept`: where its own are put when it has ended."""
    programs = _programs()
    owner: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        owner = {"user": "postgres", "group": "postgres", "extra_groups": []}
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if owner:
            shutil.chown(folder, "postgres", "postgres")
        quiet: dict[str, Any] = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder, **owner}
        if like:
            subprocess.run(["cp", "-a", like, f"{folder}/data"], check=True)
        else:
            initdb = [programs / "initdb", "-D", f"{folder}/data", "-U", "bench", "--auth=trust", "-E", "UTF8"]
            subprocess.run([*initdb, "--no-sync"], **quiet)
        options = f"-p {port} -k {folder} -h 127.0.0.1 -c shared_buffers=256MB -c jit=off"
        control = [programs / "pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log"]
        subprocess.run([*control, "-o", options, "start"], **quiet)
        try:
            yield Cluster(folder=folder, port=port)
        finally:
            subprocess.run([*control, "-m", "fast" if kept else "immediate", "stop"], **quiet)
        if kept:
            subprocess.run(["cp", "-a", f"{folder}/data", kept], check=True)
