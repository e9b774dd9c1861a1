"""Two workers, one source: one of them asks at a time; the other goes on when it is killed; both stop when told to."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from lacydon.kernel.clock import LOCAL
from tests import product as products
from tests.capabilities.mobility.servers.messages import message, planned, update
from tests.capabilities.mobility.servers.source import source

COMMAND = [sys.executable, "-m", "tests.faults.live_sources"]


@contextmanager
def watching(environment: Mapping[str, str]) -> Iterator[Callable[[str], Any]]:
    """A process that answers at once what is asked of it: another would take longer to start than a question lasts."""
    watcher = subprocess.Popen(
        [*COMMAND, "watch"],
        env=environment,
        cwd=products.ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert watcher.stdin is not None and watcher.stdout is not None

    def ask(word: str) -> Any:
        watcher.stdin.write(f"{word}\n")
        watcher.stdin.flush()
        return json.loads(watcher.stdout.readline())

    try:
        yield ask
    finally:
        watcher.kill()
        watcher.communicate()


class Answers:
    """Each question is counted while it is answered: two at once would be seen. `hold()`: the next one waits."""

    def __init__(self) -> None:
        self.count = self.most = self.inside = 0
        self.lock, self.moved = threading.Lock(), threading.Condition()
        self.held, self.release = threading.Event(), threading.Event()
        self.holding = False

    def __call__(self, _handler: BaseHTTPRequestHandler) -> bytes:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
            holding, self.holding = self.holding, False
        if holding:
            self.held.set()
            self.release.wait(60)
        now = datetime.now(UTC)
        day = now.astimezone(LOCAL).date()
        with self.moved:
            self.count += 1
            self.moved.notify_all()
        with self.lock:
            self.inside -= 1
        late = planned(day, "12:00")
        return message(update("1-aller-27", {"sequence": 2, "arrival": late}, day=day), at=now)

    def wait_for(self, more: int, *, seconds: float = 90) -> bool:
        with self.moved:
            wanted = self.count + more
            return self.moved.wait_for(lambda: self.count >= wanted, seconds)


@pytest.mark.server
def test_one_asks_at_a_time_and_another_takes_over(tmp_path, worker_id):
    answers = Answers()
    with (
        source({"/tu": answers}) as theirs,
        products.database_of(f"live_{worker_id}") as database,
        ExitStack() as stack,
    ):
        environment = products.environment(home=tmp_path / "home", PARTNER_HOSTS=theirs.host, **database)
        environment |= {"PYTHONPATH": f"{products.ROOT / 'src'}:{products.ROOT}"}
        products.migrated(environment=environment)
        done = subprocess.run(
            [*COMMAND, "made", f"{theirs.url}/tu"], env=environment, cwd=products.ROOT, capture_output=True, text=True,
            timeout=180, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        workers = [
            subprocess.Popen(
                [products.LACYDON, "work"], env=environment, cwd=products.ROOT,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            for _n in range(2)
        ]  # fmt: skip
        try:
            ask = stack.enter_context(watching(environment))
            assert answers.wait_for(5), "nobody asks"
            assert answers.most == 1, "two asked at once"
            told = ask("told")
            assert (told["trips"], told["failures"]) == (1, 0), told
            answers.holding = True
            assert answers.held.wait(60)
            holder = ask("told")["holder"]
            assert holder, "whoever asks holds the turn"
            killed = next(each for each in workers if f":{each.pid}:" in holder)
            killed.send_signal(signal.SIGKILL)
            killed.wait()
            answers.release.set()
            before = answers.count
            ask("expire")
            assert answers.wait_for(2), "nobody took over"
            assert before <= answers.count - 2
            [left] = [each for each in workers if each is not killed]
            left.send_signal(signal.SIGTERM)
            assert left.wait(60) == 0
            assert ask("told")["holder"] == ""
        finally:
            answers.release.set()
            for each in workers:
                each.kill()
                each.wait()
