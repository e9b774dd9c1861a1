"""Tampering with the journal in the database: each kind is found, at its position, even when all hashes are made anew."""

import pytest
from django.db import connection

from lacydon.capabilities.trust.actions.witnesses import cosign
from lacydon.capabilities.trust.models import Checkpoint
from lacydon.capabilities.trust.queries import journal, leaves
from lacydon.capabilities.trust.queries.signing import signing_key
from lacydon.capabilities.trust.queries.verification import verify
from lacydon.config.commands.journal import journal_verify
from lacydon.kernel.merkle.notes import WITNESS, SigningKey
from tests.capabilities.trust.journals import administrator, copy, drafts, people, rewrite_hashes, shift
from tests.capabilities.trust.journals import journal as published

AT = 300
"""Where the tests tamper: in the second tile, between the heads of 280 and of 520."""


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def signed(db):
    """A journal of 520 entries, published three times."""
    return published(100, 280, 520)


def found(**given):
    fault = verify(**given).fault
    return (fault.kind, fault.position) if fault else None


def test_an_untouched_journal_is_right(signed):
    result = verify()
    assert (result.entries, result.checkpoints, result.waiting, result.fault) == (520, 3, 0, None)


def edit(column, value):
    def act(cursor):
        cursor.execute(f"UPDATE trust_entry SET {column} = {value} WHERE position = {AT}")

    return act


def delete(cursor):
    cursor.execute(f"DELETE FROM trust_entry WHERE position = {AT}")


def delete_and_close_up(cursor):
    delete(cursor)
    shift(cursor, at=AT + 1, by=-1)


def insert(cursor):
    shift(cursor, at=AT, by=1)
    copy(cursor, of=AT + 1, to=AT, purpose="jamais écrit")


def insert_a_copy(cursor):
    shift(cursor, at=AT, by=1)
    copy(cursor, of=AT - 5, to=AT)


def insert_at_the_end(cursor):
    copy(cursor, of=519, to=520, purpose="jamais écrit")


def swap(a, b):
    def act(cursor):
        cursor.execute("UPDATE trust_entry SET position = 1000000 WHERE position = %s", [a])
        cursor.execute("UPDATE trust_entry SET position = %s WHERE position = %s", [a, b])
        cursor.execute("UPDATE trust_entry SET position = %s WHERE position = 1000000", [b])

    return act


def cut_the_end(cursor):
    cursor.execute(f"DELETE FROM trust_entry WHERE position >= {AT}")


TAMPERINGS = {
    "edit an action": (edit("action", "'request.list'"), "edited", AT),
    "edit a purpose": (edit("purpose", "'autre'"), "edited", AT),
    "edit a moment": (edit("at", "'2001-01-01 00:00:00+00:00'"), "edited", AT),
    "edit a role": (edit("role", "''"), "edited", AT),
    "edit an object": (edit("object", "'request:R-2'"), "edited", AT),
    "edit a mandate": (edit("mandate", "'11111111-1111-1111-1111-111111111111'"), "edited", AT),
    "edit who acted": (edit("actor_id", "NULL"), "edited", AT),
    "edit whose data": (edit("subject_id", "(SELECT actor_id FROM trust_entry WHERE position = 1)"), "edited", AT),
    "edit commitments": (
        edit("commitments", "(SELECT commitments FROM trust_entry WHERE position = 1)"),
        "edited",
        AT,
    ),
    "edit a hash": (edit("leaf_hash", "(SELECT leaf_hash FROM trust_entry WHERE position = 1)"), "edited", AT),
    "edit a seal": (edit("seal", "(SELECT seal FROM trust_entry WHERE position = 1)"), "edited", AT),
    "delete": (delete, "deleted", AT),
    "delete and close up": (delete_and_close_up, "deleted", AT),
    "insert": (insert, "inserted", AT),
    "insert a copy": (insert_a_copy, "inserted", AT),
    "insert at the end": (insert_at_the_end, "inserted", 520),
    "reorder neighbours": (swap(AT, AT + 1), "reordered", AT),
    "reorder far": (swap(AT, AT + 150), "reordered", AT),
    "truncate": (cut_the_end, "truncated", AT),
}


@pytest.mark.parametrize("rewritten", [False, True], ids=["rows only", "hashes made anew"])
@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_each_tampering_is_found_where_it_was_made(signed, tampering, rewritten):
    act, kind, position = TAMPERINGS[tampering]
    with administrator() as cursor:
        act(cursor)
        if rewritten:
            rewrite_hashes(cursor)
    if rewritten and tampering == "edit a hash":
        assert found() is None, "made anew, that hash is the right one again"
        return
    assert found() == (kind, position)


