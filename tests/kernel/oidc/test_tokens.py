"""The hostile matrix: each field of both tokens bent in turn; each is refused by its own code, and nobody signs in."""

import hashlib
import json
import time
from base64 import urlsafe_b64decode
from datetime import UTC, datetime

import pytest
from joserfc.jwk import ECKey
from joserfc.jws import serialize_compact
from structlog.testing import capture_logs

from lacydon.kernel import clock
from lacydon.kernel.oidc import LevelTooLow, SignInRefused, TokenRefused
from tests.identity_provider.hostile import CLIENT, EC, EVIL, GONE, RSA, b64, flipped, signed

NOW = int(time.time())
KINDS = ("id-token", "userinfo")


@pytest.fixture(autouse=True)
def still(monkeypatch):
    """Time stands still, for the provider too."""
    monkeypatch.setattr(clock, "now", lambda: datetime.fromtimestamp(NOW, UTC))


def claims(**bends):
    def bend(hostile, kind):
        hostile.claims[kind] = bends

    return bend


def header(key=EC, **bends):
    def bend(hostile, kind):
        hostile.header[kind] = bends
        hostile.key[kind] = key

    return bend


def made(make):
    def bend(hostile, kind):
        hostile.made[kind] = make

    return bend


def symmetric(key, kid):
    """The oldest forgery: HMAC with the public key as the secret, by the name of that key (CVE-2015-9235)."""
    return header(key, alg="HS256", kid=kid)


def forged(token: str) -> str:
    """The honest claims under another signature."""
    told = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    return signed(told, {"alg": "ES256", "kid": "ec", "jwk": EVIL.as_dict(private=False)}, EVIL)


def altered(token: str) -> str:
    head, _body, signature = token.split(".")
    return f"{head}.{b64(json.dumps({'iss': 'x', 'sub': 'somebody else'}))}.{signature}"


