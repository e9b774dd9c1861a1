"""Lines and stops as riders find them, and the desk of who puts timetables in force."""

import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from lacydon.capabilities.mobility.actions.feeds import describe_feed, receive_version
from lacydon.capabilities.mobility.models import Feed, Grouping
from lacydon.capabilities.mobility.queries import lines
from lacydon.capabilities.mobility.queries.cards import card
from lacydon.capabilities.mobility.queries.found import documents
from lacydon.capabilities.mobility.queries.timetable import timetable
from lacydon.capabilities.mobility.queries.vehicles import Kind
from lacydon.kernel import clock
from lacydon.kernel.access import MACHINE
from tests.capabilities.mobility.networks import STOPS, feed, network_in_force
from tests.capabilities.trust.people import agent, organisation, signed_in
from tests.markup import read

pytestmark = pytest.mark.django_db
WEDNESDAY = "2026-12-02"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, settings, monkeypatch) -> None:
    settings.HOME, settings.SNAPSHOT_SECONDS = tmp_path / "home", 0
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 2, 9, 2, tzinfo=UTC))  # 10:02 there


def shown(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    text: str = answer.content.decode()
    read(text)
    return text


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ").replace("\u202f", " ")


def test_the_front_finds_a_stop_and_a_line_and_names_them_all(client: Client, tmp_path: Path) -> None:
    assert "Aucun horaire pour l’instant" in plain(shown(client, "/transports"))
    network_in_force(tmp_path)
    front = shown(client, "/transports")
    assert reverse("line", kwargs={"id": "AMP:bac"}) in front
    assert "exemple" not in plain(front).split("D’où viennent")[0].lower()
    found = shown(client, "/transports?q=carenage")
    assert reverse("stop", kwargs={"id": "carenage-13055"}) in found
    assert reverse("line", kwargs={"id": "AMP:2"}) in shown(client, "/transports?q=ligne+2")
    assert "Rien ne s’appelle" in plain(shown(client, "/transports?q=xyzzyqwk"))


def test_an_invented_network_says_so_everywhere(client: Client, tmp_path: Path) -> None:
    describe_feed(actor=MACHINE, id="exemple", prefix="AMP", example=True)
    receive_version(actor=MACHINE, feed="exemple", path=feed(tmp_path / "e.zip"))
    for address in (
        "/transports",
        "/transports/lignes",
        "/transports/lignes/AMP:1",
        "/transports/lignes/AMP:1/horaires",
    ):
        assert "sont inventés" in plain(shown(client, address)), address


def test_lines_by_what_runs_on_them(client: Client, tmp_path: Path) -> None:
    network_in_force(tmp_path)
    assert [(str(kind), len(numbers)) for kind, numbers in lines.by_kind(timetable())] == [
        ("tram", 1), ("ferry", 1), ("bus", 1)
    ]  # fmt: skip
    assert "Carénage – Plateau" in shown(client, "/transports/lignes")
    assert "Carénage – Plateau" not in shown(client, "/transports/lignes?mode=ferry")


def test_the_lines_of_a_large_network_are_read_by_pages(client: Client, tmp_path: Path, monkeypatch) -> None:
    network_in_force(tmp_path)
    bus = next(numbers for kind, numbers in lines.by_kind(timetable()) if str(kind) == "bus")
    monkeypatch.setattr(lines, "by_kind", lambda _table: [(Kind.BUS, bus * 70)])
    whole = shown(client, "/transports/lignes")
    assert whole.count('class="ln"') == 12 and "Et 58 autres lignes" in plain(whole)
    assert len(re.findall("<[a-z]", whole)) < 280
    last = shown(client, "/transports/lignes?mode=bus&page=3")
    assert last.count('class="ln"') == 10 and "Page 3 sur 3" in plain(last)
    assert 'rel="prev"' in last and 'rel="next"' not in last
    for odd in ("0", "99999", "-1", "²"):
        shown(client, f"/transports/lignes?mode=bus&page={odd}")


def test_a_line_says_where_it_goes_and_when_it_runs(client: Client, tmp_path: Path) -> None:
    network_in_force(tmp_path)
    text = shown(client, f"/transports/lignes/AMP:1?jour={WEDNESDAY}")
    words = plain(text)
    assert "Premier départ à 5 h 15, dernier à 0 h 30. En journée, environ toutes les 15 minutes." in words
    order = [words.index(name) for name in ("Vers Plateau", "Carénage", "Hôtel de Ville", "Gare", "Vers Carénage")]
    assert order[1:4] == sorted(order[1:4])
    assert '<svg class="line-map"' in text
    assert "Pas de passage ce jour-là" in plain(shown(client, f"/transports/lignes/AMP:bac?jour={WEDNESDAY}"))
    shown(client, "/transports/lignes/AMP:1?jour=demain", 422)
    shown(client, "/transports/lignes/AMP:ghost", 404)


def test_the_sheet_of_a_day_begins_now_and_prints_whole(client: Client, tmp_path: Path) -> None:
    network_in_force(tmp_path)
    sheet = shown(client, "/transports/lignes/AMP:1/horaires?sens=0")
    assert "10\u00a0h\u00a000" in sheet, "an hour is never cut at the end of a row"
    words = plain(sheet)
    row = words[words.index("Carénage 1") :] if "Carénage 1" in words else words[words.index("Plateau 1") :]
    assert "10 h 00" in words and "9 h 30" not in words, row[:80]
    whole = plain(shown(client, f"/transports/lignes/AMP:1/horaires?sens=0&jour={WEDNESDAY}&tout=1"))
    assert whole.count("5 h 15") >= 1 and "0 h 47" in whole
    way = lines.ways(timetable(), timetable().route_of_id["AMP:1"])[0]
    sheet = lines.sheet(timetable(), way, clock.today())
    assert len(sheet) == 78
    assert [each.times[0] for each in sheet] == sorted(each.times[0] for each in sheet)


def test_stops_of_variants_are_laid_in_one_order(tmp_path: Path) -> None:
    calls = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n" + "".join(
        f"{trip},{8 + n}:00:00,{8 + n}:00:00,{stop},{n}\n"
        for trip, stops in (("a", "car hdv1 pla"), ("b", "car hdv1 gare pla"), ("c", "hdv1 gare"))
        for n, stop in enumerate(stops.split())
    )
    table = network_in_force(
        tmp_path,
        {
            "trips.txt": "route_id,service_id,trip_id,direction_id\n1,tous,a,0\n1,tous,b,0\n1,tous,c,0\n",
            "stop_times.txt": calls,
        },
    )
    (way,) = lines.ways(table, table.route_of_id["AMP:1"])
    assert [table.places[n].name for n in way.places] == ["Carénage", "Hôtel de Ville", "Gare", "Plateau"]
    assert {table.places[n].name for n in way.some} == {"Carénage", "Gare", "Plateau"}


