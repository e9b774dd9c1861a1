"""Receives timetables and dies at each place in turn, each in a child: python -m tests.faults.timetables ONE TWO.

Prints, for each place, the signal that ended the child and how many trips were in force afterwards.
"""

import json
import os
import signal
import sys
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
import django

django.setup()

from django.db import connections  # noqa: E402

from lacydon.capabilities.mobility.actions import feeds, importing  # noqa: E402
from lacydon.capabilities.mobility.models import TimetableVersion  # noqa: E402
from lacydon.capabilities.mobility.queries.timetable import opened, shelf  # noqa: E402
from lacydon.kernel.access import MACHINE  # noqa: E402

PLACES = ("copying", "reading", "shelving", "shelved", "naming", "nowhere")


def die(*_args: object, **_options: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def received(file: Path) -> None:
    feeds.receive_version(actor=MACHINE, feed="amp", path=file)


def dying_at(place: str, file: Path) -> None:
    write = shelf._write

    def some(path: Path, array: object) -> None:
        die() if path.name == "departure.npy" else write(path, array)  # type: ignore[arg-type]

    match place:
        case "copying":
            feeds.shutil.copyfileobj = die  # type: ignore[assignment]
        case "reading":
            feeds.merge = die  # type: ignore[assignment]
        case "shelving":
            shelf._write = some
        case "shelved":
            feeds._named = die  # type: ignore[assignment]
        case "naming":
            importing.moved = die
    received(file)
    os._exit(0)


def in_force() -> int:
    return len(opened(TimetableVersion.objects.get(in_force=True).content).trip_ids)


def main(one: Path, two: Path) -> None:
    feeds.describe_feed(actor=MACHINE, id="amp", prefix="AMP")
    received(one)
    told: dict[str, tuple[int, int]] = {"before": (0, in_force())}
    for place in PLACES:
        connections.close_all()
        child = os.fork()
        if not child:
            dying_at(place, two)
        _pid, status = os.waitpid(child, 0)
        told[place] = (os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status), in_force())
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
