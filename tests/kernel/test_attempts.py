"""How often one may try: counted whatever becomes of the act, shared, forgotten, and telling nothing of who it was."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from lacydon.kernel import attempts, clock
from lacydon.kernel.errors import TooManyRequests
from lacydon.kernel.models import Attempts
from tests import product as products

QUARTER = timedelta(minutes=15)


@pytest.fixture
def at(monkeypatch):
    """Hold the time still: `at(minutes)` after the beginning."""
    start = datetime(2026, 1, 1, tzinfo=UTC)

    def move(minutes: float) -> None:
        monkeypatch.setattr(attempts, "now", lambda: start + timedelta(minutes=minutes))

    move(0)
    return move


def spend(who="a@b.fr", what="passphrase", most=3, per=QUARTER) -> int:
    return attempts.spend(what=what, who=who, most=most, per=per)


@pytest.mark.django_db
class TestCounting:
    def test_so_many_and_no_more(self, at):
        assert [spend(), spend(), spend()] == [2, 1, 0]
        with pytest.raises(TooManyRequests) as refusal:
            spend()
        assert refusal.value.retry_after == 15 * 60

    def test_the_window_slides(self, at):
        for minute in (0, 5, 10):
            at(minute)
            spend()
        at(14)
        with pytest.raises(TooManyRequests) as refusal:
            spend()
        assert refusal.value.retry_after == 60
        at(15.01)
        assert spend() == 0
        at(19)
        with pytest.raises(TooManyRequests) as refusal:
            spend()
        assert refusal.value.retry_after == 60

    def test_a_refused_attempt_does_not_lengthen_the_wait(self, at):
        for _turn in range(3):
            spend()
        for minute in (5, 10, 14.9):
            at(minute)
            with pytest.raises(TooManyRequests):
                spend()
        at(15.01)
        assert spend() == 2

    def test_each_is_counted_apart(self, at):
        for _turn in range(3):
            spend()
        assert spend(who="c@d.fr") == spend(what="code") == 2

    def test_success_is_forgiven(self, at):
        spend()
        spend()
        attempts.forgive(what="passphrase", who="a@b.fr")
        assert spend() == 2

    def test_a_clock_put_back_locks_nobody_out_for_longer(self, at):
        at(600)
        for _turn in range(3):
            spend()
        at(0)
        with pytest.raises(TooManyRequests) as refusal:
            spend()
        assert refusal.value.retry_after <= 15 * 60

    def test_nobody_is_named(self, at):
        spend()
        row = Attempts.objects.get()
        assert "a@b.fr" not in str(vars(row)) and len(row.key) == 64

    def test_what_no_longer_counts_is_removed_by_the_next(self, at):
        for number in range(5):
            spend(who=str(number))
        at(16)
        spend(who="later")
        assert Attempts.objects.count() == 1
        at(40)
        assert attempts.purge() == 1
        assert attempts.purge() == 0

    def test_a_longer_count_is_kept_as_long_as_it_counts(self, at):
        spend(who="long", per=timedelta(days=1))
        at(16)
        spend(who="other")
        assert spend(who="long", per=timedelta(days=1)) == 1


@pytest.mark.django_db(transaction=True)
class TestTransactions:
    def test_the_count_outlives_what_is_rolled_back(self):
        for left in (2, 1, 0):
            assert spend() == left
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                raise ZeroDivisionError
        with pytest.raises(TooManyRequests):
            spend()

    def test_it_may_not_be_called_where_it_could_be_rolled_back(self):
        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
            spend()

    def test_forgiveness_goes_with_the_act(self):
        spend()
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            attempts.forgive(what="passphrase", who="a@b.fr")
            raise ZeroDivisionError
        assert spend() == 1


@pytest.mark.server
def test_processes_that_try_at_once_are_counted_one_after_the_other(tmp_path, worker_id):
    """Five processes, five tries each, started together; seven attempts are allowed."""
    code = (
        "import sys, datetime, django; django.setup()\n"
        "from lacydon.kernel import attempts, errors\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "for turn in range(5):\n"
        "    try: print(attempts.spend(what='code', who='a', most=7, per=datetime.timedelta(hours=1)))\n"
        "    except errors.TooManyRequests: print('refused')\n"
    )
    with products.database_of(f"attempts_{worker_id}") as database:
        environment = products.environment(home=tmp_path / "home", **database) | {
            "DJANGO_SETTINGS_MODULE": "lacydon.config.settings"
        }
        products.migrated(environment=environment)
        started = [
            subprocess.Popen(
                [sys.executable, "-c", code],
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _process in range(5)
        ]
        for process in started:
            assert process.stdout.readline() == "ready\n"
        for process in started:
            process.stdin.write("go\n")
            process.stdin.flush()
        told = [process.communicate(timeout=60) for process in started]
    lines = [json.loads(line) for _out, errors in told for line in errors.splitlines()]
    assert {(line["event"], line["what"]) for line in lines} == {("attempts.exhausted", "code")}
    assert len(lines) == 18, "each refusal is told to who watches"
    answers = sorted(" ".join(out for out, _errors in told).split())
    assert answers == ["0", "1", "2", "3", "4", "5", "6"] + ["refused"] * 18


def test_the_clock_is_that_of_the_house():
    assert attempts.now is clock.now
