"""Changing the key that signs the journal: the old key names the new one, and whoever knows one of them can follow."""

import json

import pytest
from django.db import DatabaseError, connection, transaction

from lacydon.capabilities.trust.actions import journal_keys
from lacydon.capabilities.trust.actions.journal import record_all
from lacydon.capabilities.trust.actions.journal_keys import renew_key, retire_key
from lacydon.capabilities.trust.actions.publication import publish_checkpoint
from lacydon.capabilities.trust.actions.witnesses import ask_witness
from lacydon.capabilities.trust.errors import JournalDamaged, WitnessRefused
from lacydon.capabilities.trust.models import Checkpoint, Entry, KeyNote
from lacydon.capabilities.trust.queries import journal, signing
from lacydon.capabilities.trust.queries.signing import public_key, signing_key
from lacydon.capabilities.trust.queries.verification import verify
from lacydon.config.command_line import main
from lacydon.config.commands.journal import journal_export
from lacydon.kernel.errors import Conflict, NotFound
from lacydon.kernel.merkle import notes
from lacydon.kernel.merkle.succession import NEXT, RETIRED, Change, Succession
from lacydon.kernel.merkle.tiles import TiledTree
from tests.capabilities.trust.journals import administrator, drafts, entries, people, rewrite_hashes
from tests.capabilities.trust.journals import journal as published
from tests.capabilities.trust.test_journal_outside import verifier, witness


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """A folder of keys of one's own: what is changed here is not rolled back with the database."""
    settings.HOME = tmp_path
    settings.KEYS = tmp_path / "keys"


def more(count: int = 3) -> Checkpoint:
    with transaction.atomic():
        record_all(drafts(count, first=1000))
    made = publish_checkpoint()
    assert made is not None
    return made


def signers(note: str) -> list[bytes]:
    return [each.key_id for each in notes.Note.parse(note).signatures]


def test_both_keys_sign_until_the_old_one_is_retired(db):
    published(10)
    old = public_key()
    keys = renew_key()
    new = public_key()
    assert new != old and new.name == old.name
    assert [(term.key, term.after, term.until) for term in keys.terms] == [(old, -1, None), (new, 10, None)]
    head = Checkpoint.objects.order_by("-size")[0]
    assert (head.size, signers(head.note)) == (11, [new.id, old.id]), "a head signed by both is there at once"
    assert signers(more().note) == [new.id, old.id]
    retired = retire_key(old.id.hex())
    assert retired.terms[0].until == 14
    assert signers(more().note) == [new.id]
    assert [each.name for each in signing._path().parent.glob("journal-*")] == ["journal-signing-key"]
    told = Entry.objects.filter(action__startswith="journal-key.").order_by("position")
    assert [(each.action, each.object) for each in told] == [
        ("journal-key.renew", f"journal-key:{new.id.hex()}"),
        ("journal-key.retire", f"journal-key:{old.id.hex()}"),
    ]
    found = verify()
    assert (found.fault, found.entries, len(found.keys)) == (None, 18, 2)


def test_what_cannot_be_retired(db):
    published(3)
    old = public_key()
    with pytest.raises(Conflict):
        retire_key(old.id.hex())
    renew_key()
    with pytest.raises(NotFound):
        retire_key("00000000")
    retire_key(old.id.hex())
    with pytest.raises(Conflict):
        retire_key(old.id.hex())


def test_a_journal_with_nothing_in_it_changes_its_key(db):
    old = public_key()
    renew_key()
    assert Checkpoint.objects.get().size == 1
    assert verify().fault is None and public_key() != old


def test_an_old_proof_and_an_old_key_still_verify(db, tmp_path):
    mine = people(1)[0]
    published(300, subjects=[mine])
    old, before, proof = public_key(), Checkpoint.objects.get().note, tmp_path / "proof.json"
    proof.write_bytes(journal.proof_file(entries()[7]))
    (tmp_path / "old").write_text(before)
    renew_key()
    retire_key(old.id.hex())
    renew_key()
    new, folder = public_key(), tmp_path / "export"
    assert journal_export(folder) == 0
    for known in (old, new):
        code, told = verifier("log", folder, "--key", known, "--older", tmp_path / "old")
        assert code == 0 and old.id.hex() in told and new.id.hex() in told, told
        code, told = verifier("proof", proof, "--key", known, "--keys", folder / "keys")
        assert code == 0, told
    assert verifier("proof", proof, "--key", old)[0] == 0
    assert verifier("proof", proof, "--key", new)[0] == 1, "without what the keys said, the new one signed nothing here"
    proof.write_bytes(journal.proof_file(entries()[7]))
    assert json.loads(proof.read_text())["key"] == str(new)
    code, told = verifier("proof", proof, "--key", old)
    assert code == 0, "a proof of today carries what leads from the old key to the new one"
    stranger = notes.SigningKey.new(name=old.name).verifier
    assert verifier("log", folder, "--key", stranger)[0] == 1
    assert verifier("proof", proof, "--key", stranger)[0] == 1


