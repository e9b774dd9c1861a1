"""Web push against a push service of the test, which does what a browser does: checks who sends, and decrypts."""

import base64
import json

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from lacydon.kernel import webpush
from lacydon.kernel.errors import BadInput, Unavailable
from lacydon.kernel.http import AddressRefused, HttpClient
from tests.kernel.http.test_client import send, server  # noqa: F401


def b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


class Browser:
    """What a browser keeps to itself when it subscribes, and the push service it speaks to."""

    def __init__(self, endpoint: str) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.secret = b"0123456789abcdef"
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.subscription = webpush.Subscription(endpoint=endpoint, p256dh=b64(point), auth=b64(self.secret))

    def open(self, body: bytes) -> dict:
        return json.loads(
            http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret, version="aes128gcm")
        )


@pytest.fixture
def browser(server, monkeypatch):  # noqa: F811
    client = HttpClient(name="web-push", allowed=[server.host], retries=0)
    monkeypatch.setattr(webpush, "client", client)
    server.bodies = []

    def reply(handler):
        server.bodies.append(handler.body)
        send(handler, 201, b"")

    server.reply = reply
    made = Browser(f"{server.url}/push/one")
    made.server = server
    yield made
    client.close()


def test_a_notification_is_read_by_its_browser_alone_and_says_who_sends(browser):
    webpush.push(browser.subscription, {"title": "Du nouveau", "url": "/x"}, topic="t1")
    (_method, path, headers), (body,) = browser.server.asked[0], browser.server.bodies
    assert (path, headers["Content-Encoding"], headers["Topic"], headers["TTL"]) == (
        "/push/one",
        "aes128gcm",
        "t1",
        "86400",
    )
    assert b"nouveau" not in body
    assert browser.open(body) == {"title": "Du nouveau", "url": "/x"}
    with pytest.raises(http_ece.ECEException):
        Browser(browser.subscription.endpoint).open(body)
    token, key = headers["Authorization"].removeprefix("vapid ").split(", ")
    point = base64.urlsafe_b64decode(key.removeprefix("k=") + "=")
    jwk = ECKey.import_key({"kty": "EC", "crv": "P-256", "x": b64(point[1:33]), "y": b64(point[33:])})
    claims = jwt.decode(token.removeprefix("t="), jwk, algorithms=["ES256"]).claims
    assert claims["aud"] == browser.server.url
    assert key == f"k={webpush.public_key()}" and claims["sub"].startswith(("mailto:", "https:"))


@pytest.mark.parametrize(
    ("status", "error"),
    [(404, webpush.SubscriptionGone), (410, webpush.SubscriptionGone), (400, webpush.PushRefused), (403, webpush.PushRefused),
     (413, webpush.PushRefused), (429, Unavailable), (500, Unavailable), (302, Unavailable)],
)  # fmt: skip
def test_what_the_service_answers_is_told_apart(browser, status, error):
    browser.server.reply = lambda handler: send(handler, status, b"")
    with pytest.raises(error):
        webpush.push(browser.subscription, {"title": "x"}, topic="t")


def test_a_subscription_is_checked_before_it_is_kept(browser):
    sound = {
        "endpoint": "https://push.example/a",
        "keys": {"p256dh": browser.subscription.p256dh, "auth": browser.subscription.auth},
    }
    assert webpush.subscription_of(sound).endpoint == "https://push.example/a"
    keys = sound["keys"]
    for wrong in (
        None, [], {}, sound | {"endpoint": "http://push.example/a"}, sound | {"endpoint": "https://u:p@push.example"},
        sound | {"endpoint": "https://push.example/" + "a" * 1000}, sound | {"keys": keys | {"auth": "court"}},
        sound | {"keys": keys | {"p256dh": b64(b"\x04" + b"\x00" * 64)}}, sound | {"keys": keys | {"p256dh": "%%%"}},
        sound | {"endpoint": "https://[::1"},
    ):  # fmt: skip
        with pytest.raises(BadInput):
            webpush.subscription_of(wrong)


def test_a_browser_cannot_lead_it_inside(browser, monkeypatch):
    client = HttpClient(name="web-push", retries=0)
    monkeypatch.setattr(webpush, "client", client)
    with pytest.raises(AddressRefused):
        webpush.push(browser.subscription, {"title": "x"}, topic="t")
    assert browser.server.asked == []
    client.close()
