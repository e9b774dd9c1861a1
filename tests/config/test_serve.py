"""`lacydon serve` does the background jobs too; its workers share what it loaded."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import product as products

pytestmark = pytest.mark.server


def workers(server: int) -> set[int]:
    """The processes forked from the server: their command is its own."""
    found = set()
    for each in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((each / "stat").read_text().rpartition(")")[2].split()[1])
            command = (each / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == server and command.endswith(b"\0serve\0"):
            found.add(int(each.name))
    return found


def memory(process: int, kind: str) -> int:
    told = Path(f"/proc/{process}/smaps_rollup").read_text()
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith(f"{kind}:")))


def test_the_server_has_somebody_for_its_background_jobs(product):
    deadline = time.monotonic() + 30
    told = ""
    while "ouvriers vivants 1" not in told and time.monotonic() < deadline:
        told = product.lacydon("jobs").stdout
    assert "ouvriers vivants 1" in told
    assert "Traceback" not in product.log.read_text()


def test_workers_share_most_of_what_they_hold_with_the_server(product):
    found = workers(product.pid)
    assert len(found) == 2
    assert product.get("/").status_code == 200
    for each in found:
        assert memory(each, "Pss") < memory(each, "Rss") * 0.7


def test_a_worker_that_is_killed_is_replaced_and_its_figures_still_count(product):
    assert [product.get("/services").status_code for _each in range(4)] == [200] * 4
    before = workers(product.pid)
    os.kill(min(before), signal.SIGKILL)
    deadline = time.monotonic() + 30
    while not (len(workers(product.pid)) == 2 and workers(product.pid) != before):
        assert time.monotonic() < deadline, "no worker was forked in the place of the one that was killed"
    answered = 0
    while answered < 5:  # in a row: a connection that the dead one had taken is cut, and no other
        assert time.monotonic() < deadline, "connections are still cut"
        try:
            assert product.get("/services").status_code == 200
            answered += 1
        except httpx.TransportError:
            answered = 0
    assert 'lacydon_http_requests_total{method="GET",route="/services",status="200"}' in product.get("/metrics").text


@pytest.fixture
def just_started(tmp_path: Path) -> Iterator[products.Product]:
    """Its own, that nobody asked anything and whose jobs brought no other timetable yet."""
    with products.database_of("just_started") as database, products.running(home=tmp_path, **database) as running:
        yield running


def test_the_first_who_asks_for_a_journey_waits_for_nothing_to_be_made(just_started):
    product = just_started
    stops = [each["id"] for each in product.get("/api/v1/geocode?text=gare&type=STOP").json()][:2]
    asked = {"de": "un", "de_lieu": f"arret:{stops[0]}", "a": "autre", "a_lieu": f"arret:{stops[-1]}", "heure": "10:00"}
    assert product.get("/transports/itineraire", params=asked).status_code == 200
    made = [line for line in product.get("/metrics").text.splitlines() if line.startswith("lacydon_made_total")]
    assert any('what="day of journeys",whom="server"' in line for line in made)
    assert [line for line in made if 'whom="visitor"' in line] == []
