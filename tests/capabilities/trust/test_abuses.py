"""What somebody of bad will tries with a right they have, had, or half have: each was possible once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lacydon.capabilities.trust.actions import consents, links, mandates
from lacydon.capabilities.trust.actions.journal import record
from lacydon.capabilities.trust.actions.mandates import confirmations
from lacydon.capabilities.trust.actions.mandates.codes import sent_code
from lacydon.capabilities.trust.actions.proving import access_proof
from lacydon.capabilities.trust.actions.reading import use_proof
from lacydon.capabilities.trust.actions.sessions import LIFETIME
from lacydon.capabilities.trust.errors import NoConsent, NotAllowed, WrongCode
from lacydon.capabilities.trust.models import Entry, Proof, Session
from lacydon.kernel import plugs
from lacydon.kernel.access import MACHINE, StrongerSignInNeeded
from lacydon.kernel.clock import now
from lacydon.kernel.errors import TooManyRequests
from tests.capabilities.trust import lives
from tests.capabilities.trust.helping import Help, letters, terms, verified_contact, words
from tests.capabilities.trust.people import actor, agent, organisation, resident, signed_in
from tests.kernel.uploads import samples

pytestmark = pytest.mark.django_db
PURPOSE, CATEGORY = "income-based-rate", "proof:income-tax"


# A session.


def test_changing_its_key_does_not_make_a_session_younger(client):
    """An agent who chose an organisation every few hours would never have to sign in again."""
    person, desk = agent(organisation=organisation()), organisation()
    began = now() - LIFETIME + timedelta(minutes=10)
    signed_in(client, person, organisation=desk.id, signed_in_at=began.isoformat())
    assert client.post("/agent/organisme", {"organisme": desk.id}).status_code == 302
    (row,) = Session.objects.filter(person=person)
    assert row.expire_date <= began + LIFETIME


# An organisation that was left.


@pytest.fixture
def town():
    return organisation("commune-97001")


@pytest.fixture
def shared(town):
    """Somebody who lets this town use their tax notice."""
    person = resident()
    lives.proof(person)
    consents.give_consent(actor=actor(person), recipient=town.id, purpose=PURPOSE, categories=[CATEGORY], days=31)
    return person


def test_who_left_an_organisation_acts_for_it_no_more_in_the_session_still_open(client, town):
    clerk = agent(organisation=town)
    signed_in(client, clerk, organisation=town.id)
    assert client.get("/agent").wsgi_request.actor.organisation == town.id
    clerk.memberships.update(until=now())
    assert client.get("/agent").wsgi_request.actor.organisation == ""


def test_who_left_an_organisation_reads_and_asks_nothing_for_it(town, shared):
    clerk = agent(organisation=town, roles=("requests.clerk",))
    me = actor(clerk, organisation=town.id)
    assert use_proof(actor=me, person=str(shared.id), kind="income-tax", purpose=PURPOSE).content
    clerk.memberships.update(until=now())
    with pytest.raises(NotAllowed):
        use_proof(actor=me, person=str(shared.id), kind="income-tax", purpose=PURPOSE)
    with pytest.raises(NotAllowed):
        consents.ask_consent(actor=me, person=str(shared.id), purpose=PURPOSE, categories=[CATEGORY])


# A consent given twice.


def test_what_was_given_by_two_clicks_is_taken_back_by_one(town, shared):
    again = {"recipient": town.id, "purpose": PURPOSE, "categories": [CATEGORY, "proof:caf"], "days": 31}
    twin = consents.give_consent(actor=actor(shared), **again)
    other = consents.give_consent(actor=actor(shared), **again | {"categories": ["proof:school"]})
    consents.withdraw_consent(actor=actor(shared), consent=str(twin.pk))
    with pytest.raises(NoConsent):
        use_proof(actor=lives.reader(town), person=str(shared.id), kind="income-tax", purpose=PURPOSE)
    other.refresh_from_db()
    assert other.withdrawn_at is None, "nothing of it was taken back"
    assert Entry.objects.filter(subject=shared, action="consent.withdraw").count() == 2


# A helper.


def test_a_helper_takes_no_mandate_with_one_factor_only():
    help_ = Help()
    mandate = help_.given()
    with pytest.raises(StrongerSignInNeeded):
        mandates.take(actor=replace(help_.helper, strong=False), reference=mandate.reference)
    assert mandates.take(actor=help_.helper, reference=mandate.reference).mandate == str(mandate.pk)


def test_a_helper_does_not_guess_codes_by_preparing_mandates_without_end(monkeypatch):
    help_ = Help()
    verified_contact(help_.resident, "lou@example.org")
    monkeypatch.setattr(confirmations, "CODES_TYPED", 7)

    def prepared():
        return mandates.prepare(actor=help_.helper, terms=terms(), evidence="code", contact="lou@example.org")

    for _round in range(7):
        with pytest.raises(WrongCode):
            mandates.confirm_by_code(actor=help_.helper, reference=prepared().reference, code="x")
    draft = prepared()
    with pytest.raises(TooManyRequests):
        mandates.confirm_by_code(actor=help_.helper, reference=draft.reference, code=sent_code(draft))


def test_a_helper_without_the_history_takes_no_proof_of_it_by_the_action_either():
    help_ = Help()
    acting = help_.in_hand(help_.given())
    entry = record(actor=MACHINE, subject=str(help_.resident.id), action="proof.use", purpose="housing-request")
    with pytest.raises(NotAllowed):
        access_proof(actor=acting, entry=str(entry.pk))


def test_what_a_helper_shares_or_gives_is_told_to_the_resident(town, monkeypatch):
    """In the journal only, it was seen by who went to look."""
    help_ = Help()
    verified_contact(help_.resident, "lou@example.org")
    acting = help_.in_hand(help_.given(themes=["argent"]))
    sent = letters(monkeypatch)
    lives.give_proof(actor=acting, kind="income-tax", name="a.pdf", content=lives.PDF)
    given = consents.give_consent(actor=acting, recipient=town.id, purpose=PURPOSE, categories=[CATEGORY], days=31)
    consents.withdraw_consent(actor=acting, consent=str(given.pk))
    told = [words(each).replace("\xa0", " ") for each in sent]
    for said, letter in zip(("justificatif déposé", "accord de partage donné", "partage retiré"), told, strict=True):
        assert said in letter
    consents.give_consent(actor=help_.me, recipient=town.id, purpose=PURPOSE, categories=[CATEGORY], days=31)
    assert len(sent) == 3, "for oneself nobody is told"


def test_a_helper_does_not_flood_an_address_with_codes(client):
    help_ = Help()
    signed_in(client, help_.zoe, organisation=help_.body.id)
    form = {"themes": "logement", "days": "1", "evidence": "code", "contact": "lou@example.org"}
    answers = [client.post("/agent/aide/preparer", form).status_code for _each in range(6)]
    assert answers == [302] * 5 + [429]


def test_nobody_finds_the_birthday_of_a_child_by_trying(client):
    signed_in(client, resident())
    form = {"me": "X", "name": "Y", "paper": "Z", "authority": "rien", "themes": "famille", "born": "2018-05-03"}
    answers = [client.post("/mon-espace/mandats/declarer/enfant", form).status_code for _each in range(31)]
    assert answers == [422] * 30 + [429]


# Codes sent by e-mail.


def test_one_network_does_not_guess_the_codes_of_many_links(client, monkeypatch):
    monkeypatch.setattr(links, "CODE_TRIES_HERE", 3)
    answers = []
    for number in range(4):
        client.post("/connexion/courriel", {"email": f"n{number}@exemple.fr"})
        answers.append(client.post("/connexion/courriel/envoye", {"code": "x"}).status_code)
    assert answers == [422, 422, 422, 429]


# Documents.


class Scanner:
    def is_on(self):
        return True

    def scan(self, content):
        return "Eicar" if b"EICAR" in content else None


def test_the_antivirus_looks_at_documents(client):
    signed_in(client, resident())
    with plugs.antivirus.temporarily("test", Scanner):
        for content, status in ((b"%PDF-1.4\nEICAR\n%%EOF\n", 422), (lives.PDF, 302)):
            sent = {"kind": "caf", "document": SimpleUploadedFile("a.pdf", content)}
            assert client.post("/mon-espace/justificatifs/deposer", sent).status_code == status
    assert Proof.objects.count() == 1


def test_a_photo_keeps_nothing_hidden_after_its_end(client):
    signed_in(client, resident())
    sent = {"kind": "identity", "document": SimpleUploadedFile("a.jpg", samples.jpeg(after=b"<script>hidden"))}
    assert client.post("/mon-espace/justificatifs/deposer", sent).status_code == 302
    kept = client.get(f"/mon-espace/justificatifs/{Proof.objects.get().pk}").content
    assert kept.startswith(b"\xff\xd8\xff") and b"hidden" not in kept


# A contract.


def test_a_form_that_says_nothing_ends_no_contract(client, town):
    from tests.capabilities.trust import test_contracts as about

    other = organisation("commune-97002")
    officer = agent(organisation=town, roles=("trust.protection",))
    made = about.acts.propose_contract(
        actor=actor(officer, organisation=town.id),
        recipient=other.id,
        purpose=about.PURPOSE,
        words="Éviter de redemander ce que l’on a.",
        legal_basis="Article L114-8 du CRPA",
        categories=["contact:email"],
        until=now() + timedelta(days=30),
    )
    signed_in(client, officer, organisation=town.id).post(f"/agent/partages/{made.pk}", {})
    made.refresh_from_db()
    assert made.ended_at is None


# A form.


def test_a_sign_that_no_database_keeps_is_refused(client):
    """PostgreSQL failed on it, with a 500."""
    signed_in(client, resident())
    client.raise_request_exception = False
    ended = client.post("/mon-espace/securite/appareils/deconnecter", {"appareil": "a\0b"})
    assert ended.status_code == 400
