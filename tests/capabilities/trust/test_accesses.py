"""« Qui a consulté mes données ? »: every read by others, in words, by day, with its proof; and what is contested."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as product_settings
from django.db import transaction

from lacydon.capabilities.trust.actions import contests as acts
from lacydon.capabilities.trust.actions import journal, reading
from lacydon.capabilities.trust.actions.consents import give_consent
from lacydon.capabilities.trust.actions.journal import record
from lacydon.capabilities.trust.errors import NobodyAnswers, NotAllowed, PurposeNeeded
from lacydon.capabilities.trust.models import CivilIdentity, Contest, Entry, Organisation
from lacydon.capabilities.trust.queries import accesses, contests, watch
from lacydon.kernel.access import MACHINE
from lacydon.kernel.clock import LOCAL, now
from tests.capabilities.trust import lives
from tests.capabilities.trust.people import actor, agent, organisation, resident, signed_in
from tests.markup import read
from tests.product import ROOT

pytestmark = pytest.mark.django_db
PAGE = "/mon-espace/acces"


@pytest.fixture
def person():
    return resident()


@pytest.fixture
def town():
    return organisation("commune-97001", name={"fr": "Ville d’Olivette"})


@pytest.fixture
def clerk(town):
    return lives.reader(town)


@pytest.fixture
def recorded_at(monkeypatch):
    """Hold the clock of the journal at a moment; None lets it go."""

    def hold(at):
        monkeypatch.setattr(journal, "now", now if at is None else lambda: at.astimezone(UTC))

    return hold


@pytest.fixture
def looked(person, clerk):
    """An agent has read the resident's address."""
    lives.contact(person, "jeanne@exemple.example")
    asked = {"person": str(person.id), "kind": "email", "purpose": "request-follow-up", "case": "request:R-2026-1"}
    assert reading.read_contact_point(actor=clerk, **asked) == "jeanne@exemple.example"
    return Entry.objects.get(action="contact.read")


def words(response, status=200):
    assert response.status_code == status, response.content.decode()
    return read(response.content.decode()).one("main").words.replace("\u00a0", " ")