def test_a_key_that_leaked_signs_no_other_past_and_no_future(db, tmp_path):
    """The old key is in the hands of somebody else, once retired."""
    published(5, 20)
    leaked = signing_key()
    renew_key()
    retire_key(leaked.verifier.id.hex())
    more()
    folder = tmp_path / "export"
    journal_export(folder)
    new = public_key()
    assert verifier("log", folder, "--key", new)[0] == 0
    for size in (20, 22, 25, 900):  # 20: another root than the one that the change names
        head = notes.Checkpoint(leaked.name, size, b"\1" * 32)
        forged = f"{head.text}\n{leaked.sign(head.text)}"
        (tmp_path / "forged").write_text(forged)
        known = leaked.verifier if size == 22 else new
        assert verifier("log", folder, "--key", known, "--older", tmp_path / "forged")[0] == 1, size
        fault = verify(heads=[forged]).fault
        assert fault is not None and fault.kind == ("rewritten" if size == 20 else "signature")
    said = (folder / "keys").read_text()
    other = notes.SigningKey.new(name=leaked.name)
    fork = Change(NEXT, notes.Checkpoint(leaked.name, 20, b"\1" * 32), leaked.verifier, other.verifier)
    for forged in (fork.signed(leaked, other), f"{said}\n{fork.signed(leaked, other)}", said[:-9], "x"):
        (folder / "keys").write_text(forged)
        assert verifier("log", folder, "--key", new)[0] == 1, forged


