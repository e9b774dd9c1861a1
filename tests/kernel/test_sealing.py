"""What is sealed opens with its key at its place, and nowhere else; the ring of keys is made once and never guessed."""

import multiprocessing
import stat
import subprocess
import sys
from itertools import combinations

import pytest

from lacydon.kernel import sealing
from lacydon.kernel.sealing import (
    RingDamaged,
    Unsealable,
    kek_of,
    keyed_hash,
    new_key,
    seal,
    unseal,
    unwrap,
    unwrap_all,
    wrap,
)

HERE, THERE = "contact:1:email", "contact:2:email"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """A ring of its own for each test."""
    settings.KEYS = tmp_path / "home" / "keys"
    return settings.KEYS


@pytest.mark.parametrize("value", [b"", b"a", "é@exemple.fr".encode(), b"\x00" * 100_000])
def test_what_is_sealed_opens(value):
    key = new_key()
    assert unseal(seal(value, key=key, place=HERE), key=key, place=HERE) == value


def test_sealing_twice_shows_nothing():
    key = new_key()
    assert seal(b"same", key=key, place=HERE) != seal(b"same", key=key, place=HERE)
    assert b"same" not in seal(b"same", key=key, place=HERE)


def test_another_place_or_another_key_does_not_open():
    key, other = new_key(), new_key()
    sealed = seal(b"secret", key=key, place=HERE)
    for wrong_key, place in ((key, THERE), (other, HERE), (key, ""), (b"short", HERE)):
        with pytest.raises(Unsealable):
            unseal(sealed, key=wrong_key, place=place)


def test_two_rows_cannot_exchange_their_values():
    key = new_key()
    places = ("contact:1:email", "contact:2:email", "contact:1:phone", "civil:1:email")
    sealed = {place: seal(place.encode(), key=key, place=place) for place in places}
    for one, other in combinations(places, 2):
        with pytest.raises(Unsealable):
            unseal(sealed[one], key=key, place=other)


def test_every_flipped_bit_and_every_cut_is_seen():
    key = new_key()
    sealed = seal(b"secret", key=key, place=HERE)
    wrapped = wrap(key, place=HERE)
    for at in range(len(sealed) * 8):
        with pytest.raises(Unsealable):
            unseal(_flipped(sealed, at), key=key, place=HERE)
    for at in range(len(wrapped) * 8):
        with pytest.raises(Unsealable):
            unwrap(_flipped(wrapped, at), place=HERE)
    for length in range(len(sealed)):
        with pytest.raises(Unsealable):
            unseal(sealed[:length], key=key, place=HERE)
    for length in range(len(wrapped)):
        with pytest.raises(Unsealable):
            unwrap(wrapped[:length], place=HERE)


def _flipped(value: bytes, bit: int) -> bytes:
    changed = bytearray(value)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_a_memoryview_from_the_database_opens_too():
    key = new_key()
    assert unwrap(memoryview(wrap(key, place=HERE)), place=HERE) == key
    assert unseal(memoryview(seal(b"x", key=key, place=HERE)), key=key, place=HERE) == b"x"


def test_a_wrapped_key_is_not_a_sealed_value():
    key = new_key()
    wrapped = wrap(key, place=HERE)
    kek = sealing.ring().newest
    with pytest.raises(Unsealable):
        unseal(wrapped, key=kek.key, place=HERE)
    with pytest.raises(Unsealable):
        unwrap(sealing.prefix_of(kek.id) + seal(key, key=kek.key, place=HERE)[1:], place=HERE)


def test_a_wrapped_key_opens_at_its_place_only():
    key = new_key()
    wrapped = wrap(key, place="key:1")
    assert unwrap(wrapped, place="key:1") == key
    assert key not in wrapped
    with pytest.raises(Unsealable):
        unwrap(wrapped, place="key:2")
    with pytest.raises(ValueError, match="32 bytes"):
        wrap(b"short", place="key:1")


def test_a_new_kek_is_used_and_the_old_one_still_opens():
    key = new_key()
    before = wrap(key, place=HERE)
    made = sealing.add_kek()
    after = wrap(key, place=HERE)
    assert kek_of(after) == made.id != kek_of(before)
    assert unwrap(before, place=HERE) == unwrap(after, place=HERE) == key
    assert after.startswith(sealing.prefix_of(made.id))


def test_a_kek_that_is_gone_opens_nothing():
    wrapped = wrap(new_key(), place=HERE)
    with pytest.raises(ValueError, match="cannot be removed"):
        sealing.remove_kek(kek_of(wrapped))
    sealing.add_kek()
    sealing.remove_kek(kek_of(wrapped))
    with pytest.raises(Unsealable, match="not in the ring"):
        unwrap(wrapped, place=HERE)


