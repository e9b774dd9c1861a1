"""The ring is kept: usage counted, a new key and all wrapped anew, begun again after a kill, an old key retired."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from lacydon.config.command_line import main
from lacydon.kernel import health, rotation, sealing
from lacydon.kernel.errors import Unavailable
from lacydon.kernel.models import RingKey
from lacydon.kernel.plugs import wrapped_keys
from tests import product as products
from tests.kernel import locksmith

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.KEYS = tmp_path / "keys"
    return settings.KEYS


@pytest.fixture
def locks() -> Iterator[type[models.Model]]:
    """A table of wrapped keys, left at the extension point."""
    with isolate_apps("lacydon.kernel"):
        model = locksmith.lock_model()
    locksmith.make_table()
    column = rotation.WrappedColumn(model=model, field="wrapped", place=locksmith.place)
    with wrapped_keys.temporarily("test", lambda: column):
        yield model
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE test_lock")


def fill(model: type[models.Model], count: int, *, first: int = 1) -> dict[int, bytes]:
    keys = {number: sealing.new_key() for number in range(first, first + count)}
    model.objects.bulk_create(
        model(id=number, wrapped=sealing.wrap(key, place=f"lock:{number}")) for number, key in keys.items()
    )
    return keys


def opened(model: type[models.Model]) -> dict[int, bytes]:
    return {row.pk: sealing.unwrap(row.wrapped, place=f"lock:{row.pk}") for row in model.objects.all() if row.wrapped}


def test_a_rotation_wraps_everything_anew_and_changes_no_key(locks, capsys):
    keys = fill(locks, 25)
    old = sealing.ring().newest.id
    told: list[int] = []
    rotated = rotation.rotate(batch=10, progress=told.append)
    assert (rotated.done, rotated.damaged, rotated.resumed) == (25, 0, False)
    assert told == [10, 20, 25]
    assert rotation.usage() == {old: 0, rotated.kek.id: 25}
    assert opened(locks) == keys


def test_a_second_rotation_makes_another_key(locks):
    keys = fill(locks, 3)
    first, second = rotation.rotate(), rotation.rotate()
    assert first.kek.id != second.kek.id and second.done == 3
    assert opened(locks) == keys


def test_what_was_destroyed_stays_destroyed(locks):
    fill(locks, 3)
    locks.objects.filter(pk=2).update(wrapped=b"")
    locks.objects.filter(pk=3).update(wrapped=None)
    assert rotation.rotate().done == 1
    assert not locks.objects.get(pk=2).wrapped and locks.objects.get(pk=3).wrapped is None


def test_a_key_destroyed_during_the_rotation_does_not_come_back(locks):
    """Erased between the moment a row is read and the moment it is written."""
    fill(locks, 2)

    def place(row: models.Model) -> str:
        locks.objects.filter(pk=1).update(wrapped=b"")
        return locksmith.place(row)

    column = rotation.WrappedColumn(model=locks, field="wrapped", place=place)
    with wrapped_keys.temporarily("test", lambda: column):
        assert rotation.rotate().done == 1
    assert bytes(locks.objects.get(pk=1).wrapped) == b""


def test_a_damaged_key_is_told_and_stops_nothing(locks, capsys):
    keys = fill(locks, 4)
    locks.objects.filter(pk=2).update(wrapped=sealing.wrap(keys[2], place="lock:3"))
    locks.objects.filter(pk=3).update(wrapped=b"nonsense")
    assert main(["keys", "rotate"]) == 1
    assert "2 clés sont illisibles" in capsys.readouterr().err
    assert main(["keys"]) == 1
    assert "1 clés ne dépendent d’aucune" in capsys.readouterr().err


def test_an_interrupted_rotation_is_taken_up_with_the_same_key(locks):
    fill(locks, 30)
    old = sealing.ring().newest.id

    def stop(done: int) -> None:
        if done >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(batch=10, progress=stop)
    made = sealing.ring().newest.id
    assert rotation.usage() == {old: 10, made: 20}
    assert main(["keys", "retire", old]) == 1
    again = rotation.rotate(batch=10)
    assert (again.resumed, again.kek.id, again.done) == (True, made, 10)
    assert not rotation.rotate().resumed


def test_the_commands_as_an_operator_types_them(locks, capsys, folder):
    fill(locks, 7)
    old = sealing.ring().newest.id
    assert main(["keys"]) == 0
    assert f"{old}  du " in (told := capsys.readouterr().out) and "protège 7 clés (la plus récente)" in told
    assert main(["keys", "retire", old]) == 1
    assert "la plus récente" in capsys.readouterr().err
    assert main(["keys", "rotate"]) == 0
    assert str(folder) in capsys.readouterr().out
    fresh = sealing.ring().newest.id
    assert main(["keys", "retire", old]) == 0
    assert main(["keys", "retire", old]) == 1
    assert "n’a pas de clé" in capsys.readouterr().err
    assert main(["keys"]) == 0
    assert old not in (told := capsys.readouterr().out) and f"{fresh}  du " in told
    assert len(opened(locks)) == 7


def test_a_key_in_use_is_not_retired(locks, capsys):
    fill(locks, 2)
    old = sealing.ring().newest.id
    sealing.add_kek()
    fill(locks, 1, first=10)
    assert main(["keys", "retire", old]) == 1
    assert "2 clés dépendent encore" in capsys.readouterr().err
    assert len(opened(locks)) == 3


class TestTheRingOfTheDatabase:
    def test_it_is_noted_once(self):
        rotation.enrol()
        rotation.enrol()
        assert set(RingKey.objects.values_list("id", flat=True)) == sealing.ring().names
        assert rotation.wrong_ring() is None

    def test_a_lost_folder_is_said_before_anything_is_sealed_under_another(self, settings, tmp_path, capsys):
        rotation.enrol()
        settings.KEYS = tmp_path / "empty"
        assert "LACYDON_KEYS" in str(rotation.wrong_ring())
        assert [each["part"] for each in health.missing_to_answer() if each["part"] == "keys"] == ["keys"]
        with pytest.raises(Unavailable):
            rotation.enrol()
        assert main(["keys", "rotate"]) == 1
        assert "sauvegarde" in capsys.readouterr().err

    def test_a_lost_key_is_said_though_the_pepper_is_there(self, folder):
        rotation.enrol()
        sealing.add_kek()
        rotation.enrol()
        next(folder.glob("kek-0001*")).unlink()
        assert rotation.wrong_ring()

    def test_a_damaged_folder_is_said(self, folder):
        rotation.enrol()
        (folder / "pepper").write_text("x")
        sealing._held.clear()
        assert rotation.wrong_ring()

    def test_retiring_a_key_takes_its_mark_away(self, locks):
        rotation.enrol()
        old = sealing.ring().newest.id
        rotation.rotate()
        rotation.retire(old)
        assert rotation.wrong_ring() is None and not RingKey.objects.filter(id=old).exists()


@pytest.mark.server
def test_a_rotation_that_is_killed_is_finished_by_the_next(tmp_path, worker_id):
    """kill -9 in the middle of the second batch; then, once more, to the end. No key is lost, none stays behind."""
    with products.database_of(f"rotation_{worker_id}") as database:
        environment = products.environment(home=tmp_path / "home", **database) | {
            "PYTHONPATH": f"{products.ROOT / 'src'}:{products.ROOT}",
            "DJANGO_SETTINGS_MODULE": "lacydon.config.settings",
        }
        products.migrated(environment=environment)

        def ask(*arguments: str) -> subprocess.Popen[str]:
            command = [sys.executable, "-m", "tests.kernel.locksmith", *arguments]
            return subprocess.Popen(
                command, env=environment, cwd=products.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )

        filled, _none = ask("fill", "30").communicate(timeout=180)
        killed = ask("rotate", "--stop-at", "15")
        assert killed.stdout.readline() == "in the middle\n"
        killed.send_signal(signal.SIGKILL)
        killed.communicate(timeout=20)
        counted, _none = ask("count").communicate(timeout=180)
        assert counted.split() == ["20", "10"], "one batch was committed, the other was not"
        finished, _none = ask("rotate").communicate(timeout=180)
        assert finished.split() == ["resumed", "20"]
        counted, _none = ask("count").communicate(timeout=180)
        assert counted.split() == ["0", "30"]
        again, _none = ask("open").communicate(timeout=180)
    assert again == filled and len(filled.split()) == 30
