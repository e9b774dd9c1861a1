"""The way there and back: what is asked, what is kept, what the visitor may come back with, how the code is given."""

import base64
import hashlib
import json
from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from lacydon.kernel import clock
from lacydon.kernel.oidc import (
    PATIENCE,
    CallbackRefused,
    Pending,
    ProviderMisconfigured,
    ProviderUnavailable,
    SignInCancelled,
    SignInExpired,
    SignInRefused,
    TokenRefused,
    begin,
    finish,
    logout_url,
)
from tests.identity_provider.hostile import BACK, CLIENT, GONE, flawed


def asked_of(url: str) -> dict[str, str]:
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    assert len(pairs) == len(dict(pairs))
    return dict(pairs)


def later(monkeypatch, moment: timedelta) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + moment)


def test_what_is_asked_and_nothing_more(hostile):
    url, pending = begin(hostile.provider, redirect_uri=BACK)
    assert url.startswith(f"{hostile.issuer}/authorize?")
    digest = hashlib.sha256(pending.verifier.encode()).digest()
    assert asked_of(url) == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": BACK,
        "scope": "openid",
        "state": pending.state,
        "nonce": pending.nonce,
        "acr_values": "eidas1 eidas2",
        "code_challenge_method": "S256",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
    }
    assert 43 <= len(pending.verifier) <= 128


def test_each_time_other_secrets_long_enough(hostile):
    every = [begin(hostile.provider, redirect_uri=BACK)[1] for _ in range(20)]
    for name in ("state", "nonce", "verifier"):
        values = {getattr(each, name) for each in every}
        assert len(values) == 20 and all(len(each) >= 43 for each in values)
    assert not {each.state for each in every} & {each.nonce for each in every}


def test_a_provider_that_wants_claims_a_prompt_and_no_pkce(hostile):
    hostile.discovery = {
        "code_challenge_methods_supported": ["plain"],
        "authorization_endpoint": f"{hostile.issuer}/a?x=1",
    }
    provider = hostile.agree(acr_values=False, claims={"id_token": {"amr": {"essential": True}}}, prompt="login")
    url, pending = begin(provider, redirect_uri=BACK)
    asked = asked_of(url)
    assert set(asked) == {
        "x", "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "claims", "prompt",
    }  # fmt: skip
    assert json.loads(asked["claims"]) == {"id_token": {"amr": {"essential": True}}} and asked["prompt"] == "login"
    assert pending.verifier == ""
    hostile.nonce = pending.nonce
    finish(provider, pending, parameters={"code": "c", "state": pending.state}, redirect_uri=BACK)
    assert "code_verifier" not in hostile.forms[0]


@pytest.mark.parametrize("prompt", ["", "consent", "login"])
def test_who_must_sign_in_anew_is_asked_to(hostile, prompt):
    url, pending = begin(hostile.agree(prompt=prompt), redirect_uri=BACK, fresh=True)
    assert asked_of(url)["prompt"].split() == list(dict.fromkeys([*prompt.split(), "login"]))
    assert Pending.from_json(json.loads(json.dumps(pending.as_json()))).fresh


@pytest.mark.parametrize(
    ("ago", "believed"), [(None, True), (0, True), (30, True), (600, False), ("soon", False), (False, False)]
)
def test_a_sign_in_from_before_is_not_a_fresh_one(hostile, ago, believed):
    """The provider let the visitor through without asking, by a session it had."""
    url, pending = begin(hostile.provider, redirect_uri=BACK, fresh=True)
    hostile.nonce = asked_of(url)["nonce"]
    at = pending.began - ago if type(ago) is int else ago
    hostile.claims["id-token"] = {} if at is None else {"auth_time": at}
    if believed:
        assert hostile.sign_in(pending).subject
    else:
        with pytest.raises(TokenRefused) as refused:
            hostile.sign_in(pending)
        assert refused.value.code == "id-token-auth-time"


def test_otherwise_nobody_is_asked_when_they_signed_in(hostile):
    hostile.claims["id-token"] = {"auth_time": 1}
    assert hostile.sign_in().subject


def test_the_code_is_exchanged_with_the_secret_in_the_body(hostile):
    pending = hostile.begin()
    hostile.sign_in(pending)
    assert hostile.forms == [
        {
            "grant_type": "authorization_code",
            "code": "c0de",
            "redirect_uri": BACK,
            "client_id": CLIENT,
            "client_secret": "s3cret",
            "code_verifier": pending.verifier,
        }
    ]
    headers = {path.rpartition("/")[2]: headers for _method, path, headers in hostile.server.asked}
    assert "Authorization" not in headers["token"] and headers["userinfo"]["Authorization"] == "Bearer access"
    assert "s3cret" not in repr(hostile.provider)


