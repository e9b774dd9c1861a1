"""FranceConnect: against the real provider of the tests, shaped as it is; and what its claims become."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest

from lacydon.capabilities.trust.public import identity_providers
from lacydon.connectors import FOLDER
from lacydon.connectors.franceconnect import connector
from lacydon.kernel.errors import Refused
from lacydon.kernel.oidc import ProviderMisconfigured, SignInCancelled, SignInExpired, SignInRefused, agreement
from tests.identity_provider.hostile import flawed, hostile_provider
from tests.identity_provider.panva import Visitor

SITE = "https://lacydon.test"
BACK = f"{SITE}/connexion/franceconnect/retour"
OFF = {"URL": "", "CLIENT_ID": "", "CLIENT_SECRET": "", "KEY_FILE": "", "SCOPES": "openid", "ACR": "eidas1"}


def sample(name: str) -> dict[str, str]:
    return json.loads((FOLDER / "franceconnect" / "samples" / f"{name}.json").read_bytes())


@pytest.fixture(autouse=True)
def fresh():
    agreement.made.cache_clear()
    yield
    agreement.made.cache_clear()


@pytest.fixture
def registered(identity_provider, settings):
    made = identity_provider.register("franceconnect", site=SITE)
    settings.FRANCECONNECT = OFF | made.settings()
    settings.IDENTITY_HOSTS = (made.host,)
    settings.PUBLIC_URL = SITE
    return made


@pytest.fixture
def provider(registered):
    found = identity_providers.get("franceconnect")
    assert found is not None and found in identity_providers.on(kind="resident")
    return found


def test_a_resident_signs_in_by_a_pseudonym_and_nothing_else(provider, registered):
    beginning = provider.begin(redirect_uri=BACK)
    assert dict(parse_qsl(urlsplit(beginning.url).query))["acr_values"] == "eidas1"
    kept = json.loads(json.dumps(beginning.pending))
    with Visitor() as visitor:
        parameters = visitor.sign_in(beginning.url, account="angelique", back=BACK)
    proven = provider.finish(pending=kept, parameters=parameters, redirect_uri=BACK)
    assert (proven.issuer, proven.assurance, proven.strong) == (registered.issuer, 1, False)
    assert proven.subject.endswith("v1") and len(proven.subject) == 66 and proven.claims == {}


def test_a_resident_signs_in_with_what_was_asked(provider, settings):
    settings.FRANCECONNECT = settings.FRANCECONNECT | {"SCOPES": "openid identite_pivot email"}
    beginning = provider.begin(redirect_uri=BACK)
    with Visitor() as visitor:
        parameters = visitor.sign_in(beginning.url, account="amadou", back=BACK)
    proven = provider.finish(pending=beginning.pending, parameters=parameters, redirect_uri=BACK)
    assert proven.claims == {
        "given_names": ["Amadou"],
        "family_name": "Traoré",
        "gender": "male",
        "birthdate": "1962-00-00",
        "born_from": "1962-01-01",
        "born_until": "1962-12-31",
        "birthcountry": "99335",
        "email": "amadou@exemple.test",
    }


def test_the_same_person_is_another_at_another_service(provider, identity_provider, settings):
    subjects = set()
    for site in (SITE, SITE, "https://ailleurs.test"):
        made = identity_provider.register("franceconnect", site=site)
        settings.FRANCECONNECT = settings.FRANCECONNECT | made.settings()
        beginning = provider.begin(redirect_uri=made.redirect_uri)
        with Visitor() as visitor:
            parameters = visitor.sign_in(beginning.url, account="angelique", back=made.redirect_uri)
        found = provider.finish(pending=beginning.pending, parameters=parameters, redirect_uri=made.redirect_uri)
        subjects.add(found.subject)
    assert len(subjects) == 2


def test_a_code_replayed_is_refused_by_the_provider_itself(provider):
    beginning = provider.begin(redirect_uri=BACK)
    with Visitor() as visitor:
        parameters = visitor.sign_in(beginning.url, account="angelique", back=BACK)
    provider.finish(pending=beginning.pending, parameters=parameters, redirect_uri=BACK)
    with pytest.raises(SignInRefused) as caught:
        provider.finish(pending=beginning.pending, parameters=parameters, redirect_uri=BACK)
    assert caught.value.code == "sign-in-code"
    with pytest.raises(SignInExpired):
        provider.finish(pending=None, parameters=parameters, redirect_uri=BACK)


def test_the_code_of_one_visitor_does_not_sign_another_in(provider):
    """Stolen and put under another visitor's state: PKCE, then the nonce, refuse it."""
    theirs, ours = provider.begin(redirect_uri=BACK), provider.begin(redirect_uri=BACK)
    with Visitor() as visitor:
        parameters = visitor.sign_in(theirs.url, account="angelique", back=BACK)
    with pytest.raises(SignInRefused) as caught:
        provider.finish(pending=ours.pending, parameters=parameters, redirect_uri=BACK)
    assert caught.value.code == "sign-in-state"
    stolen = parameters | {"state": ours.pending["state"]}
    with pytest.raises(SignInRefused) as caught:
        provider.finish(pending=ours.pending, parameters=stolen, redirect_uri=BACK)
    assert caught.value.code == "sign-in-code"


