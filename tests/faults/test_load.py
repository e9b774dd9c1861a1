"""`lacydon load` cut short: residents keep the territory they had, whole."""

import resource
import shutil
import signal
import sqlite3
import subprocess

import pytest

from tests.product import LACYDON, ROOT, done, environment, lacydon, migrated


@pytest.fixture
def loaded(tmp_path, territory_folder):
    """A home with the small territory loaded, and a copy of its folder where every title has changed."""
    variables = environment(home=tmp_path / "home", DATABASE_URL="")
    migrated(environment=variables)
    done("load", str(territory_folder), environment=variables)
    changed = shutil.copytree(territory_folder, tmp_path / "changed")
    for path in changed.glob("services/*.yaml"):
        path.write_text(path.read_text().replace('title: {fr: "', 'title: {fr: "Nouveau '))
    return variables, changed, tmp_path / "home" / "lacydon.sqlite3"


def rows(database):
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        connection.execute("PRAGMA integrity_check")
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: sorted(map(repr, connection.execute(f'SELECT * FROM "{table}"')))
            for table in tables
            if table.startswith(("territory_", "services_"))
        }


STOPPED_INSIDE = """
import os, signal, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
import django; django.setup()
from lacydon.config.commands import folder
def killed(name):
    os.kill(os.getpid(), signal.SIGKILL)
import lacydon.capabilities.services.actions as actions
actions.moved = killed
folder.load(__import__("pathlib").Path(sys.argv[1]))
"""


def test_killed_in_the_middle_leaves_the_old_territory_and_can_be_run_again(loaded):
    variables, changed, database = loaded
    before = rows(database)
    python = str(LACYDON.with_name("python"))
    killed = subprocess.run([python, "-c", STOPPED_INSIDE, str(changed)], env=variables, cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert rows(database) == before

    done("load", str(changed), environment=variables)
    assert rows(database) != before


def test_a_full_disk_is_told_and_leaves_the_old_territory(loaded):
    variables, changed, database = loaded
    before = rows(database)

    def full() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    told = subprocess.run(
        [LACYDON, "load", str(changed)],
        env=variables,
        cwd=ROOT,
        capture_output=True,
        text=True,
        preexec_fn=full,
        check=False,
    )
    assert told.returncode == 1
    assert "Traceback" not in told.stderr and told.stderr.strip()
    assert rows(database) == before


def test_two_loads_at_once_both_end_well(loaded):
    variables, changed, _database = loaded
    both = [
        subprocess.Popen([LACYDON, "load", str(changed)], env=variables, cwd=ROOT, stdout=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [each.wait(timeout=60) for each in both] == [0, 0]
    assert "rien n’a changé" in lacydon("load", str(changed), environment=variables).stdout
