"""Killed while timetables arrive: those in force stay whole, and the same file can be sent again."""

import json
import signal
import subprocess

from tests.capabilities.mobility.networks import feed
from tests.product import LACYDON, ROOT, environment, migrated


def test_killed_anywhere_the_timetable_in_force_stays(tmp_path):
    variables = environment(home=tmp_path / "home", DATABASE_URL="")
    migrated(environment=variables)
    one = feed(tmp_path / "one.zip")
    two = feed(tmp_path / "two.zip", {"trips.txt": "route_id,service_id,trip_id\n1,tous,1-aller-01\n"})
    command = [str(LACYDON.with_name("python")), "-m", "tests.faults.timetables", str(one), str(two)]
    run = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    killed = int(signal.SIGKILL)
    assert json.loads(run.stdout) == {
        "before": [0, 194],
        **{place: [killed, 194] for place in ("copying", "reading", "shelving", "shelved", "naming")},
        "nowhere": [0, 1],
    }
