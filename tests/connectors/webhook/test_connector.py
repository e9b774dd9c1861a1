"""The signed webhook against a real server on this machine."""

import base64
import json

import pytest

from lacydon.capabilities.requests.public import ChannelClosed, ParcelRefused
from lacydon.connectors import FOLDER
from lacydon.connectors.webhook.connector import Settings, Webhook
from lacydon.kernel import webhooks
from lacydon.kernel.errors import Unavailable
from tests.connectors import parcels
from tests.kernel.http.test_client import send

SAMPLES = FOLDER / "webhook" / "samples"
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
channel = Webhook()


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.json").read_bytes()


@pytest.fixture
def way(partner_server):
    partner_server.bodies = []

    def reply(handler) -> None:
        partner_server.bodies.append(handler.body)
        send(handler, 201, sample("answer"))

    partner_server.reply = reply
    return Settings(url=f"{partner_server.url}/hooks/lacydon", secret=SECRET)


def test_a_request_arrives_signed_and_whole(partner_server, way):
    receipt = channel.send(parcels.parcel(files=(parcels.photo(),), contact=parcels.CONTACT), way)
    assert (receipt.state, receipt.reference) == ("accepted", "DS-2026-118")
    [(method, path, headers)], [body] = partner_server.asked, partner_server.bodies
    assert (method, path) == ("POST", "/hooks/lacydon")
    heard = {name.lower(): value for name, value in headers.items()}
    assert webhooks.proven_id(body, headers=heard, secret=SECRET) == parcels.parcel().idempotency_key
    assert heard["idempotency-key"] == f'"{parcels.parcel().idempotency_key}"'
    message = json.loads(body)
    assert message["type"] == "request.submitted"
    told = message["data"]
    assert (told["schema"], told["number"], told["place"]["point"]) == (
        "lacydon.request/1",
        parcels.NUMBER,
        {"lon": 5.1012, "lat": 43.1011},
    )
    assert told["contact"] == {
        "given_name": "Nadia",
        "family_name": "Bel",
        "email": "nadia@exemple.fr",
        "phone": "+33612345678",
    }
    assert told["words"][1] == {"question": "Quelle taille ?", "answer": "Grand"}
    [file] = told["files"]
    assert file["url"].startswith("https://") and file["sha256"] == parcels.photo().sha256
    assert told["callback"]["token"] == "jeton" and told["callback"]["url"].endswith("/retour/1")


def test_the_same_message_has_the_same_id_at_each_try(partner_server, way):
    for _try in range(2):
        channel.send(parcels.parcel(), way)
    ids = {headers["webhook-id"] for _method, _path, headers in partner_server.asked}
    assert len(ids) == 1


def test_who_did_not_agree_is_not_named(partner_server, way):
    channel.send(parcels.parcel(), way)
    assert json.loads(partner_server.bodies[0])["data"]["contact"] is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [(410, ChannelClosed), (400, ParcelRefused), (422, ParcelRefused), (413, ParcelRefused)]
    + [(status, Unavailable) for status in (301, 401, 403, 404, 409, 429, 500, 503)],
)
def test_what_an_answer_means(partner_server, way, status, kind):
    partner_server.reply = lambda handler: send(handler, status, Location="https://elsewhere.example")
    with pytest.raises(kind):
        channel.send(parcels.parcel(), way)
    assert len(partner_server.asked) == 1


@pytest.mark.parametrize(
    "body", [b"", b"merci", b"[]", b'{"reference": true}', b'{"id": null}', b'{"id": "' + b"x" * 300 + b'"}']
)
def test_an_answer_without_a_number_is_taken_all_the_same(partner_server, way, body):
    partner_server.reply = lambda handler: send(handler, 200, body)
    receipt = channel.send(parcels.parcel(), way)
    assert (receipt.state, receipt.reference) == ("accepted", "")


def test_without_its_secret_nothing_leaves(partner_server, way):
    with pytest.raises(webhooks.NoSecret):
        channel.send(parcels.parcel(), Settings(url=way.url))
    assert partner_server.asked == []


def test_what_the_resident_does_since_is_a_message_of_its_own(partner_server, way):
    assert channel.tell(parcels.parcel(), "DS-1", parcels.news(files=(parcels.photo(),)), way) is True
    message = json.loads(partner_server.bodies[0])
    assert (message["type"], message["data"]["reference"]) == ("request.message", "DS-1")
    assert message["data"]["files"][0]["url"].startswith("https://")
    assert partner_server.asked[0][2]["webhook-id"] == parcels.news().id
    partner_server.reply = lambda handler: send(handler, 503)
    with pytest.raises(Unavailable):
        channel.tell(parcels.parcel(), "DS-1", parcels.news(), way)


def test_check_sends_a_signed_ping(partner_server, way):
    assert channel.check(way).ok
    assert json.loads(partner_server.bodies[0])["type"] == "ping"
    partner_server.reply = lambda handler: send(handler, 401)
    assert not channel.check(way).ok
    assert not channel.check(Settings(url="http://elsewhere.example", secret=SECRET)).ok


def test_the_other_side_calls_back_by_itself(way):
    assert not channel.pulls and channel.pull("x", way) is None
    assert json.loads(sample("update"))["type"] == "request.updated"