def test_a_value_of_another_type_is_an_edit(signed):
    if connection.vendor == "postgresql":
        edit_ = edit("role", "'3'")
    else:
        edit_ = edit("role", "x'00'")
    with administrator() as cursor:
        edit_(cursor)
    assert found() == ("edited", AT)


def test_whoever_holds_the_seals_but_cannot_sign_is_found_between_two_heads(signed):
    with administrator() as cursor:
        edit("purpose", "'autre'")(cursor)
        rewrite_hashes(cursor, seals=True)
    assert found() == ("rewritten", 280)


def test_a_journal_cut_with_its_own_heads_is_found_by_those_kept_elsewhere(signed, settings):
    with administrator() as cursor:
        cursor.execute("DELETE FROM trust_entry WHERE position >= 280")
        cursor.execute("DELETE FROM trust_checkpoint WHERE size > 280")
        rewrite_hashes(cursor)
    assert found() is None, "nothing in the database tells it any more"
    assert found(heads=[signed.note]) == ("truncated", 280)
    journal.last_published().write_text(signed.note, "utf-8")
    assert found() == ("truncated", 280)


@pytest.mark.parametrize("level", [0, 1])
def test_a_tile_that_is_not_that_of_the_rows(signed, level):
    with administrator() as cursor:
        cursor.execute('SELECT hashes FROM trust_tile WHERE level = %s AND "index" = 0', [level])
        hashes = bytearray(cursor.fetchone()[0])
        hashes[32] ^= 1
        cursor.execute('UPDATE trust_tile SET hashes = %s WHERE level = %s AND "index" = 0', [bytes(hashes), level])
    assert found() == ("tile", 256**level)


def test_a_tile_that_is_missing_or_one_too_many(signed):
    with administrator() as cursor:
        cursor.execute(
            'INSERT INTO trust_tile (level, "index", hashes) SELECT 5, 0, hashes FROM trust_tile WHERE level = 1'
        )
        assert found() == ("tile", 520)
        cursor.execute('DELETE FROM trust_tile WHERE level = 5 OR (level = 0 AND "index" = 1)')
    assert found() == ("tile", 256)


def test_a_signature_that_is_false(signed):
    other = SigningKey.new(name=signing_key().name)
    text = signed.note.partition("\n\n")[0] + "\n"
    for forged in (signed.note.replace("\n520\n", "\n521\n"), f"{text}\n{other.sign(text)}", "x"):
        with administrator() as cursor:
            cursor.execute("UPDATE trust_checkpoint SET note = %s WHERE size = 520", [forged])
        assert found() == ("signature", 520)


def test_a_head_moved_to_another_size(signed):
    with administrator() as cursor:
        cursor.execute("UPDATE trust_checkpoint SET size = 300 WHERE size = 280")
    assert found() == ("signature", 300)


def test_cosignatures_are_verified_too(signed):
    witness = SigningKey.new(name="witness.example", type=WITNESS)
    text = signed.note.partition("\n\n")[0] + "\n"
    cosign(checkpoint=signed, line=witness.sign(text, time=1_700_000_000), witness=str(witness.verifier))
    assert verify().cosignatures == 1
    with administrator() as cursor:
        cursor.execute("UPDATE trust_cosignature SET line = %s", [witness.sign("x\n", time=1)])
    assert found() == ("signature", 520)


def test_the_command_says_it(signed, capsys, tmp_path):
    assert journal_verify([]) == 0
    assert "520" in capsys.readouterr().out
    with administrator() as cursor:
        edit("purpose", "'autre'")(cursor)
    assert journal_verify([]) == 1
    assert f"{AT}" in capsys.readouterr().out
    head = tmp_path / "head"
    head.write_text(Checkpoint.objects.get(size=520).note)
    with administrator() as cursor:
        cut_the_end(cursor)
    assert journal_verify([head]) == 1


def test_progress_is_told(signed, monkeypatch):
    from lacydon.capabilities.trust.queries import verification

    monkeypatch.setattr(verification, "CHUNK", 100)
    told = []
    assert verify(progress=lambda done, of: told.append((done, of))).fault is None
    assert told == [*((done, 520) for done in range(100, 501, 100)), (520, 520)]


def test_each_row_reads_back_as_it_was_written(db):
    published(3, subjects=people(2))
    for row in leaves.rows("1 = 1"):
        assert len(row.id) == len(row.subject) == 32
        assert len(row.at) == 26
        assert leaves.sealer().intact(row)
    assert drafts(1)[0].purpose == row.purpose
