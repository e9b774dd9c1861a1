"""Row-level security: with every filter of Python removed, PostgreSQL shows an agent of A no row of B."""

import re

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from lacydon.capabilities.trust import plugs
from lacydon.capabilities.trust.actions import mandates
from lacydon.capabilities.trust.actions.journal import record
from lacydon.capabilities.trust.actions.mandates import drafts
from lacydon.capabilities.trust.actions.mandates.codes import screen_code, stop_code
from lacydon.capabilities.trust.models import (
    CivilIdentity,
    Consent,
    ConsentRequest,
    ContactPoint,
    Contest,
    Entry,
    Mandate,
    MandateHelper,
    Membership,
    PersonKey,
    Proof,
    RoleGrant,
    Session,
)
from lacydon.capabilities.trust.queries import leaves, wall
from lacydon.capabilities.trust.queries import mandates as known
from lacydon.capabilities.trust.queries.keys import key_of
from lacydon.kernel.clock import now
from tests.capabilities.trust import people
from tests.capabilities.trust.helping import Help, named_agent, terms, verified_contact
from tests.capabilities.trust.walls import NOTHING, ONES_OWN, OURS, as_application, row_of_each, seen

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a wall of PostgreSQL"),
]


@pytest.fixture
def two(small_territory):
    """Two bodies of help, each with a resident and a row of every kind; nobody is left in the house."""
    one = Help()
    other = Help(people.organisation("ailleurs", kind="help", themes=["logement"]))
    return one, other, row_of_each(one, "a"), row_of_each(other, "b")


def test_nobody_sees_nothing(two):
    with as_application():
        assert seen() == NOTHING


def test_the_house_sees_everything_and_leaves(two):
    with as_application():
        with wall.house():
            assert all(count >= 2 for count in seen().values())
        assert seen() == NOTHING


def test_an_agent_sees_the_rows_of_their_body_only(two):
    one, _other, mine, _theirs = two
    with as_application():
        wall.enter(person=str(one.zoe.id), organisation=one.body.id)
        assert list(Mandate.objects.all()) == [mine]
        assert {each.mandate_id for each in MandateHelper.objects.all()} == {mine.pk}
        for model in (Contest, Consent, ConsentRequest, Proof, CivilIdentity):
            people_seen = {each.person_id for each in model.objects.exclude(pk=None).filter(person__kind="resident")}
            assert people_seen == {one.resident.id}, model
        for model in ONES_OWN:
            assert not model.objects.filter(person=one.resident).exists(), model
        assert {each.organisation_id for each in Membership.objects.all()} == {one.body.id}
        assert {each.membership.organisation_id for each in RoleGrant.objects.all()} == {one.body.id}
        assert {each.subject_id for each in Entry.objects.all()} <= {one.resident.id, one.zoe.id, one.ali.id}


def test_a_resident_sees_their_own(two):
    one, _other, mine, _theirs = two
    with as_application():
        wall.enter(person=str(one.resident.id))
        assert list(Mandate.objects.all()) == [mine]
        for model in (Contest, Consent, ConsentRequest, Proof, CivilIdentity, *ONES_OWN):
            assert {each.person_id for each in model.objects.all()} == {one.resident.id}, model
        assert not Membership.objects.exists()
        assert not RoleGrant.objects.exists()
        assert {each.subject_id for each in Entry.objects.all()} == {one.resident.id}
        keys = PersonKey.objects.filter(person__kind="resident")
        assert {each.person_id for each in keys} == {one.resident.id}, "and those of agents, for their names"


def test_the_principal_of_the_mandate_in_hand_is_seen(two):
    one, _other, _mine, _theirs = two
    with as_application():
        wall.enter(person=str(one.zoe.id), organisation=one.body.id, principal=str(one.resident.id))
        assert {each.person_id for each in ContactPoint.objects.all()} == {one.resident.id}


def test_nothing_is_written_for_another_body(two):
    one, other, _mine, theirs = two
    with as_application():
        wall.enter(person=str(one.zoe.id), organisation=one.body.id)
        assert Mandate.objects.filter(pk=theirs.pk).update(revoked_way="x") == 0
        for model in ONES_OWN:
            assert model.objects.filter(person__in=[one.resident, other.resident]).delete()[0] == 0, model
        with pytest.raises(DatabaseError), transaction.atomic():
            ContactPoint.objects.create(person=other.resident, kind="phone", sealed=b"x", changed_at=now())


