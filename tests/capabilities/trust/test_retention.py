"""Nothing is kept longer than its rule; who was erased stays erased, even after an old backup."""

from datetime import timedelta

import pytest
from django.db import transaction

from lacydon.capabilities.trust.actions import erasure, journal, retention
from lacydon.capabilities.trust.errors import ErasedPerson
from lacydon.capabilities.trust.models import (
    CivilIdentity,
    Consent,
    ConsentRequest,
    Contest,
    Entry,
    Identity,
    Mandate,
    Membership,
    OneTimeLink,
    Person,
    PersonKey,
    Proof,
    RoleGrant,
    Session,
)  # fmt: skip
from lacydon.capabilities.trust.queries.keys import key_of
from lacydon.capabilities.trust.queries.people import person as known_person
from lacydon.config.commands import retention as command
from lacydon.kernel import plugs
from lacydon.kernel.clock import now
from lacydon.kernel.personal import PersonalData
from tests.capabilities.trust import lives
from tests.capabilities.trust.people import actor, agent, organisation, resident


@pytest.fixture
def town():
    return organisation("commune-97001", name={"fr": "Ville d’Olivette"})


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


@pytest.mark.django_db(transaction=True)
class TestTheList:
    def test_an_erasure_is_listed_beside_the_database_for_its_owner_only(self, home):
        person = resident()
        erasure.erase_person(actor=actor(person), typed="EFFACER")
        assert erasure.listed_in().read_text().split() == [str(person.id)]
        assert erasure.listed_in().stat().st_mode & 0o777 == 0o600

    def test_undone_it_is_not_listed(self, home):
        person = resident()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            erasure.erase_person(actor=actor(person), typed="EFFACER")
            raise ZeroDivisionError
        assert not erasure.listed_in().exists() and known_person(person.id)

    def test_one_that_died_before_listing_is_listed_the_next_day(self, home):
        person = resident()
        erasure.erase_person(actor=actor(person), typed="EFFACER")
        erasure.listed_in().write_text(str(person.id)[:7])
        retention.purge_all()
        assert str(person.id) in erasure.listed_in().read_text().split()
        retention.purge_all()
        assert erasure.listed_in().read_text().split().count(str(person.id)) == 1

    def test_after_an_old_backup_they_are_erased_again(self, home, capsys, town):
        person, stays = lives.everything(town), resident()
        key, identity = PersonKey.objects.get(person=person), Identity.objects.get(person=person)
        erasure.erase_person(actor=actor(person), typed="EFFACER")
        # What an old backup puts back: the row of the key, of the identity, of the person.
        Person.objects.filter(pk=person.pk).update(erased_at=None)
        key.save()
        identity.save(force_insert=True)
        assert key_of(person.id), "this is the limit: a backup made before holds the wrapped key"
        assert command.reapply_erasures() == 0
        with pytest.raises(ErasedPerson):
            key_of(person.id)
        assert not Identity.objects.filter(person=person).exists()
        assert known_person(stays.id)
        assert "1" in capsys.readouterr().out
        command.reapply_erasures()
        assert "0" in capsys.readouterr().out

    def test_the_daily_purge_reapplies_too(self, home):
        """Nobody has to think of it for a backup to be put right within a day."""
        person = resident()
        erasure.erase_person(actor=actor(person), typed="EFFACER")
        Person.objects.filter(pk=person.pk).update(erased_at=None)
        retention.purge_all()
        assert known_person(person.id) is None


@pytest.mark.django_db(transaction=True)
class TestRetention:
    @pytest.fixture(autouse=True)
    def here(self, home):
        return home

    @pytest.fixture
    def later(self, monkeypatch):
        def move(delta):
            moment = now() + delta
            for module in (retention, erasure, journal):
                monkeypatch.setattr(module, "now", lambda: moment)

        return move

    def test_each_kind_goes_after_its_time_and_not_before(self, town, later):
        person = lives.everything(town)
        helper_active = Person.objects.exclude(pk=person.pk).count()
        assert retention.purge_all()["trust"] == 0
        later(timedelta(days=32))
        retention.purge_all()
        assert not CivilIdentity.objects.filter(person=person).exists()
        assert not OneTimeLink.objects.exists() and not Session.objects.exists()
        assert not ConsentRequest.objects.exists()
        assert Proof.objects.exists() and Consent.objects.exists() and Mandate.objects.exists()
        later(timedelta(days=366))
        retention.purge_all()
        assert not Proof.objects.exists()
        assert Consent.objects.exists() and Mandate.objects.exists() and known_person(person.id)
        later(timedelta(days=3 * 366))
        retention.purge_all()
        assert known_person(person.id) is None, "three years without a visit"
        assert Consent.objects.exists() and Mandate.objects.exists() and Person.objects.count() == helper_active + 1
        later(timedelta(days=9 * 366))
        retention.purge_all()
        assert not Consent.objects.exists() and not Mandate.objects.exists()
        assert Entry.objects.filter(subject=person).exists(), "the journal stays"

    def test_who_comes_back_is_not_forgotten(self, later):
        person = resident()
        later(timedelta(days=3 * 366))
        Identity.objects.filter(person=person).update(last_seen_at=now() + timedelta(days=1000))
        retention.purge_all()
        assert known_person(person.id)

    def test_an_agent_is_not_forgotten_by_the_clock(self, town, later):
        person = agent(organisation=town)
        later(timedelta(days=20 * 366))
        retention.purge_all()
        assert known_person(person.id)

    def test_contests_and_memberships_go_five_years_after(self, town, later):
        person = lives.everything(town)
        Contest.objects.update(answered_at=now())
        Membership.objects.update(until=now())
        RoleGrant.objects.update(until=now())
        later(timedelta(days=4 * 366))
        retention.purge_all()
        assert Contest.objects.exists() and Membership.objects.exists()
        later(timedelta(days=6 * 366))
        retention.purge_all()
        assert not Contest.objects.exists() and not Membership.objects.exists() and not RoleGrant.objects.exists()
        assert Person.objects.filter(pk=person.pk).exists()

    def test_a_trial_counts_and_removes_nothing(self, town, later, capsys):
        lives.everything(town)
        later(timedelta(days=3 * 366))
        before = (Person.objects.filter(erased_at=None).count(), Proof.objects.count(), Entry.objects.count())
        assert command.purge(dry_run=True) == 0
        told = capsys.readouterr().out
        assert "trust: " in told and "trust: 0" not in told
        assert (Person.objects.filter(erased_at=None).count(), Proof.objects.count(), Entry.objects.count()) == before
        assert not erasure.listed_in().exists()
        assert command.purge(dry_run=False) == 0
        assert Proof.objects.count() == 0

    def test_a_capability_above_is_purged_too(self):
        with plugs.personal_data.temporarily("requests", lambda: PersonalData(purge=lambda _moment: 7)):
            assert retention.purge_all()["requests"] == 7

    def test_twice_is_once(self, town, later):
        lives.everything(town)
        later(timedelta(days=32))
        assert retention.purge_all()["trust"] > 0
        assert retention.purge_all()["trust"] == 0
