"""The national API against a real server on this machine: honest, slow, broken, misleading, absent."""

import json
import threading

import pytest

from lacydon.capabilities.territory import public as territory
from lacydon.connectors import FOLDER
from lacydon.connectors.ban import connector
from lacydon.kernel.errors import Unavailable
from lacydon.kernel.http import OutsideUnavailable, Timeout
from tests.kernel.http.test_client import send

SAMPLES = FOLDER / "ban" / "samples"
DOWN = "Le service national des adresses ne répond pas"
pytestmark = pytest.mark.django_db


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.json").read_bytes()


@pytest.fixture
def api(server, settings, addresses, monkeypatch):
    """The API, switched on; it answers with the sample `search` until told otherwise."""
    settings.ADDRESS_API_URL = f"{server.url}/geocodage/"
    monkeypatch.setattr(connector, "TIMEOUT", Timeout(connect=0.5, read=0.5, total=0.8))
    connector._client.cache_clear()
    server.reply = lambda handler: send(handler, body=sample("search"), Content_Type="application/json")
    yield server
    connector._client(f"{server.url}/geocodage").close()
    connector._client.cache_clear()


def ask(q="12 rue de la république olivette", **more):
    return territory.search_addresses(q=q, **more)


def test_the_api_speaks_first(api):
    answer = ask(limit=2)
    assert (answer["source"], answer["degraded"], "notice" in answer) == ("ban", False, False)
    assert [each["properties"]["citycode"] for each in answer["features"]] == ["97001", "98201"]
    assert answer["features"][0] == json.loads(sample("search"))["features"][0]
    [(method, path, headers)] = api.asked
    assert method == "GET" and path.startswith("/geocodage/search?q=12+rue") and "limit=20" in path
    assert "lon=5.1" in path and "lat=43.1" in path
    assert headers["User-Agent"].startswith("Lacydon/")


def test_filters_are_passed_on(api):
    ask(citycode="97001", postcode="97100", type="housenumber", lon=5.1, lat=43.1, autocomplete=False)
    path = api.asked[0][1]
    for part in ("citycode=97001", "postcode=97100", "type=housenumber", "lon=5.1", "lat=43.1", "autocomplete=0"):
        assert part in path


def test_a_commune_with_arrondissements_is_asked_by_its_name(api):
    answer = ask(q="12 rue de la république", citycode="98001")
    assert "Port-Clair" in api.asked[0][1] and "citycode" not in api.asked[0][1]
    assert [each["properties"]["citycode"] for each in answer["features"]] == ["98201"]


def test_a_commune_alone(api):
    api.reply = lambda handler: send(handler, body=sample("municipality"))
    assert ask("olivette")["features"][0]["properties"]["population"] == 47000


def test_around_a_point(api):
    api.reply = lambda handler: send(handler, body=sample("reverse"))
    answer = territory.reverse_address(lon=5.1012, lat=43.1011)
    assert answer["source"] == "ban" and answer["features"][0]["properties"]["distance"] == 11
    assert api.asked[0][1].startswith("/geocodage/reverse?lon=5.1012&lat=43.1011")


def test_what_the_api_finds_elsewhere_is_told_apart(api):
    api.reply = lambda handler: send(handler, body=sample("elsewhere"))
    answer = ask("12 rue de la paix paris")
    assert answer["features"] == []
    assert answer["outside"][0]["properties"]["citycode"] == "75102"
    assert "Paris" in answer["notice"] and "Rade bleue" in answer["notice"]


def test_what_the_api_does_not_find_is_looked_for_in_the_index(api):
    api.reply = lambda handler: send(handler, body=sample("nothing"))
    answer = ask("la bastide blanche")
    assert (answer["source"], answer["degraded"]) == ("embedded", False)
    assert answer["features"][0]["properties"]["type"] == "locality"
    assert ask("zanzibar xkcd")["features"] == []


def test_a_question_the_api_does_not_take_goes_to_the_index(api):
    assert (ask("ol")["source"], api.asked) == ("embedded", [])
    api.reply = lambda handler: send(handler, 400, body=sample("refusal"))
    answer = ask("olivette")
    assert (answer["source"], answer["degraded"]) == ("embedded", False)


