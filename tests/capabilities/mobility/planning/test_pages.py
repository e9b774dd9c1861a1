"""What people see of journeys: the right one, how sure it is, what is not known, and how to choose when in doubt."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lacydon.capabilities.mobility.pages import isochrones
from lacydon.capabilities.mobility.ports import Station
from lacydon.capabilities.mobility.ports.journeys import Answer, Ask, Spot, planners
from lacydon.capabilities.mobility.queries.planning import planned_here
from lacydon.capabilities.mobility.queries.planning.access import of_point, progress, work_out
from lacydon.capabilities.mobility.queries.planning.points import spot_of
from lacydon.capabilities.territory import public as territory
from lacydon.kernel.errors import Unavailable
from tests.capabilities.mobility.networks import network_in_force
from tests.markup import read

ADDRESS = "/transports/itineraire"
ASKED = {"de": "Carénage", "de_lieu": "arret:carenage-13055", "a": "Pointe Rouge", "a_lieu": "arret:pointe-rouge-13055",
         "jour": "2026-11-24", "heure": "08:00"}  # fmt: skip
WHEN = datetime(2026, 11, 24, 7, tzinfo=UTC)


@pytest.fixture
def table(tmp_path: Path, settings, db):
    settings.HOME = tmp_path
    return network_in_force(tmp_path)


def test_a_journey_with_a_change_is_told_step_by_step(table, client) -> None:
    text = client.get(ADDRESS, ASKED).content.decode()
    read(text)
    # Carénage 8:00 → Hôtel de Ville 8:05; the bus leaves its quay beside at 8:30 and is there at 8:55.
    assert "De Carénage à Pointe Rouge" in text
    assert "8 h 55" in text.replace("\u00a0", " ")
    assert "Ligne 1" in text and "Ligne 2" in text
    assert "horaire prévu" in text.replace("\u00a0", " ")
    assert "Calcul simplifié" in text.replace("\u00a0", " ")


def test_the_link_to_share_holds_no_address(table, client) -> None:
    asked = {**ASKED, "de": "3 rue du Moulin", "de_lieu": "5.3641,43.2921", "de_connu": "3 rue du Moulin"}
    text = client.get(ADDRESS, asked).content.decode()
    link = next(part for part in text.split('"') if part.startswith(ADDRESS) and "5.364%2C43.292" in part)
    assert "Moulin" not in link


def test_who_uses_a_wheelchair_is_told_what_is_not_known(table, client) -> None:
    known = client.get(ADDRESS, {**ASKED, "fauteuil": "connu"}).content.decode().replace("\u00a0", " ")
    assert "connu comme accessible de bout en bout" in known
    accepted = client.get(ADDRESS, {**ASKED, "fauteuil": "inconnu"}).content.decode().replace("\u00a0", " ")
    assert "Accessibilité inconnue" in accepted and "Pointe Rouge" in accepted


def test_a_wrong_hour_is_told_and_what_was_typed_stays(table, client) -> None:
    answer = client.get(ADDRESS, {**ASKED, "heure": "25:99"})
    assert answer.status_code == 422
    assert "Carénage" in answer.content.decode()


def test_another_planner_that_is_silent_is_replaced_and_named(table) -> None:
    class Silent:
        id, title = "silent", "Grand calculateur"

        def is_on(self) -> bool:
            return True

        def plan(self, ask: Ask) -> Answer:
            raise Unavailable("Panne.")

    from lacydon.capabilities.mobility.queries.planning import journeys

    ask = Ask(origin=_place(table, "carenage-13055"), goal=_place(table, "plateau-13055"), when=WHEN)
    with planners.only(Silent()):
        answer = journeys(ask)
    assert answer.journeys and "Grand calculateur" in answer.notice


def _place(table, id: str) -> Spot:
    return spot_of(table, table.place_of_id[id])


def test_bicycles_and_car_parks_bring_to_the_first_stop(table) -> None:
    far = Spot(name="Loin", lon=5.3400, lat=43.2920)
    goal = _place(table, "plateau-13055")
    bikes = [
        Station(id="a", name="Station A", lon=5.3402, lat=43.2921, kind="bikes", free=3, docks=4),
        Station(id="b", name="Station B", lon=5.3641, lat=43.2921, kind="bikes", free=0, docks=2),
    ]
    parks = [Station(id="p", name="Relais", lon=5.3642, lat=43.2921, kind="car-park", free=12)]
    by_bike = planned_here(Ask(origin=far, goal=goal, when=WHEN, bike=True), table=table, bikes=bikes)
    assert any(leg.kind == "bike" and leg.goal.name == "Station B" for each in by_bike.journeys for leg in each.legs)
    by_car = planned_here(Ask(origin=far, goal=goal, when=WHEN, car=True), table=table, parks=parks)
    assert any(leg.kind == "car" and leg.goal.name == "Relais" for each in by_car.journeys for leg in each.legs)
    bikes[0].free = 0
    without = planned_here(Ask(origin=far, goal=goal, when=WHEN, bike=True), table=table, bikes=bikes)
    assert not any(leg.kind == "bike" for each in without.journeys for leg in each.legs)


def test_machines_get_it_in_the_shape_of_motis(table, client) -> None:
    said = client.get(
        "/api/v6/plan", {"fromPlace": "carenage-13055", "toPlace": "AMP:poi", "time": "2026-11-24T07:00:00Z"}
    )
    told = said.json()
    first = told["itineraries"][0]
    rides = [leg for leg in first["legs"] if leg["mode"] != "WALK"]
    assert [leg["routeShortName"] for leg in rides] == ["1", "2"]
    assert rides[-1]["to"]["stopId"] == "AMP:poi" and first["endTime"] == "2026-11-24T07:55:00Z"
    assert rides[0]["legGeometry"]["precision"] == 6 and first["transfers"] == 1
    later = client.get("/api/v6/plan", {"fromPlace": "carenage-13055", "toPlace": "AMP:poi", "pageCursor": told["nextPageCursor"]}).json()  # fmt: skip
    assert later["itineraries"][0]["startTime"] > first["startTime"]
    assert client.get("/api/v6/plan", {"fromPlace": "carenage-13055"}).status_code == 400
    assert "error" in client.get("/api/v6/plan", {"fromPlace": "nowhere", "toPlace": "AMP:poi"}).json()


def test_one_to_all_gives_minutes_and_vehicles(table, client) -> None:
    told = client.get(
        "/api/v6/one-to-all", {"one": "AMP:car", "time": "2026-11-24T07:00:00Z", "maxTravelTime": "60"}
    ).json()
    by_stop = {each["place"]["stopId"]: each for each in told["all"]}
    assert by_stop["AMP:pla"]["duration"] == 17 and by_stop["AMP:pla"]["k"] == 1
    assert by_stop["AMP:poi"]["duration"] == 55 and by_stop["AMP:poi"]["k"] == 2
    assert "AMP:ile" not in by_stop  # the ferry runs at weekends


def test_what_one_reaches_is_the_middle_of_an_hour_not_its_best_minute(table) -> None:
    access, seconds = of_point(table, WHEN.date(), _place(table, "carenage-13055"), hour=8)
    # A tram each quarter of an hour, 17 minutes of ride: the middle of the waits is five minutes and some.
    assert 17 * 60 + 300 <= seconds[table.place_of_id["plateau-13055"]] <= 17 * 60 + 600
    assert access.near and access.places[1] >= 3


def test_the_map_of_communes_is_worked_out_once_and_kept(table) -> None:
    points = [("13055", _place(table, "carenage-13055")), ("13001", Spot(name="Ailleurs", lon=5.9, lat=43.7))]
    done = work_out(table, points, kind="semaine", hour=8, today=WHEN.date())
    assert done.whole and done.found["13055"].near and not done.found["13001"].near
    assert progress(table.content, "semaine", 8).found == done.found
    assert done.day is not None and done.day.weekday() == 1 and done.day - WHEN.date() < timedelta(days=7)


def test_the_page_of_what_one_reaches_asks_for_the_work_once(table, client, small_territory) -> None:
    text = client.get("/transports/isochrones").content.decode()
    read(text)
    assert "Le calcul vient d’être demandé" in text
    assert "Calcul en cours" in client.get("/transports/isochrones").content.decode()
    found = client.get("/transports/isochrones", {"choisi": "arret:carenage-13055"}).content.decode()
    read(found)
    assert "en 30\u00a0min" in found or "en 30 min" in found
    told = client.get("/transports/isochrones.json", {"choisi": "arret:carenage-13055"}).json()
    assert {each["id"] for each in told["places"]} >= {"carenage-13055", "plateau-13055"}


def test_the_table_of_communes_begins_with_those_from_which_one_goes_farthest(
    table, client, small_territory, monkeypatch
) -> None:
    points = [(each.code, _place(table, "carenage-13055")) for each in territory.communes()]
    work_out(table, points, kind="semaine", hour=8, today=WHEN.date())
    monkeypatch.setattr(isochrones, "FIRST_COMMUNES", 1)
    short = client.get("/transports/isochrones?heure=8").content.decode()
    read(short)
    assert len(points) > 1 and short.count('<tr><th scope="row">') == 1
    assert f"Voir les {len(points)} communes" in short.replace("\u00a0", " ") and "communes=toutes" in short
    whole = client.get("/transports/isochrones?heure=8&communes=toutes").content.decode()
    assert whole.count('<tr><th scope="row">') == len(points) and "Voir les" not in whole
