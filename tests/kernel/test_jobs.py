"""Background work: kept with the transaction, tried again, taken from a worker that was killed."""

import os
import signal
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, transaction
from django_tasks_db.models import DBTaskResult

from lacydon.config.commands.jobs import jobs as command
from lacydon.kernel import clock, jobs, metrics
from lacydon.kernel.errors import NotFound
from lacydon.kernel.models import Worker
from tests import product as products
from tests.kernel import chores


@pytest.fixture
def later(monkeypatch):
    """Move the clock of the queue forward: `later(seconds)`."""
    from django.utils import timezone

    start = timezone.now()

    def move(seconds: float) -> None:
        moment = start + timedelta(seconds=seconds)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        monkeypatch.setattr(jobs, "now", lambda: moment)

    return move


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


@pytest.mark.django_db(transaction=True)
class TestQueue:
    def test_what_is_enqueued_is_done(self, tmp_path):
        chores.note.enqueue(path=str(tmp_path / "notes"), line="hello")
        assert jobs.counts().waiting == 1
        jobs.work(once=True)
        assert lines(tmp_path / "notes") == ["hello"]
        assert (jobs.counts().waiting, jobs.counts().dead, Worker.objects.count()) == (0, 0, 0)

    def test_a_job_goes_with_its_transaction(self, tmp_path):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            chores.note.enqueue(path=str(tmp_path / "notes"), line="hello")
            raise ZeroDivisionError
        jobs.work(once=True)
        assert lines(tmp_path / "notes") == []

    def test_arguments_are_what_json_can_hold(self):
        with pytest.raises((TypeError, ValueError)):
            chores.note.enqueue(path=object(), line="")
        assert jobs.counts().waiting == 0

    def test_what_fails_is_tried_again_later_and_then_shown(self, tmp_path, later, capsys):
        notes = tmp_path / "notes"
        chores.fail.enqueue(path=str(notes))
        later(0.001)
        jobs.work(once=True)
        jobs.work(once=True)
        assert lines(notes) == ["tried"], "the second attempt waits ten seconds"
        later(11)
        jobs.work(once=True)
        later(25)
        jobs.work(once=True)
        assert len(lines(notes)) == 2, "the third attempt waits twenty seconds more"
        later(32)
        jobs.work(once=True)
        assert len(lines(notes)) == 3
        later(100_000)
        jobs.work(once=True)
        assert len(lines(notes)) == 3
        (letter,) = jobs.dead_letters()
        assert (letter.name, letter.attempts) == ("tests.kernel.chores.fail", 3)
        assert letter.arguments == {"path": str(notes)}
        assert letter.error == "ValueError: no luck"
        assert command(retry=None) == 1
        assert letter.id in capsys.readouterr().out

    def test_a_dead_letter_can_be_put_back(self, tmp_path, later):
        chores.fail.enqueue(path=str(tmp_path / "notes"))
        for seconds in (0.001, 20, 100):
            later(seconds)
            jobs.work(once=True)
        (letter,) = jobs.dead_letters()
        with pytest.raises(NotFound):
            command(retry="something else")
        with pytest.raises(NotFound):
            command(retry="00000000-0000-0000-0000-000000000000")
        assert command(retry=letter.id) == 0
        assert jobs.dead_letters() == []
        jobs.work(once=True)
        assert len(lines(tmp_path / "notes")) == 4

    def test_a_job_whose_code_is_gone_is_a_dead_letter(self, later):
        chores.note.enqueue(path="x", line="x")
        DBTaskResult.objects.update(task_path="tests.kernel.chores.forgotten")
        for seconds in (0.001, 20, 60, 200, 500):
            later(seconds)
            jobs.work(once=True)
        (letter,) = jobs.dead_letters()
        assert "forgotten" in letter.error

    def test_a_job_whose_worker_went_silent_is_given_to_another(self, tmp_path, later):
        chores.note.enqueue(path=str(tmp_path / "notes"), line="hello")
        row = DBTaskResult.objects.get()
        row.claim("gone")
        Worker.objects.create(id="gone", seen_at=clock.now())
        jobs.work(once=True)
        assert lines(tmp_path / "notes") == [], "it may still be at work"
        later(61)
        jobs.work(once=True)
        assert lines(tmp_path / "notes") == ["hello"]

    def test_a_job_that_kills_its_workers_is_given_up(self, later):
        chores.note.enqueue(path="x", line="x")
        DBTaskResult.objects.update(worker_ids=["a", "b", "c", "d", "e"], status="RUNNING")
        jobs.work(once=True)
        (letter,) = jobs.dead_letters()
        assert letter.attempts == 5

    def test_what_was_done_is_forgotten_after_a_while(self, tmp_path, later):
        chores.note.enqueue(path=str(tmp_path / "notes"), line="hello")
        jobs.work(once=True)
        assert DBTaskResult.objects.count() == 1
        later(31 * 24 * 3600)
        jobs.work(once=True)
        assert DBTaskResult.objects.count() == 0

    def test_the_state_is_measured(self, tmp_path, later):
        chores.note.enqueue(path="x", line="x")
        later(120)
        assert jobs.counts().oldest == pytest.approx(120, abs=5)
        told = metrics.exposition().decode()
        assert 'lacydon_jobs{state="waiting"} 1.0' in told
        assert told.rstrip().endswith("# EOF")

    def test_figures_do_not_need_the_database(self, monkeypatch):
        def away() -> None:
            raise DatabaseError

        monkeypatch.setattr(jobs, "counts", away)
        assert b"lacydon_jobs{" not in metrics.exposition()