def test_a_visitor_who_gives_up(provider):
    beginning = provider.begin(redirect_uri=BACK)
    with Visitor() as visitor:
        parameters = visitor.sign_in(beginning.url, account="angelique", back=BACK, error="access_denied")
    with pytest.raises(SignInCancelled):
        provider.finish(pending=beginning.pending, parameters=parameters, redirect_uri=BACK)


def test_signing_out_of_the_provider_too(provider, registered):
    beginning = provider.begin(redirect_uri=BACK)
    with Visitor() as visitor:
        parameters = visitor.sign_in(beginning.url, account="angelique", back=BACK)
        proven = provider.finish(pending=beginning.pending, parameters=parameters, redirect_uri=BACK)
        url = provider.logout(id_token=proven.id_token, redirect_uri=registered.logout_uri, state="s" * 32)
        assert visitor.sign_out(url, back=registered.logout_uri) == {"state": "s" * 32}


def test_what_is_said_when_it_works_and_when_we_are_not_known(registered, settings):
    assert (connector.check().ok, BACK in connector.check().sentence) == (True, True)
    for change in ({"CLIENT_SECRET": "wrong"}, {"CLIENT_ID": "unknown"}, {"URL": registered.issuer + "/"}, {"ACR": ""}):
        settings.FRANCECONNECT = OFF | registered.settings() | change
        told = connector.check()
        assert told.ok is False and "mal réglée" in told.sentence, change


def test_a_key_file_that_is_not_there(registered, settings, tmp_path):
    settings.FRANCECONNECT = settings.FRANCECONNECT | {"KEY_FILE": str(tmp_path / "none.pem")}
    assert connector.check().ok is False
    with pytest.raises(ProviderMisconfigured):
        identity_providers.get("franceconnect").begin(redirect_uri=BACK)
    settings.FRANCECONNECT = OFF


def test_without_it_it_is_not_offered(settings):
    settings.FRANCECONNECT = OFF
    assert identity_providers.get("franceconnect") is None and connector.check().ok is None


def test_whatever_fails_is_a_refusal(settings):
    """A provider that is down, or that lies: a page for the visitor, never an error of ours."""
    with hostile_provider() as hostile:
        settings.FRANCECONNECT = OFF | {"URL": hostile.issuer, "CLIENT_ID": "lacydon", "CLIENT_SECRET": "s3cret"}
        settings.IDENTITY_HOSTS = (hostile.server.host,)
        found = identity_providers.get("franceconnect")
        beginning = found.begin(redirect_uri=BACK)
        hostile.nonce = beginning.pending["nonce"]
        hostile.claims["id-token"] = {"aud": "someone-else"}
        parameters = {"code": "c", "state": beginning.pending["state"]}
        with pytest.raises(Refused) as caught:
            found.finish(pending=beginning.pending, parameters=parameters, redirect_uri=BACK)
        assert caught.value.code == "id-token-audience"
        assert connector.check().ok is True
        hostile.down["token"] = flawed(503)
        told = connector.check()
        assert told.ok is False and "ne répond pas" in told.sentence


def test_the_sample_is_read():
    assert connector.parse(sample("userinfo")) == {
        "given_names": ["Angélique", "Marie"],
        "family_name": "Durand",
        "preferred_username": "Dubois",
        "gender": "female",
        "email": "angelique@exemple.test",
        "birthdate": "1962-08-24",
        "born_from": "1962-08-24",
        "born_until": "1962-08-24",
        "birthplace": "75107",
        "birthcountry": "99100",
    }


def test_born_abroad_at_a_date_that_is_not_whole():
    read = connector.parse(sample("born-abroad"))
    assert read["given_names"] == ["Amadou"] and read["birthdate"] == "1962-00-00" and "birthplace" not in read
    assert (read["born_from"], read["born_until"], read["birthcountry"]) == ("1962-01-01", "1962-12-31", "99335")


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("family_name", ["Durand"]),
        ("family_name", "Du\x00rand"),
        ("birthdate", "hier"),
        ("birthdate", 1962),
        ("birthplace", "Paris"),
        ("birthcountry", 99100),
        ("given_name_array", [None, 3]),
        ("given_name", 7),
    ],
)
def test_what_is_not_as_documented_is_left_out(claim, value):
    assert connector.parse({"sub": "x", claim: value}) in ({}, {"given_names": ["7"]})


def test_an_unknown_year_and_a_birth_in_corsica():
    assert connector.parse({"birthdate": "0000-00-00", "birthplace": "2A004"}) == {
        "birthdate": "0000-00-00",
        "birthplace": "2A004",
    }
