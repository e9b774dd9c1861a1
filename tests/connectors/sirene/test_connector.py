"""The register of companies against a real server on this machine: honest, busy, slow, broken, discreet, absent."""

import json
import threading
from datetime import date, timedelta

import pytest

from lacydon.capabilities.requests.public import UnknownCompany
from lacydon.connectors import FOLDER
from lacydon.connectors.sirene import connector
from lacydon.connectors.sirene.legal_forms import legal_form
from lacydon.kernel import clock
from lacydon.kernel.clock import now
from lacydon.kernel.errors import Unavailable
from lacydon.kernel.http import Timeout
from tests.kernel.http.test_client import send

SAMPLES = FOLDER / "sirene" / "samples"
HEAD, OTHER, SIREN = "90000001900019", "90000001900027", "900000019"
pytestmark = pytest.mark.django_db


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.json").read_bytes()


@pytest.fixture
def api(server, settings, small_territory, monkeypatch):
    """The API, switched on; `says` makes it answer with a sample."""
    settings.COMPANY_REGISTER_URL = f"{server.url}/"
    monkeypatch.setattr(connector, "TIMEOUT", Timeout(connect=0.5, read=0.4, total=0.6))
    connector.forget()
    server.says = lambda name, status=200: setattr(
        server, "reply", lambda handler: send(handler, status, body=sample(name), Content_Type="application/json")
    )
    server.says("head-office")
    yield server
    connector._client(server.url).close()
    connector.forget()


def test_the_head_office_of_a_siren(api):
    found = connector.Sirene().find(SIREN)
    assert (found.siret, found.siren, found.name) == (HEAD, SIREN, "LES TABLES DU QUAI")
    assert (found.trade_name, found.activity) == ("LE PETIT QUAI", "56.10A")
    assert found.legal_form == "société par actions simplifiée (SAS)"
    assert (found.address.label, found.address.citycode) == ("12 RUE DE LA REPUBLIQUE 97100 OLIVETTE", "97001")
    assert (found.address.lon, found.address.lat) == (5.1012, 43.1011)
    assert (found.head_office, found.active, found.closed_on, found.hidden) == (True, True, None, False)
    assert found.as_of == clock.today()
    [(method, path, headers)] = api.asked
    assert method == "GET" and path.startswith("/search?") and f"q={SIREN}" in path
    assert "minimal=true" in path and "include=siege%2Cmatching_etablissements" in path
    assert headers["User-Agent"].startswith("Lacydon/") and "companies" in headers["User-Agent"]


def test_an_establishment_that_is_not_the_head_office(api):
    api.says("establishment")
    found = connector.Sirene().find(OTHER)
    assert (found.siret, found.head_office, found.trade_name) == (OTHER, False, "")
    assert found.address.label == "3 IMPASSE DES OURSINS 97100 OLIVETTE"


def test_a_company_found_is_kept_for_an_hour(api, monkeypatch):
    register = connector.Sirene()
    assert register.find(HEAD) is register.find(HEAD) and len(api.asked) == 1
    later = now() + timedelta(minutes=61)
    monkeypatch.setattr(connector, "now", lambda: later)
    register.find(HEAD)
    assert len(api.asked) == 2


def test_a_closed_company_is_told_with_its_day(api):
    api.says("closed")
    found = connector.Sirene().find("900000035")
    assert (found.active, found.closed_on) == (False, date(2021, 3, 31))


def test_what_somebody_keeps_from_the_public_is_left_empty(api):
    api.says("partial-person")
    found = connector.Sirene().find("900000043")
    assert (found.hidden, found.name, found.trade_name, found.address) == (True, "", "", None)
    assert found.legal_form == "entrepreneur individuel" and found.siret == "90000004300019"
    api.says("partial-company")
    found = connector.Sirene().find("900000050")
    assert (found.hidden, found.name, found.address) == (True, "ATELIERS DU LARGE", None)


def test_a_name_that_came_in_spite_of_its_holder_is_not_shown(api):
    told = json.loads(sample("partial-person"))
    told["results"][0] |= {"nom_complet": "JANE ROE", "nom_raison_sociale": None}
    told["results"][0]["siege"] |= {"adresse": "1 RUE DU FOYER 97100 OLIVETTE", "liste_enseignes": ["CHEZ JANE"]}
    api.reply = lambda handler: send(handler, body=json.dumps(told).encode())
    found = connector.Sirene().find("900000043")
    assert (found.name, found.trade_name, found.address) == ("", "", None)


@pytest.mark.parametrize(
    ("answer", "status"), [("nothing", 200), ("refusal", 400), ("establishment", 200), ("closed", 200)]
)
def test_a_number_that_is_not_there_is_unknown(api, answer, status):
    api.says(answer, status)
    with pytest.raises(UnknownCompany, match="90000002700012"):
        connector.Sirene().find("90000002700012")


def test_companies_by_name_those_of_the_place_first(api):
    api.says("words")
    found = connector.Sirene().search("les tables", citycode="97001")
    # Of the four, one is closed and one hides its name.
    assert [(each.siret, each.name) for each in found] == [
        (OTHER, "LES TABLES DU QUAI"), ("90000002700012", "LES AMIS DE LA RADE"),
    ]  # fmt: skip
    path = api.asked[0][1]
    assert "code_commune=97001" in path and "etat_administratif=A" in path and "q=les+tables" in path
    assert connector.Sirene().search("les tables")[0].siret == HEAD
    assert "code_commune" not in api.asked[1][1]
    assert connector.Sirene().search("ab") == () and len(api.asked) == 2