def test_the_one_search_knows_lines_and_stops(tmp_path: Path) -> None:
    assert list(documents()) == []
    network_in_force(tmp_path)
    found = {each.id: each for each in documents()}
    assert found["line:AMP:bac"].title["fr"] == "Bateau Bac"
    assert found["stop:gare-13055"].title["fr"] == "Gare"


@pytest.fixture
def steward(client: Client) -> Client:
    ville = organisation()
    return signed_in(client, agent(organisation=ville, roles=("mobility.steward",)), organisation=ville.pk)


def test_a_steward_adds_a_network_sends_its_file_and_goes_back(steward: Client, tmp_path: Path) -> None:
    shown(steward, "/agents/transports/horaires")
    made = steward.post("/agents/transports/horaires/ajouter", {"name": "Réseau du Port", "prefix": "AMP"})
    here = "/agents/transports/horaires/reseau-du-port"
    assert made["Location"].endswith(here)
    assert "Aucun fichier en service" in plain(shown(steward, here))

    def send(content: bytes, status: int = 302) -> str:
        answer = steward.post(f"{here}/envoyer", {"file": SimpleUploadedFile("gtfs.zip", content)})
        assert answer.status_code == status
        return answer.content.decode()

    send(feed(tmp_path / "one.zip").read_bytes())
    first = Feed.objects.get(pk="reseau-du-port").current
    assert first is not None
    words = plain(shown(steward, here))
    assert "En service" in words and "feed_info.txt manque" in words
    refused = send(feed(tmp_path / "two.zip", {"stops.txt": None}).read_bytes(), 422)
    assert "Les horaires en service restent" in plain(refused)
    assert "Choisissez un fichier" in plain(steward.post(f"{here}/envoyer").content.decode())
    send(feed(tmp_path / "three.zip", {"calendar_dates.txt": None}).read_bytes())
    assert steward.post(f"{here}/reprendre", {"version": first.content}).status_code == 302
    assert Feed.objects.get(pk="reseau-du-port").current_id == first.pk
    steward.post(f"{here}/retirer")
    assert Feed.objects.get(pk="reseau-du-port").current_id is None
    wrong = steward.post("/agents/transports/horaires/ajouter", {"name": "Autre", "prefix": "AMP"})
    assert wrong.status_code == 422 and 'id="e-prefix"' in wrong.content.decode()


