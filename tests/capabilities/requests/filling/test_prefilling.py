"""What is known already is proposed, with where it comes from; nothing is sent that was not left there."""

import pytest

from lacydon.capabilities.requests.actions import files
from lacydon.capabilities.requests.models import Attachment, Draft
from lacydon.capabilities.trust.actions.proofs import give_proof
from lacydon.capabilities.trust.models import Entry
from lacydon.kernel import plugs
from tests.capabilities.requests.filling.made import PNG, Filler, field, page, published
from tests.capabilities.trust import people

pytestmark = pytest.mark.django_db
KNOWN = page(
    "vous",
    field("prenom", prefill="identity.given_name"),
    field("nom", prefill="identity.family_name"),
    field("ne", "date", prefill="identity.birthdate"),
    field("ville", "commune", prefill="commune"),
)


def claimed(client, person, **claims):
    """Signed in by a provider who said this."""
    return plugs.proven_claims.temporarily("trust", lambda _request: claims), people.signed_in(client, person)


def test_what_the_provider_said_is_proposed_and_can_be_changed(client, small_territory):
    published(KNOWN)
    said, me = claimed(
        client, people.resident(), given_names=["Angela", "Claire"], family_name="DUBOIS", birthdate="1962-08-24"
    )
    with said:
        there = Filler(me)
        sent = there.form()[1]
        assert sent["prenom"] == ["Angela"] and sent["nom"] == ["DUBOIS"] and sent["ville"] == ["97001"]
        assert (sent["ne-day"], sent["ne-month"], sent["ne-year"]) == (["24"], ["8"], ["1962"])
        assert there.text.count("D’après votre connexion") == 3 and Draft.objects.count() == 0
        there.send(prenom="Claire")
        assert "Claire" in there.text and "Angela" not in there.text
        there.open(f"/brouillons/{there.reference}/questions/vous")
        assert "D’après votre connexion" not in there.text


def test_nothing_is_proposed_to_who_is_not_known(client, small_territory):
    published(KNOWN)
    sent = Filler(client).form()[1]
    assert sent["prenom"] == [""] and sent["ville"] == ["97001"]


def test_a_document_given_once_is_joined_only_when_it_is_ticked(client, small_territory):
    published(page("vous", field("nom"), field("domicile", "file", required=False, prefill="proof:residence")))
    person = people.resident()
    me = people.actor(person)
    give_proof(actor=me, kind="residence", content=PNG, name="facture.png")
    there = Filler(people.signed_in(client, person))
    assert "facture.png" in there.text
    there.send(nom="Ada")
    assert Attachment.objects.count() == 0
    there.open(f"/brouillons/{there.reference}/questions/vous?retour=verifier")
    there.send(**{"domicile-proof": "yes"})
    assert "facture.png" in there.text
    assert files.content_of(Attachment.objects.get()) == PNG
    assert Entry.objects.filter(action="proof.download").count() == 1
    assert "facture.png" not in Filler(people.signed_in(people.visitor(), people.resident())).text
