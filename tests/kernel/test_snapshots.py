"""What a process holds in memory follows the database."""

import pytest
from django.db import transaction

from lacydon.kernel.snapshots import Snapshot, moved, version_of

pytestmark = pytest.mark.django_db


def test_built_once_then_again_when_it_moved():
    built = []
    snapshot = Snapshot("fleet", lambda: built.append(1) or len(built))
    assert (snapshot(), snapshot()) == (1, 1)
    moved("fleet")
    assert (snapshot(), snapshot()) == (2, 2)


def test_another_noun_does_not_disturb_it():
    snapshot = Snapshot("fleet", object)
    before = snapshot()
    moved("harbour")
    assert snapshot() is before


def test_the_version_is_asked_at_most_so_often(settings, django_assert_num_queries):
    snapshot = Snapshot("fleet", object)
    snapshot()
    settings.SNAPSHOT_SECONDS = 60
    with django_assert_num_queries(0):
        snapshot()


def test_a_change_rolled_back_never_shares_a_version_with_the_next():
    seen = set()
    for _attempt in range(2):
        sid = transaction.savepoint()
        moved("fleet")
        seen.add(version_of("fleet"))
        transaction.savepoint_rollback(sid)
    assert len(seen) == 2
    assert version_of("fleet") == ""
