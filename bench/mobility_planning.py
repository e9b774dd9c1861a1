"""Journeys on a real network: complete itineraries, one to all, a window, beside raptor-journey-planner (npm).

    python -m bench.mobility_planning [FEED]

The same 1,000 random pairs (seed 13, from 7 to 19 h) for all. Times are of the processor. « Complete »: everything that
nothing beats on arrival, vehicles and minutes on foot, as chains of legs. Node gets 100 of them, on the same trips,
walks and changes; a plain connection scan, arrivals alone, says what is gained by compiling.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from .measuring import machine, say, verdict

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data" / "marseille-rtm.gtfs.zip"
NODE = ROOT / "bench" / "node_raptor"
DAY = date(2026, 11, 24)
RECORDED = 84.0
"""Journeys a second of raptor-journey-planner 2.2.3 on this feed, measured by hand on a machine of the same kind."""


def note(text: str) -> None:
    print(text, flush=True)


def main(feed: Path) -> int:
    import django

    os.environ.setdefault("LACYDON_HOME", tempfile.mkdtemp(prefix="lacydon-bench-"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
    django.setup()
    from lacydon.capabilities.mobility.queries.gtfs import Given, gather
    from lacydon.capabilities.mobility.queries.planning import engine, search
    from lacydon.capabilities.mobility.queries.planning.network import network
    from lacydon.capabilities.mobility.queries.planning.planned import planned
    from lacydon.capabilities.mobility.queries.timetable import opened, shelve

    gathered = gather([Given(path=feed, id="rtm", prefix="RTM")], citycode_at=lambda _lon, _lat: "13055")
    shelve(gathered)
    table = opened(gathered.content)
    del gathered
    began = time.process_time()
    net = network(table)
    made = time.process_time() - began
    began = time.process_time()
    day = planned(net, DAY)
    day.lines, day.back  # noqa: B018 (laid out now)
    laid = time.process_time() - began
    began = time.perf_counter()
    engine.compile_ahead()
    compiling = time.perf_counter() - began
    used = engine.compiled()
    chosen = random.Random(13)
    stops = len(table.stops)
    asked = [
        (chosen.randrange(stops), chosen.randrange(stops), chosen.randrange(7 * 3600, 19 * 3600)) for _ in range(1000)
    ]

    def ends(stop: int, paths: Any) -> list[Any]:
        its = slice(int(paths.first[stop]), int(paths.first[stop + 1]))
        pairs = zip(paths.to[its].tolist(), paths.seconds[its].tolist(), strict=True)
        return [search.End(to, seconds, seconds) for to, seconds in pairs]

    questions = [(ends(one, net.paths), ends(other, net.back), at) for one, other, at in asked]
    note(f"network {made:.2f} s, a day {laid:.2f} s, (processor); kernels compiled {compiling:.1f} s")

    rows: list[tuple[object, ...]] = []

    def timed(name: str, ask: Any, many: list[Any]) -> tuple[float, list[Any]]:
        answers, spent = [], []
        for question in many:
            start = time.process_time()
            answers.append(ask(*question))
            spent.append((time.process_time() - start) * 1000)
        order = sorted(spent)
        mean = sum(spent) / len(spent)
        rows.append((name, 1000 / mean, mean, order[len(order) // 2], order[int(len(order) * 0.95)]))
        return mean, answers

    whole, found = timed(
        "complete, leave after", lambda a, b, at: search.searched(day, a, b, at=at, used=used), questions
    )
    note(f"  {sum(map(bool, found))} pairs of 1000 reached, {sum(map(len, found))} journeys")
    timed(
        "complete, arrive by",
        lambda a, b, at: search.searched(day, a, b, at=at, backwards=True, used=used),
        questions[:300],
    )
    timed(
        "window of an hour",
        lambda a, b, at: search.searched(day, a, b, at=at, window=3600, used=used),
        questions[:100],
    )
    everywhere, _answers = timed("one to all", lambda a, _b, at: search.reached(day, a, at=at, used=used), questions)
    timed(
        "complete, plain Python",
        lambda a, b, at: search.searched(day, a, b, at=at, used=engine.PLAIN),
        questions[:20],
    )
    say("Journeys, one core", ("", "a second", "mean, ms", "p50", "p95"), rows)
    highest = _memory_of_a_server(table.content)
    note(
        f"memory of a process that serves, network, a day and kernels in it: {highest:.0f} MB at the highest "
        f"({verdict(highest, at_most=400)})"
    )
    scan = _scan(day, net, asked[:20], ends)
    note(f"connection scan in plain Python, arrivals alone: {1 / scan:.0f} a second")
    best = [min((each.arrive for each in answer), default=None) for answer in found]
    node = _node(table, net, asked[:100], best[:100])
    note(f"complete itineraries a second: {1000 / whole:.0f} ({verdict(1000 / whole, at_least=150)})")
    note(f"one to all: {everywhere:.2f} ms ({verdict(everywhere, at_most=2)})")
    note(f"beside raptor-journey-planner: {1000 / whole / (node or RECORDED):.1f} times as many")
    return 0


def _scan(day: Any, net: Any, asked: list[tuple[int, int, int]], ends: Any) -> float:
    """Seconds a question of a connection scan written in lists: earliest arrival, no legs."""
    lines = day.lines
    connections = []
    number = 0
    for line in range(len(lines.rows)):
        first, rows, cell = int(lines.first[line]), int(lines.rows[line]), int(lines.cell[line])
        nodes = lines.node[first : int(lines.first[line + 1])].tolist()
        for row in range(rows):
            for position in range(len(nodes) - 1):
                leaves = int(lines.departure[cell + position * rows + row])
                if 0 <= leaves < 86_400:
                    arrives = int(lines.arrival[cell + (position + 1) * rows + row])
                    connections.append((leaves, arrives, nodes[position], nodes[position + 1], number))
            number += 1
    connections.sort()
    from bisect import bisect_left

    ways: dict[int, list[tuple[int, int]]] = {}
    sources = [
        node
        for node in range(len(net.node_stop))
        for _ in range(int(net.paths.first[node + 1] - net.paths.first[node]))
    ]
    for one, other, ready in zip(sources, net.paths.to.tolist(), net.paths.ready.tolist(), strict=True):
        ways.setdefault(one, []).append((other, ready))
    spent = 0.0
    for one, other, at in asked:
        start, goals = ends(one, net.paths), {end.node: end.seconds for end in ends(other, net.back)}
        began = time.process_time()
        ready = {end.node: at + end.seconds for end in start}
        aboard, best, arrived = set(), 10**9, {}
        for leaves, arrives, here, there, trip in connections[bisect_left(connections, (at,)) :]:
            if leaves > best:
                break
            if trip in aboard or ready.get(here, 10**9) <= leaves:
                aboard.add(trip)
                if arrives < arrived.get(there, 10**9):
                    arrived[there] = arrives
                    if there in goals:
                        best = min(best, arrives + goals[there])
                    for to, seconds in ways.get(there, ()):
                        if arrives + seconds < ready.get(to, 10**9):
                            ready[to] = arrives + seconds
        spent += time.process_time() - began
    return spent / len(asked)


def _node(table: Any, net: Any, asked: list[tuple[int, int, int]], best: list[int | None]) -> float | None:
    """Journeys a second of raptor-journey-planner; None when it does not install here."""
    try:
        from tests import node

        installed = node.installed(NODE)
    except Exception as error:  # a machine without npm's registry still measures ours
        note(f"raptor-journey-planner does not install here ({error}); measured elsewhere: {RECORDED:.0f} a second")
        return None
    running = table.running(DAY)
    trips = []
    for trip in running[table.trip_service].nonzero()[0].tolist():
        its = table.calls_of(trip)
        names = map(str, table.stops_of(int(table.trip_pattern[trip])).tolist())
        trips.append(
            [str(trip), list(zip(names, table.arrival[its].tolist(), table.departure[its].tolist(), strict=True))]
        )
    given = {
        "date": DAY.isoformat(), "trips": trips, "stops": [str(n) for n in range(len(table.stops))],
        "walks": [[str(a), str(b), each.seconds] for (a, b), each in net.walks.items()],
        "questions": [[str(one), str(other), at] for one, other, at in asked],
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "given.json"
        path.write_text(json.dumps(given))
        done = subprocess.run(
            [str(node.COMMAND), str(NODE / "journeys.mjs"), str(installed), str(path)],
            capture_output=True, text=True, check=False, timeout=600,
        )  # fmt: skip
    if done.returncode:
        note(f"raptor-journey-planner stopped: {done.stderr[-300:]}")
        return None
    said = json.loads(done.stdout)
    close = sum(
        a is not None and b is not None and abs(a - b) <= 180 for a, b in zip(said["arrivals"], best, strict=True)
    )
    rate = len(asked) / said["cpu"]
    note(
        f"raptor-journey-planner: {rate:.0f} a second, p50 {said['p50']:.1f} ms, {said['memory']:.0f} MB; arrival "
        f"within 3 min of ours: {close} of {len(asked)}"
    )
    return rate


def _memory_of_a_server(content: str) -> float:
    """Megabytes, at the highest, of a process that takes what an import left: it neither imports nor compiles."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.mobility_planning", "--serve", content],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    return float(done.stdout.splitlines()[-1])


def _serve(content: str) -> int:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
    django.setup()
    from lacydon.capabilities.mobility.queries.planning import engine, held, search
    from lacydon.capabilities.mobility.queries.timetable import opened
    from lacydon.config.wsgi import application  # noqa: F401
    from lacydon.kernel import clock

    table = opened(content)
    held.make_ready(table)
    day = held.planned_day(table, clock.today())
    chosen = random.Random(13)
    for _n in range(200):
        one, other = (search.End(chosen.randrange(len(table.stops)), 0) for _side in range(2))
        search.searched(day, [one], [other], at=chosen.randrange(7 * 3600, 19 * 3600), used=engine.engine())
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        sys.exit(_serve(sys.argv[2]))
    note(machine())
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED))