def test_only_a_function_of_a_module_is_a_job():
    with pytest.raises((ImproperlyConfigured, Exception), match=r"[Tt]ask"):

        @jobs.job()
        def inside() -> None: ...


@pytest.mark.server
def test_a_job_whose_worker_is_killed_is_done_by_the_next(tmp_path, worker_id):
    notes, pipe = tmp_path / "notes", tmp_path / "pipe"
    os.mkfifo(pipe)
    with products.database_of(f"jobs_{worker_id}") as database:
        environment = products.environment(home=tmp_path / "home", **database) | {"PYTHONPATH": str(products.ROOT)}
        products.migrated(environment=environment)
        code = (
            f"from tests.kernel.chores import *; hang_the_first_time.enqueue(path={str(notes)!r}, pipe={str(pipe)!r})"
        )
        products.done("manage", "shell", "--no-imports", "-c", code, environment=environment)
        worker = subprocess.Popen(
            [products.LACYDON, "work"],
            env=environment,
            cwd=products.ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            with pipe.open("w"):  # opens once the job has begun and reads the other end
                worker.send_signal(signal.SIGKILL)
                worker.communicate(timeout=20)
        finally:
            worker.kill()
            worker.communicate()
        assert lines(notes) == ["began"]
        products.done("work", "--once", "--patience", "0", environment=environment)
    assert lines(notes) == ["began", "began", "done"]


@pytest.mark.server
def test_a_worker_asked_to_stop_finishes_what_it_does(tmp_path, worker_id):
    notes, pipe = tmp_path / "notes", tmp_path / "pipe"
    os.mkfifo(pipe)
    with products.database_of(f"jobs_{worker_id}") as database:
        environment = products.environment(home=tmp_path / "home", **database) | {"PYTHONPATH": str(products.ROOT)}
        products.migrated(environment=environment)
        code = (
            f"from tests.kernel.chores import *; hang_the_first_time.enqueue(path={str(notes)!r}, pipe={str(pipe)!r})"
        )
        products.done("manage", "shell", "--no-imports", "-c", code, environment=environment)
        worker = subprocess.Popen(
            [products.LACYDON, "work"],
            env=environment,
            cwd=products.ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            with pipe.open("w"):
                worker.send_signal(signal.SIGTERM)
            told, _none = worker.communicate(timeout=20)
        finally:
            worker.kill()
            worker.wait()
    assert worker.returncode == 0, told
    assert lines(notes) == ["began", "done"]
