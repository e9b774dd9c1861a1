"""How many requests one address may make, whichever process answers."""

import multiprocessing
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path
from hypothesis import given
from hypothesis import strategies as st

from lacydon.kernel.access import open_to_all
from lacydon.kernel.middleware.limits import Buckets


@open_to_all
def page(request: HttpRequest, rest: str = "") -> HttpResponse:
    return HttpResponse("ok")


def wrong(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(str(exception), status=400)


handler400 = wrong
urlpatterns = [path("", page), path("api/v1/things", page), path("<path:rest>", page)]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def buckets(tmp_path):
    return Buckets(tmp_path / "limits", key=b"key")


def test_past_its_due_an_address_is_told_to_wait(client, settings):
    settings.RATE_LIMIT = 3
    answers = [client.get("/api/v1/things", REMOTE_ADDR="192.0.2.1") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    refused = answers[-1]
    assert refused["Content-Type"] == "application/problem+json"
    assert 1 <= int(refused["Retry-After"]) <= 20
    assert refused.json()["detail"].startswith("Trop de demandes")
    assert client.get("/api/v1/things", REMOTE_ADDR="192.0.2.2").status_code == 200
    assert client.get("/", REMOTE_ADDR="192.0.2.1").status_code == 200


@pytest.mark.parametrize("asked", ["marches/export.csv", "marches/carte", "sql", "vues/v/integrer"])
def test_what_asks_the_engine_of_data_is_counted_too(client, settings, asked):
    settings.RATE_LIMIT = 2
    who = f"192.0.2.{100 + len(asked)}"
    here, there = (f"{prefix}/donnees/{asked}" for prefix in ("", "/en"))
    answers = [client.get(each, REMOTE_ADDR=who).status_code for each in (here, there, here)]
    assert answers == [200, 200, 429]
    assert client.get("/donnees/marches", REMOTE_ADDR=who).status_code == 200


def test_nothing_is_counted_when_there_is_no_limit(client, settings):
    settings.RATE_LIMIT = 0
    assert {client.get("/api/v1/things", REMOTE_ADDR="192.0.2.9").status_code for _ in range(20)} == {200}


def test_time_gives_back_what_was_spent(buckets):
    assert [buckets.wait("a", limit=60, now=1000.0) for _ in range(60)] == [0.0] * 60
    assert buckets.wait("a", limit=60, now=1000.0) == pytest.approx(1.0)
    assert buckets.wait("a", limit=60, now=1001.0) == 0.0
    assert buckets.wait("a", limit=60, now=1001.0) == pytest.approx(1.0)


def test_a_clock_set_back_does_not_shut_anybody_out(buckets):
    for _ in range(60):
        buckets.wait("a", limit=60, now=10_000.0)
    assert buckets.wait("a", limit=60, now=1_000.0) == 0.0


def test_no_address_is_stored(buckets, tmp_path):
    buckets.wait("203.0.113.77", limit=10, now=1000.0)
    assert b"203.0.113.77" not in (tmp_path / "limits").read_bytes()


@given(limit=st.integers(1, 100), gaps=st.lists(st.floats(0, 5), min_size=1, max_size=200))
def test_in_no_minute_more_than_twice_the_limit_and_at_once_never_more_than_it(tmp_path_factory, limit, gaps):
    buckets = Buckets(tmp_path_factory.mktemp("limits") / "file", key=b"key")
    now, passed = 1000.0, []
    for gap in gaps:
        now += gap
        if buckets.wait("a", limit=limit, now=now) == 0.0:
            passed.append(now)
    for start in passed:
        assert sum(start <= at < start + 60 for at in passed) <= 2 * limit
        assert sum(at == start for at in passed) <= limit


def _spend(file: Path, times: int) -> int:
    buckets = Buckets(file, key=b"key")
    return sum(buckets.wait("a", limit=100, now=1000.0) == 0.0 for _ in range(times))


def test_the_processes_of_one_machine_count_together(tmp_path):
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        granted = pool.starmap(_spend, [(tmp_path / "limits", 90)] * 2)
    assert sum(granted) == 100
