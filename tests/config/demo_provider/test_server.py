"""The stand-in of demonstrations: real protocol, invented people, a label nobody can miss, this machine only."""

import json
import os
import re
import socket
import stat
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

from lacydon.capabilities.trust.public import identity_providers
from lacydon.config import demo_provider
from lacydon.config.commands import serve
from lacydon.config.commands.connectors import list_connectors
from lacydon.config.demo_provider import people
from lacydon.connectors.franceconnect import connector as franceconnect
from lacydon.connectors.proconnect import connector as proconnect
from lacydon.kernel.oidc import SignInCancelled, SignInRefused, agreement
from tests.browser import Browser
from tests.capabilities.conftest import small_territory  # noqa: F401
from tests.product import free_port, running

SITE = "http://127.0.0.1:8000"
LABEL = "Démonstration\u00a0: faux fournisseur d’identité"


@pytest.fixture
def demo(tmp_path, settings, monkeypatch) -> Iterator[demo_provider.Running]:
    """The stand-in, and the platform set as `lacydon serve` sets it."""
    started = demo_provider.start(home=tmp_path, port=free_port())
    told = started.settings
    agreement.made.cache_clear()
    for shape in ("FRANCECONNECT", "PROCONNECT"):
        names = ("URL", "CLIENT_ID", "CLIENT_SECRET", "SCOPES")
        agreed = {name: told[f"{shape}_{name}"] for name in names}
        setattr(settings, shape, getattr(settings, shape) | agreed)
    settings.IDENTITY_HOSTS = (told["IDENTITY_HOSTS"],)
    settings.PUBLIC_URL = SITE
    yield started
    started.stop()
    agreement.made.cache_clear()


@pytest.fixture
def bodies(monkeypatch):
    """Agents as of a territory, without its database: the stand-in answers from other threads than the test's."""
    made = tuple(people._agent(id, "Camille", "Martin", where="Port", siren="210000017", unit="x", strong=id == "strong")
                 for id in ("strong", "weak"))  # fmt: skip
    monkeypatch.setattr("lacydon.config.demo_provider.server.SHAPES", tuple(
        type(shape)(**(vars(shape) | {"people": lambda: made})) if shape.id == "proconnect" else shape
        for shape in demo_provider.server.SHAPES
    ))  # fmt: skip


def callback(shape: str) -> str:
    return f"{SITE}/connexion/{shape}/retour"


def chosen(url: str, **form: str) -> dict[str, str]:
    page = httpx.get(url, verify=False)
    assert page.status_code == 200 and LABEL in page.text
    answer = httpx.post(url, data=form, verify=False)
    assert answer.status_code == 303, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def sign_in(shape: str, **form: str):
    provider = identity_providers.get(shape)
    beginning = provider.begin(redirect_uri=callback(shape))
    parameters = chosen(beginning.url, **form)
    return provider.finish(pending=beginning.pending, parameters=parameters, redirect_uri=callback(shape))


def test_a_resident_of_the_demonstration_signs_in(demo):
    proven = sign_in("franceconnect", person="amadou")
    assert (proven.assurance, proven.strong) == (1, False)
    assert proven.claims["birthdate"] == "1962-00-00" and proven.claims["family_name"] == "Traoré"
    assert sign_in("franceconnect", person="amadou").subject == proven.subject
    assert sign_in("franceconnect", person="angelique").subject != proven.subject
    assert franceconnect.check().ok is True


def test_agents_of_the_demonstration_sign_in(bodies, demo):
    strong, weak = sign_in("proconnect", person="strong"), sign_in("proconnect", person="weak")
    assert (strong.strong, weak.strong) == (True, False)
    assert strong.claims["siret"] == "21000001700019" and strong.claims["family_name"] == "Martin"
    assert proconnect.check().ok is True


@pytest.mark.django_db
def test_agents_belong_to_the_territory_that_is_loaded(small_territory):  # noqa: F811
    found = people.agents()
    assert len({person.id for person in found}) == len(found) >= 5
    sirens = {person.claims["siren"] for person in found}
    assert len(sirens) >= 3 and all(person.claims["siret"].startswith(person.claims["siren"]) for person in found)
    assert {person.acr for person in found} == {"eidas1", "eidas1-mfa"}
    assert any(person.id.startswith("dpo-") for person in found)