def test_every_filter_removed_an_agent_reads_no_page_of_another_body(two, monkeypatch):
    """The mutation: what the code filters by organisation or person, it no longer does."""
    one, _other, mine, theirs = two
    monkeypatch.setattr(
        known, "of_organisation", lambda reference, organisation: Mandate.objects.filter(reference=reference).first()
    )
    monkeypatch.setattr(known, "usable_by", lambda *a, **k: Mandate.objects.all())
    agent = people.signed_in(Client(headers=OURS), one.zoe, organisation=one.body.id)
    if wall.bypassed():
        assert agent.get(f"/agent/aide/{theirs.reference}").status_code == 200  # without the wall, a leak
    with as_application():
        assert agent.get(f"/agent/aide/{theirs.reference}").status_code == 404
        assert agent.get(f"/agent/aide/{mine.reference}").status_code == 200
        page = agent.get("/agent/aide").content.decode()
        assert mine.reference in page
        assert theirs.reference not in page


def test_a_request_leaves_nothing_to_the_next_one_on_its_connection(two):
    one, *_rest = two
    agent = people.signed_in(Client(headers=OURS), one.zoe, organisation=one.body.id)
    with as_application():
        assert agent.get("/agent/aide").status_code == 200
        assert seen() == NOTHING
        assert Client().get("/").status_code == 200
        assert seen() == NOTHING


def test_an_agent_who_left_has_no_body(two):
    one, *_rest = two
    one.zoe.memberships.get().roles.update(until=now())
    agent = people.signed_in(Client(headers=OURS), one.zoe, organisation=one.body.id)
    with as_application():
        page = agent.get("/agent/aide").content.decode()
        assert "M-" not in page.replace("(M-…)", "")


def test_a_failed_transaction_leaves_the_house(two):
    with as_application():
        with pytest.raises(DatabaseError), transaction.atomic(), wall.house(), connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
        assert seen() == NOTHING


def test_a_whole_journey_as_the_application(small_territory):
    """From draft to acts to the end, with the wall up: nothing that is needed is hidden."""
    help_ = Help()
    verified_contact(help_.resident, "lou@example.org")
    named_agent(help_.zoe, organisation="maison", given="Zoé", family="Martin")
    zoe = people.signed_in(Client(headers=OURS), help_.zoe, organisation="maison")
    lou = people.signed_in(Client(headers=OURS), help_.resident)
    with as_application():
        draft = zoe.post(
            "/agent/aide/preparer", {"themes": "logement", "days": "1", "write": "oui", "evidence": "presence"}
        )
        assert draft.status_code == 302
        with wall.house():
            row = Mandate.objects.get()
        code = {"code": screen_code(row)}
        text = lou.post("/mon-espace/mandats/code", code).content.decode()
        assert row.reference in text and "Zoé Martin" in text, "who would help is named before the yes"
        assert lou.post("/mon-espace/mandats/code", code | {"seen": row.text_hash, "name": "Lou"}).status_code == 302
        assert "Lou" in zoe.get("/agent/aide").content.decode()
        assert zoe.post(f"/mandats/{row.reference}/prendre").status_code == 302
        assert "fini" in zoe.get("/agent/aide").content.decode()
        assert "a commencé à agir pour vous" in lou.get(f"/mon-espace/mandats/{row.reference}").content.decode()
        given = lou.post("/mon-espace/mandats/nouveau/maison", {"themes": "logement", "days": "7"})
        page = lou.get(given.url).content.decode()
        seen_hash = re.search(r'name="seen" value="(\w+)"', page)[1]
        assert lou.post(given.url, {"seen": seen_hash}).url == "/mon-espace/mandats"
        assert lou.post(f"/mon-espace/mandats/{row.reference}/arreter").status_code == 302
        assert zoe.post("/agent/aide/preparer", {"themes": "logement"}).url == "/mandats/fini"
        nobody = Client(headers=OURS)
        with wall.house():
            other = Mandate.objects.exclude(pk=row.pk).get()
        assert nobody.post(f"/mandats/stop/{stop_code(other)}").status_code == 200
        with wall.house():
            other.refresh_from_db()
        assert other.revoked_way == "code"