BENDS = {
    "another issuer": (claims(iss="https://evil.test"), "issuer"),
    "issuer with a slash": (lambda h, kind: claims(iss=f"{h.issuer}/")(h, kind), "issuer"),
    "no issuer": (claims(iss=GONE), "issuer"),
    "issuers in a list": (lambda h, kind: claims(iss=[h.issuer])(h, kind), "issuer"),
    "another audience": (claims(aud="someone-else"), "audience"),
    "no audience": (claims(aud=GONE), "audience"),
    "audience that begins like us": (claims(aud=CLIENT + "-2"), "audience"),
    "audience an object": (claims(aud={CLIENT: True}), "audience"),
    "another party": (claims(aud=[CLIENT], azp="someone-else"), "audience"),
    "several audiences, no party": (claims(aud=[CLIENT, "someone-else"]), "audience"),
    "several audiences, another party": (claims(aud=[CLIENT, "other"], azp="other"), "audience"),
    "expired": (claims(exp=NOW - 120), "expired"),
    "made in the future": (claims(iat=NOW + 600), "not-yet"),
    "not yet valid": (claims(nbf=NOW + 600), "not-yet"),
    "expires at no number": (claims(exp=float("nan")), "dates"),
    "never expires": (claims(exp=float("inf")), "dates"),
    "expires at a text": (claims(exp="tomorrow"), "dates"),
    "expires at yes": (claims(exp=True), "dates"),
    "no subject": (claims(sub=GONE), "subject"),
    "an empty subject": (claims(sub=""), "subject"),
    "a subject that is a number": (claims(sub=7), "subject"),
    "a subject too long": (claims(sub="a" * 256), "subject"),
    "a subject that is no ASCII": (claims(sub="\ud800"), "subject"),
    "no algorithm": (header(alg="none"), "algorithm"),
    "no algorithm, other case": (header(alg="NonE"), "algorithm"),
    "public EC key as a secret": (symmetric(EC, "ec"), "algorithm"),
    "public RSA key as a secret": (symmetric(RSA, "rsa"), "algorithm"),
    "an algorithm not agreed": (header(RSA, alg="PS256", kid="rsa"), "algorithm"),
    "an algorithm that is no text": (header(alg=["ES256"]), "unreadable"),
    "no alg": (header(alg=GONE), "unreadable"),
    "an access token": (header(typ="at+jwt"), "type"),
    "a token of signing out": (header(typ="application/logout+jwt"), "type"),
    "a type that is no text": (header(typ=["JWT"]), "unreadable"),
    "an unknown key": (header(kid="unheard-of"), "key"),
    "no key named": (header(kid=GONE), "key"),
    "the key of another algorithm": (header(kid="rsa"), "key"),
    "another key of the same name": (header(EVIL), "signature"),
    "a key it carries itself": (made(forged), "signature"),
    "one bit changed": (made(flipped), "signature"),
    "claims changed": (made(altered), "signature"),
    "signature left out": (made(lambda token: token.rpartition(".")[0] + "."), "signature"),
    "a critical header nobody knows": (header(crit=["exp2"], exp2=1), "unreadable"),
    "no token": (made(lambda token: "x.y"), "unreadable"),
    "nothing": (made(lambda token: ""), "unreadable"),
    "letters that are no letters": (made(lambda token: "é" + token), "unreadable"),
    "an encrypted token": (made(lambda token: f"{token}.a.b"), "unreadable"),
    "too long": (made(lambda token: "a" * 140_000 + token), "unreadable"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("typ", [GONE, "jwt", "application/JWT"])
def test_a_token_may_leave_out_its_type_or_say_it_in_full(hostile, kind, typ):
    header(typ=typ)(hostile, kind)
    assert hostile.sign_in().subject


def refused(hostile) -> SignInRefused:
    with capture_logs() as logs, pytest.raises(SignInRefused) as caught:
        hostile.sign_in()
    [line] = [each for each in logs if each["event"] == "sign-in-refused"]
    assert line["code"] == caught.value.code and line["why"] == caught.value.why
    written = json.dumps(logs)
    assert "f00d" not in written and hostile.nonce not in written and "eyJ" not in written
    assert "pas connecté" in str(caught.value.sentence)
    return caught.value


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", BENDS)
def test_a_bent_token_is_refused(hostile, kind, name):
    bend, code = BENDS[name]
    bend(hostile, kind)
    refusal = refused(hostile)
    assert isinstance(refusal, TokenRefused) and refusal.code == f"{kind}-{code}" and refusal.status == 403
    # What is asked with a token comes after it was believed.
    assert ("userinfo" in hostile.asked()) == (kind == "userinfo")


@pytest.mark.parametrize(
    ("bends", "code"),
    [
        ({"nonce": "another-nonce-that-is-long-enough-too"}, "id-token-nonce"),
        ({"nonce": GONE}, "id-token-nonce"),
        ({"nonce": ""}, "id-token-nonce"),
        ({"nonce": ["x"]}, "id-token-nonce"),
        ({"nonce": "\ud800"}, "id-token-nonce"),
        ({"at_hash": b64(hashlib.sha256(b"another").digest()[:16])}, "id-token-at-hash"),
        ({"at_hash": None}, "id-token-at-hash"),
        ({"exp": GONE}, "id-token-dates"),
        ({"iat": GONE}, "id-token-dates"),
        ({"acr": "eidas0"}, "id-token-level"),
        ({"acr": "eidas3"}, "id-token-level"),
        ({"acr": "eidas1 eidas2"}, "id-token-level"),
        ({"acr": ["eidas1"]}, "id-token-level"),
        ({"acr": GONE}, "id-token-level"),
    ],
)
def test_a_bent_id_token_is_refused(hostile, bends, code):
    hostile.claims["id-token"] = bends
    refusal = refused(hostile)
    assert refusal.code == code and isinstance(refusal, LevelTooLow if "level" in code else TokenRefused)
    assert "userinfo" not in hostile.asked()


def test_no_id_token(hostile):
    hostile.token["id_token"] = GONE
    assert refused(hostile).code == "id-token-missing"


def test_the_userinfo_of_another_person(hostile):
    hostile.claims["userinfo"] = {"sub": "beefv1"}
    assert refused(hostile).code == "userinfo-subject"


@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
def test_an_unsigned_userinfo(hostile, kind):
    hostile.userinfo_type = kind
    hostile.made["userinfo"] = lambda token: json.dumps({"sub": "f00dv1", "given_name": "Angélique"})
    assert refused(hostile).code == "userinfo-unsigned"


def test_a_payload_that_is_no_object(hostile):
    hostile.made["id-token"] = lambda token: signed([1], {"alg": "ES256", "kid": "ec"})
    assert refused(hostile).code == "id-token-unreadable"
    hostile.made["id-token"] = lambda token: serialize_compact({"alg": "ES256", "kid": "ec"}, b"{", EC)
    assert refused(hostile).code == "id-token-unreadable"


HONEST = {
    "as it is": {},
    "audience in a list": {"aud": [CLIENT]},
    "several audiences, we are the party": {"aud": [CLIENT, "other"], "azp": CLIENT},
    "a clock one minute late": {"exp": NOW - 20},
    "a clock one minute early": {"iat": NOW + 40, "nbf": NOW + 40},
    "the other level": {"acr": "eidas2"},
    "at_hash": {"at_hash": b64(hashlib.sha256(b"access").digest()[:16])},
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_token_is_believed(hostile, name):
    hostile.claims["id-token"] = HONEST[name]
    signed_in = hostile.sign_in()
    assert (signed_in.issuer, signed_in.subject) == (hostile.issuer, "f00dv1")
    assert signed_in.acr in ("eidas1", "eidas2") and signed_in.amr == ("pwd", "mfa")
    assert signed_in.claims["given_name"] == "Angélique" and signed_in.id_token.count(".") == 2


@pytest.mark.parametrize("kind", KINDS)
def test_the_other_agreed_algorithm(hostile, kind):
    hostile.header[kind], hostile.key[kind] = {"alg": "RS256", "kid": "rsa"}, RSA
    assert hostile.sign_in().subject == "f00dv1"


UNUSABLE = {
    "for encryption": EC.as_dict(private=False) | {"use": "enc"},
    "for another algorithm": EC.as_dict(private=False) | {"alg": "ES384"},
    "off the curve": EC.as_dict(private=False) | {"x": EC.as_dict(private=False)["y"]},
    "a shared secret": {"kty": "oct", "kid": "ec", "k": b64("x" * 32)},
    "of no kind": {"kid": "ec"},
    "a text": "ec",
    "without a name": {**EC.as_dict(private=False), "kid": None},
    "too weak": {"kty": "RSA", "kid": "ec", "e": "AQAB", "n": b64(b"\xff" * 128)},
    "on another curve": ECKey.generate_key("P-384", {"kid": "ec"}).as_dict(private=False),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_key_that_may_not_sign_is_as_if_it_were_not_there(hostile, name):
    hostile.keys = [UNUSABLE[name], RSA.as_dict(private=False)]
    assert refused(hostile).code == "id-token-key"
    hostile.keys = [UNUSABLE[name], EC.as_dict(private=False)]
    assert hostile.sign_in().subject == "f00dv1"
