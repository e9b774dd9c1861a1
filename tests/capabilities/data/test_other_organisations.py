"""What belongs to an organisation, asked for by an agent of another who has every role there: by its own address, and
by that of a dataset of theirs."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lacydon.capabilities.data.actions import contracts as acts
from lacydon.capabilities.data.actions.publication import describe_dataset
from lacydon.capabilities.data.models import Arrival, Contract, Dataset, Hook, SavedView, Version
from lacydon.capabilities.data.queries.roles import PUBLISHER
from lacydon.kernel.access import MACHINE
from lacydon.kernel.clock import now, today
from tests.capabilities.trust import people

from .harbour import published

pytestmark = pytest.mark.django_db
ROLES = (PUBLISHER, "data.steward", "data.reader")
SECRET = "Ne-doit-pas-sortir"


@pytest.fixture
def theirs(client):
    """A private dataset of `ville` with a file on its way, a contract with `metropole`, a hook and a private view."""
    owner = people.agent(organisation=people.organisation("ville"), roles=ROLES)
    people.organisation("metropole", kind="metropole")
    published("secret", f"SELECT '{SECRET}' AS mot, 1 AS n", point=None, access="private", of="ville")
    browser = people.signed_in(client, owner, organisation="ville")
    browser.post(
        "/agent/donnees/secret/envoyer", {"file": SimpleUploadedFile("a.csv", f"mot;n\n{SECRET};2\n".encode())}
    )
    SavedView.objects.create(
        id="vue-secrete", dataset_id="secret", title=SECRET, kind="table", asked={}, made_at=now(), made_by=owner
    )
    Hook.objects.create(
        dataset_id="secret",
        organisation_id="ville",
        url="https://x.example/secret",
        wrapped=b"",
        secret=b"",
        made_at=now(),
    )
    acts.give_contract(
        actor=people.actor(owner, organisation="ville"), id="secret", to="metropole", purpose=SECRET, fields=("mot",),
        rows="", until=today() + timedelta(days=9),
    )  # fmt: skip
    client.cookies.clear()
    return Arrival.objects.get()


@pytest.fixture
def stranger(client, theirs):
    people.organisation("autre")
    published("a-moi", "SELECT 1 AS n", point=None, access="private", of="autre")
    return people.signed_in(
        client, people.agent(organisation=people.organisation("autre"), roles=ROLES), organisation="autre"
    )


def state() -> list[object]:
    return [
        list(model.objects.order_by("pk").values()) for model in (Dataset, Version, Arrival, Contract, SavedView, Hook)
    ]


def test_nothing_is_read_nor_changed_by_its_address(stranger, theirs):
    arrival, contract, hook = theirs.pk, Contract.objects.get().pk, Hook.objects.get().pk
    files = ("", "/lire", "/apercu", "/rapport", "/copie", "/rapport.json", "/abandonner")
    addresses = [
        *(f"/agent/donnees/{id}/fichiers/{arrival}{end}" for id in ("secret", "a-moi") for end in files),
        *(f"/agent/donnees/secret{end}" for end in ("", "/decrire", "/envoyer", "/adresse", "/cle", "/versions")),
        "/agent/donnees/secret/versions/1/reprendre", f"/donnees/publier/{arrival}/donnees-personnelles",
        *(f"/agent/donnees-partagees/{contract}{end}" for end in ("", "/odrl", "/fin")),
        f"/agent/appels/{hook}",
        *(f"/donnees/vues/vue-secrete{end}" for end in ("", "/integrer", "/retirer")),
        *(f"/donnees/secret{end}" for end in (
            "", "/table", "/graphique", "/carte", "/lignes/1", "/origine", "/recette", "/recette/verifier", "/suivre",
            "/garder/table", "/reutilisations", ".ttl", ".atom", "/export.csv", "/export.parquet", "/demander",
        )),
    ]  # fmt: skip
    before = state()
    typed = {
        "title": "pris", "description": "pris", "licence": "lov2", "access": "public", "reason": "pris", "confirmer": "oui",
        "url": "https://a.example/x.csv", "sql": "SELECT * FROM secret", "faire": "enregistrer", "action": "remove",
    }  # fmt: skip
    for address in addresses:
        for answer in (stranger.get(address), stranger.post(address, typed)):
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert SECRET.encode() not in body, address
            if "/demander" not in address:
                assert answer.status_code in (403, 404, 405), (address, answer.status_code)
        assert state() == before, address


def test_a_recipe_of_ones_own_reads_nothing_of_theirs(stranger):
    describe_dataset(id="a-moi", actor=MACHINE, fields={"access": "public"})
    for sql in ('SELECT * FROM "secret"', 'SELECT n, (SELECT max(mot) FROM secret) AS x FROM "a-moi"'):
        answer = stranger.post("/donnees/a-moi/recette", {"sql": sql, "faire": "essayer"})
        assert SECRET.encode() not in answer.content
        asked = stranger.get("/api/v1/data/sql", {"q": sql})
        assert asked.status_code in (403, 404) and SECRET.encode() not in asked.content


def test_lists_tell_nothing_of_it(stranger):
    lists = (
        "/agent/donnees",
        "/agent/donnees-partagees",
        "/agent/appels",
        "/donnees/vues",
        "/agent/moissons",
        "/donnees",
    )
    for address in lists:
        assert SECRET.encode() not in stranger.get(address).content, address