def test_a_declaration_is_checked_as_the_application(small_territory):
    town = people.organisation("mairie")
    agent = people.signed_in(
        Client(headers=OURS), people.agent(organisation=town, roles=("trust.verifier",)), organisation="mairie"
    )
    parent = people.resident()
    dan = people.signed_in(Client(headers=OURS), parent)
    said = {"me": "Dan", "name": "SARL", "siren": "732829320", "paper": "K", "authority": "mairie", "themes": "argent"}
    with as_application():
        assert dan.post("/mon-espace/mandats/declarer/entreprise", said).status_code == 302
        with wall.house():
            row = Mandate.objects.get()
        assert "732829320" in agent.get(f"/agent/mandats-a-verifier/{row.reference}").content.decode()
        assert agent.post(f"/agent/mandats-a-verifier/{row.reference}", {"decision": "oui"}).status_code == 302
        assert dan.post(f"/mandats/{row.reference}/prendre").status_code == 302
        assert "rendre" in dan.get("/mon-espace/mandats").content.decode()


def test_a_user_who_walks_through_is_told(two):
    if wall.bypassed():  # as the tests are usually run
        assert [each.id for each in plugs.wall_stands()] == ["trust.W001"]
    with as_application():
        assert not wall.bypassed()
        assert plugs.wall_stands() == []


def test_helpers_of_the_cap_are_counted_through_the_wall(small_territory, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_PRINCIPALS", 1)
    help_ = Help()
    help_.given()
    other = people.resident()
    with as_application():
        wall.enter(person=str(other.id))
        with pytest.raises(drafts.NotAllowed):
            mandates.give(actor=people.actor(other), organisation="maison", helper=str(help_.zoe.id), terms=terms())


def test_what_an_organisation_reads_with_a_ground_is_read_through_the_wall(small_territory):
    from lacydon.capabilities.trust.actions import reading
    from lacydon.capabilities.trust.queries.figures import figures
    from tests.capabilities.trust import lives

    town = people.organisation("commune-97001")
    person = people.resident()
    lives.civil(person, family_name="Durand")
    lives.contact(person, "a@b.example")
    clerk = lives.reader(town)
    asked = {"actor": clerk, "person": str(person.id), "purpose": "request-follow-up", "case": "request:R-1"}
    with as_application():
        wall.enter(person=clerk.person, organisation=town.id)
        assert reading.read_civil_identity(**asked) == {"family_name": "Durand"}
        assert reading.read_contact_point(kind="email", **asked) == "a@b.example"
        assert seen()["ContactPoint"] == 0, "and only so"
        wall.enter(person="")
        assert figures().entries > 0


def test_what_is_seen_for_somebody_is_not_theirs_to_change(two):
    """An organisation sees keys, entries, proofs shared with it, its members: it removes none of what is not its own."""
    one, other, *_rest = two
    body = one.body.id
    Consent.objects.filter(person=one.resident).update(withdrawn_at=None)
    with as_application():
        wall.enter(person=str(one.zoe.id), organisation=body)
        for model in (PersonKey, Proof, CivilIdentity):
            rows = model.objects.filter(person=one.resident)
            assert rows.exists(), model
            assert rows._raw_delete("default") == 0, model
            assert rows.update(person=one.resident) == 0, model
        assert Entry.objects.filter(subject=one.resident).update(purpose="x") == 0
        assert Membership.objects.filter(organisation=other.body).update(until=now()) == 0
        wall.enter(person=str(one.zoe.id))
        assert Membership.objects.count() == 1
        assert Membership.objects.update(until=None) == 0, "nobody keeps themselves in an organisation"
        assert RoleGrant.objects.update(until=None) == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            RoleGrant.objects.create(membership=Membership.objects.get(), role="trust.manager", granted_at=now())


def test_only_the_key_of_a_session_finds_it(two):
    one, *_rest = two
    (row,) = Session.objects.filter(person=one.resident)
    with as_application(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM lacydon_session_of(%s)", [row.pk])
        assert cursor.fetchone() == (1,)
        cursor.execute("SELECT count(*) FROM lacydon_session_of(%s)", ["%"])
        assert cursor.fetchone() == (0,)
        assert not Session.objects.exists(), "the house is left with the question"


def test_a_key_that_is_not_seen_is_never_taken_for_one_that_is_gone(two):
    """An entry committed under the journal's own key would outlive the erasure of its subject."""
    one, other, *_rest = two
    with as_application():
        wall.enter(person=str(one.resident.id))
        with transaction.atomic():
            made = record(actor=one.me, action="consent.see", purpose="rights", subject=str(other.resident.id))
        with wall.house():
            row = Entry.objects.get(pk=made.pk)
            values = (other.resident.id.hex, one.resident.id.hex, "", "")
            key = leaves.journal_key_of(key_of(other.resident.id))
            assert leaves.committed(key, row.pk.hex, values) == bytes(row.commitments)
