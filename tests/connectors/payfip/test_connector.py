"""PayFiP's answers, recorded and hostile; then the whole way against the stand-in that demonstrations use."""

import http.client
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import urlencode, urlsplit

import pytest

from lacydon.capabilities.requests.actions import payments
from lacydon.capabilities.requests.ports import Order, PaymentRefused, payment_providers
from lacydon.config import demo_payments
from lacydon.connectors import FOLDER
from lacydon.connectors.payfip import connector
from lacydon.connectors.payfip.messages import Unreadable, answer, question
from lacydon.kernel.errors import Unavailable
from tests.capabilities.requests import made
from tests.capabilities.requests.payments.paying import due

SAMPLES = FOLDER / "payfip" / "samples"
ID = "a1b2c3d4-0000-11ee-8000-0123456789ab"


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


@pytest.fixture
def payfip(settings):
    running = demo_payments.start(organisations=(made.BODY,))
    for name, value in running.settings.items():
        setattr(settings, name, value)
    connector._client.cache_clear()
    yield running
    running.stop()
    connector._client.cache_clear()


def order(**fields):
    told = {
        "reference": "R2026ABC234P2611AABBCC", "amount": Decimal("33.60"), "label": "Inscrire mon enfant à l’école <1>",
        "organisation": made.BODY, "return_url": "http://127.0.0.1:1/retour?a=1&b=2", "payer": "lou@exemple.fr",
    }  # fmt: skip
    return Order(**(told | fields))


def test_what_the_service_says_is_read():
    assert answer(sample("created.xml")).fields["idOp"] == ID
    paid = connector.parse(answer(sample("paid.xml")), external_id=ID)
    assert (paid.state, paid.amount, paid.reference) == ("paid", Decimal("33.60"), "R2026ABC234P2611AABBCC")
    assert paid.at in (datetime(2026, 11, 28, 13, 35, tzinfo=UTC), None)
    assert paid.facts == {"authorisation": "112233445566", "means": "card"}
    assert connector.parse(answer(sample("pending.xml")), external_id=ID).state == "pending"
    assert answer(sample("refused.xml")).code == "T2"


@pytest.mark.parametrize(
    ("told", "state"), [("P", "paid"), ("V", "paid"), ("A", "abandoned"), ("R", "refused"), ("Z", "refused")]
)
def test_each_end(told, state):
    content = sample("paid.xml").replace(b"resultrans>P<", f"resultrans>{told}<".encode())
    assert connector.parse(answer(content), external_id=ID).state == state


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"resultrans>P<", b"resultrans>?<"),
        (b">3360<", b">beaucoup<"),
        (b">3360<", b">NaN<"),
        (ID.encode(), b"autre-operation"),
    ],
)
def test_an_answer_that_is_not_clear_is_no_answer(old, new):
    with pytest.raises(Unavailable):
        connector.parse(answer(sample("paid.xml").replace(old, new)), external_id=ID)


def test_a_refusal_to_tell_is_not_an_end():
    with pytest.raises(Unavailable):
        connector.parse(answer(sample("refused.xml")), external_id=ID)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<html>", b"\xff\xfe", b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><return><idOp>&b;</idOp></return>',
    ],
)  # fmt: skip
def test_what_is_no_answer_or_a_bomb_is_refused(content):
    with pytest.raises(Unreadable):
        answer(content)


def test_what_people_write_cannot_change_the_question():
    sent = question("creerPaiementSecurise", {"mel": "a@b.fr</mel><montant>1</montant>"})
    assert b"<montant>" not in sent


def test_the_way_of_an_operation(payfip):
    provider = connector.PayFip()
    begun = provider.start(order())
    asked = payfip.operations[begun.external_id].asked
    assert asked["montant"] == "3360" and asked["numcli"] == "000001" and asked["saisie"] == "T"
    assert asked["objet"] == "Inscrire mon enfant a l ecole 1" and asked["urlredirect"].endswith("a=1&b=2")
    assert begun.address == f"{payfip.url}/payer?idop={begun.external_id}"
    assert provider.result(begun.external_id).state == "pending"
    payfip.end(begun.external_id, "P")
    assert provider.result(begun.external_id).amount == Decimal("33.60")


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": Decimal("0.99")},
        {"amount": Decimal("1.005")},
        {"organisation": "autre"},
        {"payer": "rien"},
        {"reference": "x"},
    ],
)
def test_what_it_does_not_take(payfip, wrong):
    with pytest.raises(PaymentRefused):
        connector.PayFip().start(order(**wrong))


@pytest.mark.django_db
def test_paid_by_a_browser_then_told_and_asked(payfip):
    """The page of the stand-in, whose button tells our machine (nobody listens here) and leads back."""
    payment = due()
    with payment_providers.only(connector.PayFip()):
        address = payments.start(payment, return_url="http://127.0.0.1:1/retour", notify_url="", payer="lou@exemple.fr")
        line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
        line.request("GET", address.removeprefix(payfip.url))
        page = line.getresponse().read().decode()
        assert "33,60" in page and "faux service de paiement" in page
        attempt = payment.attempts.get()
        line.request("POST", "/payer", urlencode({"idop": attempt.external_id, "resultat": "P"}))
        back = line.getresponse()
        back.read()
        line.close()
        assert (back.status, back.headers["Location"]) == (303, "http://127.0.0.1:1/retour")
        assert payments.settle(attempt) == "paid"
    payment.refresh_from_db()
    assert payment.state == "paid" and payment.receipt["means"] == "card"


def test_it_says_whether_it_can_work(payfip, settings):
    assert connector.check().ok is True
    settings.PAYFIP_MODE = "Z"
    assert connector.check().ok is False
    settings.PAYFIP_MODE, settings.PAYFIP_CLIENTS = "T", "commune=abc"
    assert connector.check().ok is False and not connector.PayFip().serves("commune")
    settings.PAYFIP_URL = "http://payfip.example/service"
    settings.PAYFIP_CLIENTS = "commune=12"
    assert "https" in connector.check().sentence
    settings.PAYFIP_URL = ""
    assert connector.check().ok is None and not connector.PayFip().serves("commune")


def test_down_or_silent_nobody_knows(payfip, settings):
    settings.PAYFIP_URL = "http://127.0.0.1:9/service"
    with pytest.raises(Unavailable):
        connector.PayFip().result(ID)
    assert connector.check().ok is False