@pytest.mark.parametrize(
    ("alg", "key"), [("ES256", ECKey.generate_key("P-256")), ("RS256", RSAKey.generate_key(2048))], ids=["EC", "RSA"]
)
def test_the_code_is_exchanged_with_a_signed_assertion(hostile, alg, key):
    provider = hostile.agree(client_secret="", private_key=key.as_pem(private=True).decode())
    url, pending = begin(provider, redirect_uri=BACK)
    hostile.nonce = asked_of(url)["nonce"]
    finish(provider, pending, parameters={"code": "c", "state": pending.state}, redirect_uri=BACK)
    form = hostile.forms[0]
    assert "client_secret" not in form and "PRIVATE" not in repr(provider)
    assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    told = jwt.decode(form["client_assertion"], key, algorithms=[alg])
    claims = told.claims
    assert (claims["iss"], claims["sub"], claims["aud"]) == (CLIENT, CLIENT, f"{hostile.issuer}/token")
    assert claims["exp"] - claims["iat"] == 60 and len(claims["jti"]) >= 32


def test_a_private_key_that_is_none(hostile):
    provider = hostile.agree(client_secret="", private_key="-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----")
    _url, pending = begin(provider, redirect_uri=BACK)
    with pytest.raises(ProviderMisconfigured):
        finish(provider, pending, parameters={"code": "c", "state": pending.state}, redirect_uri=BACK)
    assert hostile.forms == []


def test_what_is_pending_lives_in_a_session(hostile):
    pending = hostile.begin()
    kept = json.loads(json.dumps(pending.as_json()))
    assert Pending.from_json(kept) == pending
    assert hostile.sign_in(Pending.from_json(kept)).subject == "f00dv1"


def test_a_callback_replayed_finds_nothing_pending(hostile):
    session = {"pending": hostile.begin().as_json()}
    hostile.sign_in(Pending.from_json(session.pop("pending", None)))
    with pytest.raises(SignInExpired) as caught:
        hostile.sign_in(Pending.from_json(session.pop("pending", None)))
    assert caught.value.code == "sign-in-expired" and len(hostile.forms) == 1


@pytest.mark.parametrize("told", [{}, [], "x", 3, {"state": "x"}])
def test_what_is_pending_and_damaged(told):
    with pytest.raises(SignInExpired):
        Pending.from_json(told)


@pytest.mark.parametrize(("name", "value"), [("began", "now"), ("state", None), ("verifier", 3)])
def test_what_is_pending_and_altered(hostile, name, value):
    with pytest.raises(SignInExpired):
        Pending.from_json(hostile.begin().as_json() | {name: value})


@pytest.mark.parametrize(
    ("moment", "good"),
    [
        (PATIENCE - timedelta(seconds=2), True),
        (PATIENCE + timedelta(seconds=2), False),
        (timedelta(seconds=-30), True),
        (timedelta(minutes=-5), False),
    ],
)
def test_the_visitor_has_half_an_hour(hostile, monkeypatch, moment, good):
    pending = hostile.begin()
    later(monkeypatch, moment)
    at = int(clock.now().timestamp())
    hostile.claims["id-token"] = hostile.claims["userinfo"] = {"iat": at, "exp": at + 60}
    if good:
        assert hostile.sign_in(pending).subject == "f00dv1"
        return
    with pytest.raises(SignInExpired):
        hostile.sign_in(pending)
    assert hostile.forms == []


CALLBACKS = {
    "another state": ({"state": "another"}, "sign-in-state"),
    "no state": ({"state": None}, "sign-in-state"),
    "a state that is no text": ({"state": "\ud800é"}, "sign-in-state"),
    "the issuer of another (RFC 9207)": ({"iss": "https://evil.test"}, "sign-in-mixed-up"),
    "an empty issuer": ({"iss": ""}, "sign-in-mixed-up"),
    "no code": ({"code": None}, "sign-in-callback"),
    "an empty code": ({"code": ""}, "sign-in-callback"),
    "an error under another state": ({"error": "access_denied", "state": "x"}, "sign-in-state"),
}


@pytest.mark.parametrize("name", CALLBACKS)
def test_an_answer_that_is_not_to_what_was_begun(hostile, name):
    parameters, code = CALLBACKS[name]
    with pytest.raises(CallbackRefused) as caught:
        hostile.sign_in(**parameters)
    assert caught.value.code == code and hostile.forms == []
    assert "vous n’êtes pas connecté" in str(caught.value.sentence)