def test_a_steward_decides_of_quays(steward: Client, tmp_path: Path) -> None:
    assert "Aucun horaire" in plain(shown(steward, "/agents/transports/arrets"))
    describe_feed(actor=MACHINE, id="amp", prefix="AMP")
    stops = STOPS + "pla2,Plateau,43.3145,5.3900,0,,1,\n"
    more = (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt,8:00:00,8:00:00,pla,1\nt,8:05:00,8:05:00,pla2,2\n"
    )
    changed = {"stops.txt": stops, "trips.txt": "route_id,service_id,trip_id\n1,tous,t\n", "stop_times.txt": more}
    receive_version(actor=MACHINE, feed="amp", path=feed(tmp_path / "a.zip", changed))
    assert "Même nom, à plus de 400 mètres" in plain(shown(steward, "/agents/transports/arrets"))
    pair = {"quai": "AMP:pla", "autre": "AMP:pla2"}
    steward.post("/agents/transports/arrets/decider", {**pair, "choix": "ensemble"})
    assert Grouping.objects.get().kind == "together"
    assert "Aucun doute" in plain(shown(steward, "/agents/transports/arrets"))
    steward.post("/agents/transports/arrets/decider", {**pair, "choix": "annuler"})
    assert not Grouping.objects.exists()


def test_the_desk_is_for_stewards(client: Client) -> None:
    ville = organisation()
    clerk = signed_in(client, agent(organisation=ville, roles=("mobility.operator",)), organisation=ville.pk)
    assert clerk.get("/agents/transports/horaires").status_code == 403
    assert clerk.post("/agents/transports/arrets/decider", {}).status_code == 403


FARES = {
    "fare_attributes.txt": "fare_id,price,currency_type,payment_method,transfers,transfer_duration\n"
    "Un voyage,1.80,EUR,0,,3600\nTraversée,5,EUR,0,0,\n",
    "fare_rules.txt": "fare_id,route_id\nTraversée,bac\n",
}


@pytest.mark.django_db
def test_prices_are_shown_by_network_and_beside_the_lines_they_are_for(tmp_path, settings, client) -> None:
    settings.HOME = tmp_path
    network_in_force(tmp_path, FARES)
    page = client.get("/transports/tarifs").content.decode().replace("\u00a0", " ")
    read(page)
    assert "1,80 €" in page and "valable 1 h" in page
    assert "5 €" in page and "sans correspondance" in page and "Sur ces lignes seulement" in page
    assert "/recherche?q=" in page, "passes and reductions are services of the catalogue"
    ferry = client.get("/transports/lignes/AMP:bac").content.decode().replace("\u00a0", " ")
    other = client.get("/transports/lignes/AMP:1").content.decode().replace("\u00a0", " ")
    assert "Traversée" in ferry and "Un voyage" in ferry
    assert "Un voyage" in other and "Traversée" not in other


@pytest.mark.django_db
def test_a_network_that_tells_no_price_says_so(tmp_path, settings, client) -> None:
    settings.HOME = tmp_path
    network_in_force(tmp_path)
    assert "Aucun prix n’est connu ici" in client.get("/transports/tarifs").content.decode().replace("\u00a0", " ")


@pytest.mark.django_db
def test_the_sheets_of_services_lead_to_prices_and_timetables(tmp_path, settings) -> None:
    settings.HOME = tmp_path
    about = {
        name: SimpleNamespace(id=name, keywords=[name]) for name in ("titre de transport", "horaires de bus", "eau")
    }
    assert {name: card(each) for name, each in about.items()} == dict.fromkeys(about), "nothing is known yet"
    network_in_force(tmp_path, FARES)
    found = {name: getattr(card(each), "address", None) for name, each in about.items()}
    assert found == {"titre de transport": "/transports/tarifs", "horaires de bus": "/transports", "eau": None}
