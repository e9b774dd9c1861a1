"""Signing in and out through the pages: sessions, links between identities, refusals that leave nothing half-made."""

import pytest
from django.test import Client

from lacydon.capabilities.trust.actions.sessions import SessionStore
from lacydon.capabilities.trust.models import CivilIdentity, Entry, Identity, Membership, Person, Session
from lacydon.capabilities.trust.ports import identity_providers
from lacydon.kernel.errors import Refused

from .people import organisation, visitor
from .providers import SayingProvider

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    residents, agents, other = SayingProvider(), SayingProvider("pro", kind="agent"), SayingProvider("autre")
    with identity_providers.only(residents, agents, other):
        yield residents


def go(client, provider, *, onward="", link=False, state="abc"):
    client.post(f"/connexion/{provider.id}/depart", {"suite": onward} | ({"lier": "1"} if link else {}))
    return client.get(f"/connexion/{provider.id}/retour", {"state": state, "code": "x"})


def test_the_ways_in_are_offered_and_no_cookie_is_set(client, provider):
    page = client.get("/connexion")
    assert "Se connecter avec Essai essai" in page.content.decode()
    assert "Se connecter avec Essai pro" in page.content.decode()
    assert not page.cookies


def test_what_is_mine_leads_to_the_sign_in_and_back(client, provider):
    sent = client.get("/mon-espace/identites")
    assert sent.status_code == 302
    assert sent["Location"] == "/connexion?suite=%2Fmon-espace%2Fidentites"
    back = go(client, provider, onward="/mon-espace/identites")
    assert back["Location"] == "/mon-espace/identites"


def test_the_same_identity_is_the_same_person(client, provider):
    go(client, provider)
    go(visitor(), provider)
    assert Person.objects.count() == 1
    assert Identity.objects.get().subject_hash != "s-1"


def test_two_providers_that_give_the_same_address_are_two_people(client, provider):
    provider.says["claims"] = {"email": "zoe@example.org"}
    go(client, provider)
    other = identity_providers.get("autre")
    other.says["claims"] = {"email": "zoe@example.org"}
    go(visitor(), other)
    assert Person.objects.count() == 2


def test_nothing_of_the_civil_identity_of_a_resident_is_kept(client, provider):
    provider.says["claims"] = {"family_name": "Canari", "email": "canari@example.org"}
    go(client, provider)
    assert CivilIdentity.objects.count() == 0
    session = Session.objects.get()
    kept = SessionStore().decode(session.session_data)
    assert "Canari" not in str(kept)
    assert "t0k3n" not in str(kept)


def test_a_session_key_is_new_at_sign_in_and_hashed_at_rest(client, provider):
    client.post(f"/connexion/{provider.id}/depart")
    before = client.cookies["lacydon"].value
    client.get(f"/connexion/{provider.id}/retour", {"state": "abc", "code": "x"})
    after = client.cookies["lacydon"].value
    assert after != before
    assert after not in set(Session.objects.values_list("session_key", flat=True))
    assert Session.objects.count() == 1


def test_a_key_chosen_by_somebody_else_is_not_used(client, provider):
    client.cookies["lacydon"] = "chosenbyanattacker0000000000000"
    go(client, provider)
    assert client.cookies["lacydon"].value != "chosenbyanattacker0000000000000"


def test_the_answer_serves_once(client, provider):
    go(client, provider)
    client.post("/deconnexion")
    replayed = client.get(f"/connexion/{provider.id}/retour", {"state": "abc", "code": "x"})
    assert replayed.status_code == 400
    assert client.get("/mon-espace").status_code == 302


def test_a_refusal_is_said_and_leaves_nothing(client, provider):
    provider.refuses = Refused("La connexion a été interrompue.", code="sign-in-cancelled")
    page = go(client, provider)
    assert page.status_code == 400
    assert "La connexion a été interrompue." in page.content.decode()
    assert Person.objects.count() == Identity.objects.count() == Entry.objects.count() == 0


def test_a_provider_that_is_down_is_said(client, provider):
    provider.down = True
    page = client.post(f"/connexion/{provider.id}/depart")
    assert page.status_code == 503
    assert "ne répond pas" in page.content.decode()
    assert Session.objects.count() == 0


@pytest.mark.parametrize(
    "onward",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "mon-espace", "/" + "a" * 600],
)
def test_no_one_is_led_elsewhere(client, provider, onward):
    assert go(client, provider, onward=onward)["Location"] == "/mon-espace"


def test_an_unknown_provider_is_no_page(client, provider):
    assert client.post("/connexion/nulle-part/depart").status_code == 404
    assert client.get("/connexion/nulle-part/retour").status_code == 404


