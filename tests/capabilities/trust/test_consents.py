"""Consents: asked in one question, given or refused at the same cost, withdrawn in one click; nothing is read without."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from lacydon.capabilities.trust.actions import consents as acts
from lacydon.capabilities.trust.actions.reading import read_contact_point, use_proof
from lacydon.capabilities.trust.errors import NoConsent, NotAllowed, PurposeNeeded
from lacydon.capabilities.trust.models import Consent, ConsentRequest, Entry, Mandate, Membership, Organisation
from lacydon.capabilities.trust.queries import consents
from lacydon.kernel import signing
from lacydon.kernel.access import MACHINE
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, NotFound
from tests.capabilities.trust import lives
from tests.capabilities.trust.people import actor, agent, organisation, resident, signed_in
from tests.markup import read

PURPOSE, CATEGORY = "income-based-rate", "proof:income-tax"
pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return organisation("commune-97001", name={"fr": "Ville d’Olivette"})


@pytest.fixture
def person():
    return resident()


@pytest.fixture
def clerk(town):
    return lives.reader(town)


@pytest.fixture
def asked(clerk, person):
    return acts.ask_consent(actor=clerk, person=str(person.id), purpose=PURPOSE, categories=[CATEGORY], days=31)


@pytest.fixture
def given(person, asked):
    return acts.answer_request(actor=actor(person), request=str(asked.pk), agreed=True)


def page(response, status=200):
    assert response.status_code == status, response.content.decode()
    return read(response.content.decode())


class TestTheQuestion:
    def test_it_says_what_with_whom_why_how_long_and_on_which_ground(self, client, person, asked):
        shown = page(signed_in(client, person).get(f"/mon-espace/accords/demandes/{asked.pk}"))
        words = shown.one("main").words
        for told in (
            "Avis d’imposition",
            "Ville d’Olivette",
            "calculer un tarif selon vos ressources",
            "31 jours",
            "6.1.a",
        ):
            assert told in words.replace("\u00a0", " ")

    def test_yes_and_no_are_alike_and_nothing_is_ticked(self, client, person, asked):
        shown = page(signed_in(client, person).get(f"/mon-espace/accords/demandes/{asked.pk}"))
        (form,) = (each for each in shown.one("main").all("form") if each.attributes.get("action") != "/deconnexion")
        buttons = form.all("button")
        assert [each.attributes["value"] for each in buttons] == ["oui", "non"]
        assert buttons[0].attributes["class"] == buttons[1].attributes["class"]
        assert "checked" not in {name for each in form.all("input") for name in each.attributes}

    @pytest.mark.parametrize(("said", "live"), [("oui", 1), ("non", 0)])
    def test_one_click_answers(self, client, person, asked, said, live):
        signed_in(client, person).post(f"/mon-espace/accords/demandes/{asked.pk}", {"reponse": said})
        assert consents.holding().filter(person=person).count() == live
        assert not ConsentRequest.objects.filter(answered_at=None).exists()
        assert client.post(f"/mon-espace/accords/demandes/{asked.pk}", {"reponse": "oui"}).status_code == 302
        assert consents.holding().filter(person=person).count() == live, "answered is answered"

    def test_no_answer_is_no(self, client, person, asked):
        signed_in(client, person).post(f"/mon-espace/accords/demandes/{asked.pk}", {})
        assert not Consent.objects.exists()
        ConsentRequest.objects.update(expires_at=asked.asked_at)
        assert client.get(f"/mon-espace/accords/demandes/{asked.pk}").status_code == 404

    def test_nobody_else_answers(self, client, asked):
        assert signed_in(client, resident()).get(f"/mon-espace/accords/demandes/{asked.pk}").status_code == 404
        client.post(f"/mon-espace/accords/demandes/{asked.pk}", {"reponse": "oui"})
        assert not Consent.objects.exists()

    def test_asking_twice_is_asking_once(self, clerk, person, asked):
        again = acts.ask_consent(actor=clerk, person=str(person.id), purpose=PURPOSE, categories=[CATEGORY])
        assert again.pk == asked.pk

    def test_only_an_organisation_asks(self, person):
        with pytest.raises(NotAllowed):
            acts.ask_consent(actor=actor(resident()), person=str(person.id), purpose=PURPOSE, categories=[CATEGORY])

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"purpose": "anything"}, "purpose"),
            ({"purpose": "request-follow-up"}, "purpose"),
            ({"categories": []}, "categories"),
            ({"categories": ["proof:soul"]}, "categories"),
            ({"days": 0}, "days"),
            ({"days": 366}, "days"),
        ],
    )
    def test_what_is_asked_is_precise(self, clerk, person, change, field):
        asked = {"purpose": PURPOSE, "categories": [CATEGORY], "days": 31} | change
        with pytest.raises(BadInput) as refused:
            acts.ask_consent(actor=clerk, person=str(person.id), **asked)
        assert refused.value.field == field


class TestByOnesOwnWill:
    ADDRESS = "/mon-espace/accords/nouveau?organisme=commune-97001"
    FORM = {"purpose": PURPOSE, "categories": [CATEGORY], "days": "182"}

    def test_the_form_has_nothing_ticked(self, client, person, town):
        shown = page(signed_in(client, person).get(self.ADDRESS))
        assert [each for each in shown.all("input") if "checked" in each.attributes] == []
        assert [each.attributes["value"] for each in shown.all("option") if "selected" in each.attributes] == []

    def test_an_organisation_is_found_by_its_name(self, client, person, town):
        Organisation.objects.create(id="ecole-des-mousses", kind="help", name={"fr": "École des Mousses"})
        shown = page(signed_in(client, person).get("/mon-espace/accords/nouveau?nom=ecole+mousses"))
        links = [each.attributes["href"] for each in shown.all("a") if "?organisme=" in each.attributes["href"]]
        assert links == ["/mon-espace/accords/nouveau?organisme=ecole-des-mousses"]
        nobody = client.get("/mon-espace/accords/nouveau?organisme=nobody&nom=xyz").content.decode()
        assert "Aucun organisme n’a ce nom" in nobody

    def test_it_is_given(self, client, person, town):
        assert signed_in(client, person).post(self.ADDRESS, self.FORM).status_code == 302
        made = Consent.objects.get(person=person)
        assert (made.until - made.given_at) == timedelta(days=182)
        assert Entry.objects.filter(subject=person, action="consent.give", object=f"consent:{made.pk}").exists()

    @pytest.mark.parametrize("change", [{"purpose": ""}, {"categories": []}, {"days": ""}, {"days": "99999"}])
    def test_what_was_typed_comes_back_with_the_sentence(self, client, person, town, change):
        shown = page(signed_in(client, person).post(self.ADDRESS, self.FORM | change), status=422)
        assert shown.one("p", role="alert").words
        assert not Consent.objects.exists()
        kept = {each.attributes["value"] for each in shown.all("option") if "selected" in each.attributes}
        untouched = {self.FORM[name] for name in ("purpose",) if name not in change}
        assert kept >= untouched


class TestReading:
    def test_a_consent_is_asked_at_each_read(self, person, clerk, given):
        lives.proof(person)
        assert use_proof(actor=clerk, person=str(person.id), kind="income-tax", purpose=PURPOSE).content == lives.PDF
        Consent.objects.update(withdrawn_at=given.given_at)
        with pytest.raises(NoConsent):
            use_proof(actor=clerk, person=str(person.id), kind="income-tax", purpose=PURPOSE)

    def test_withdrawn_in_one_click_the_next_read_is_refused(self, client, person, clerk, given):
        lives.proof(person)
        shown = page(signed_in(client, person).get("/mon-espace/accords"))
        (form,) = [each for each in shown.all("form") if each.attributes.get("action", "").endswith("/retirer")]
        client.post(form.attributes["action"])
        with pytest.raises(NoConsent):
            use_proof(actor=clerk, person=str(person.id), kind="income-tax", purpose=PURPOSE)
        assert not Entry.objects.filter(action="proof.use").exists()

    def test_every_read_on_consent_carries_a_live_receipt(self, person, clerk, given):
        lives.proof(person)
        for _ in range(3):
            used = use_proof(actor=clerk, person=str(person.id), kind="income-tax", purpose=PURPOSE)
            assert used.receipt == str(given.pk)
        rows = Entry.objects.filter(basis="consent").exclude(action="consent.give")
        receipts = [row.object.partition(";consent:")[2] for row in rows]
        assert len(receipts) == 3
        for each, row in zip(receipts, rows, strict=True):
            assert Consent.objects.filter(pk=each, given_at__lte=row.at, until__gt=row.at, withdrawn_at=None).exists()

    def test_a_read_on_consent_without_a_receipt_gets_nothing(self, person, clerk):
        lives.proof(person)
        lives.contact(person, "a@b.example")
        for read_it in (
            lambda: use_proof(actor=clerk, person=str(person.id), kind="income-tax", purpose=PURPOSE),
            lambda: read_contact_point(actor=clerk, person=str(person.id), kind="email", purpose=PURPOSE),
        ):
            with pytest.raises(NoConsent):
                read_it()
        assert not Entry.objects.filter(subject=person, actor=clerk.person).exists()

    @pytest.mark.parametrize("change", ["recipient", "purpose", "category", "person", "over", "later"])
    def test_a_consent_is_for_just_that(self, person, clerk, given, change):
        lives.proof(person)
        lives.proof(person, kind="caf")
        asked = {"actor": clerk, "person": str(person.id), "kind": "income-tax", "purpose": PURPOSE}
        if change == "recipient":
            asked["actor"] = lives.reader(organisation("commune-97002"))
        elif change == "purpose":
            asked["purpose"] = "housing-request"
        elif change == "category":
            asked["kind"] = "caf"
        elif change == "person":
            asked["person"] = str(resident().id)
        elif change == "over":
            Consent.objects.update(until=given.given_at)
        else:
            Consent.objects.update(given_at=given.until - timedelta(days=1))
        with pytest.raises(NoConsent):
            use_proof(**asked)

    @pytest.mark.parametrize(
        "change", [{"purpose": ""}, {"purpose": "curiosity"}, {"purpose": "request-follow-up"}, {"case": "de quoi"}]
    )
    def test_a_read_has_a_purpose_with_words_and_its_case(self, person, clerk, given, change):
        lives.proof(person)
        with pytest.raises(PurposeNeeded):
            use_proof(**({"actor": clerk, "person": str(person.id), "kind": "income-tax", "purpose": PURPOSE} | change))

    def test_who_is_not_an_organisation_reads_nothing(self, person, clerk, given):
        lives.proof(person)
        weak = replace(clerk, strong=False)
        for who in (
            actor(person),
            actor(resident()),
            replace(clerk, organisation=""),
            weak,
            MACHINE,
            replace(clerk, mandate="x"),
        ):
            with pytest.raises(NotAllowed):
                use_proof(actor=who, person=str(person.id), kind="income-tax", purpose=PURPOSE)

    def test_a_machine_reads_for_an_organisation(self, person, town, given):
        lives.proof(person)
        machine = replace(MACHINE, organisation=town.id)
        assert use_proof(actor=machine, person=str(person.id), kind="income-tax", purpose=PURPOSE).content == lives.PDF
        assert Entry.objects.get(action="proof.use").actor_kind == "machine"


class TestReceipt:
    def test_it_has_the_sections_of_the_specification_and_is_signed(self, client, person, given):
        response = signed_in(client, person).get(f"/mon-espace/accords/{given.pk}/recu")
        assert response["Content-Disposition"].startswith("attachment")
        told = json.loads(response.content)
        assert signing.holds(told, public_key=signing.public_key())
        assert {"receipt_metadata", "record_header", "pii_processing", "party_identification", "events"} <= told.keys()
        assert told["record_header"]["pii_principal_id"] == f"urn:uuid:{person.id}"
        (purpose,) = told["pii_processing"]["purposes"]
        assert purpose["purpose"] == PURPOSE
        assert [each["pii_type"] for each in purpose["pii_information"]] == [CATEGORY]
        assert purpose["withdrawal_method"].endswith("/mon-espace/accords")
        assert told["party_identification"][0]["party_name"] == "Ville d’Olivette"
        assert [each["event_state"] for each in told["events"]] == ["given"]
        assert told["pii_processing"]["privacy_notice"]["sha256"] == given.notice_hash

    def test_it_tells_the_withdrawal(self, client, person, given):
        signed_in(client, person).post(f"/mon-espace/accords/{given.pk}/retirer")
        told = json.loads(client.get(f"/mon-espace/accords/{given.pk}/recu").content)
        assert [each["event_state"] for each in told["events"]] == ["given", "withdrawn"]

    def test_a_changed_receipt_is_seen(self, client, person, given):
        told = json.loads(signed_in(client, person).get(f"/mon-espace/accords/{given.pk}/recu").content)
        told["pii_processing"]["purposes"][0]["purpose"] = "anything"
        assert not signing.holds(told, public_key=signing.public_key())

    def test_nobody_else_takes_it(self, client, given):
        assert signed_in(client, resident()).get(f"/mon-espace/accords/{given.pk}/recu").status_code == 404


class TestUnderAMandate:
    @pytest.fixture
    def house(self):
        return organisation("maison", kind="help")

    @pytest.fixture
    def helper(self, house):
        return agent(organisation=house, roles=("trust.helper",))

    def test_a_helper_says_yes_within_the_themes_and_it_is_shown(self, client, person, helper, house, asked):
        held = lives.mandate(person, helper, organisation=house, scope=("argent",))
        signed_in(client, helper, organisation=house.id, mandate=str(held.pk))
        client.post(f"/mon-espace/accords/demandes/{asked.pk}", {"reponse": "oui"})
        made = Consent.objects.get()
        assert (made.person, made.given_by, made.mandate) == (person, helper, held)
        assert made.until == held.ends_at, "no longer than the mandate itself"
        shown = page(signed_in(client, person).get("/mon-espace/accords"))
        assert f"par Agent {str(helper.id)[:8]} pour vous" in shown.one("main").words.replace("\u00a0", " ")
        told = json.loads(client.get(f"/mon-espace/accords/{made.pk}/recu").content)
        assert told["extension"]["given_under_mandate"] == str(held.pk)

    def test_outside_of_the_themes_there_is_nothing(self, person, helper, house, town, asked, given):
        held = lives.mandate(person, helper, organisation=house, scope=("social",))
        acting = lives.under(actor(helper, organisation=house.id), held)
        with pytest.raises(NotFound):
            acts.withdraw_consent(actor=acting, consent=str(given.pk))
        with pytest.raises(NotAllowed):
            acts.give_consent(actor=acting, recipient=town.id, purpose=PURPOSE, categories=[CATEGORY], days=1)
        assert consents.consents_of(acting) == ([], [])

    def test_a_mandate_that_may_not_write_may_not_agree(self, person, helper, house, asked):
        held = lives.mandate(person, helper, organisation=house, scope=("argent",))
        Mandate.objects.filter(pk=held.pk).update(limits=["write"])
        acting = lives.under(actor(helper, organisation=house.id), held)
        with pytest.raises(NotAllowed):
            acts.answer_request(actor=acting, request=str(asked.pk), agreed=True)

    @pytest.mark.parametrize("where", ["the body of the mandate", "another membership"])
    def test_nobody_agrees_for_somebody_to_what_their_own_organisation_reads(
        self, client, person, helper, house, town, where
    ):
        """A helper who is also a clerk would open to the clerk what was entrusted to the helper."""
        recipient = house if where == "the body of the mandate" else town
        Membership.objects.create(person=helper, organisation=town, since=now())
        held = lives.mandate(person, helper, organisation=house, scope=("argent",))
        asked = acts.ask_consent(
            actor=lives.reader(recipient), person=str(person.id), purpose=PURPOSE, categories=[CATEGORY]
        )
        signed_in(client, helper, organisation=house.id, mandate=str(held.pk))
        told = page(client.post(f"/mon-espace/accords/demandes/{asked.pk}", {"reponse": "oui"}, follow=True))
        assert "La personne le peut" in told.one("main").words
        assert not Consent.objects.exists()
        asked.refresh_from_db()
        assert asked.answered_at is None
        signed_in(client, person).post(f"/mon-espace/accords/demandes/{asked.pk}", {"reponse": "oui"})
        assert Consent.objects.get().recipient == recipient


def test_the_list_holds_questions_live_and_over(client, person, town, clerk, given):
    signed_in(client, person)
    client.post(f"/mon-espace/accords/{given.pk}/retirer")
    client.post(TestByOnesOwnWill.ADDRESS, TestByOnesOwnWill.FORM)
    acts.ask_consent(actor=clerk, person=str(person.id), purpose="housing-request", categories=["contact:email"])
    words = page(client.get("/mon-espace/accords")).one("main").words
    for told in ("On vous demande un accord", "Accords en cours", "Accords terminés", "retiré le"):
        assert told in words


def test_an_empty_list_teaches(client, person):
    assert "Vous ne partagez rien" in page(signed_in(client, person).get("/mon-espace/accords")).one("main").words


@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time on SQLite: nothing to race with")
@pytest.mark.django_db(transaction=True)
def test_a_read_waits_for_a_withdrawal_that_is_being_made(town):
    import threading

    from django.db import connection as mine
    from django.db import transaction

    person = resident()
    clerk = lives.reader(town)
    lives.proof(person)
    made = acts.give_consent(actor=actor(person), recipient=town.id, purpose=PURPOSE, categories=[CATEGORY], days=2)
    began, outcome = threading.Event(), []

    def read_it() -> None:
        try:
            began.set()
            use_proof(actor=clerk, person=str(person.id), kind="income-tax", purpose=PURPOSE)
            outcome.append("read")
        except NoConsent:
            outcome.append("refused")
        finally:
            mine.close()

    with transaction.atomic():
        acts.withdraw_consent(actor=actor(person), consent=str(made.pk))
        thread = threading.Thread(target=read_it)
        thread.start()
        began.wait()
        thread.join(0.3)
        assert outcome == []
    thread.join()
    assert outcome == ["refused"]