class TestReadingIsRecorded:
    def test_the_civil_identity_is_read_for_its_purpose_and_told(self, client, person, clerk):
        lives.civil(person, family_name="Durand")
        asked = {"person": str(person.id), "purpose": "request-follow-up", "case": "request:R-7"}
        assert reading.read_civil_identity(actor=clerk, **asked) == {"family_name": "Durand"}
        told = words(signed_in(client, person).get(PAGE))
        assert "Ville d’Olivette a lu votre état civil" in told
        assert "traiter une demande que vous avez faite" in told
        assert "dossier R-7" in told

    @pytest.mark.parametrize("purpose", ["", "curiosity", None])
    def test_without_a_purpose_nothing_is_read(self, person, clerk, purpose):
        lives.civil(person, family_name="Durand")
        with pytest.raises(PurposeNeeded):
            reading.read_civil_identity(actor=clerk, person=str(person.id), purpose=purpose, case="request:R-7")

    def test_without_a_case_a_public_task_reads_nothing(self, person, clerk):
        with pytest.raises(PurposeNeeded):
            reading.read_civil_identity(actor=clerk, person=str(person.id), purpose="request-follow-up")

    def test_the_read_and_its_entry_stand_or_fall_together(self, person, clerk, monkeypatch):
        lives.civil(person, family_name="Durand")
        before = Entry.objects.count()

        def fails(*_args: object, **_kwargs: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(reading, "civil_identity", fails)
        with pytest.raises(ZeroDivisionError):
            reading.read_civil_identity(
                actor=clerk, person=str(person.id), purpose="request-follow-up", case="request:R-7"
            )
        assert Entry.objects.count() == before
        monkeypatch.undo()
        monkeypatch.setattr(reading, "record", fails)
        with pytest.raises(ZeroDivisionError):
            reading.read_civil_identity(
                actor=clerk, person=str(person.id), purpose="request-follow-up", case="request:R-7"
            )

    def test_another_purpose_keeps_another_identity(self, person, clerk):
        lives.civil(person, family_name="Durand")
        CivilIdentity.objects.update(purpose="housing-request")
        asked = {"person": str(person.id), "purpose": "request-follow-up", "case": "request:R-7"}
        assert reading.read_civil_identity(actor=clerk, **asked) is None


class TestThePage:
    def test_it_says_who_what_why_when_and_on_which_ground(self, client, person, looked):
        told = words(signed_in(client, person).get(PAGE))
        at = looked.at.astimezone(LOCAL)
        for part in (
            "Ville d’Olivette a lu vos coordonnées",
            "traiter une demande",
            f"{at.hour} h {at:%M}",
            "L. 100-3",
        ):
            assert part in told

    def test_a_consent_is_named_and_led_to(self, client, person, town, clerk):
        lives.proof(person)
        actors = {"recipient": town.id, "purpose": "income-based-rate", "categories": ["proof:income-tax"]}
        made = give_consent(actor=actor(person), days=9, **actors)
        reading.use_proof(actor=clerk, person=str(person.id), kind="income-tax", purpose="income-based-rate")
        shown = read(signed_in(client, person).get(PAGE).content.decode())
        assert [each for each in shown.all("a") if each.attributes["href"].endswith(f"#a-{made.pk}")]
        assert "Avis d’imposition" in shown.one("main").words

    def test_a_machine_is_a_machine(self, client, person, town):
        with transaction.atomic():
            machine = replace(MACHINE, organisation=town.id)
            record(
                actor=machine, subject=str(person.id), action="contact.read", purpose="rights", object="contact:email"
            )
        assert "traitement automatique" in words(signed_in(client, person).get(PAGE))

    def test_a_mandate_is_named(self, client, person, town):
        helper = agent(organisation=town, roles=("trust.helper",))
        held = lives.mandate(person, helper, organisation=town, scope=("argent",))
        with transaction.atomic():
            acting = lives.under(actor(helper, organisation=town.id), held)
            record(actor=acting, action="proof.give", purpose="account", object="proof:caf")
        told = words(signed_in(client, person).get(PAGE))
        assert f"Sous le mandat {held.reference}" in told and "Aidant" in told

    def test_my_own_acts_are_apart(self, client, person, looked):
        lives.proof(person)
        shown = read(signed_in(client, person).get(PAGE).content.decode())
        assert len([each for each in shown.all("li") if "access" in each.attributes.get("class", "")]) == 1
        assert "Ce que vous avez fait vous-même" in shown.one("main").words
        assert "a déposé un justificatif" in words(client.get(f"{PAGE}/les-miens"))

    def test_somebody_else_sees_nothing_of_it(self, client, looked):
        told = words(signed_in(client, resident()).get(PAGE))
        assert "Personne n’a consulté vos données" in told
        assert client.get(f"{PAGE}/{looked.pk}/preuve").status_code == 404
        assert client.get(f"{PAGE}/{looked.pk}/contester").status_code == 404

    def test_by_day_and_paged(self, client, person, clerk, recorded_at):
        start = datetime(2026, 3, 9, 12, tzinfo=UTC)
        for number in range(45):
            recorded_at(start - timedelta(hours=12 * number))
            with transaction.atomic():
                record(actor=clerk, subject=str(person.id), action="contact.read", purpose="rights", object="x:1")
        recorded_at(None)
        shown = read(signed_in(client, person).get(PAGE).content.decode())
        accesses_shown = [each for each in shown.all("li") if "access" in each.attributes.get("class", "")]
        assert len(accesses_shown) == accesses.PAGE
        assert "Lundi 9 mars 2026" in shown.one("main").words or "lundi 9 mars 2026" in shown.one("main").words
        assert "Page 1 sur 3" in words(client.get(PAGE))
        assert "Page 3 sur 3" in words(client.get(f"{PAGE}?page=3"))
        assert client.get(f"{PAGE}?page=x").status_code == 200

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("qui=commune-97001", 1),
            ("qui=nobody", 0),
            ("qui=machine", 1),
            ("quoi=contact.read", 1),
            ("quoi=proof.use", 0),
            ("du=2020-01-01&au=2021-01-01", 0),
            ("du=2020-01-01", 2),
            ("du=yesterday&au=9999-99-99", 2),
            ("qui=machine&quoi=rights.expire", 1),
        ],
    )
    def test_filters(self, client, person, looked, query, shown):
        with transaction.atomic():
            record(actor=MACHINE, subject=str(person.id), action="rights.expire", purpose="retention")
        page = read(signed_in(client, person).get(f"{PAGE}?{query}").content.decode())
        assert len([each for each in page.all("li") if "access" in each.attributes.get("class", "")]) == shown

    def test_its_cost_does_not_grow_with_the_entries(self, client, person, clerk, django_assert_max_num_queries):
        with transaction.atomic():
            for _ in range(30):
                record(actor=clerk, subject=str(person.id), action="contact.read", purpose="rights", object="x:1")
        signed_in(client, person)
        with django_assert_max_num_queries(28):
            client.get(PAGE)


