"""Making a table equal to a list of rows."""

import pytest

from lacydon.kernel.models import SnapshotVersion
from lacydon.kernel.tables import make_equal

pytestmark = pytest.mark.django_db


def rows(**versions):
    return [SnapshotVersion(name=name, version=version) for name, version in versions.items()]


def held():
    return dict(SnapshotVersion.objects.values_list("name", "version"))


def test_inserts_updates_deletes_and_counts():
    assert make_equal(SnapshotVersion, rows(a="1", b="1", c="1")) == 3
    assert make_equal(SnapshotVersion, rows(a="1", b="2", d="1")) == 3
    assert held() == {"a": "1", "b": "2", "d": "1"}


def test_what_is_equal_is_not_written(django_assert_num_queries):
    make_equal(SnapshotVersion, rows(a="1"))
    with django_assert_num_queries(1):
        assert make_equal(SnapshotVersion, rows(a="1")) == 0
