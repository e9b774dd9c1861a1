"""Recording, publishing, reading, proving."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from lacydon.capabilities.trust import jobs
from lacydon.capabilities.trust.actions import journal as actions
from lacydon.capabilities.trust.actions import publication
from lacydon.capabilities.trust.actions.publication import publish_checkpoint
from lacydon.capabilities.trust.errors import ErasedPerson, JournalDamaged, UnknownEntry
from lacydon.capabilities.trust.events import EntriesRecorded
from lacydon.capabilities.trust.models import Checkpoint, Entry, PersonKey
from lacydon.capabilities.trust.public import Draft, entries_of, entry_of, proof_of, record, record_all, record_alone
from lacydon.capabilities.trust.queries import journal, leaves, verification
from lacydon.capabilities.trust.queries.signing import public_key
from lacydon.kernel import clock
from lacydon.kernel.access import MACHINE, Actor
from lacydon.kernel.events import heard
from lacydon.kernel.merkle import notes, tree
from tests.capabilities.trust.journals import administrator, drafts, entries, people
from tests.capabilities.trust.journals import journal as published


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


def test_an_entry_says_who_did_what_for_whom_and_why(db):
    agent, resident = people(2)
    actor = Actor(
        person=agent, principal=agent, kind="agent", organisation="commune-97001", roles=frozenset({"b.y", "a.x"})
    )
    made = record(
        actor=actor, action="request.see", purpose="Instruire", basis="loi", object="request:R-1", subject=resident
    )
    kept = Entry.objects.get()
    assert kept == made
    for name in (*leaves.COLUMNS,):
        assert getattr(kept, name) == getattr(made, name), name
    assert (str(kept.actor_id), str(kept.subject_id), kept.role) == (agent, resident, "a.x,b.y")
    assert (kept.organisation, kept.position, kept.actor_kind) == ("commune-97001", None, "agent")


def test_the_person_concerned_is_the_principal_unless_said(db):
    helper, resident = people(2)
    actor = Actor(person=helper, principal=resident, kind="resident", mandate="11111111-1111-1111-1111-111111111111")
    made = record(actor=actor, action="request.see", purpose="Aider")
    assert (str(made.subject_id), made.mandate) == (resident, actor.mandate)
    assert record(actor=MACHINE, action="data.purge", purpose="Durée", organisation="metropole").subject_id is None


@pytest.mark.django_db(transaction=True)
def test_an_entry_belongs_in_the_transaction_of_its_act():
    with pytest.raises(RuntimeError):
        record(actor=MACHINE, action="x.y", purpose="z")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(actor=MACHINE, action="x.y", purpose="z")
        1 / 0  # noqa: B018
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"purpose": "x" * 201}, {"action": "x" * 61}, {"object": "x" * 121}, {"object": "a\0b"}]
)
def test_what_cannot_be_kept_whole_is_refused(db, wrong):
    with pytest.raises(ValueError, match="signs"):
        record(**({"actor": MACHINE, "action": "a.b", "purpose": "p"} | wrong))


def test_many_at_once_keep_their_order(db):
    with heard(EntriesRecorded), transaction.atomic():
        ids = record_all(drafts(300))
    assert record_all([]) == []
    publish_checkpoint()
    assert [each.pk for each in entries()] == ids
    assert [each.object for each in entries()] == [f"request:R-{number}" for number in range(300)]
    assert [each.position for each in entries()] == list(range(300))


def test_positions_tiles_and_head_are_those_of_the_tree(db, monkeypatch):
    monkeypatch.setattr(publication, "BATCH", 70)
    checkpoint = published(1, 200, 600)
    rows = leaves.rows("position IS NOT NULL ORDER BY position")
    hashes = [tree.leaf_hash(leaves.leaf_of(row)) for row in rows]
    head, _by = notes.opened(checkpoint.note, log=public_key())
    assert (head.size, head.root) == (600, tree.root(hashes))
    assert journal.inclusion_proof(417, size=600) == tree.inclusion_proof(hashes, 417)
    assert journal.inclusion_proof(100, size=200) == tree.inclusion_proof(hashes[:200], 100)
    assert journal.consistency_proof(200, size=600) == tree.consistency_proof(hashes, 200)
    assert journal.tile("tile/0/000") == b"".join(hashes[:256])
    assert journal.tile("tile/0/002.p/88") == b"".join(hashes[512:600])
    assert journal.tile("tile/0/002.p/9") == b"".join(hashes[512:521])
    assert [journal.tile(path) for path in ("tile/0/002", "tile/1/000.p/3", "tile/0/x", "")] == [None] * 4
    assert {each.size for each in Checkpoint.objects.all()} >= {1, 200, 600}
    assert verification.verify().fault is None


def test_nothing_new_makes_no_new_head(db):
    assert publish_checkpoint() is None
    first = published(3)
    assert publish_checkpoint() == first
    assert Checkpoint.objects.count() == 1


def test_the_clock_may_go_back(db, monkeypatch):
    """Positions are the order; `at` is what the clock said, and verify tells that it went back."""
    published(2)
    for module in (actions, publication):
        monkeypatch.setattr(module, "now", lambda: clock.now() - timedelta(days=2))
    record(actor=MACHINE, action="a.b", purpose="p")
    publish_checkpoint()
    first, second, third = entries()
    assert (first.position, second.position, third.position) == (0, 1, 2)
    assert third.at < second.at - timedelta(days=1)
    assert second.pk < third.pk, "ids of one process grow all the same"
    signed = list(Checkpoint.objects.order_by("size").values_list("signed_at", flat=True))
    assert signed == sorted(signed)
    found = verification.verify()
    assert (found.fault, found.backwards) == (None, 1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trust_entry SET purpose = 'x' WHERE position = 1",
        "UPDATE trust_entry SET position = 9 WHERE position = 1",
        "UPDATE trust_entry SET position = 9, purpose = 'x' WHERE position IS NULL",
        "UPDATE trust_entry SET purpose = 'x' WHERE position IS NULL",
        "DELETE FROM trust_entry WHERE position = 1",
        "DELETE FROM trust_entry WHERE position IS NULL",
        "UPDATE trust_tile SET hashes = leaf_hash FROM trust_entry",
        "UPDATE trust_tile SET level = 3",
        "DELETE FROM trust_tile",
        "UPDATE trust_checkpoint SET note = 'x'",
        "DELETE FROM trust_checkpoint",
    ],
)
def test_the_database_itself_refuses_to_forget(db, statement):
    published(3)
    record(actor=MACHINE, action="a.b", purpose="p")
    before = leaves.rows("1 = 1 ORDER BY id")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert leaves.rows("1 = 1 ORDER BY id") == before


def test_the_tables_cannot_be_emptied_at_once_either(db):
    published(3)
    whole = "TRUNCATE trust_tile" if connection.vendor == "postgresql" else "DELETE FROM trust_tile"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(whole)


def test_an_entry_changed_before_it_has_its_place_is_left_out_and_told(db):
    ids = record_all(drafts(3))
    changed = ids[1]
    with administrator() as cursor:
        value = changed.hex if connection.vendor == "sqlite" else str(changed)
        cursor.execute("UPDATE trust_entry SET purpose = 'autre' WHERE id = %s", [value])
    checkpoint = publish_checkpoint()
    assert checkpoint is not None and checkpoint.size == 2
    assert Entry.objects.get(position=None).pk == changed
    fault = verification.verify().fault
    assert fault is not None and (fault.kind, fault.position, fault.detail) == ("edited", None, changed.hex)
    assert publish_checkpoint() == checkpoint


def test_a_log_never_signs_two_pasts(db):
    published(300)
    with administrator() as cursor:
        cursor.execute("UPDATE trust_tile SET hashes = leaf_hash FROM trust_entry WHERE position = 3 AND level = 1")
    record(actor=MACHINE, action="a.b", purpose="p")
    with pytest.raises(JournalDamaged):
        publish_checkpoint()
    assert Checkpoint.objects.count() == 1
    with administrator() as cursor:
        cursor.execute("DELETE FROM trust_tile WHERE level = 1")
    with pytest.raises(JournalDamaged):
        publish_checkpoint()
    with administrator() as cursor:
        cursor.execute("DELETE FROM trust_checkpoint")
    with pytest.raises(JournalDamaged):
        publish_checkpoint()


def test_a_person_reads_what_is_about_them_latest_first(db):
    mine, other = people(2)
    published(7, subjects=[mine, other])
    found = entries_of(mine, limit=3)
    assert [each.object for each in found] == ["request:R-6", "request:R-4", "request:R-2"]
    assert [each.object for each in entries_of(mine, before=found[-1])] == ["request:R-0"]
    assert entry_of(mine, found[0].pk) == found[0]
    with pytest.raises(UnknownEntry):
        entry_of(other, found[0].pk)


def test_what_a_proof_shows_and_hides(db):
    mine, helper = people(2)
    agents = drafts(1, subjects=[mine])[0].actor
    own = Actor(person=mine, principal=mine, kind="resident")
    helping = Actor(person=helper, principal=mine, kind="resident", mandate="11111111-1111-1111-1111-111111111111")
    shown = {}
    for name, actor in (("agent", agents), ("own", own), ("helper", helping)):
        entry = record(actor=actor, action="request.see", purpose="p", object="request:R-1", subject=mine)
        with pytest.raises(UnknownEntry):
            proof_of(entry)
        publish_checkpoint()
        entry.refresh_from_db()
        shown[name] = proof_of(entry)["opened"]
    assert "actor" not in shown["agent"], "an agent's organisation answers for them"
    assert shown["own"]["actor"]["value"] == mine.replace("-", "")
    assert shown["helper"]["actor"]["value"] == helper.replace("-", "")
    assert {each["object"]["value"] for each in shown.values()} == {"request:R-1"}


def test_no_value_is_in_the_tree(db):
    mine = people(1)[0]
    published(1, subjects=[mine])
    (row,) = leaves.rows("position = 0")
    leaf = leaves.leaf_of(row).decode()
    for value in row.hidden:
        assert not value or value not in leaf
    assert row.purpose in leaf


def test_who_destroyed_their_key_leaves_commitments_nobody_opens(db):
    mine = people(1)[0]
    published(2, subjects=[mine])
    PersonKey.objects.filter(person_id=mine).update(wrapped=None, shredded_at=clock.now())
    with pytest.raises(ErasedPerson):
        proof_of(entries()[0])
    record(actor=MACHINE, action="person.erased", purpose="p", subject=mine)
    publish_checkpoint()
    assert verification.verify().fault is None, "the journal stays true, and is still watched row by row"


def test_a_row_that_was_changed_gives_no_proof(db):
    published(3)
    with administrator() as cursor:
        cursor.execute("UPDATE trust_entry SET purpose = 'autre' WHERE position = 1")
    with pytest.raises(JournalDamaged):
        proof_of(entries()[1])


def test_what_is_recorded_is_published_soon_by_one_job(db, monkeypatch, django_capture_on_commit_callbacks):
    from django_tasks_db.models import DBTaskResult

    monkeypatch.setattr(jobs, "_due", 0.0)
    with django_capture_on_commit_callbacks(execute=True):
        record_all(drafts(2))
        record_all(drafts(2))
    (row,) = DBTaskResult.objects.all()
    assert row.task_path.endswith("trust.jobs.publish") and row.run_after > clock.now()
    jobs.publish.call()
    assert Checkpoint.objects.get().size == 4


def test_the_head_is_kept_beside_the_database(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        checkpoint = published(3)
    assert journal.last_published().read_text() == checkpoint.note


def test_the_columns_are_those_of_the_model():
    assert Entry._meta.db_table == leaves.TABLE
    assert len(leaves.COLUMNS) == len(leaves.Row._fields)
    assert [name.removesuffix("_id") for name in leaves.COLUMNS] == list(leaves.Row._fields)


def test_a_draft_is_a_record_to_be(db):
    draft = Draft(actor=MACHINE, action="a.b", purpose="p", object="o")
    assert record_all([draft, draft])[0] != record(actor=MACHINE, action="a.b", purpose="p", object="o").pk


@pytest.mark.django_db(transaction=True)
def test_those_who_come_at_once_are_joined_and_each_is_told_of_its_own():
    wanted = drafts(40)
    wanted[7] = Draft(actor=MACHINE, action="a.b", purpose="x" * 300)
    start = threading.Barrier(8)

    def some(number):
        start.wait()
        told = {}
        for at in range(number, 40, 8):
            try:
                told[at] = record_alone(wanted[at])
            except ValueError as refusal:
                told[at] = refusal
        connection.close()
        return told

    with ThreadPoolExecutor(8) as threads:
        told = {at: id for each in threads.map(some, range(8)) for at, id in each.items()}
    assert isinstance(told.pop(7), ValueError), "a bad one fails alone"
    assert {each.pk: each.object for each in Entry.objects.all()} == {id: wanted[at].object for at, id in told.items()}


def test_alone_means_outside_of_a_transaction(db):
    with pytest.raises(RuntimeError):
        record_alone(drafts(1)[0])


def test_nothing_is_signed_on_top_of_another_key_s_signature(db, settings, tmp_path):
    published(3)
    record(actor=MACHINE, action="a.b", purpose="p")
    key = settings.KEYS / "journal-signing-key"
    before = key.read_text()
    key.write_text(notes.SigningKey.new(name=public_key().name).secret())
    try:
        with pytest.raises(JournalDamaged):
            publish_checkpoint()
    finally:
        key.write_text(before)