def test_the_ring_is_readable_by_its_owner_only(folder):
    wrap(new_key(), place=HERE)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = list(folder.iterdir())
    assert sorted(path.name[:4] for path in files) == ["kek-", "pepp"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_another_process_sees_a_new_kek_and_opens_what_it_wraps(folder, settings):
    """This process has read the ring; another adds a key to it."""
    wrap(new_key(), place=HERE)
    code = (
        "import os, django; django.setup()\n"
        "from lacydon.kernel import sealing\n"
        "sealing.add_kek(); print(sealing.wrap(b'k' * 32, place='x').hex())"
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "lacydon.config.settings",
        "LACYDON_HOME": str(folder.parent),
        "PYTHONPATH": ":".join(sys.path),
    }
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    wrapped = bytes.fromhex(told.stdout)
    assert unwrap(wrapped, place="x") == b"k" * 32
    assert kek_of(wrap(new_key(), place=HERE)) == kek_of(wrapped)


def _first_use(folder, barrier, answers) -> None:
    from django.conf import settings

    settings.KEYS = folder
    barrier.wait(20)
    answers.put((sealing.ring().newest.id, keyed_hash("x", purpose="p")))


def test_processes_that_start_together_make_one_ring(folder):
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(8), context.Queue()
    started = [context.Process(target=_first_use, args=(folder, barrier, answers)) for _ in range(8)]
    for process in started:
        process.start()
    told = {answers.get(timeout=30) for _ in started}
    for process in started:
        process.join()
    assert len(told) == 1
    assert len(list(folder.iterdir())) == 2


def test_a_first_start_that_was_killed_is_finished_by_the_next(folder):
    wrap(new_key(), place=HERE)
    (folder / "pepper").unlink()
    (folder / ".new-abc").write_text("half of a ke")
    sealing._held.clear()
    assert unwrap(wrap(b"k" * 32, place=HERE), place=HERE) == b"k" * 32
    assert len(list(folder.glob("kek-*"))) == 1


@pytest.mark.parametrize(
    "damage", ["", "nonsense", "lacydon-key-1 2026-01-01T00:00:00+00:00 AAAA", "lacydon-key-9 x y"]
)
@pytest.mark.parametrize("file", ["kek-*", "pepper"])
def test_a_damaged_ring_is_said(folder, file, damage):
    wrap(new_key(), place=HERE)
    next(folder.glob(file)).write_text(damage)
    sealing._held.clear()
    with pytest.raises(RingDamaged):
        wrap(new_key(), place=HERE)


def test_a_key_under_the_name_of_another_is_seen(folder):
    wrap(new_key(), place=HERE)
    sealing.add_kek()
    first, second = sorted(folder.glob("kek-*"))
    first.write_text(second.read_text())
    with pytest.raises(RingDamaged):
        sealing.ring(afresh=True)


def test_a_ring_without_its_pepper_is_not_given_another(folder):
    wrap(new_key(), place=HERE)
    sealing.add_kek()
    (folder / "pepper").unlink()
    with pytest.raises(RingDamaged):
        keyed_hash("x", purpose="p")


def test_a_file_of_an_operator_is_no_key(folder):
    wrap(new_key(), place=HERE)
    (folder / "kek-notes.txt").write_text("of an operator")
    assert len(sealing.ring(afresh=True).keks) == 1


def test_a_keyed_hash_depends_on_its_purpose_and_on_the_ring(settings, tmp_path):
    hashes = {
        keyed_hash("a@b.fr", purpose="e-mail"),
        keyed_hash("a@b.fr", purpose="sub"),
        keyed_hash("x", purpose="sub"),
    }
    assert len(hashes) == 3 and all(len(each) == 64 for each in hashes)
    assert keyed_hash("a@b.fr", purpose="e-mail") in hashes
    settings.KEYS = tmp_path / "another"
    assert keyed_hash("a@b.fr", purpose="e-mail") not in hashes


def test_a_keyed_hash_outlives_a_rotation():
    before = keyed_hash("x", purpose="p")
    sealing.add_kek()
    assert keyed_hash("x", purpose="p") == before


def test_many_keys_are_unwrapped_as_each_would_be():
    keys = [new_key() for _ in range(3)]
    pairs = [(wrap(key, place=f"key:{number}"), f"key:{number}") for number, key in enumerate(keys)]
    assert unwrap_all(pairs) == keys
    assert unwrap_all([]) == []
    with pytest.raises(Unsealable):
        unwrap_all([pairs[0], (pairs[1][0], "key:2")])