@pytest.mark.django_db
def test_somebody_decides_somebody_leads_and_two_communes_exchange_kits(small_territory):  # noqa: F811
    who = {role: {each.claims["siren"] for each in people.agents() if role in each.roles}
           for role in ("agenda.decider", "agenda.steward", "agenda.writer", "agenda.replicator")}  # fmt: skip
    assert (
        who["agenda.decider"] == who["agenda.steward"]
        and who["agenda.steward"]
        and who["agenda.steward"] <= who["agenda.writer"]
    )
    assert len(who["agenda.replicator"]) == 2


@pytest.mark.django_db
def test_without_a_territory_there_is_no_agent():
    assert people.agents() == ()


def test_somebody_who_gives_up(demo):
    with pytest.raises(SignInCancelled):
        sign_in("franceconnect", cancel="1")


def test_codes_and_tokens_serve_once_and_for_what_they_are(demo):
    provider = identity_providers.get("franceconnect")
    beginning = provider.begin(redirect_uri=callback("franceconnect"))
    parameters = chosen(beginning.url, person="leila")
    issuer = demo.settings["FRANCECONNECT_URL"]
    as_token = httpx.get(f"{issuer}/userinfo", headers={"Authorization": f"Bearer {parameters['code']}"}, verify=False)
    assert as_token.status_code == 401
    with pytest.raises(SignInRefused):
        provider.finish(pending=beginning.pending, parameters=parameters, redirect_uri=callback("franceconnect"))


def test_pkce_is_verified(demo):
    provider = identity_providers.get("franceconnect")
    beginning = provider.begin(redirect_uri=callback("franceconnect"))
    parameters = chosen(beginning.url, person="leila")
    bent = beginning.pending | {"verifier": "x" * 43}
    with pytest.raises(SignInRefused) as caught:
        provider.finish(pending=bent, parameters=parameters, redirect_uri=callback("franceconnect"))
    assert caught.value.code == "sign-in-code"


@pytest.mark.parametrize(
    ("shape", "name", "value"),
    [
        ("franceconnect", "redirect_uri", "https://evil.test/connexion/franceconnect/retour"),
        ("franceconnect", "redirect_uri", "http://127.0.0.1:8000/ailleurs"),
        ("franceconnect", "redirect_uri", "http://a@127.0.0.1:8000/connexion/franceconnect/retour"),
        ("franceconnect", "redirect_uri", "http://127.0.0.1:99999/connexion/franceconnect/retour"),
        ("franceconnect", "client_id", "another"),
        ("franceconnect", "acr_values", ""),
        ("franceconnect", "nonce", "short"),
        ("franceconnect", "response_type", "token"),
        ("franceconnect", "scope", "profile"),
        ("franceconnect", "code_challenge_method", "plain"),
        ("proconnect", "state", "a" * 31),
        ("proconnect", "surprise", "1"),
    ],
)
def test_what_the_real_ones_refuse_is_refused(demo, shape, name, value):
    url = identity_providers.get(shape).begin(redirect_uri=callback(shape)).url
    base, _, query = url.partition("?")
    answer = httpx.get(f"{base}?{urlencode(dict(parse_qsl(query)) | {name: value})}", verify=False)
    assert answer.status_code == 400 and LABEL in answer.text and f"<code>{name}</code>" in answer.text