def test_a_past_made_again_with_the_leaked_key_is_not_that_of_the_change(db):
    """Whoever has the database, the keys of seals and the old key cuts all since the change, and signs another past."""
    published(5, 20)
    leaked = signing_key()
    renew_key()
    retire_key(leaked.verifier.id.hex())
    journal.last_published().unlink(missing_ok=True)
    with administrator() as cursor:
        cursor.execute("DELETE FROM trust_entry WHERE position >= 20")
        cursor.execute("DELETE FROM trust_checkpoint WHERE size <> 20")
        cursor.execute("UPDATE trust_entry SET purpose = 'x' WHERE position = 19")
        rewrite_hashes(cursor, seals=True)
        head = notes.Checkpoint(leaked.name, 20, TiledTree(size=20, read=journal.read_tiles).root())
        cursor.execute("UPDATE trust_checkpoint SET note = %s", [f"{head.text}\n{leaked.sign(head.text)}"])
        fault = verify().fault
        assert fault is not None and fault.kind == "rewritten"
        cursor.execute("DELETE FROM trust_keynote")
        fault = verify().fault
        assert fault is not None and fault.kind == "signature", "without the changes, the old key is nobody's"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_change_that_is_killed(db, monkeypatch, when):
    """Before the commit nothing has happened; after it, the next signature puts the folder of keys in order."""
    published(5)
    old = public_key()
    looks = iter([journal_keys.succession])  # one look; at the second, the power is cut
    if when == "before":
        monkeypatch.setattr(journal_keys, "record", lambda **_all: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            renew_key()
        assert public_key() == old and not KeyNote.objects.exists()
        assert signers(more().note) == [old.id]
        waiting = signing.next_key().verifier
        monkeypatch.undo()
        renew_key()
        assert public_key() == waiting, "the key that was waiting is the one"
    else:
        monkeypatch.setattr(journal_keys, "succession", lambda: next(looks)())
        with pytest.raises(StopIteration):
            renew_key()
        assert public_key() == old and KeyNote.objects.count() == 1
        head = more()
        assert signers(head.note) == [public_key().id, old.id] and public_key() != old
    assert verify().fault is None


def test_the_database_alone_names_no_key(db):
    """Whoever owns the database and has no key can neither add a change, nor take one away unseen."""
    published(5)
    old, stranger = signing_key(), notes.SigningKey.new(name=public_key().name)
    head = notes.Checkpoint(old.name, 5, b"\1" * 32)
    forged = Change(NEXT, head, old.verifier, stranger.verifier).signed(stranger)
    with transaction.atomic():
        KeyNote.objects.create(number=1, note=forged, signed_at=Checkpoint.objects.get().signed_at)
    found = verify().fault
    assert found is not None and found.kind == "signature"
    record_all(drafts(1))
    with pytest.raises(JournalDamaged):
        publish_checkpoint()
    with administrator() as cursor:
        cursor.execute("DELETE FROM trust_keynote")
    assert publish_checkpoint() is not None
    renew_key()
    with administrator() as cursor:
        cursor.execute("DELETE FROM trust_keynote")
    found = verify().fault
    assert found is not None and found.kind == "signature"


@pytest.mark.parametrize("statement", ["UPDATE trust_keynote SET note = 'x'", "DELETE FROM trust_keynote"])
def test_what_the_keys_said_is_append_only(db, statement):
    renew_key()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_folder_with_another_key_signs_nothing(db):
    published(5)
    renew_key()
    signing._path().write_text(notes.SigningKey.new(name=public_key().name).secret())
    record_all(drafts(1))
    with pytest.raises(JournalDamaged):
        publish_checkpoint()


def test_a_witness_follows(db, tmp_path):
    """It knows both keys for a while; one that knows the old one only goes on while both sign."""
    published(5)
    old = public_key()
    with witness(tmp_path, logs=[old]) as asked:
        ask_witness(asked)
        new = renew_key().newest
        assert ask_witness(asked).checkpoint_id == 6
        retire_key(old.id.hex())
        with pytest.raises(WitnessRefused):
            ask_witness(asked)
    with witness(tmp_path, logs=[old, new]) as asked:
        assert ask_witness(asked).checkpoint_id == 7


def test_the_page_and_the_addresses_tell_it(db, client):
    published(5)
    assert client.get("/journal/keys").content == b""
    old = public_key()
    renew_key()
    page = client.get("/journal").content.decode()
    assert str(old) in page and str(public_key()) in page and "/journal/keys" in page
    assert client.get("/journal/key").content.decode() == f"{public_key()}\n"
    said = client.get("/journal/keys").content.decode()
    assert Succession.read([said], known=old).newest == public_key()


def test_the_commands_as_an_operator_types_them(db, capsys):
    published(5)
    old = public_key()
    assert main(["journal", "renew-key"]) == 0
    assert f"retire-key {old.id.hex()}" in capsys.readouterr().out
    assert main(["journal", "verify"]) == 0
    told = capsys.readouterr().out
    assert str(old) in told and str(public_key()) in told
    assert main(["journal", "retire-key", old.id.hex()]) == 0
    assert main(["journal", "retire-key", old.id.hex()]) != 0


def test_changes_that_are_none():
    """What is not signed by whom it must be, out of order, or of another log."""
    first, second, third = (notes.SigningKey.new(name="log.example") for _ in range(3))
    foreign = notes.SigningKey.new(name="other.example")

    def change(what, size, old, new):
        return Change(what, notes.Checkpoint("log.example", size, b"\1" * 32), old.verifier, new.verifier)

    right = change(NEXT, 5, first, second).signed(first, second)
    assert Succession.read([right], known=first.verifier).in_charge(5) == first.verifier
    assert Succession.read([right], known=second.verifier).in_charge(6) == second.verifier
    wrong = [
        [change(NEXT, 5, first, second).signed(first)],
        [change(NEXT, 5, first, second).signed(second)],
        [change(NEXT, 5, first, foreign).signed(first, foreign)],
        [change(NEXT, 5, first, first).signed(first)],
        [right, change(NEXT, 4, second, third).signed(second, third)],
        [right, change(NEXT, 9, first, third).signed(first, third)],
        [right, change(NEXT, 9, second, first).signed(second, first)],
        [right, change(RETIRED, 9, first, second).signed(first)],
        [right, change(RETIRED, 9, third, second).signed(second)],
        [right.replace("\n5\n", "\n6\n")],
        [right.replace("/keys\n", "\n")],
    ]
    for changes in wrong:
        with pytest.raises(notes.BadNote):
            Succession.read(changes, known=first.verifier)
    with pytest.raises(notes.BadNote):
        Succession.read([right], known=third.verifier)
    with pytest.raises(notes.BadNote):
        notes.Checkpoint.parse(change(NEXT, 5, first, second).text)
