"""What agents and everybody see of the sources, and what agents do about them."""

import pytest

from lacydon.capabilities.data.models import Dataset, Harvested, Source, Status
from lacydon.capabilities.trust.models import Entry
from lacydon.kernel.http import OutsideUnavailable
from tests.capabilities.data.harvesting.theirs import file, record, source, statuses, visited
from tests.capabilities.trust import people
from tests.markup import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    """A browser of an agent who publishes data for Olivette."""
    town = people.organisation("commune-97001")
    person = people.agent(organisation=town, roles=("data.publisher",))
    return people.signed_in(client, person, organisation="commune-97001")


def page(client, path, *, status=200):
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return read(answer.content.decode()).text


TYPED = {
    "title": "Le voisin",
    "kind": "theirs",
    "url": "https://theirs.example",
    "options": "filter = ville",
    "every_hours": "24",
    "active": "yes",
}


def test_a_source_is_tried_then_kept(agent, theirs):
    theirs.listed = [record("a", "Aires de jeux"), record("b", title=" "), record("c", distributions=(file("x:y"),))]
    answer = agent.post("/agent/moissons/ajouter", TYPED | {"faire": "essayer"})
    shown = read(answer.content.decode()).text
    assert "2 jeux de données trouvés" in shown and "Aires de jeux" in shown and "titre" in shown
    assert not Source.objects.exists() and theirs.visits[0].options == {"filter": "ville"}
    answer = agent.post("/agent/moissons/ajouter", TYPED | {"faire": "enregistrer"})
    assert answer.headers["Location"] == "/agent/moissons/le-voisin"
    row = Source.objects.get()
    assert (row.organisation_id, row.options, row.next_at is not None) == ("commune-97001", {"filter": "ville"}, True)
    assert Entry.objects.filter(action="harvest.run", object="source:le-voisin").exists()
    agent.post("/agent/moissons/ajouter", TYPED | {"faire": "enregistrer"})
    assert set(Source.objects.values_list("pk", flat=True)) == {"le-voisin", "le-voisin-2"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "x"}, "genre"),
        ({"url": "http://10.0.0.1"}, "https"),
        ({"url": "ici"}, "https"),
        ({"title": " "}, "nom"),
        ({"every_hours": "0"}, "31 jours"),
        ({"options": "couleur = bleu"}, "filter"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(agent, theirs, wrong, said):
    answer = agent.post("/agent/moissons/ajouter", TYPED | wrong | {"faire": "enregistrer"})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Source.objects.exists()


def test_a_catalogue_that_does_not_answer_is_said_before_it_is_kept(agent, theirs):
    theirs.stops = OutsideUnavailable("Le serveur ne répond pas.")
    answer = agent.post("/agent/moissons/ajouter", TYPED | {"faire": "essayer"})
    assert answer.status_code == 200 and "Le serveur ne répond pas." in answer.content.decode()


def test_the_pages_tell_how_a_source_is_and_what_to_mend(agent, theirs, client):
    source()
    theirs.listed = [record("a", "Aires de jeux"), record("sans", title=" ")]
    visited()
    theirs.stops = OutsideUnavailable("Le serveur ne répond pas.")
    visited()
    listed = page(agent, "/agent/moissons")
    assert "Le voisin" in listed and "1 jeu à corriger" in listed and "Le serveur ne répond pas." in listed
    shown = page(agent, "/agent/moissons/voisin")
    assert "sans" in shown and "titre" in shown and "La dernière visite a échoué." in shown
    assert "Ne répond pas" in page(people.visitor(), "/donnees/sources")


def test_an_agent_visits_now_and_says_yes_to_removals(agent, theirs):
    row = source()
    theirs.listed = [record(each) for each in "abcd"]
    visited()
    theirs.listed = [record("a")]
    visited(), visited()
    assert "3 retraits attendent votre accord" in page(agent, "/agent/moissons/voisin")
    agent.post("/agent/moissons/voisin/retirer", {"combien": "2"})
    assert set(statuses().values()) == {"published"}, "the list is not the one that was seen"
    agent.post("/agent/moissons/voisin/retirer", {"combien": "3"})
    assert sorted(statuses().values()) == ["published", "withdrawn", "withdrawn", "withdrawn"]
    assert not Harvested.objects.filter(waits=True).exists()
    assert Entry.objects.filter(action="dataset.withdraw").count() == 3
    before = Source.objects.get().next_at
    agent.post("/agent/moissons/voisin/visiter")
    row.refresh_from_db()
    assert row.next_at < before and row.whole_at is None


def test_another_address_is_another_catalogue(agent, theirs):
    source()
    theirs.listed = [record("a")]
    visited()
    agent.post("/agent/moissons/voisin/modifier", TYPED | {"url": "https://autre.example", "faire": "enregistrer"})
    row = Source.objects.get()
    assert (row.url, row.state, row.whole_at, row.pk) == ("https://autre.example", {}, None, "voisin")


def test_the_sources_of_another_organisation_are_not_shown_nor_changed(agent, theirs):
    source("ailleurs", organisation="commune-97002")
    assert "ailleurs" not in page(agent, "/agent/moissons")
    page(agent, "/agent/moissons/ailleurs", status=404)
    assert agent.post("/agent/moissons/ailleurs/modifier", TYPED | {"faire": "enregistrer"}).status_code == 404
    agent.post("/agent/moissons/ailleurs/visiter")
    assert Source.objects.get().next_at is None
    assert not Dataset.objects.exists()


def test_nobody_else_comes_in(client, theirs):
    source()
    assert client.get("/agent/moissons").status_code in (302, 303, 401)
    assert client.post("/agent/moissons/voisin/retirer", {"combien": "0"}).status_code in (302, 303, 401)


@pytest.mark.parametrize(("chosen", "status"), [("retirer", Status.WITHDRAWN), ("garder", Status.PUBLISHED)])
def test_a_source_is_deleted_once_it_is_said_what_its_datasets_become(agent, theirs, chosen, status):
    theirs.listed = [record("a", "Aires de jeux"), record("b", "Bancs")]
    row = source(organisation="commune-97001")
    visited()
    here = f"/agent/moissons/{row.pk}/supprimer"
    assert "Que deviennent ses 2 jeux de données" in page(agent, here)
    assert agent.post(here, {"combien": "2"}).status_code == 422
    assert agent.post(here, {"combien": "1", "jeux": chosen}).status_code == 409
    assert agent.post(here, {"combien": "2", "jeux": chosen}).headers["Location"] == "/agent/moissons"
    assert not Source.objects.exists()
    assert set(Dataset.objects.values_list("status", "source")) == {(status, None)}
    known = people.visitor().get("/donnees").content.decode()
    assert ("Aires de jeux" in known) is (chosen == "garder")
    page(agent, here, status=404)
