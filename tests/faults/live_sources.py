"""What the test of real time does in processes of its own: `python -m tests.faults.live_sources made|watch [URL]`.

`made`: the small network is put in force, and a source at URL is to be asked each second. `watch`: answers each line it
reads: `told`: its turn and the trips that real time knows, as JSON; `expire`: the while of whoever holds its turn is over,
as if half a minute had passed.
"""

import json
import os
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import django


def made(url: str) -> None:
    from lacydon.capabilities.mobility.models import LiveSource
    from lacydon.kernel import schedule
    from lacydon.kernel.clock import today
    from lacydon.kernel.models import DailyJob
    from tests.capabilities.mobility.networks import network_in_force

    for name in schedule._daily:  # what is done each day, at whatever hour this runs, would tidy this timetable away
        DailyJob.objects.update_or_create(pk=name, defaults={"day": today() + timedelta(days=2)})
    with tempfile.TemporaryDirectory() as folder:
        network_in_force(Path(folder))
    LiveSource.objects.create(
        pk="essai", name="Essai", kind="gtfs_realtime", urls=[url], prefixes=["AMP"], every=1, stale_after=600
    )


def expire() -> None:
    from lacydon.capabilities.mobility.models import LiveTurn
    from lacydon.kernel.clock import now

    LiveTurn.objects.update(held_until=now() - timedelta(seconds=1))


def told() -> dict[str, Any]:
    from lacydon.capabilities.mobility.models import LiveTurn
    from lacydon.capabilities.mobility.public import live

    turn = LiveTurn.objects.get()
    return {"holder": turn.holder, "failures": turn.failures, "error": turn.error, "trips": len(live().trips)}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lacydon.config.settings")
    django.setup()
    if sys.argv[1] == "made":
        made(sys.argv[2])
    else:
        for line in sys.stdin:
            print(json.dumps(told() if line.strip() == "told" else expire()), flush=True)
