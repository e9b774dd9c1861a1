"""Mandates stopped: by the principal, at a counter, by a code without a sign-in, by the helper; what is told to whom."""

import re

import pytest
from django.db import transaction

from lacydon.capabilities.trust.actions import mandates
from lacydon.capabilities.trust.actions.mandates.codes import stop_code
from lacydon.capabilities.trust.errors import MandateNotReady, MandateUnknown, NotAllowed
from lacydon.capabilities.trust.models import Entry
from lacydon.capabilities.trust.queries import mandates as known
from lacydon.kernel.errors import BadInput
from lacydon.kernel.models import Letter
from tests.capabilities.trust import people
from tests.capabilities.trust.helping import HELPER, Help, letters, verified_contact, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def help_():
    return Help()


def holds(help_, mandate):
    return known.in_hand(help_.helper, str(mandate.pk)) is not None


def test_the_principal_stops_it_at_once_without_a_reason(help_):
    mandate = help_.given()
    assert holds(help_, mandate)
    mandates.revoke(actor=help_.me, reference=mandate.reference)
    assert not holds(help_, mandate)
    told = Entry.objects.get(action="mandate.revoke")
    assert (told.subject_id, told.actor_id, told.basis) == (help_.resident.id, help_.resident.id, "principal")


def test_only_ones_own_mandate(help_):
    mandate = help_.given()
    for actor in (people.actor(people.resident()), help_.colleague):
        with pytest.raises((MandateUnknown, NotAllowed)):
            mandates.revoke(actor=actor, reference=mandate.reference)
    assert holds(help_, mandate)


def test_twice_is_told(help_):
    mandate = help_.given()
    mandates.revoke(actor=help_.me, reference=mandate.reference)
    with pytest.raises(MandateNotReady):
        mandates.revoke(actor=help_.me, reference=mandate.reference)


def test_the_code_of_a_notice_stops_it_without_a_sign_in(help_):
    mandate, other = help_.given(), help_.given()
    code = stop_code(mandate)
    assert len(code.replace("-", "")) == 12
    mandates.stop_by_code(code=f" {code.lower()} ")
    mandates.stop_by_code(code=code)
    assert not holds(help_, mandate)
    assert holds(help_, other)
    told = Entry.objects.get(action="mandate.revoke")
    assert (told.actor_id, told.actor_kind, told.basis) == (None, "nobody", "code")
    with pytest.raises(MandateUnknown):
        mandates.stop_by_code(code="0000-0000-0000")


def test_a_draft_can_be_stopped_before_it_begins(help_):
    draft = help_.drafted()
    mandates.stop_by_code(code=stop_code(draft))
    draft.refresh_from_db()
    assert draft.revoked_way == "code"
    assert draft.code_hash is None


def test_a_counter_stops_it_with_a_paper(help_):
    mandate = help_.given()
    with pytest.raises(BadInput):
        mandates.stop_at_counter(actor=help_.colleague, reference=mandate.reference, paper="")
    mandates.stop_at_counter(actor=help_.colleague, reference=mandate.reference.lower(), paper="Lettre du 3 mai")
    assert not holds(help_, mandate)
    mandate.refresh_from_db()
    assert b"Lettre" not in bytes(mandate.revoked_sealed)


def test_the_counter_of_another_body_does_not(help_):
    mandate = help_.given()
    other = people.organisation("ailleurs", kind="help", themes=["logement"])
    stranger = people.actor(people.agent(organisation=other, roles=(HELPER,)), organisation=other.id)
    with pytest.raises(MandateUnknown):
        mandates.stop_at_counter(actor=stranger, reference=mandate.reference, paper="x")
    assert holds(help_, mandate)


def test_a_helper_gives_it_up_for_good(help_):
    mandate = help_.given()
    with pytest.raises(MandateUnknown):
        mandates.renounce(actor=help_.colleague, reference=mandate.reference)
    mandates.renounce(actor=help_.helper, reference=mandate.reference)
    assert not holds(help_, mandate)


def test_an_erasure_stops_all_of_them(help_):
    given = [help_.given(), help_.given()]
    assert mandates.end_all_of(actor=help_.me, person=str(help_.resident.id)) == 2
    assert not any(holds(help_, each) for each in given)


# Notices.


@pytest.fixture
def sent(help_, monkeypatch):
    verified_contact(help_.resident, "lou@example.org")
    return letters(monkeypatch)


def test_confirmation_and_end_are_told(help_, sent):
    mandate = help_.given()
    assert len(sent) == 1
    assert "L’aide a commencé." in words(sent[0])
    mandates.revoke(actor=help_.me, reference=mandate.reference)
    assert "L’aide est arrêtée." in words(sent[1])
    assert stop_code(mandate) not in words(sent[1])


def test_what_is_refused_is_told_to_nobody(help_, sent):
    with pytest.raises(BadInput):
        help_.given(days=1000)
    assert sent == []


def test_a_notice_says_who_what_until_when_and_how_to_stop(help_, sent):
    mandate = help_.given()
    said = words(sent[0])
    for each in ("maison", "Logement", mandate.reference, f"/mandats/stop/{stop_code(mandate)}"):
        assert each in said
    assert sent[0].to == "lou@example.org"


def test_nothing_is_sent_to_an_address_nobody_proved(help_, sent):
    mandates.prepare(
        actor=help_.helper, terms=mandates.Terms(["logement"]), evidence="paper", paper="x", name="y",
        contact="helper@example.org",
    )  # fmt: skip
    assert sent == []


def test_a_letter_is_kept_in_the_transaction_of_the_act(help_, settings):
    settings.MAIL_URL = "smtp://127.0.0.1:1/?tls=none"
    verified_contact(help_.resident, "lou@example.org")
    help_.given()
    assert Letter.objects.count() == 1
    with pytest.raises(RuntimeError), transaction.atomic():
        help_.given()
        raise RuntimeError
    assert Letter.objects.count() == 1


def test_the_stop_link_is_never_relative(help_, sent, settings, client):
    """A message is read far from our pages: without PUBLIC_URL, the request says where we are, else the server."""
    settings.PUBLIC_URL = ""
    zoe = people.signed_in(client, help_.zoe, organisation=help_.body.id)
    asked = {"themes": "logement", "days": "1", "write": "oui", "evidence": "code", "contact": "lou@example.org"}
    help_.given()
    assert f" {settings.SERVED_AT}/mandats/stop/" in words(sent[-1]).replace("\n", " ")
    sent.clear()
    assert zoe.post("/agent/aide/preparer", asked, headers={"Host": "127.0.0.1:8123"}).status_code == 302
    lou = people.signed_in(people.visitor(), help_.resident)
    given = lou.post("/mon-espace/mandats/nouveau/maison", {"themes": "logement", "days": "7"})
    seen = re.search(r'name="seen" value="(\w+)"', lou.get(given.url).content.decode())[1]
    assert lou.post(given.url, {"seen": seen}, headers={"Host": "127.0.0.1:8123"}).status_code == 302
    assert "http://127.0.0.1:8123/mandats/stop/" in words(sent[-1])