def test_a_commune_with_arrondissements_is_asked_for_by_theirs(api):
    connector.Sirene().search("les tables", citycode="98001")
    assert "code_commune=9820" in api.asked[0][1] and "98001" not in api.asked[0][1]


FAILURES = {
    "an error": lambda handler: send(handler, 500),
    "forbidden": lambda handler: send(handler, 403),
    "another address": lambda handler: send(handler, 404),
    "no json": lambda handler: send(handler, body=b"<html>maintenance</html>"),
    "another json": lambda handler: send(handler, body=b'{"results": "none"}'),
    "a list": lambda handler: send(handler, body=b"[]"),
    "too large": lambda handler: send(handler, body=b" " * 1_100_000),
    "led inside": lambda handler: send(handler, 302, Location="http://127.0.0.1:1/search"),
    "led astray": lambda handler: send(handler, 302, Location="file:///etc/passwd"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_register_that_fails_says_so_in_a_sentence(api, failure):
    api.reply = FAILURES[failure]
    with pytest.raises(Unavailable) as refused:
        connector.Sirene().find(HEAD)
    assert len(str(refused.value.sentence)) > 20


def test_a_slow_register_is_not_waited_for(api):
    still = threading.Event()
    api.reply = lambda _handler: still.wait(2)
    with pytest.raises(Unavailable):
        connector.Sirene().find(HEAD)
    still.set()


def test_too_many_questions_and_nobody_asks_again_until_it_said(api, monkeypatch):
    moment = [1000.0]
    monkeypatch.setattr(connector.time, "monotonic", lambda: moment[0])
    connector._rest.begin("5")
    with pytest.raises(Unavailable, match="trop de questions"):
        connector.Sirene().find(HEAD)
    assert api.asked == []
    moment[0] += 5
    monkeypatch.undo()
    connector._rest.clear()
    api.reply = lambda handler: send(handler, 429, Retry_After="30")
    with pytest.raises(Unavailable, match="trop de questions"):
        connector.fetch({"q": HEAD})
    assert 29 < connector._rest.left() <= 30
    with pytest.raises(Unavailable):
        connector.fetch({"q": HEAD})
    assert len(api.asked) == 1


def test_a_wait_without_bounds_is_bounded():
    rest = connector._Rest()
    for told, most in (("86400", 60), ("", 1), ("Sat, 28 Nov 2026 15:00:00 GMT", 1), ("-4", 1), ("0", 1)):
        rest.begin(told)
        assert most - 0.5 < rest.left() <= most


def test_a_register_that_is_down_is_left_alone_after_three_failures(api):
    api.reply = lambda handler: send(handler, 503)
    for _turn in range(5):
        with pytest.raises(Unavailable):
            connector.Sirene().find(HEAD)
    assert len(api.asked) == 3


ODD = [
    None, 3, {}, {"siren": 900000019}, {"siren": SIREN}, {"siren": SIREN, "siege": 3},
    {"siren": SIREN, "siege": {"siret": "90000002700012"}}, {"siren": SIREN, "siege": {"siret": None}},
    {"siren": SIREN, "siege": {}, "matching_etablissements": {"siret": HEAD}},
]  # fmt: skip


@pytest.mark.parametrize("unit", ODD)
def test_a_company_that_is_not_as_documented_is_unknown(api, unit):
    api.reply = lambda handler: send(handler, body=json.dumps({"results": [unit]}).encode())
    with pytest.raises(UnknownCompany):
        connector.Sirene().find(HEAD)
    assert connector.Sirene().search("les tables") == ()


def test_values_of_other_kinds_do_not_pass(api):
    place = {
        "siret": HEAD, "adresse": "1  RUE\nDU PORT " + "x" * 300, "commune": "../..", "longitude": "nan",
        "latitude": True, "date_fermeture": "soon", "liste_enseignes": [3, None, "AU PORT"], "est_siege": "yes",
    }  # fmt: skip
    unit = {"siren": SIREN, "nom_raison_sociale": 7, "nom_complet": "AU PORT", "nature_juridique": "5499"}
    api.reply = lambda handler: send(handler, body=json.dumps({"results": [unit | {"siege": place}]}).encode())
    found = connector.Sirene().find(HEAD)
    assert (found.name, found.trade_name, found.head_office, found.closed_on) == ("AU PORT", "", False, None)
    address = found.address
    assert address.label.startswith("1 RUE DU PORT xx") and len(address.label) == 200
    assert (address.citycode, address.lon, address.lat) == ("", None, None)


@pytest.mark.parametrize(
    ("code", "words"),
    [("9220", "association déclarée"), ("5710", "société par actions simplifiée (SAS)"), ("7344", "établissement"),
     ("1000", "entrepreneur individuel"), ("0", ""), ("", "")],
)  # fmt: skip
def test_a_legal_form_in_words(code, words):
    assert legal_form(code).startswith(words) and bool(legal_form(code)) == bool(words)


def test_the_state_of_the_register_is_told(api, settings):
    api.says("words")
    assert connector.check().ok is True and "LES TABLES DU QUAI" in connector.check().sentence
    api.says("nothing")
    assert connector.check().ok is False
    api.reply = lambda handler: send(handler, 500)
    assert connector.check().ok is False
    settings.COMPANY_REGISTER_URL = ""
    assert connector.check().ok is None and connector.Sirene().is_on() is False
