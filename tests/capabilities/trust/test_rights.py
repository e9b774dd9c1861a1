"""The rights of a person: take everything away, erase everything, and what is kept no longer than it must."""

import io
import json
import zipfile

import pytest
from django.db import transaction

from lacydon.capabilities.trust.actions import erasure, exports, journal
from lacydon.capabilities.trust.errors import ErasedPerson, NotAllowed
from lacydon.capabilities.trust.models import (
    CivilIdentity,
    Consent,
    ConsentRequest,
    ContactPoint,
    Contest,
    DataExport,
    Entry,
    Identity,
    LocalAccount,
    Mandate,
    Membership,
    OneTimeLink,
    PersonKey,
    Proof,
    RoleGrant,
    Session,
)  # fmt: skip
from lacydon.capabilities.trust.queries.keys import key_of
from lacydon.capabilities.trust.queries.people import person as known_person
from lacydon.kernel import jobs, plugs, signing
from lacydon.kernel.clock import now
from lacydon.kernel.personal import Kept, PersonalData
from tests.capabilities.trust import lives
from tests.capabilities.trust.people import actor, agent, organisation, resident, signed_in
from tests.markup import read

DATA = "/mon-espace/mes-donnees"
EVERYTHING = ("CANARI-NOM", "canari@courriel.example", "CANARI-DOCUMENT", "CANARI-FICHIER", "CANARI-QUESTION")


@pytest.fixture
def town():
    return organisation("commune-97001", name={"fr": "Ville d’Olivette"})


@pytest.fixture
def full(town):
    return lives.everything(town)


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.django_db
class TestExport:
    def test_everything_is_in_it_for_people_and_for_machines(self, client, full):
        response = signed_in(client, full).post(f"{DATA}/copie")
        assert response["Content-Type"] == "application/zip"
        assert response["Content-Disposition"].startswith("attachment")
        held = unpacked(response.content)
        told = json.loads(held["mes-donnees.json"])
        flat = json.dumps(told, ensure_ascii=False)
        page = held["mes-donnees.html"].decode()
        for canary in (
            "CANARI-NOM",
            "canari@courriel.example",
            "CANARI-FICHIER",
            "CANARI-QUESTION",
            "Ville d’Olivette",
        ):
            assert canary in flat and canary in page
        assert any(b"CANARI-DOCUMENT" in content for name, content in held.items() if name.startswith("justificatifs/"))
        (receipt,) = [json.loads(content) for name, content in held.items() if name.startswith("accords/")]
        assert signing.holds(receipt, public_key=signing.public_key())
        labels = set(told["data"]["trust"])
        assert {
            "Mandats donnés",
            "Accords",
            "Accès à mes données",
            "Accès contestés",
            "Moyens de se connecter",
        } <= labels
        assert '<html lang="fr">' in page and page.count("<h1>") == 1

    def test_it_holds_nothing_of_anybody_else(self, client, full, town):
        other = resident()
        lives.civil(other, family_name="AUTRUI-NOM")
        helper = agent(organisation=town, roles=("trust.helper",))
        held = lives.mandate(other, helper, organisation=town, scope=("argent",))
        with transaction.atomic():
            acting = lives.under(actor(helper, organisation=town.id), held)
            journal.record(actor=acting, action="proof.give", purpose="account", object="proof:caf")
        copy = b"".join(
            unpacked(signed_in(client, helper, organisation=town.id).post(f"{DATA}/copie").content).values()
        )
        assert b"Ce que j\xe2\x80\x99ai fait pour d\xe2\x80\x99autres" in copy
        for secret in (str(other.id), "AUTRUI-NOM", held.reference, "proof:caf"):
            assert secret.encode() not in copy

    def test_a_capability_above_is_in_it(self, client, full):
        offer = PersonalData(
            export=lambda person: {"Demandes": [{"De": person}]}, files=lambda _person: [("d.txt", b"x")]
        )
        with plugs.personal_data.temporarily("requests", lambda: offer):
            held = unpacked(signed_in(client, full).post(f"{DATA}/copie").content)
        assert json.loads(held["mes-donnees.json"])["data"]["requests"] == {"Demandes": [{"De": str(full.id)}]}
        assert held["d.txt"] == b"x"

    def test_not_under_a_mandate(self, client, full, town):
        helper = agent(organisation=town, roles=("trust.helper",))
        held = lives.mandate(full, helper, organisation=town, scope=("argent",))
        signed_in(client, helper, organisation=town.id, mandate=str(held.pk))
        assert client.post(f"{DATA}/copie").status_code == 403
        assert client.get(f"{DATA}/effacer").status_code == 403
        with pytest.raises(NotAllowed):
            erasure.erase_person(actor=lives.under(actor(helper, organisation=town.id), held), typed="EFFACER")
        assert known_person(full.id)


@pytest.mark.django_db(transaction=True)
class TestLargeExport:
    def test_a_job_makes_it_sealed_and_its_owner_takes_it(self, client, town, monkeypatch):
        full = lives.everything(town)
        monkeypatch.setattr(exports, "SMALL_BYTES", 10)
        assert signed_in(client, full).post(f"{DATA}/copie").status_code == 302
        assert "se prépare" in client.get(DATA).content.decode()
        client.post(f"{DATA}/copie")
        jobs.work(once=True)
        made = DataExport.objects.get()
        assert b"CANARI" not in bytes(made.sealed) and made.ready_at
        held = unpacked(client.get(f"{DATA}/copie/{made.pk}").content)
        assert b"CANARI-NOM" in held["mes-donnees.json"]
        assert signed_in(client, resident()).get(f"{DATA}/copie/{made.pk}").status_code == 404
        DataExport.objects.update(kept_until=now())
        assert signed_in(client, full).get(f"{DATA}/copie/{made.pk}").status_code == 404

    def test_erased_meanwhile_there_is_none(self, client, town, monkeypatch):
        full = lives.everything(town)
        monkeypatch.setattr(exports, "SMALL_BYTES", 10)
        signed_in(client, full).post(f"{DATA}/copie")
        erasure.erase_person(actor=actor(full), typed="effacer")
        jobs.work(once=True)
        assert not DataExport.objects.exists()
        assert jobs.counts().dead == 0


