"""ProConnect: against the real provider of the tests, shaped as it is; and what its claims become."""

import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc.jwk import ECKey

from lacydon.capabilities.trust.public import identity_providers
from lacydon.connectors import FOLDER
from lacydon.connectors.proconnect import connector
from lacydon.kernel.oidc import LevelTooLow, ProviderMisconfigured, agreement
from tests.identity_provider.panva import Visitor

SITE = "https://lacydon.test"
BACK = f"{SITE}/connexion/proconnect/retour"
OFF = {
    "URL": "",
    "CLIENT_ID": "",
    "CLIENT_SECRET": "",
    "KEY_FILE": "",
    "SCOPES": "openid given_name usual_name email siret",
    "ACR": "eidas1 eidas1-mfa eidas2 eidas3",
}


@pytest.fixture(autouse=True)
def fresh():
    agreement.made.cache_clear()
    yield
    agreement.made.cache_clear()


@pytest.fixture
def registered(identity_provider, settings):
    made = identity_provider.register("proconnect", site=SITE)
    settings.PROCONNECT = OFF | made.settings()
    settings.IDENTITY_HOSTS = (made.host,)
    settings.PUBLIC_URL = SITE
    return made


@pytest.fixture
def provider(registered):
    found = identity_providers.get("proconnect")
    assert found is not None and found in identity_providers.on(kind="agent")
    return found


def signed_in(provider, **form):
    beginning = provider.begin(redirect_uri=BACK)
    with Visitor() as visitor:
        parameters = visitor.sign_in(beginning.url, account="camille", back=BACK, **form)
    return provider.finish(pending=json.loads(json.dumps(beginning.pending)), parameters=parameters, redirect_uri=BACK)


def test_nothing_is_asked_that_it_does_not_know(provider):
    asked = dict(parse_qsl(urlsplit(provider.begin(redirect_uri=BACK).url).query))
    assert set(asked) == {"client_id", "scope", "response_type", "redirect_uri", "state", "nonce", "claims"}
    assert len(asked["state"]) >= 32 and len(asked["nonce"]) >= 32
    assert json.loads(asked["claims"]) == {
        "id_token": {
            "amr": {"essential": True},
            "acr": {"essential": True, "values": ["eidas1", "eidas1-mfa", "eidas2", "eidas3"]},
        }
    }


def test_an_agent_signs_in(provider, registered):
    proven = signed_in(provider)
    assert (proven.issuer, proven.assurance, proven.strong) == (registered.issuer, 1, False)
    assert proven.claims == {
        "given_name": "Camille",
        "family_name": "Martin",
        "email": "camille@mairie.exemple.test",
        "siret": "21000001700012",
        "siren": "210000017",
    }


@pytest.mark.parametrize(
    ("form", "assurance", "strong"),
    [
        ({"acr": "eidas1-mfa"}, 1, True),
        ({"acr": "eidas1", "amr": "pwd totp mfa"}, 1, True),
        ({"acr": "eidas2"}, 2, True),
        ({"acr": "eidas3", "amr": "pop"}, 3, True),
    ],
)
def test_how_sure_and_how_strong(provider, form, assurance, strong):
    proven = signed_in(provider, **form)
    assert (proven.assurance, proven.strong) == (assurance, strong)


def test_a_level_that_is_not_accepted(provider, settings):
    """The provider is asked for what is accepted, and here does as it likes."""
    settings.PROCONNECT = settings.PROCONNECT | {"ACR": "eidas2"}
    beginning = provider.begin(redirect_uri=BACK)
    settings.PROCONNECT = settings.PROCONNECT | {"ACR": "eidas3"}
    with Visitor() as visitor:
        parameters = visitor.sign_in(beginning.url, account="camille", back=BACK, acr="eidas2")
    with pytest.raises(LevelTooLow):
        provider.finish(pending=beginning.pending, parameters=parameters, redirect_uri=BACK)
    settings.PROCONNECT = settings.PROCONNECT | {"ACR": "eidas2"}


def test_an_agent_signs_in_where_we_prove_ourselves_by_a_key(identity_provider, registered, settings, tmp_path):
    key = ECKey.generate_key("P-256")
    public = key.as_dict(private=False) | {"use": "sig"}
    made = identity_provider.register(
        "proconnect",
        site=SITE,
        token_endpoint_auth_method="private_key_jwt",
        token_endpoint_auth_signing_alg="ES256",
        jwks={"keys": [public]},
    )
    (tmp_path / "key.pem").write_bytes(key.as_pem(private=True))
    settings.PROCONNECT = OFF | made.settings() | {"CLIENT_SECRET": "", "KEY_FILE": str(tmp_path / "key.pem")}
    assert connector.check().ok is True
    assert signed_in(identity_providers.get("proconnect")).claims["siret"] == "21000001700012"
    (tmp_path / "key.pem").write_bytes(ECKey.generate_key("P-256").as_pem(private=True))
    agreement.made.cache_clear()
    assert connector.check().ok is False


def test_signing_out_of_the_provider_too(provider, registered):
    beginning = provider.begin(redirect_uri=BACK)
    with Visitor() as visitor:
        parameters = visitor.sign_in(beginning.url, account="camille", back=BACK)
        proven = provider.finish(pending=beginning.pending, parameters=parameters, redirect_uri=BACK)
        url = provider.logout(id_token=proven.id_token, redirect_uri=registered.logout_uri, state="s" * 32)
        assert visitor.sign_out(url, back=registered.logout_uri) == {"state": "s" * 32}


def test_what_is_said_when_it_works_and_when_we_are_not_known(registered, settings):
    assert connector.check().ok is True
    settings.PROCONNECT = OFF | registered.settings() | {"CLIENT_SECRET": "wrong"}
    assert connector.check().ok is False
    settings.PROCONNECT = OFF | registered.settings() | {"SCOPES": "siret"}
    assert connector.check().ok is False
    with pytest.raises(ProviderMisconfigured):
        identity_providers.get("proconnect").begin(redirect_uri=BACK)
    settings.PROCONNECT = OFF
    assert connector.check().ok is None and identity_providers.get("proconnect") is None


@pytest.mark.parametrize(
    ("acr", "level"),
    [
        ("eidas0", 0),
        ("eidas1-mfa", 1),
        ("eidas2", 2),
        ("eidas3", 3),
        ("eidas9", 0),
        ("https://proconnect.gouv.fr/assurance/self-asserted-2fa", 0),
        ("https://proconnect.gouv.fr/assurance/consistency-checked", 1),
    ],
)
def test_levels_by_name(acr, level):
    assert connector.assurance(acr) == level


def test_the_sample_is_read():
    told = json.loads((FOLDER / "proconnect" / "samples" / "userinfo.json").read_bytes())
    assert connector.parse(told) == {
        "given_name": "Camille",
        "family_name": "Martin",
        "email": "camille.martin@mairie.exemple.test",
        "organizational_unit": "État civil",
        "siret": "21000001700012",
        "siren": "210000017",
    }


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ({"siret": "210 000 017 00012"}, {"siret": "21000001700012", "siren": "210000017"}),
        ({"siret": "21000001700012000"}, {}),
        ({"siret": 21000001700012}, {}),
        ({"siret": "２1000001700012"}, {}),
        ({"siren": "210000017"}, {"siren": "210000017"}),
        ({"siret": "21000001700012", "siren": "999999999"}, {"siret": "21000001700012", "siren": "210000017"}),
        ({"given_name": ["Camille"], "email": "a\nb"}, {}),
    ],
)
def test_what_is_not_as_documented_is_left_out(told, read):
    assert connector.parse(told) == read
