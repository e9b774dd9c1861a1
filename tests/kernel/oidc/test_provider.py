"""What a provider says of itself, its keys, and its absence."""

import threading
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from lacydon.kernel import clock
from lacydon.kernel.errors import Unavailable
from lacydon.kernel.http import Timeout
from lacydon.kernel.oidc import Provider, ProviderMisconfigured, ProviderUnavailable, TokenRefused, begin
from tests.identity_provider.hostile import BACK, CLIENT, EC, EVIL, GONE, flawed
from tests.kernel.http.test_client import send

AGREED = {"client_id": CLIENT, "client_secret": "s3cret", "acr": ("eidas1",)}


@pytest.mark.parametrize(
    "changes",
    [
        {"algorithms": ("ES256", "HS256")},
        {"algorithms": ("none",)},
        {"algorithms": ()},
        {"acr": ()},
        {"scopes": ("email",)},
        {"client_secret": ""},
    ],
)
def test_an_agreement_that_would_not_be_safe(changes):
    with pytest.raises(ValueError, match=r"algorithms|levels"):
        Provider(issuer="https://a.test", **(AGREED | changes))


DISCOVERIES = {
    "another issuer": {"issuer": "https://evil.test"},
    "an issuer with a slash": lambda hostile: {"issuer": f"{hostile.issuer}/"},
    "no issuer": {"issuer": GONE},
    "no token endpoint": {"token_endpoint": GONE},
    "a token endpoint that is no text": {"token_endpoint": 3},
    "a token endpoint unprotected": {"token_endpoint": "http://example.org/token"},
    "an authorize page that is a script": {"authorization_endpoint": "javascript:alert(1)"},
    "keys in a file": {"jwks_uri": "file:///etc/passwd"},
    "userinfo with credentials": {"userinfo_endpoint": "https://a:b@example.org/"},
    "end of session nowhere": {"end_session_endpoint": "https:///x"},
}


@pytest.mark.parametrize("name", DISCOVERIES)
def test_a_discovery_that_is_not_believed(hostile, name):
    bends = DISCOVERIES[name]
    hostile.discovery = bends(hostile) if callable(bends) else bends
    with pytest.raises(ProviderMisconfigured) as caught:
        begin(hostile.provider, redirect_uri=BACK)
    assert isinstance(caught.value, Unavailable) and caught.value.status == 503
    hostile.discovery = {}
    assert hostile.sign_in().subject == "f00dv1"


@pytest.mark.parametrize("issuer", ["http://example.org", "ftp://example.org", "example.org", "https://"])
def test_an_issuer_that_is_not_protected_is_never_asked(hostile, issuer):
    with pytest.raises(ProviderMisconfigured):
        begin(hostile.agree(issuer=issuer), redirect_uri=BACK)


def test_this_machine_is_asked_only_when_it_was_named(hostile):
    for hosts in ((), ("127.0.0.1:1",), ("localhost",)):
        with pytest.raises(ProviderMisconfigured):
            begin(hostile.agree(private_hosts=hosts), redirect_uri=BACK)
    inside = hostile.agree(issuer="https://127.0.0.1:1/api", private_hosts=())
    with pytest.raises(ProviderUnavailable) as caught:
        begin(inside, redirect_uri=BACK)
    assert caught.value.why.startswith("address-refused") and hostile.asked() == []


def test_endpoints_that_lead_inside(hostile):
    """The issuer may be trusted and badly set: what it names is checked as it is asked."""
    hostile.discovery = {"token_endpoint": "https://10.0.0.1/token"}
    with pytest.raises(ProviderUnavailable) as caught:
        hostile.sign_in()
    assert caught.value.why.startswith("address-refused")


@pytest.mark.parametrize("endpoint", ["openid-configuration", "jwks", "token", "userinfo"])
@pytest.mark.parametrize("how", ["an error", "not there", "a page", "silent", "led elsewhere", "no json"])
def test_the_provider_is_down(hostile, endpoint, how):
    """At each step: a kind page, nobody signed in; and it works again as soon as the provider does."""
    release = threading.Event()
    ways = {
        "an error": flawed(503),
        "not there": flawed(404),
        "a page": lambda handler: send(handler, 200, b"<html>", Content_Type="text/html"),
        "silent": lambda _handler: release.wait(5),
        "led elsewhere": lambda handler: send(handler, 302, Location=f"{hostile.issuer}/elsewhere"),
        "no json": lambda handler: send(handler, 200, b"[]", Content_Type="application/json"),
    }
    hostile.provider.http.timeout = Timeout(connect=0.5, read=0.2, total=0.5)
    hostile.provider.http._sleep = lambda _seconds: None
    hostile.down[endpoint] = ways[how]
    try:
        with capture_logs() as logs, pytest.raises((ProviderUnavailable, TokenRefused)) as caught:
            hostile.sign_in()
    finally:
        release.set()
    unsigned = endpoint == "userinfo" and how in ("a page", "no json")
    assert caught.value.code == ("userinfo-unsigned" if unsigned else "provider-unavailable")
    assert [each["code"] for each in logs if each["event"] == "sign-in-refused"] == [caught.value.code]
    hostile.down.clear()
    hostile.provider.http.timeout = Timeout()
    assert hostile.sign_in().subject == "f00dv1"


def test_a_code_is_never_offered_twice(hostile):
    hostile.down["token"] = flawed(503)
    with pytest.raises(ProviderUnavailable):
        hostile.sign_in()
    assert hostile.asked().count("token") == 1


def test_what_it_said_is_remembered_an_hour(hostile, monkeypatch):
    hostile.sign_in()
    hostile.sign_in()
    assert (hostile.asked().count("openid-configuration"), hostile.asked().count("jwks")) == (1, 1)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=61))
    at = int(clock.now().timestamp())
    hostile.claims["id-token"] = hostile.claims["userinfo"] = {"iat": at, "exp": at + 60}
    hostile.sign_in()
    assert (hostile.asked().count("openid-configuration"), hostile.asked().count("jwks")) == (2, 2)


def test_a_key_renewed_is_found_and_the_old_one_forgotten(hostile):
    hostile.sign_in()
    hostile.keys = [EVIL.as_dict(private=False) | {"kid": "new"}]
    for kind in ("id-token", "userinfo"):
        hostile.header[kind], hostile.key[kind] = {"kid": "new"}, EVIL
    assert hostile.sign_in().subject == "f00dv1"
    for kind in ("id-token", "userinfo"):
        hostile.header[kind], hostile.key[kind] = {}, EC
    with pytest.raises(TokenRefused) as caught:
        hostile.sign_in()
    assert caught.value.code == "id-token-key"


def test_unknown_keys_do_not_make_us_hammer_the_provider(hostile, monkeypatch):
    hostile.sign_in()
    hostile.header["id-token"] = {"kid": "unheard-of"}
    for _turn in range(5):
        with pytest.raises(TokenRefused):
            hostile.sign_in()
    assert hostile.asked().count("jwks") == 2
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=50))
    with pytest.raises(TokenRefused):
        hostile.sign_in()
    assert hostile.asked().count("jwks") == 2
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=61))
    hostile.claims["id-token"] = {"exp": int(now.timestamp()) + 600}
    with pytest.raises(TokenRefused):
        hostile.sign_in()
    assert hostile.asked().count("jwks") == 3


@pytest.mark.parametrize("keys", [None, "x", {"k": 1}])
def test_keys_that_are_no_list(hostile, keys):
    hostile.keys = keys
    with pytest.raises(ProviderUnavailable):
        hostile.sign_in()
