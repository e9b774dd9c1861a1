"""Visits: what is new, what changed, what is gone, what is wrong, and what cuts a visit short."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from lacydon.capabilities.data.actions import harvesting
from lacydon.capabilities.data.actions.harvesting import harvest
from lacydon.capabilities.data.jobs.harvesting import harvest as visit_job
from lacydon.capabilities.data.jobs.harvesting import harvest_due
from lacydon.capabilities.data.models import Dataset, Harvest, Harvested, Source
from lacydon.capabilities.data.public import dataset, datasets
from lacydon.capabilities.data.queries.harvests import LEASE
from lacydon.kernel.clock import now
from lacydon.kernel.http import OutsideUnavailable
from tests.capabilities.data.harvesting.theirs import counts, file, record, source, statuses, visited

pytestmark = pytest.mark.django_db


def test_a_record_becomes_a_dataset_that_says_where_it_is_from(theirs):
    source()
    theirs.listed = [
        record(
            "x1",
            "Aires de jeux",
            description={"fr": "<p>Les aires.</p><script>alert(1)</script>"},
            licence="Licence Ouverte v2.0 (Etalab)",
            themes=("Culture, sport",),
            frequency="annuelle",
            coverage=("fr:commune:97001", "country/FRA"),
            starts_on=date(2020, 1, 1),
            contact_email="mailto:a@olivette.example",
            publisher="Ville",
            url="https://theirs.example/x1",
            modified=datetime(2026, 1, 2, tzinfo=UTC),
            distributions=(file(byte_size=12),),
        )
    ]
    assert counts(visited()) == (1, 0, 0, 0)
    found = dataset("aires-de-jeux")
    assert (found.source, found.source_title, found.status) == ("voisin", "Le voisin", "published")
    assert (found.description, found.licence, found.themes) == ({"fr": "Les aires."}, "lov2", ("EDUC",))
    assert (found.frequency, found.coverage, found.contact_email) == ("ANNUAL", ("97001",), "a@olivette.example")
    assert found.origin["id"] == "x1" and found.origin["url"] == "https://theirs.example/x1"
    [table] = found.distributions
    assert (table.format, table.media_type, table.byte_size) == ("CSV", "text/csv", 12)


def test_what_has_not_changed_costs_one_line_for_a_hundred(theirs):
    source()
    theirs.listed = [record(str(each)) for each in range(60)]
    visited()
    before = Dataset.objects.get(pk="jeu-7")
    with CaptureQueriesContext(connection) as asked:
        assert counts(visited()) == (0, 0, 60, 0)
    assert len(asked) < 40
    assert Dataset.objects.get(pk="jeu-7").modified == before.modified


def test_what_changed_changes_and_its_file_keeps_its_address(theirs):
    source()
    theirs.listed = [record("a", distributions=(file(), file("https://theirs.example/b.csv")))]
    visited()
    [first, _second] = dataset("jeu-a").distributions
    theirs.listed = [record("a", "Autre titre", distributions=(file(byte_size=5),))]
    assert counts(visited()) == (0, 1, 0, 0)
    found = dataset("jeu-a")
    assert found.title == {"fr": "Autre titre"}
    assert [(each.id, each.byte_size) for each in found.distributions] == [(first.id, 5)]


class TestGone:
    def test_it_is_withdrawn_after_two_whole_listings(self, theirs):
        source()
        theirs.listed = [record("a"), record("b"), record("c")]
        visited()
        theirs.listed = theirs.listed[:2]
        assert visited().removed == 0 and statuses()["jeu-c"] == "published"
        assert visited().removed == 1 and statuses()["jeu-c"] == "withdrawn"
        assert {each.id for each in datasets()} == {"jeu-a", "jeu-b"}
        assert visited().removed == 0

    def test_it_comes_back(self, theirs):
        source()
        theirs.listed = [record("a"), record("b"), record("c")]
        visited()
        theirs.listed = theirs.listed[:2]
        visited(), visited()
        theirs.listed = [*theirs.listed, record("c")]
        assert counts(visited()) == (0, 1, 2, 0) and statuses()["jeu-c"] == "published"

    @pytest.mark.parametrize("how", ["failed", "partial", "nameless"])
    def test_nothing_is_known_to_be_gone_from_a_listing_that_is_not_whole(self, theirs, how):
        source()
        theirs.listed = [record("a"), record("b"), record("c")]
        visited()
        theirs.listed = theirs.listed[:2]
        if how == "failed":
            theirs.stops = OutsideUnavailable("en panne")
        elif how == "partial":
            theirs.whole = False
        else:
            theirs.faults = [("", "une ligne sans identifiant")]
        visited(), visited(), visited()
        assert set(statuses().values()) == {"published"}

    def test_more_than_half_at_once_wait_for_an_agent(self, theirs):
        source()
        theirs.listed = [record(each) for each in "abcd"]
        visited()
        theirs.listed = theirs.listed[:1]
        visited(), visited(), visited()
        assert set(statuses().values()) == {"published"}
        assert Harvested.objects.filter(waits=True).count() == 3
        theirs.listed = [record(each) for each in "abcd"]
        visited()
        assert not Harvested.objects.filter(waits=True).exists()

    def test_a_fault_is_not_an_absence(self, theirs):
        source()
        theirs.listed = [record("a"), record("b"), record("c")]
        visited()
        theirs.listed = [record("a"), record("b"), record("c", title=" ")]
        visited(), visited()
        assert statuses()["jeu-c"] == "published"

    def test_what_the_catalogue_says_unchanged_is_all_there(self, theirs):
        source()
        theirs.listed = [record("a")]
        visited()

        def unchanged(visit):
            visit.unchanged = True
            return iter(())

        theirs.records = unchanged
        assert visited().whole
        visited()
        assert statuses() == {"jeu-a": "published"}


class TestFaults:
    def test_a_record_that_cannot_be_taken_is_told_and_the_rest_goes_on(self, theirs):
        source()
        theirs.listed = [
            record("sans", title=" "),
            record("bon"),
            record(""),
            record("x" * 501),
            record("nul", title="a\ud800"),
            record("grand", distributions=(file("javascript:alert(1)"), file("https://t.example/" + "x" * 2_000))),
        ]
        theirs.faults = [("illisible", "Ce jeu est illisible.")]
        run = visited()
        assert set(statuses()) == {"jeu-bon", "jeu-grand"} and dataset("jeu-grand").distributions == ()
        told = {each["id"]: each["sentence"] for each in run.faults}
        assert "titre" in told["sans"] and told["illisible"] == "Ce jeu est illisible."
        assert "identifiant" in told[""] and "gardée" in told["nul"] and "adresse du web" in told["grand"]
        assert not run.failure
        assert {row.identifier for row in Harvested.objects.exclude(fault="")} == {"sans", "nul", "grand", "illisible"}
        theirs.faults = []
        theirs.listed = [record("sans", "Avec titre")]
        visited()
        assert not Harvested.objects.filter(identifier="sans").exclude(fault="").exists()

    def test_a_fault_that_stays_is_told_at_each_visit(self, theirs):
        source()
        theirs.listed = [record("a", distributions=(file("ftp://x.example/a"),))]
        assert [len(visited().faults) for _each in range(2)] == [1, 1]

    def test_what_nobody_foresaw_ends_the_visit_in_a_sentence(self, theirs):
        source()
        theirs.listed = [record("a"), ZeroDivisionError()]
        run = visited()
        assert "ZeroDivisionError" in run.failure and run.ended_at
        assert statuses() == {"jeu-a": "published"}

    def test_a_source_that_fails_is_left_alone_longer_and_longer(self, theirs):
        row = source()
        theirs.stops = OutsideUnavailable("Le serveur ne répond pas.")
        waits = []
        for _each in range(3):
            run = visited()
            row.refresh_from_db()
            waits.append((row.next_at - run.ended_at).total_seconds() / 60)
        assert (waits, row.failures) == ([15, 30, 60], 3)
        assert run.failure == "Le serveur ne répond pas."
        theirs.stops = None
        visited()
        row.refresh_from_db()
        assert row.failures == 0 and row.state == {"connector": {"etag": "v"}}

    def test_a_kind_that_is_not_installed(self, theirs):
        source(kind="autre")
        assert "autre" in visited().failure

    def test_an_address_inside_is_refused(self, theirs):
        source(url="http://169.254.169.254/latest")
        assert "https" in visited().failure


class TestOwned:
    def test_a_dataset_of_ours_keeps_its_address(self, theirs):
        source()
        ours = Dataset.objects.create(
            pk="jeu-a", organisation_id="commune-97001", title={"fr": "Le nôtre"}, description={}, created_at=now()
        )
        theirs.listed = [record("a"), record("a2", "Jeu a")]
        assert visited().added == 2
        ours.refresh_from_db()
        assert ours.title == {"fr": "Le nôtre"}
        made = set(statuses()) - {"jeu-a"}
        assert "jeu-a-voisin" in made and len(made) == 2

    def test_a_dataset_that_was_taken_over_is_not_changed(self, theirs):
        source()
        theirs.listed = [record("a")]
        visited()
        Dataset.objects.filter(pk="jeu-a").update(source=None, title={"fr": "Repris"})
        theirs.listed = [record("a", "Autre")]
        visited()
        assert Dataset.objects.get().title == {"fr": "Repris"}
        theirs.listed = []
        visited(), visited()
        assert statuses() == {"jeu-a": "published"}

    def test_our_own_datasets_that_come_back_are_left_aside(self, theirs, settings):
        settings.PUBLIC_URL = "https://nous.example"
        source()
        theirs.listed = [record("a", url="https://nous.example/donnees/a"), record("https://nous.example/donnees/b")]
        assert counts(visited()) == (0, 0, 0, 0)


class TestCut:
    def test_a_visit_that_took_all_it_may_goes_on_next_time(self, theirs):
        row = source()
        theirs.listed = [record(str(each)) for each in range(5)]
        run = visited(records=2)
        row.refresh_from_db()
        assert "prochaine visite" in run.failure and len(statuses()) == 2
        assert row.failures == 0 and row.next_at - run.ended_at <= timedelta(minutes=10)
        visited(records=2)
        run = visited(records=2)
        row.refresh_from_db()
        assert (len(statuses()), run.failure, run.whole, "cursor" in row.state) == (5, "", True, False)
        assert [visit.cursor for visit in theirs.visits][:1] != [None]

    def test_what_was_seen_before_the_cut_is_not_gone(self, theirs):
        source()
        theirs.listed = [record(str(each)) for each in range(4)]
        visited()
        for _each in range(3):
            visited(records=3)
            visited()
        assert not Harvested.objects.exclude(missing_since=None).exists()

    def test_two_workers_visit_a_source_once(self, theirs):
        source()
        theirs.listed = [record("a")]
        others = []
        theirs.meanwhile = lambda: others.append(harvest(source="voisin"))
        visited()
        assert others == [None] and Harvest.objects.count() == 1

    def test_a_visit_whose_worker_was_killed_is_told_and_followed_by_another(self, theirs):
        row = source()
        dead = Harvest.objects.create(source=row, started_at=now(), beat_at=now() - LEASE - timedelta(seconds=1))
        theirs.listed = [record("a")]
        assert visited().added == 1
        dead.refresh_from_db()
        assert dead.ended_at and "Interrompue" in dead.failure

    def test_a_worker_taken_for_dead_writes_nothing_more(self, theirs):
        source()
        theirs.listed = [record("a")]

        def superseded():
            Harvest.objects.update(ended_at=now(), failure="Interrompue")

        theirs.meanwhile = superseded
        assert harvest(source="voisin") is None
        assert statuses() == {} and Harvest.objects.get().failure == "Interrompue"

    def test_a_visit_that_was_killed_goes_on_from_where_it_had_come(self, theirs, monkeypatch):
        class KilledError(BaseException):
            """As SIGKILL: nothing that comes after is done."""

        monkeypatch.setattr(harvesting, "TOGETHER", 2)
        row = source()
        theirs.listed = [record(str(each)) for each in range(5)]
        theirs.stops = KilledError()
        with pytest.raises(KilledError):
            visited()
        assert len(statuses()) == 4, "two batches are committed, the last record is not"
        assert harvest(source=row.pk) is None, "nobody knows yet that it is dead"
        Harvest.objects.update(beat_at=now() - LEASE - timedelta(seconds=1))
        theirs.stops = None
        run = visited()
        assert (run.added, run.found, run.whole, len(statuses())) == (1, 2, True, 5)
        assert "Interrompue" in Harvest.objects.exclude(pk=run.pk).get().failure


class TestTurns:
    def test_what_is_due_is_visited_once_and_then_at_its_hours(self, theirs):
        row = source(every_hours=6)
        source("arret", active=False)
        theirs.listed = [record("a")]
        harvest_due(), harvest_due()
        [job] = DBTaskResult.objects.filter(task_path=visit_job.module_path)
        visit_job.func(**job.args_kwargs["kwargs"])
        run = Harvest.objects.get()
        row.refresh_from_db()
        assert row.next_at - run.ended_at == timedelta(hours=6)

    def test_between_two_whole_visits_only_what_changed_is_asked_for(self, theirs):
        row = source(every_hours=1)
        theirs.listed = [record("a")]
        first = visited()
        theirs.whole = False
        assert harvest(source="voisin").failure == ""
        assert theirs.visits[1].since == first.started_at - timedelta(hours=1)
        Source.objects.filter(pk=row.pk).update(whole_at=now() - timedelta(days=1))
        harvest(source="voisin")
        assert [visit.since for visit in theirs.visits][::2] == [None, None]
