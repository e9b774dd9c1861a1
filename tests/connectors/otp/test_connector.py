"""Journeys of OpenTripPlanner, by a real server on this machine: honest, busy, talking nonsense, absent."""

import json
from datetime import UTC, datetime

import pytest

from lacydon.capabilities.mobility.public import Ask, Spot
from lacydon.connectors import FOLDER
from lacydon.connectors.otp import connector
from lacydon.kernel.errors import Unavailable
from tests.kernel.http.test_client import send

SAMPLE = (FOLDER / "otp" / "samples" / "journey.json").read_bytes()
ASK = Ask(
    origin=Spot(name="Chez moi", lon=5.1, lat=43.1), goal=Spot(name="Phare", lon=5.12, lat=43.12),
    when=datetime(2026, 11, 24, 7, tzinfo=UTC), wheelchair=True,
)  # fmt: skip
pytestmark = pytest.mark.django_db


@pytest.fixture
def api(server, settings):
    """The planner, switched on."""
    settings.MOBILITY_PLANNER_URL = f"otp+{server.url}"
    server.reply = lambda handler: send(handler, body=SAMPLE, Content_Type="application/json")
    yield server
    connector._client(server.url).close()
    connector._client.cache_clear()


def test_its_journeys_become_ours(api):
    answer = connector.OpenTripPlanner().plan(ASK)
    walk, ride = answer.journeys[0].legs
    assert (walk.kind, walk.origin.name, walk.seconds) == ("walk", "Chez moi", 120)
    assert (ride.line, ride.mode, ride.colour, ride.headsign) == ("T1", 0, "0B5C8A", "Phare")
    assert ride.departure - ride.planned_departure == 120 and ride.sureness == "predicted"
    assert [each.spot.name for each in ride.calls] == ["Quai", "Anse", "Phare"]
    assert ride.goal.platform == "B" and not answer.simple
    method, path, _headers = api.asked[-1][:3]
    assert method == "POST" and path.startswith("/otp/gtfs/v1")


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"error": "x"}', json.dumps({"itineraries": [{}]}).encode()])
def test_nonsense_is_told(api, body):
    api.reply = lambda handler: send(handler, body=body, Content_Type="application/json")
    with pytest.raises(Unavailable):
        connector.OpenTripPlanner().plan(ASK)


def test_a_server_that_fails_is_told(api):
    api.reply = lambda handler: send(handler, 500)
    with pytest.raises(Unavailable):
        connector.OpenTripPlanner().plan(ASK)
    assert connector.check().ok is False


def test_off_it_is_silent(settings):
    settings.MOBILITY_PLANNER_URL = ""
    assert not connector.OpenTripPlanner().is_on()
    assert connector.check().ok is None