def test_signing_out(demo):
    url = identity_providers.get("proconnect").logout(
        id_token="x", redirect_uri=f"{SITE}/deconnexion/retour", state="s"
    )
    answer = httpx.get(url, verify=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{SITE}/deconnexion/retour?state=s")
    url = identity_providers.get("proconnect").logout(id_token="x", redirect_uri="https://evil.test/", state="s")
    assert httpx.get(url, verify=False).status_code == 400


def test_its_key_stays_the_same_and_is_its_owners(demo, tmp_path):
    path = tmp_path / "demo-provider.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = json.loads(path.read_text())
    again = demo_provider.start(home=tmp_path, port=free_port())
    try:
        assert json.loads(path.read_text()) == before
        assert again.settings["FRANCECONNECT_CLIENT_SECRET"] != demo.settings["FRANCECONNECT_CLIENT_SECRET"]
    finally:
        again.stop()


@pytest.mark.django_db
def test_connectors_are_not_said_to_be_off_while_it_plays_them(tmp_path, settings, capsys):
    settings.HOME = tmp_path

    def told() -> dict[str, str]:
        list_connectors()
        return dict(re.findall(r"^(\w+) : (.+)$", capsys.readouterr().out, re.MULTILINE))

    started = demo_provider.start(home=tmp_path, port=free_port())
    try:
        assert demo_provider.running(home=tmp_path) == started.url
        assert told() | {"franceconnect": "démonstration", "proconnect": "démonstration"} == told()
    finally:
        started.stop()
    assert told()["franceconnect"] == "éteint"
    (tmp_path / "demo-provider.url").write_text(started.url)  # as a process that was killed leaves it
    assert demo_provider.running(home=tmp_path) == "" and told()["proconnect"] == "éteint"


def test_it_takes_the_next_free_port_of_this_machine(demo, tmp_path):
    taken = urlsplit(demo.url).port
    again = demo_provider.start(home=tmp_path, port=taken - 1)
    try:
        assert urlsplit(again.url).hostname == "127.0.0.1" and urlsplit(again.url).port > taken
    finally:
        again.stop()


@pytest.mark.parametrize("path", ["/", "/franceconnect/api/v2/rien", "/franceconnect/api/v2", "/../etc/passwd"])
def test_nothing_else_is_there(demo, path):
    assert httpx.get(demo.url + path, verify=False).status_code == 404


def test_a_form_too_long_is_not_read(demo):
    parts = urlsplit(demo.settings["FRANCECONNECT_URL"])
    asked = f"POST {parts.path}/token HTTP/1.0\r\nContent-Length: 999999\r\n\r\n"
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as connection:
        connection.sendall(asked.encode())
        assert b" 413 " in connection.recv(100)


@pytest.mark.parametrize(
    ("public_url", "host", "may"),
    [
        ("", "127.0.0.1", True),
        ("", "::1", True),
        ("http://localhost:8000", "localhost", True),
        ("https://localhost", "127.0.0.1", False),
        ("https://lacydon.example", "127.0.0.1", False),
        ("http://lacydon.example", "127.0.0.1", False),
        ("", "0.0.0.0", False),
        ("", "192.0.2.1", False),
    ],
)
def test_never_where_the_public_may_come(public_url, host, may):
    assert (demo_provider.cannot_pretend(public_url=public_url, host=host) is None) is may


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_page_is_accessible_and_labelled(demo, chromium, scheme):
    opened = Browser(chromium=chromium, url=demo.url)
    url = identity_providers.get("franceconnect").begin(redirect_uri=callback("franceconnect")).url
    with opened.page(url, width=360, color_scheme=scheme, bypass_csp=True) as page:
        assert page.get_by_text(LABEL).is_visible()
        assert page.locator("main button").count() == len(people.RESIDENTS) + 1
        assert [each["id"] for each in Axe().run(page).response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with opened.page(url) as page:
        assert page.get_by_role("heading", level=1).inner_text() == "Choisir une personne"
    assert opened.faults == []


@pytest.mark.server
def test_serve_starts_it_when_told_and_stops_with_it(tmp_path, territory_folder):
    home = tmp_path / "home"
    home.mkdir()
    with running(home=home, territory=territory_folder, DEMO="1", WORKERS="1") as product:
        found = re.search(r"faux fournisseur d’identité répond sur (\S+)", product.log.read_text())
        assert found
        issuer = f"{found[1]}/proconnect/api/v2"
        told = httpx.get(f"{issuer}/.well-known/openid-configuration", verify=False).json()
        assert told["issuer"] == issuer
    with pytest.raises(httpx.ConnectError):
        httpx.get(found[1], verify=False)


@pytest.mark.parametrize(
    ("public_url", "franceconnect_url", "said"),
    [
        ("https://lacydon.example", "", "lacydon.example"),
        ("", "https://franceconnect.test/api/v2", "LACYDON_FRANCECONNECT_URL"),
    ],
)
def test_serve_does_without_it_where_it_may_not_be(
    tmp_path, settings, monkeypatch, capsys, public_url, franceconnect_url, said
):
    monkeypatch.setenv("LACYDON_DEMO", "1")
    settings.HOME, settings.PUBLIC_URL = tmp_path, public_url
    settings.FRANCECONNECT = settings.FRANCECONNECT | {"URL": franceconnect_url}
    assert serve._demo_provider(host="127.0.0.1", port=free_port()) is None
    told = capsys.readouterr().err
    assert "n’est pas démarré" in told and said in told
    assert os.environ["LACYDON_DEMO"] == "0" and list(tmp_path.iterdir()) == []
