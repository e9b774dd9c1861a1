"""What was begun is kept: for whoever holds the link, for who is signed in, across versions, sessions and tabs."""

from datetime import timedelta

import pytest

from lacydon.capabilities.requests.models import Draft, FormVersion, Request
from lacydon.capabilities.requests.queries.forms import SNAPSHOT
from lacydon.kernel.clock import now
from lacydon.kernel.snapshots import moved
from tests.capabilities.requests.filling.made import Filler, field, filled, page, published
from tests.capabilities.trust import people

pytestmark = pytest.mark.django_db


def test_a_link_leads_back_to_where_one_was(client, small_territory):
    published()
    there = Filler(client).send(nom="Ada")
    again = Filler(people.visitor(), f"/brouillons/{there.reference}")
    assert again.heading == "Page besoin"
    assert again.open(f"/brouillons/{there.reference}/questions/vous").form()[1]["nom"] == ["Ada"]
    row = Draft.objects.get()
    assert b"Ada" not in bytes(row.sealed) and there.reference not in row.resume_hash


def test_the_link_is_sent_to_who_agrees(client, small_territory, mailed):
    published()
    there = Filler(client).send(nom="Ada", faire="garder")
    assert there.heading == "Finir plus tard" and there.reference in there.text
    there.send(courriel="ada", status=422)
    assert len(there.troubles) == 2 and mailed() == []
    there.send(courriel="ada@exemple.fr", accord="yes")
    (letter,) = mailed()
    assert letter["To"] == "ada@exemple.fr" and there.reference in letter.get_body(("plain",)).get_content()


def test_finishing_later_keeps_what_is_not_complete(client, small_territory):
    published()
    there = Filler(client).send(courriel="ada@exemple.fr", faire="garder")
    there.open(f"/brouillons/{there.reference}")
    assert there.heading == "Page vous" and there.form()[1]["courriel"] == ["ada@exemple.fr"]


def test_who_is_signed_in_has_one_draft_a_form(client, small_territory):
    published()
    me = people.signed_in(client, people.resident())
    Filler(me).send(nom="Ada")
    assert Filler(me).heading == "Page besoin"
    Filler(people.signed_in(people.visitor(), people.resident())).send(nom="Grace")
    assert Draft.objects.count() == 2
    assert "Reprendre mon brouillon" in me.get("/demarches/essai?citycode=97001").content.decode()
    assert "À finir" in me.get("/demarches").content.decode()


def test_nobody_else_opens_a_draft(client, small_territory):
    published()
    there = Filler(people.signed_in(client, people.resident())).send(nom="Ada")
    stranger = people.signed_in(people.visitor(), people.resident())
    for path in ("", "/questions/vous", "/verifier", "/lieu", "/effacer", "/recu", "/lien", "/reprendre"):
        address = f"/brouillons/{there.reference}{path}"
        assert stranger.get(address).status_code == 404, path
        assert people.visitor().get(address)["Location"].startswith("/connexion?"), path
    assert stranger.post(f"/brouillons/{there.reference}/envoyer").status_code == 404
    assert stranger.post(f"/brouillons/{there.reference}/effacer").status_code == 404
    assert client.get("/brouillons/" + "a" * 32).status_code == 404


def test_what_was_typed_when_the_session_ended_is_not_lost(client, small_territory):
    published()
    me = people.resident()
    there = Filler(people.signed_in(client, me)).send(nom="Ada")
    action, sent = there.form()
    away = people.visitor().post(action, sent | {"mots": "Un long texte", "urgent": "no"})
    assert away.status_code == 302 and away["Location"].startswith("/connexion?suite=")
    onward = away["Location"].partition("suite=")[2].replace("%2F", "/")
    back = Filler(people.signed_in(people.visitor(), me), onward).send()
    assert back.heading == "Page besoin" and back.form()[1]["mots"] == ["Un long texte"]
    assert Draft.objects.count() == 1
    back.send()
    assert "Ada" in back.text and "Un long texte" in back.text


