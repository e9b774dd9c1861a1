"""What a dataset keeps, and what is swept."""

import os

import pytest

from lacydon.capabilities.data.actions.opening import table_of
from lacydon.capabilities.data.actions.publication import describe_dataset
from lacydon.capabilities.data.actions.retention import OLD
from lacydon.capabilities.data.errors import UnknownVersion
from lacydon.capabilities.data.jobs.retention import tidy_the_lake
from lacydon.capabilities.data.models import SavedView, Version
from lacydon.capabilities.data.queries.datasets import path_of
from lacydon.kernel.access import MACHINE
from lacydon.kernel.clock import now

from .harbour import published


def file_of(version: Version):  # type: ignore[no-untyped-def]
    return path_of(dataset=version.dataset_id, number=version.number, content=version.content)


@pytest.mark.django_db(transaction=True)
def test_versions_beyond_those_kept_lose_their_rows_and_keep_their_line() -> None:
    first, second, third, fourth = (published("suite", f"SELECT {n} AS n", point=None) for n in range(4))
    describe_dataset(id="suite", actor=MACHINE, fields={"keep": 1})
    SavedView.objects.create(id="v", dataset_id="suite", title="", kind="table", asked={}, version=2, made_at=now())
    tidy_the_lake.call()
    assert [file_of(each).exists() for each in (first, second, third, fourth)] == [False, True, True, True]
    with pytest.raises(UnknownVersion, match="supprimées le"):
        table_of("suite", version=1)
    assert table_of("suite", version=2).rows == 1
    first.refresh_from_db()
    assert first.rows == 1


@pytest.mark.django_db
def test_what_no_version_names_is_swept_once_it_is_old() -> None:
    made = published()
    left, fresh = (file_of(made).with_name(name) for name in ("9-aaaa.parquet", "8-bbbb.parquet"))
    for each in (left, fresh):
        each.write_bytes(b"")
    old = left.stat().st_mtime - OLD - 10
    for each in (left, file_of(made)):
        os.utime(each, (old, old))
    tidy_the_lake.call()
    assert [each.exists() for each in (left, fresh, file_of(made))] == [False, True, True]
