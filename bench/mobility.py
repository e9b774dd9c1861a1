"""Import of a network: read, arranged, written, put beside node-gtfs (npm `gtfs`), which many tools are built on.

    python -m bench.mobility [FEED]

FEED: a GTFS zip; by default the one of Marseille when it is there (../shared/data), else one that is made up. Each run
is a process of its own; memory is what it takes at its highest above what the process had with everything imported.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from .measuring import machine, say, verdict

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data" / "marseille-rtm.gtfs.zip"
RECORDED = {"seconds": 10.9, "memory": 161.0, "disk": 164.0}
"""node-gtfs 4.21 on the feed of Marseille, measured by hand on a machine of the same kind (2 cores), alone on it."""
RUNS = 3
NODE = ROOT / "bench" / "node_gtfs"


def ours(feed: Path) -> dict[str, float]:
    """One import in this process."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
    django.setup()
    from lacydon.capabilities.mobility.queries.gtfs import Given, merge
    from lacydon.capabilities.mobility.queries.timetable import opened, shelve

    before = _status("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the highest mark begins again
    began, worked = time.perf_counter(), time.process_time()
    merged = merge([Given(path=feed, id="rtm", prefix="RTM")], citycode_at=lambda _lon, _lat: "13055")
    kept = shelve(merged.table)
    seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    memory = _status("VmHWM") - before
    began = time.perf_counter()
    table = opened(merged.table.content)
    return {
        "seconds": seconds,
        "cpu": cpu,
        "memory": memory,
        "disk": sum(path.stat().st_size for path in kept.iterdir()) / 1e6,
        "open": time.perf_counter() - began,
        "trips": len(table.trip_ids),
        "calls": len(table.arrival),
    }


def _status(name: str) -> float:
    """Megabytes, of this process."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def node_gtfs(feed: Path, folder: Path) -> dict[str, float] | None:
    """One import by node-gtfs; None when it does not install here."""
    try:
        from tests import node

        installed = node.installed(NODE)
    except Exception as error:  # a machine without npm's registry still measures ours
        print(f"node-gtfs is not installed here ({type(error).__name__}): its recorded figures stand beside.")
        return None
    base = folder / "node.sqlite"
    script = installed / "import.mjs"
    script.write_text(
        "import {importGtfs} from 'gtfs';\n"
        f"await importGtfs({{agencies: [{{path: {json.dumps(str(feed))}}}], sqlitePath: {json.dumps(str(base))}, "
        "verbose: false});\n"
    )
    began = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    run = subprocess.run(
        ["/usr/bin/env", "time", "-v", node.COMMAND, script], capture_output=True, text=True, check=False
    )
    if run.returncode or not base.exists():
        print(f"node-gtfs did not import it: {run.stderr[-200:]}")
        return None
    peak = next((int(line.split()[-1]) / 1024 for line in run.stderr.splitlines() if "Maximum resident" in line), 0.0)
    return {
        "seconds": time.perf_counter() - began,
        "cpu": resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before,
        "memory": peak,
        "disk": base.stat().st_size / 1e6,
    }


def made_up(folder: Path, *, trips: int = 40_000) -> Path:
    """A network about as large as that of Marseille, when the real one is not there."""
    path = folder / "made-up.zip"
    stops = [f"s{n},Arrêt {n},{43.2 + n % 60 * 0.004},{5.2 + n // 60 * 0.006}" for n in range(2_700)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "agency.txt", "agency_id,agency_name,agency_url,agency_timezone\nA,A,https://a.test,Europe/Paris\n"
        )
        archive.writestr("stops.txt", "stop_id,stop_name,stop_lat,stop_lon\n" + "\n".join(stops) + "\n")
        archive.writestr(
            "routes.txt", "route_id,route_short_name,route_type\n" + "".join(f"{n},{n},3\n" for n in range(120))
        )
        archive.writestr("calendar_dates.txt", "service_id,date,exception_type\nd,20261201,1\n")
        with archive.open("trips.txt", "w") as file:
            file.write(b"route_id,service_id,trip_id\n")
            file.writelines(f"{n % 120},d,t{n}\n".encode() for n in range(trips))
        with archive.open("stop_times.txt", "w") as file:
            file.write(b"trip_id,arrival_time,departure_time,stop_id,stop_sequence\n")
            for n in range(trips):
                start = 18_000 + n % 60_000
                for at in range(23):
                    time_ = start + at * 90
                    hour = f"{time_ // 3600:02d}:{time_ // 60 % 60:02d}:{time_ % 60:02d}"
                    file.write(f"t{n},{hour},{hour},s{(n % 120 * 22 + at) % 2700},{at}\n".encode())
    return path


def alone(feed: Path, folder: Path) -> dict[str, float]:
    """`ours` in a process of its own, on an empty home."""
    with tempfile.TemporaryDirectory(dir=folder) as home:
        environment = os.environ | {"LACYDON_HOME": home}
        command = [sys.executable, "-m", "bench.mobility", "--alone", str(feed)]
        run = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return found


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--alone"]:
        print(json.dumps(ours(Path(arguments[1]))))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        feed = Path(arguments[0]) if arguments else SHARED if SHARED.exists() else made_up(folder)
        runs = [alone(feed, folder) for _run in range(RUNS)]
        best = min(runs, key=lambda each: each["seconds"])
        beside = node_gtfs(feed, folder)
        there = beside or RECORDED
        label = "node-gtfs" if beside else "node-gtfs 4.21 (recorded)"
        say(
            f"Import of {feed.name}: {best['trips']:,} trips, {best['calls']:,} passages ({machine()})".replace(
                ",", " "
            ),
            ("", "seconds", "CPU s", "memory MB", "disk MB"),
            [
                (
                    "Lacydon (best of 3)",
                    best["seconds"],
                    best["cpu"],
                    max(each["memory"] for each in runs),
                    best["disk"],
                ),
                (label, there["seconds"], there.get("cpu", "–"), there["memory"], there["disk"]),
            ],
        )
        print(f"\nopened again in {best['open'] * 1000:.0f} ms")
        print(f"times faster: {there['seconds'] / best['seconds']:.1f} "
              f"({verdict(there['seconds'] / best['seconds'], at_least=4.0)})")  # fmt: skip
        print(f"part of its memory: {max(each['memory'] for each in runs) / there['memory']:.2f} "
              f"({verdict(max(each['memory'] for each in runs) / there['memory'], at_most=0.25)})")  # fmt: skip
        print(
            f"part of its disk: {best['disk'] / there['disk']:.2f} "
            f"({verdict(best['disk'] / there['disk'], at_most=0.25)})"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