def test_a_provider_that_promises_to_name_itself_must(hostile):
    assert hostile.sign_in(iss=None).subject == "f00dv1"
    hostile.discovery = {"authorization_response_iss_parameter_supported": True}
    hostile.provider = hostile.agree()
    with pytest.raises(CallbackRefused) as caught:
        hostile.sign_in(iss=None)
    assert caught.value.code == "sign-in-mixed-up"
    assert hostile.sign_in().subject == "f00dv1"


def test_what_was_begun_elsewhere_is_not_finished_here(hostile):
    pending = hostile.begin()
    told = {"code": "c", "state": pending.state}
    elsewhere = hostile.agree(issuer=f"{hostile.server.url}/other")
    for provider, address in ((elsewhere, BACK), (hostile.provider, "https://lacydon.test/autre")):
        with pytest.raises(CallbackRefused) as caught:
            finish(provider, pending, parameters=told, redirect_uri=address)
        assert caught.value.code == "sign-in-mixed-up"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("access_denied", "sign-in-cancelled"),
        ("login_required", "sign-in-error"),
        ("Y500015", "sign-in-error"),
        ("<script>alert(1)</script>", "sign-in-error"),
    ],
)
def test_the_provider_says_no(hostile, error, code):
    with pytest.raises(SignInCancelled) as caught:
        hostile.sign_in(error=error, error_description="User auth aborted")
    assert caught.value.code == code and "recommencer" in str(caught.value.sentence)
    assert "<" not in caught.value.why and hostile.forms == []


@pytest.mark.parametrize("error", ["server_error", "temporarily_unavailable"])
def test_the_provider_says_it_is_down(hostile, error):
    with pytest.raises(ProviderUnavailable):
        hostile.sign_in(error=error)


TOKENS = {
    "a code refused": (400, {"error": "invalid_grant"}, SignInRefused, "sign-in-code"),
    "a code refused, in another way": (401, {"error": "invalid_grant"}, SignInRefused, "sign-in-code"),
    "we are not known": (401, {"error": "invalid_client"}, ProviderMisconfigured, "provider-misconfigured"),
    "we may not": (400, {"error": "unauthorized_client"}, ProviderMisconfigured, "provider-misconfigured"),
    "another error": (400, {"error": "invalid_request"}, ProviderUnavailable, "provider-unavailable"),
    "led elsewhere": (302, {}, ProviderUnavailable, "provider-unavailable"),
    "no access token": (200, {"access_token": GONE}, ProviderUnavailable, "provider-unavailable"),
    "an access token that breaks a header": (
        200,
        {"access_token": "a\r\nb"},
        ProviderUnavailable,
        "provider-unavailable",
    ),
    "a token of another kind": (200, {"token_type": "DPoP"}, ProviderUnavailable, "provider-unavailable"),
    "an id token that is no text": (200, {"id_token": ["x"]}, TokenRefused, "id-token-missing"),
}


@pytest.mark.parametrize("name", TOKENS)
def test_the_token_endpoint_answers_otherwise(hostile, name):
    hostile.token_status, hostile.token, kind, code = TOKENS[name]
    with pytest.raises((SignInRefused, ProviderUnavailable)) as caught:
        hostile.sign_in()
    assert type(caught.value) is kind and caught.value.code == code
    assert hostile.asked().count("token") == 1 and "userinfo" not in hostile.asked()


@pytest.mark.parametrize("status", [400, 401, 403])
def test_the_userinfo_endpoint_refuses(hostile, status):
    hostile.down["userinfo"] = flawed(status)
    with pytest.raises(SignInRefused) as caught:
        hostile.sign_in()
    assert caught.value.code == "userinfo-refused"


def test_signing_out(hostile):
    url = logout_url(
        hostile.provider, id_token="a.b.c", redirect_uri="https://lacydon.test/deconnexion/retour", state="s"
    )
    assert url.startswith(f"{hostile.issuer}/session/end?")
    assert parse_qs(urlsplit(url).query) == {
        "id_token_hint": ["a.b.c"],
        "post_logout_redirect_uri": ["https://lacydon.test/deconnexion/retour"],
        "state": ["s"],
    }
    hostile.discovery = {"end_session_endpoint": GONE}
    assert logout_url(hostile.agree(), id_token="a", redirect_uri=BACK, state="s") == f"{BACK}?state=s"