class TestProof:
    def test_it_is_a_file_that_stands_without_us(self, client, person, looked, tmp_path):
        response = signed_in(client, person).get(f"{PAGE}/{looked.pk}/preuve")
        assert response["Content-Disposition"].startswith("attachment")
        told = json.loads(response.content)
        assert told["opened"]["subject"]["value"].replace("-", "") == person.id.hex
        assert told["opened"]["object"]["value"] == "request:R-2026-1"
        (tmp_path / "preuve.json").write_bytes(response.content)
        command = [sys.executable, "-P", ROOT / "tools" / "verify_journal", "proof", tmp_path / "preuve.json"]
        assert subprocess.run(command, capture_output=True, check=False, timeout=60).returncode == 0
        told["opened"]["object"]["value"] = "request:R-2026-2"
        (tmp_path / "preuve.json").write_text(json.dumps(told))
        assert subprocess.run(command, capture_output=True, check=False, timeout=60).returncode != 0
        assert Entry.objects.filter(action="access.prove", subject=person).exists()

    def test_what_was_not_published_yet_is_published_first(self, client, person, looked):
        assert looked.position is None
        signed_in(client, person).get(f"{PAGE}/{looked.pk}/preuve")
        looked.refresh_from_db()
        assert looked.position is not None


class TestContesting:
    @pytest.fixture
    def officer(self, town):
        return agent(organisation=town, roles=("trust.protection",))

    def contest(self, client, person, entry, text="Pourquoi avez-vous lu mon adresse ?"):
        return signed_in(client, person).post(f"{PAGE}/{entry.pk}/contester", {"text": text})

    def test_asked_answered_and_read_by_nobody_else(self, client, person, looked, officer, town):
        assert self.contest(client, person, looked).status_code == 302
        made = Contest.objects.get()
        assert b"adresse" not in bytes(made.sealed)
        assert "Contesté" in words(client.get(PAGE))
        signed_in(client, officer, organisation=town.id)
        assert "À répondre avant le" in words(client.get("/agent/contestations"))
        assert "Pourquoi avez-vous lu mon adresse ?" in words(client.get(f"/agent/contestations/{made.pk}"))
        answer = {"text": "Pour vous dire que votre demande est prête."}
        assert client.post(f"/agent/contestations/{made.pk}", answer).status_code == 302
        made.refresh_from_db()
        assert b"demande" not in bytes(made.answer_sealed)
        assert "votre demande est prête" in words(signed_in(client, person).get(PAGE))
        told = set(Entry.objects.filter(subject=person).values_list("action", flat=True))
        assert {"access.contest", "contest.read", "contest.answer"} <= told

    def test_an_answer_is_given_once(self, client, person, looked, officer, town):
        self.contest(client, person, looked)
        made = Contest.objects.get()
        signed_in(client, officer, organisation=town.id)
        client.post(f"/agent/contestations/{made.pk}", {"text": "Première réponse."})
        assert client.post(f"/agent/contestations/{made.pk}", {"text": "Autre réponse."}).status_code == 409
        assert contests.answer_of(Contest.objects.get()) == "Première réponse."

    def test_contested_once(self, client, person, looked):
        self.contest(client, person, looked)
        assert self.contest(client, person, looked).status_code == 409
        assert Contest.objects.count() == 1

    @pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
    def test_what_is_written_is_said_to_be_wrong(self, client, person, looked, text):
        response = self.contest(client, person, looked, text)
        assert response.status_code == 422
        assert read(response.content.decode()).one("textarea").attributes["aria-invalid"] == "true"

    def test_one_does_not_contest_oneself(self, client, person):
        lives.proof(person)
        mine = Entry.objects.get(action="proof.give")
        assert self.contest(client, person, mine).status_code == 422

    def test_another_organisation_sees_nothing(self, client, person, looked, officer):
        """The tenant wall: same role, elsewhere."""
        self.contest(client, person, looked)
        made = Contest.objects.get()
        elsewhere = organisation("commune-97002")
        other = agent(organisation=elsewhere, roles=("trust.protection",))
        signed_in(client, other, organisation=elsewhere.id)
        assert client.get(f"/agent/contestations/{made.pk}").status_code == 404
        assert client.post(f"/agent/contestations/{made.pk}", {"text": "Réponse."}).status_code == 404
        assert "Rien n’attend" in words(client.get("/agent/contestations"))

    @pytest.mark.parametrize("facts", [{"roles": ("trust.manager",)}, {"strong": False}])
    def test_only_its_data_protection_with_a_second_factor(self, client, person, looked, town, facts):
        self.contest(client, person, looked)
        made = Contest.objects.get()
        who = agent(organisation=town, roles=facts.get("roles", ("trust.protection",)))
        signed_in(client, who, organisation=town.id, strong=facts.get("strong", True))
        assert client.get("/agent/contestations").status_code in (302, 403)
        assert client.get(f"/agent/contestations/{made.pk}").status_code in (302, 403)
        with pytest.raises(NotAllowed):
            acts.answer_contest(
                actor=actor(who, organisation=town.id, **({} if facts.get("strong", True) else {"roles": frozenset()})),
                contest=str(made.pk),
                text="Réponse.",
            )

    def test_without_an_officer_the_metropole_answers(self, client, person, looked):
        whole = organisation("metropole", kind="metropole")
        agent(organisation=whole, roles=("trust.protection",))
        self.contest(client, person, looked)
        assert Contest.objects.get().organisation == whole

    def test_without_anybody_it_waits_where_the_access_was(self, client, person, looked, town):
        self.contest(client, person, looked)
        assert Contest.objects.get().organisation == town

    def test_without_any_organisation_it_says_whom_to_write_to(self, person, settings):
        settings.CONTACT = "dpo@territoire.example"
        with transaction.atomic():
            made = record(actor=MACHINE, subject=str(person.id), action="contact.read", purpose="rights")
        with pytest.raises(NobodyAnswers, match=r"dpo@territoire\.example"):
            acts.contest_access(actor=actor(person), entry=str(made.pk), text="Pourquoi ?")
        assert product_settings.CONTACT == "dpo@territoire.example"

    @pytest.mark.parametrize(
        ("opened", "due"), [("2026-01-31", "2026-02-28"), ("2026-03-09", "2026-04-09"), ("2026-12-15", "2027-01-15")]
    )
    def test_one_month_is_a_month_of_the_calendar(self, opened, due):
        at = datetime.fromisoformat(opened).replace(hour=10, tzinfo=LOCAL)
        assert contests.due(at).date().isoformat() == due

    def test_late_is_shown_on_both_sides(self, client, person, looked, officer, town):
        self.contest(client, person, looked)
        Contest.objects.update(opened_at=now() - timedelta(days=40))
        assert "saisir la CNIL" in words(client.get(PAGE))
        assert "En retard" in words(signed_in(client, officer, organisation=town.id).get("/agent/contestations"))
        (late,) = [
            each for each in read(client.get("/confiance").content.decode()).all("tr") if "en retard" in each.words
        ]
        assert late.one("td").words == "1"