def test_a_page_saved_elsewhere_meanwhile_is_shown_before_it_is_overwritten(client, small_territory):
    published()
    there = Filler(client).send(nom="Ada")
    address = f"/brouillons/{there.reference}/questions/vous"
    one, other = Filler(client, address), Filler(client, address)
    one.send(nom="Grace")
    other.send(nom="Hedy", status=409)
    assert "entre-temps" in other.text and other.form()[1]["nom"] == ["Hedy"]
    assert Filler(client, address).form()[1]["nom"] == ["Grace"]
    assert other.send().heading == "Page besoin"
    assert Filler(client, address).form()[1]["nom"] == ["Hedy"]


def test_a_version_that_was_replaced_is_finished_within_a_week(client, small_territory):
    published()
    there = Filler(client).send(nom="Ada")
    published(page("vous", field("nom")))
    there.send(mots="Mon bac", urgent="no").send()
    assert Request.objects.get().form.number == 1


def test_later_the_draft_moves_to_the_version_of_today(client, small_territory):
    published()
    there = filled(client)
    published(page("vous", field("nom"), field("age", "number")), page("besoin", field("mots", "longtext")))
    FormVersion.objects.filter(number=1).update(withdrawn_at=now() - timedelta(days=8))
    there.send(status=409)
    assert "formulaire a changé" in there.text and Request.objects.count() == 0
    there.open(f"/brouillons/{there.reference}/verifier")
    assert "Ada" in there.text and "Mon bac" in there.text and "Il reste quelque chose" in there.text
    there.open(f"/brouillons/{there.reference}/questions/vous?retour=verifier").send(age="36").send()
    assert Request.objects.get().form.number == 2


def test_a_procedure_taken_away_is_said(client, small_territory):
    published()
    there = filled(client)
    FormVersion.objects.update(state="withdrawn", withdrawn_at=now() - timedelta(days=8))
    moved(SNAPSHOT)
    assert "n’est plus proposée" in there.open(f"/brouillons/{there.reference}/verifier", status=404).text
    assert client.get("/demarches/essai").status_code == 404


def test_a_draft_left_for_a_month_is_over(client, small_territory, monkeypatch):
    published()
    there = Filler(client).send(nom="Ada")
    later = now() + timedelta(days=31)
    monkeypatch.setattr("lacydon.capabilities.requests.queries.drafts.now", lambda: later)
    assert "n’existe plus" in there.open(f"/brouillons/{there.reference}", status=404).text


def test_a_draft_is_erased_when_asked_twice(client, small_territory):
    published()
    there = Filler(client).send(nom="Ada")
    there.open(f"/brouillons/{there.reference}/effacer")
    assert Draft.objects.count() == 1
    there.send()
    assert Draft.objects.count() == 0


def test_the_place_is_changed_from_the_summary(client, small_territory):
    published()
    there = filled(client)
    there.open(f"/brouillons/{there.reference}/lieu?citycode=97002").send()
    assert there.heading == "Vérifiez vos réponses" and "Le Galet" in there.text
    there.send()
    assert Request.objects.get().organisation_id == "commune-97002"


def test_nothing_begins_without_a_place_that_has_somebody_to_answer(client, small_territory):
    published(communes=["97001", "97003"])
    assert Filler(client, "/demarches/essai/commencer").heading == "Un essai"
    assert "pas proposée" in Filler(client, "/demarches/essai/commencer?citycode=97002").text
    assert Filler(client, "/demarches/essai/commencer?citycode=99999").heading == "Un essai"
    published(id="trou", service="signaler-un-nid-de-poule")
    there = Filler(client, "/demarches/trou/commencer?citycode=97001")
    assert there.heading == "Un essai" and there.page.all("form", class_="choose")
    assert Filler(client, "/demarches/trou/commencer?citycode=97001&voie.classe=communale").heading == "Page vous"
    assert client.get("/demarches/nulle-part").status_code == 404