@pytest.mark.django_db
class TestErasure:
    def test_the_page_says_first_what_goes_and_what_stays_and_why(self, client, full):
        told = read(signed_in(client, full).get(f"{DATA}/effacer").content.decode()).one("main").words
        for part in (
            "Ce qui part",
            "Ce que la loi oblige à garder",
            "article 2224 du code civil",
            "article 7.1 du RGPD",
        ):
            assert part in told.replace("\u00a0", " ")

    @pytest.mark.parametrize("typed", ["", "oui", "EFFACE", "supprimer"])
    def test_another_word_erases_nothing(self, client, full, typed):
        response = signed_in(client, full).post(f"{DATA}/effacer", {"word": typed})
        assert response.status_code == 422
        assert read(response.content.decode()).one("input", id="word").attributes["aria-invalid"] == "true"
        assert known_person(full.id)

    def test_the_word_erases_at_once(self, client, full, town):
        response = signed_in(client, full).post(f"{DATA}/effacer", {"word": "effacer "})
        assert response.status_code == 200
        assert "Vos données sont effacées" in response.content.decode()
        for model in (Identity, CivilIdentity, ContactPoint, Proof, LocalAccount, Session, DataExport, ConsentRequest):
            assert not model.objects.filter(person=full).exists(), model
        assert not OneTimeLink.objects.filter(token_hash=f"t{full.id}").exists()
        key = PersonKey.objects.get(person=full)
        assert key.wrapped is None and key.shredded_at
        assert not Mandate.objects.filter(principal=full, revoked_at=None).exists()
        assert not Mandate.objects.filter(principal=full, evidence_sealed__isnull=False).exists()
        assert not Consent.objects.filter(person=full, withdrawn_at=None).exists()
        contest = Contest.objects.get(person=full)
        assert bytes(contest.sealed) == b"" and contest.answer_sealed is None
        assert client.get("/mon-espace").status_code != 200
        with pytest.raises(ErasedPerson):
            key_of(full.id)

    def test_entries_of_the_journal_stay_as_they_were(self, full):
        before = list(Entry.objects.filter(subject=full).order_by("pk").values())
        erasure.erase_person(actor=actor(full), typed="EFFACER")
        kept = [
            row for row in Entry.objects.filter(subject=full).order_by("pk").values() if row["action"] != "rights.erase"
        ]
        assert kept == before
        assert Entry.objects.filter(subject=full, action="rights.erase").count() == 1

    def test_a_capability_above_erases_its_part_first_and_says_what_it_keeps(self, full):
        seen = []

        def erase(person):
            seen.append((person, PersonKey.objects.get(person=person).wrapped is not None))
            return [Kept("Une facture", "code de commerce", "dix ans")]

        with plugs.personal_data.temporarily("requests", lambda: PersonalData(erase=erase)):
            kept = erasure.erase_person(actor=actor(full), typed="EFFACER")
        assert seen == [(str(full.id), True)]
        assert "Une facture" in [str(each.what) for each in kept]

    def test_all_of_it_or_nothing(self, full):
        def fails(_person):
            raise ZeroDivisionError

        with (
            plugs.personal_data.temporarily("services", lambda: PersonalData(erase=fails)),
            pytest.raises(ZeroDivisionError),
        ):
            erasure.erase_person(actor=actor(full), typed="EFFACER")
        assert known_person(full.id) and Proof.objects.filter(person=full).exists() and key_of(full.id)

    def test_signing_in_again_makes_somebody_new(self, full):
        from lacydon.capabilities.trust.actions.people import sign_in

        identity = {
            "provider": "x",
            "kind": "resident",
            "issuer": "https://fc.example",
            "subject": "me",
            "assurance": 1,
        }
        first, _new = sign_in(**identity)
        erasure.erase_person(actor=actor(first), typed="EFFACER")
        second, new = sign_in(**identity)
        assert new and second.pk != first.pk

    def test_an_agent_leaves_its_roles(self, town):
        person = agent(organisation=town, roles=("trust.manager",))
        erasure.erase_person(actor=actor(person), typed="EFFACER")
        assert not Membership.objects.filter(person=person, until=None).exists()
        assert not RoleGrant.objects.filter(membership__person=person, until=None).exists()

    def test_the_journal_of_an_erased_person_can_still_be_read_by_others(self, client, full, town):
        """The officer sees the contest without its text, and nothing breaks."""
        officer = agent(organisation=town, roles=("trust.protection",))
        made = Contest.objects.get(person=full)
        erasure.erase_person(actor=actor(full), typed="EFFACER")
        signed_in(client, officer, organisation=town.id)
        assert client.get("/agent/contestations").status_code == 200
        assert client.get(f"/agent/contestations/{made.pk}").status_code == 404


def test_nobody_erases_without_signing_in(client, db):
    assert client.post(f"{DATA}/effacer", {"word": "EFFACER"}).status_code in (302, 401, 403)


def test_a_form_sent_after_the_session_ended_leads_to_the_sign_in_and_back(client, db):
    answer = client.post(
        f"{DATA}/effacer", {"word": "EFFACER"}, headers={"Referer": f"http://testserver{DATA}/effacer"}
    )
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "Vous n’êtes plus connecté" in page
    assert "/connexion?suite=%2Fmon-espace%2Fmes-donnees%2Feffacer" in page