class TestSnoop:
    @pytest.fixture
    def reads(self, recorded_at):
        def read_them(clerk, people, *, at):
            recorded_at(at)
            told = {"action": "contact.read", "purpose": "request-follow-up", "object": "request:1"}
            with transaction.atomic():
                for person in people:
                    record(actor=clerk, subject=str(person.id), **told)
            recorded_at(None)

        return read_them

    def test_a_planted_snoop_is_shown_and_nobody_else(self, client, town, reads):
        noon = (now() - timedelta(days=2)).astimezone(LOCAL).replace(hour=12)
        if noon.weekday() == 6:
            noon -= timedelta(days=1)
        snoop, night_owl, honest = (lives.reader(town) for _ in range(3))
        people = [resident() for _ in range(watch.MANY + 1)]
        reads(snoop, people, at=noon)
        reads(night_owl, people[: watch.ODD], at=noon.replace(hour=23))
        reads(honest, people[: watch.MANY], at=noon)
        reads(honest, people[: watch.ODD - 1], at=noon.replace(hour=23))
        seen = watch.sightings(town.id)
        assert {(str(each.agent), each.many, each.late) for each in seen} == {
            (snoop.person, True, False),
            (night_owl.person, False, True),
        }
        officer = agent(organisation=town, roles=("trust.protection",))
        told = words(signed_in(client, officer, organisation=town.id).get("/agent/contestations"))
        assert f"Agent {snoop.person[:8]}" in told and f"Agent {honest.person[:8]}" not in told

    def test_another_organisation_is_not_watched_from_here(self, town, reads):
        elsewhere = organisation("commune-97002")
        noon = now() - timedelta(days=2)
        reads(lives.reader(elsewhere), [resident() for _ in range(watch.MANY + 1)], at=noon)
        assert watch.sightings(town.id) == []
        assert Organisation.objects.filter(pk=elsewhere.id).exists()