def test_signing_out_ends_the_session_here_and_leads_there(client, provider):
    go(client, provider)
    key = client.cookies["lacydon"].value
    page = client.post("/deconnexion")
    assert "https://essai.example/end?hint=t0k3n" in page.content.decode()
    assert page["Clear-Site-Data"] == '"cookies"'
    client.cookies["lacydon"] = key
    assert client.get("/mon-espace").status_code == 302
    assert client.get("/deconnexion/retour").status_code == 200


def test_who_leaves_from_an_english_page_comes_back_to_one(client, provider):
    client.post(f"/en/connexion/{provider.id}/depart")
    back = client.get(f"/connexion/{provider.id}/retour", {"state": "abc", "code": "x"})
    assert back["Location"] == f"/en/connexion/{provider.id}/retour?state=abc&code=x"
    assert client.get(back["Location"])["Location"] == "/en/mon-espace"
    out = client.get("/deconnexion/retour", {"state": "en.abc"})
    assert out["Location"] == "/en/deconnexion/retour?state=en.abc"
    assert "You are signed out" in client.get(out["Location"]).content.decode()


def test_another_identity_is_linked_with_both_proofs_and_the_link_undone(client, provider):
    go(client, provider)
    other = identity_providers.get("autre")
    assert go(client, other, link=True)["Location"] == "/mon-espace/identites"
    assert Person.objects.count() == 1
    newcomer = visitor()
    go(newcomer, other)
    assert Person.objects.count() == 1
    first = Identity.objects.get(provider="essai")
    client.post(f"/mon-espace/identites/{first.pk}/defaire")
    assert list(Identity.objects.values_list("provider", flat=True)) == ["autre"]
    assert newcomer.get("/mon-espace").status_code == 302, "other sessions end when a way in is undone"
    assert client.get("/mon-espace").status_code == 200
    only = Identity.objects.get()
    page = client.post(f"/mon-espace/identites/{only.pk}/defaire", follow=True)
    assert "votre seul moyen" in page.content.decode()
    assert Identity.objects.count() == 1
    assert {"identity.link", "identity.unlink"} <= set(Entry.objects.values_list("action", flat=True))


def test_a_changed_subject_is_relinked_and_finds_the_same_space(client, provider):
    """FranceConnect's `sub` changes with the civil status: another identity, linked while the old one still opens."""
    go(client, provider)
    person = Person.objects.get()
    provider.says["subject"] = "s-1-after-marriage"
    go(client, provider, link=True)
    go(visitor(), provider)
    assert set(Identity.objects.values_list("person_id", flat=True)) == {person.pk}


def test_an_identity_of_somebody_else_is_not_taken(client, provider):
    other = identity_providers.get("autre")
    go(visitor(), other)
    go(client, provider)
    page = client.get(go(client, other, link=True)["Location"])
    assert "appartient déjà à un autre compte" in page.content.decode()
    assert Person.objects.count() == 2


def test_a_link_begun_in_another_session_is_refused(client, provider):
    go(client, provider)
    other = identity_providers.get("autre")
    client.post(f"/connexion/{other.id}/depart", {"lier": "1"})
    session = client.session
    session["linking"] = "00000000-0000-4000-8000-000000000000"
    session.save()
    page = client.get(f"/connexion/{other.id}/retour", {"state": "abc"}, follow=True)
    assert "recommencez" in page.content.decode()
    assert Identity.objects.count() == 1


def test_an_agent_joins_the_organisation_that_is_proven_without_any_role(client, provider):
    organisation("commune-97001", siren="219700011")
    agents = identity_providers.get("pro")
    agents.says |= {"claims": {"siret": "21970001100010", "given_name": "Inès", "family_name": "Roux"}, "assurance": 2}
    assert go(client, agents)["Location"] == "/agent"
    member = Membership.objects.get()
    assert member.organisation_id == "commune-97001"
    page = client.get("/agent").content.decode()
    assert "Vous n’avez pas encore de rôle" in page
    assert str(member.person_id) in page
    assert client.get("/agent/equipe").status_code == 403


def test_an_agent_of_an_unknown_organisation_is_told_whom_to_ask(client, provider):
    agents = identity_providers.get("pro")
    agents.says |= {"claims": {"siret": "00000000000000"}}
    assert go(client, agents)["Location"] == "/agent/organisme"
    assert "SIRET" in client.get("/agent/organisme").content.decode()


def test_a_form_of_another_site_is_refused(provider):
    client = Client(enforce_csrf_checks=True)
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert client.post(f"/connexion/{provider.id}/depart", headers=headers).status_code == 403
    ours = {"Sec-Fetch-Site": "same-origin"}
    assert client.post(f"/connexion/{provider.id}/depart", headers=ours).status_code == 200
    client.get(f"/connexion/{provider.id}/retour", {"state": "abc"})
    assert client.post("/deconnexion", headers=ours).status_code == 403, "a token is needed once signed in"