FAILURES = {
    "an error": lambda handler: send(handler, 500),
    "too many": lambda handler: send(handler, 429),
    "forbidden": lambda handler: send(handler, 403),
    "not there": lambda handler: send(handler, 404),
    "no json": lambda handler: send(handler, body=b"<html>maintenance</html>"),
    "another json": lambda handler: send(handler, body=b'{"features": "none"}'),
    "a list": lambda handler: send(handler, body=b"[]"),
    "too large": lambda handler: send(handler, body=b" " * 1_100_000),
    "led inside": lambda handler: send(handler, 302, Location="http://127.0.0.1:1/search"),
    "led astray": lambda handler: send(handler, 302, Location="file:///etc/passwd"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_when_the_api_fails_the_index_answers_and_says_so(api, failure):
    api.reply = FAILURES[failure]
    answer = ask()
    assert answer["features"][0]["properties"]["label"] == "12 Rue de la République 97100 Olivette"
    assert (answer["source"], answer["degraded"]) == ("embedded", True)
    assert answer["notice"].startswith(DOWN)
    assert territory.reverse_address(lon=5.1012, lat=43.1011)["degraded"] is True


def test_a_silent_api_is_not_waited_for(api):
    release = threading.Event()
    api.reply = lambda handler: release.wait(5)
    try:
        answer = ask()
    finally:
        release.set()
    assert answer["degraded"] is True and answer["features"]


def test_an_api_that_is_down_is_left_alone_after_three_failures(api):
    api.reply = lambda handler: send(handler, 503)
    for _turn in range(6):
        assert ask()["degraded"] is True
    assert len(api.asked) == 3


def test_the_pages_and_the_json_say_so(api, client):
    api.reply = lambda handler: send(handler, 503)
    body = client.get("/api/v1/addresses", {"q": "12 rue de la republique olivette"}).json()
    assert body["degraded"] is True and body["notice"].startswith(DOWN)
    page = client.get("/recherche", {"q": "trou", "lieu": "12 rue de la république olivette"})
    assert page.status_code == 200 and DOWN in page.content.decode()
    assert DOWN in client.get("/lieu", {"lieu": "12 rue de la république"}).content.decode()


POINT = {"type": "Point", "coordinates": [5, 43]}
STREET = {"label": "x", "citycode": "97001", "type": "street"}


@pytest.mark.parametrize(
    "feature",
    [
        None,
        3,
        {},
        {"properties": {}, "geometry": {}},
        {"properties": [], "geometry": POINT},
        {"properties": STREET, "geometry": None},
        {"properties": STREET, "geometry": {"type": "Point"}},
        {"properties": STREET, "geometry": POINT | {"coordinates": ["5", 43]}},
        {"properties": STREET | {"type": "planet"}, "geometry": POINT},
        {"properties": STREET | {"citycode": 97001}, "geometry": POINT},
    ],
)
def test_a_feature_that_is_not_as_documented_is_left_out(feature):
    assert connector.parse({"type": "FeatureCollection", "features": [feature]})["features"] == []


def test_values_of_other_kinds_do_not_pass():
    given = STREET | {"score": 7, "postcode": None, "importance": "much", "population": True, "x": float("nan")}
    feature = {"type": "Feature", "properties": given | {"street": ["a"], "script": "<script>"}, "geometry": POINT}
    [read] = connector.parse({"type": "FeatureCollection", "features": [feature]})["features"]
    nothing = {"id": "", "postcode": "", "city": "", "context": "", "importance": 0.0}
    assert read["properties"] == STREET | nothing | {"score": 1.0, "name": "x"}


@pytest.mark.parametrize(
    ("base", "allowed"),
    [
        ("https://data.geopf.example/geocodage", set()),
        ("http://adresses.internal:7878", {"adresses.internal:7878"}),
        ("http://addok", {"addok:80"}),
        ("https://10.0.0.7/x", {"10.0.0.7:443"}),
    ],
)
def test_only_a_machine_plainly_meant_may_be_inside(base, allowed):
    assert connector.own_machine(base) == allowed


def test_a_public_name_that_leads_inside_is_refused(settings, small_territory, monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda *_args, **_more: [(2, 1, 6, "", ("10.0.0.7", 443))])
    settings.ADDRESS_API_URL = "https://data.geopf.example/geocodage"
    with pytest.raises(OutsideUnavailable):
        connector.fetch("search", {"q": "olivette"})


def test_the_state_of_the_api_is_told(api, settings):
    api.reply = lambda handler: send(handler, body=sample("municipality"))
    assert (connector.check().ok, "Olivette" in connector.check().sentence) == (True, True)
    api.reply = lambda handler: send(handler, body=sample("nothing"))
    assert connector.check().ok is False
    api.reply = lambda handler: send(handler, 503)
    assert connector.check().ok is False
    settings.ADDRESS_API_URL = ""
    assert connector.check().ok is None


def test_without_any_source_it_is_said_in_a_sentence(small_territory):
    with territory.address_sources.only(), pytest.raises(Unavailable) as silence:
        ask()
    assert "liste" in str(silence.value.sentence)
