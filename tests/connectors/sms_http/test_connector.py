"""The SMS gateway against a real server on this machine, which answers as the gateway's documentation shows."""

import json

import pytest

from lacydon.connectors import FOLDER
from lacydon.connectors.sms_http import connector
from lacydon.kernel.errors import Unavailable
from lacydon.kernel.http import AddressRefused, Breaker, HttpClient
from lacydon.kernel.plugs import texters
from lacydon.kernel.texting import Text, TextRefused, plain, texter
from tests.kernel.http.test_client import send

SAMPLES = FOLDER / "sms_http" / "samples"
CREATED, REFUSED = (SAMPLES / "created.json").read_bytes(), (SAMPLES / "refused.json").read_bytes()
TEXT = Text(to="+33612345678", words="Lacydon : du nouveau", reference="abc")


@pytest.fixture
def gateway(server, settings, monkeypatch):
    settings.SMS_URL, settings.SMS_KEY, settings.SMS_SENDER = f"{server.url}/sms", "secret", "Lacydon"
    client = HttpClient(name="sms", allowed=[server.host], retries=0, breaker=Breaker())
    monkeypatch.setattr(connector, "client", client)
    server.bodies = []

    def reply(handler):
        message = json.loads(handler.body)
        server.bodies.append(message)
        if handler.headers["api-key"] != "secret":
            return send(handler, 401, b"{}")
        return send(handler, 400, REFUSED) if not message["recipient"] else send(handler, 201, CREATED)

    server.reply = reply
    yield server
    client.close()


def test_a_text_is_one_post_with_its_reference_and_gives_the_gateways_number(gateway):
    assert texter().send(TEXT) == "1511882900176220"
    assert gateway.bodies == [
        {
            "sender": "Lacydon",
            "recipient": "33612345678",
            "content": "Lacydon : du nouveau",
            "type": "transactional",
            "tag": "abc",
        }
    ]
    method, path, headers = gateway.asked[0]
    assert (method, path, headers["Idempotency-Key"]) == ("POST", "/sms", "abc")


def test_a_text_is_carried_in_the_signs_that_cost_least():
    assert plain("L’« été »…\u00a0!") == 'L\'" été "... !'
    assert len(plain("a" * 400)) == 306


@pytest.mark.parametrize("to", ["0612345678", "", "+33", "+33612345678;DROP"])
def test_a_number_that_is_none_is_refused_before_the_gateway(gateway, to):
    with pytest.raises(TextRefused):
        texter().send(Text(to=to, words="x", reference="r"))
    assert gateway.asked == []


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, REFUSED, TextRefused), (402, b"{}", TextRefused), (500, b"", Unavailable), (429, b"", Unavailable),
        (401, b"{}", Unavailable), (201, b"[1]", Unavailable), (201, b"not json", Unavailable), (201, b'{"messageId": true}', Unavailable),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_told_apart_for_good_or_not_now(gateway, status, body, error):
    gateway.reply = lambda handler: send(handler, status, body)
    with pytest.raises(error):
        texter().send(TEXT)
    assert len(gateway.asked) == 1


def test_it_cannot_be_led_inside(settings):
    settings.SMS_URL = "http://127.0.0.1:9/sms"
    with pytest.raises(AddressRefused):
        connector.Gateway().send(TEXT)


def test_without_an_address_there_is_no_gateway(settings):
    settings.SMS_URL = ""
    assert texter() is None
    assert connector.check().ok is None


def test_check_asks_without_sending(gateway, settings):
    assert connector.check().ok is True
    assert [each["recipient"] for each in gateway.bodies] == [""]
    settings.SMS_KEY = "wrong"
    assert connector.check().ok is False
    settings.SMS_SENDER = "bien trop long"
    assert connector.check().ok is False


def test_it_is_plugged_in():
    assert isinstance(dict(texters.items())["sms_http"](), connector.Gateway)
