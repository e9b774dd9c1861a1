"""What is done every day: once, by whichever worker comes first."""

import threading
from datetime import datetime, time

import pytest
from django.db import DatabaseError, connection, transaction
from django_tasks_db.models import DBTaskResult

from lacydon.kernel import jobs, schedule
from lacydon.kernel.clock import LOCAL
from lacydon.kernel.models import DailyJob
from tests.kernel import chores


@pytest.fixture
def at(monkeypatch):
    """Hold the time of the schedule: `at(day, hour)`, in Europe/Paris."""

    def hold(day: int, hour: int, minute: int = 0) -> None:
        moment = datetime(2026, 3, day, hour, minute, tzinfo=LOCAL)
        monkeypatch.setattr(schedule, "now", lambda: moment)

    return hold


@pytest.fixture
def one_daily(monkeypatch):
    """One daily job only, at 3:30."""
    monkeypatch.setattr(schedule, "_daily", {})
    schedule.daily(at=time(3, 30))(chores.every_day)
    chores.DAYS.clear()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("one_daily")
class TestDaily:
    def test_it_is_enqueued_once_a_day_from_its_hour_on(self, at):
        at(9, 3, 29)
        assert schedule.enqueue_due() == 0
        at(9, 3, 30)
        assert schedule.enqueue_due() == 1
        at(9, 23)
        assert schedule.enqueue_due() == 0
        at(10, 3)
        assert schedule.enqueue_due() == 0
        at(12, 4)
        assert schedule.enqueue_due() == 1, "days without a worker are not caught up one by one"
        assert DBTaskResult.objects.count() == 2

    def test_a_worker_does_it(self, at):
        at(9, 4)
        jobs.work(once=True, each_beat=schedule.beat)
        jobs.work(once=True, each_beat=schedule.beat)
        assert len(chores.DAYS) == 1

    def test_the_day_goes_back_with_the_job(self, at):
        at(9, 4)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            assert schedule.enqueue_due() == 1
            raise ZeroDivisionError
        assert not DailyJob.objects.filter(day__isnull=False).exists()
        assert schedule.enqueue_due() == 1

    def test_many_workers_at_once_enqueue_it_once(self, at):
        at(9, 4)
        ready = threading.Barrier(4)

        def race() -> None:
            try:
                ready.wait()
                schedule.beat()
            finally:
                connection.close()

        threads = [threading.Thread(target=race) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert DBTaskResult.objects.count() == 1

    def test_a_database_that_does_not_answer_stops_no_heart(self, at, monkeypatch):
        at(9, 4)

        def lost(*_args: object, **_kwargs: object) -> None:
            raise DatabaseError("gone")

        monkeypatch.setattr(schedule, "_enqueued_once", lost)
        schedule.beat()

    def test_a_clock_that_goes_back_does_not_repeat(self, at):
        at(9, 4)
        assert schedule.enqueue_due() == 1
        at(8, 4)
        assert schedule.enqueue_due() == 0
        at(9, 5)
        assert schedule.enqueue_due() == 0


@pytest.mark.django_db(transaction=True)
class TestBeats:
    def test_what_is_looked_at_all_day_is_done_at_each_beat_and_one_that_fails_stops_no_other(self, monkeypatch):
        monkeypatch.setattr(schedule, "_beats", {})
        monkeypatch.setattr(schedule, "_daily", {})
        seen: list[str] = []

        def broken() -> None:
            seen.append("broken")
            raise ValueError("no luck")

        def lost() -> None:
            raise DatabaseError("gone")

        for each in (broken, lost, lambda: seen.append("well")):
            schedule.at_each_beat(each)
        jobs.work(once=True, each_beat=schedule.beat)
        schedule.beat()
        assert seen == ["broken", "well"] * 2
