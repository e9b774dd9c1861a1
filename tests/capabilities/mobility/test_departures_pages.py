"""The pages of departures: a stop, its board and its poster, what is around, vehicles; and nothing kept of where one is."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lacydon.capabilities.mobility.pages import board, near, stop, vehicles
from lacydon.capabilities.mobility.queries.departures.fleet import running
from lacydon.capabilities.mobility.queries.live import (
    CallTime,
    LiveState,
    SourceHealth,
    SourceStatus,
    TripNow,
    TripState,
    Vehicle,
)
from lacydon.capabilities.mobility.queries.timetable import Timetable, moment, start_of
from lacydon.kernel import clock
from tests.capabilities.mobility.networks import network_in_force
from tests.markup import read

FRIDAY = date(2026, 11, 27)
NOW = moment(FRIDAY, 8 * 3600 - 60)
PAGE = "/transports/arrets/carenage-13055"
pytestmark = pytest.mark.django_db


def said(table: Timetable, *, down: bool = False) -> LiveState:
    when = int(NOW.timestamp()) - 20
    late, off = table.trip("AMP:1-aller-11"), table.trip("AMP:1-aller-12")
    call = CallTime(position=0, stop=table.stop_of_id["AMP:car"], departure=start_of(FRIDAY) + 28_800 + 180)
    trips = {
        (late, FRIDAY): TripNow(
            trip=late, day=FRIDAY, state=TripState.SCHEDULED, source="essai", said_at=when, calls=(call,)
        ),
        (off, FRIDAY): TripNow(trip=off, day=FRIDAY, state=TripState.CANCELLED, source="essai", said_at=when),
    }
    health = SourceHealth(
        id="essai", name="Essai", kind="siri", prefixes=("AMP",), answered_at=NOW - timedelta(minutes=5),
        status=SourceStatus.DOWN if down else SourceStatus.UP, reason="Le serveur ne répond pas." if down else "",
    )  # fmt: skip
    return LiveState(taken_at=int(NOW.timestamp()), trips={} if down else trips, sources=(health,))


@pytest.fixture
def state(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, small_territory: Path) -> dict[str, Any]:
    settings.HOME = tmp_path
    settings.SNAPSHOT_SECONDS = 0
    table = network_in_force(tmp_path)
    held: dict[str, Any] = {"table": table, "live": said(table)}
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for module in (stop, board, near, vehicles):
        monkeypatch.setattr(module, "live", lambda: held["live"])
    return held


def test_a_stop_says_of_each_departure_how_sure_it_is(client: Any, state: dict[str, Any]) -> None:
    answer = client.get(PAGE)
    page = read(answer.content.decode())
    text = " ".join(page.text.split())
    assert "retard de 3 min" in text
    assert "temps réel, il y a 20 s" in text
    assert "annulé" in text
    assert "horaire prévu" in text
    assert "Accès en fauteuil" in text or "accessible en fauteuil" in text
    assert len(answer.content) < 40_000
    assert "noscript" not in answer.content.decode()  # a button refreshes: nothing moves by itself


def test_a_silent_source_is_told_with_its_reason(client: Any, state: dict[str, Any]) -> None:
    state["live"] = said(state["table"], down=True)
    text = read(client.get(PAGE).content.decode()).text
    assert "Le serveur ne répond pas." in text
    assert "temps réel en panne" in text
    assert "dernières nouvelles il y a 5 min" in text


def test_another_day_is_asked_for_and_a_wrong_one_is_told(client: Any, state: dict[str, Any]) -> None:
    night = read(client.get(f"{PAGE}?jour=2026-11-28&heure=00:10&ordre=heure").content.decode()).text
    assert "demain à 0 h 15" in night.replace("\u00a0", " ")
    wrong = client.get(f"{PAGE}?jour=demain")
    assert wrong.status_code == 422
    assert "Écrivez un jour comme" in wrong.content.decode()
    assert client.get("/transports/arrets/nulle-part").status_code == 404


def test_the_list_alone_is_what_the_page_asks_for_again(client: Any, state: dict[str, Any]) -> None:
    part = client.get(f"{PAGE}/departs").content.decode()
    assert part.lstrip().startswith("<div")
    assert "retard de 3 min" in part


def test_a_board_may_be_framed_and_reads_no_session(client: Any, state: dict[str, Any]) -> None:
    answer = client.get(f"{PAGE}/tableau?fond=sombre&lignes=5")
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert not answer.cookies
    page = answer.content.decode()
    assert page.count("<time ") == 5
    assert "temps réel" in page


def test_a_poster_has_its_days_and_leads_to_the_page(client: Any, state: dict[str, Any]) -> None:
    page = client.get(f"{PAGE}/affiche").content.decode()
    text = read(page).text
    assert "Du lundi au vendredi" in text
    assert "15 30 45" in text
    assert "/transports/arrets/carenage-13055" in text
    assert "<svg" in page
    paper = client.get(f"{PAGE}/affiche.pdf")
    assert paper.content.startswith(b"%PDF")
    assert client.get(f"{PAGE}/affiche.pdf").content == paper.content


def test_around_a_position_that_nobody_keeps(state: dict[str, Any], caplog: Any) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": "same-origin"})
    answer = client.post("/transports/autour", {"lon": "5.364", "lat": "43.292"})
    text = read(answer.content.decode()).text
    assert "Carénage" in text
    assert text.index("Carénage") < text.index("Hôtel de Ville")
    assert answer["Cache-Control"] == "no-store"
    assert "43.292" not in caplog.text
    assert "43.292" not in answer.content.decode()
    named = read(client.get("/transports/autour?lieu=anse").content.decode()).text
    assert "Anse" in named
    assert client.get("/transports/autour").status_code == 200


def test_vehicles_that_a_gps_saw_and_the_others_are_told_apart(client: Any, state: dict[str, Any]) -> None:
    table = state["table"]
    trip = table.trip("AMP:1-aller-10")  # left at 07:45
    seen = Vehicle(
        id="bus-7", lon=5.375, lat=43.3, source="essai", said_at=int(NOW.timestamp()) - 30, trip=trip, day=FRIDAY,
        stop=table.stop_of_id["AMP:gare"],
    )  # fmt: skip
    page = read(client.get("/transports/carte?ligne=AMP:1").content.decode())
    assert "Aucune position GPS n’est connue" in page.text
    state["live"] = LiveState(taken_at=int(NOW.timestamp()), vehicles=(seen,))
    answer = client.get("/transports/carte?ligne=AMP:1").content.decode()
    assert "position GPS, il y a 30 s" in answer
    assert "position estimée" in answer
    assert answer.count('class="gps"') == 2  # one on the map, one in its key
    assert client.get("/transports/carte?ligne=nulle").status_code == 404


def test_an_estimated_vehicle_is_between_the_stops_its_times_say(state: dict[str, Any]) -> None:
    table = state["table"]
    line = table.route_of_id["AMP:1"]
    empty = LiveState(taken_at=0)
    now = start_of(FRIDAY) + 27_900 + 150  # the trip of 07:45, half way to its second stop
    (found,) = [
        each for each in running(table, empty, route=line, now=now) if each.trip == table.trip("AMP:1-aller-10")
    ]
    assert not found.seen
    assert table.stops[found.stop].id == "AMP:hdv1"
    assert found.due == start_of(FRIDAY) + 28_200
    assert found.lon == pytest.approx((5.3640 + 5.3700) / 2, abs=1e-4)
    assert found.lat == pytest.approx((43.2920 + 43.2960) / 2, abs=1e-4)
    assert datetime.fromtimestamp(found.due, UTC) == moment(FRIDAY, 28_200)
