"""Rows by composed statements: what they read and write is what query sets read and write."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from lacydon.capabilities.requests.models import Draft, FormVersion, Request, Step
from lacydon.kernel import rows
from tests.capabilities.requests import made

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)


def draft(**values):
    given = {
        "id": uuid4(), "form_id": made.form().pk, "resume_hash": "a" * 64, "page": "une", "wrapped": b"\0key",
        "sealed": b"\xffanswers", "created_at": MOMENT, "updated_at": MOMENT, "expires_at": MOMENT,
    }  # fmt: skip
    return Draft(**given | values)


def same(one, other):
    return {each.attname: getattr(one, each.attname) for each in type(one)._meta.concrete_fields} == {
        each.attname: getattr(other, each.attname) for each in type(other)._meta.concrete_fields
    }


def as_bytes(row):
    for name in ("wrapped", "sealed", "contact_sealed"):
        value = getattr(row, name, None)
        if value is not None:
            setattr(row, name, bytes(value))
    return row


def test_what_is_inserted_is_what_a_query_set_finds():
    row = draft()
    rows.insert(row)
    assert same(as_bytes(Draft.objects.get(pk=row.pk)), row)
    row.page = "deux"
    row.save()  # it is known to be there: no second insertion
    assert Draft.objects.get().page == "deux"


def test_a_number_given_by_the_database_comes_back_and_json_is_kept():
    request = made.opened().request
    step = Step(request=request, position=9, at=MOMENT, kind="note", by_kind="agent", facts={"é": [1, None, "x"]})
    rows.insert(step)
    assert step.pk is not None and Step.objects.get(position=9).facts == {"é": [1, None, "x"]}
    assert Step.objects.get(pk=step.pk).kind == "note"


def test_what_is_read_is_what_a_query_set_reads():
    request = made.opened().request
    found = rows.read(Request, submission_key=request.submission_key)
    assert found is not None and same(as_bytes(found), as_bytes(Request.objects.get(pk=request.pk)))
    version = rows.read(FormVersion, id=request.form_id)
    assert version is not None and version.content == FormVersion.objects.get().content
    assert rows.read(Request, submission_key=uuid4()) is None
    assert rows.read(Step, request_id=request.pk, position=2) is None


def test_an_update_says_whether_the_row_was_as_expected():
    row = draft()
    rows.insert(row)
    before = row.revision
    assert rows.update(row, {"page": "deux", "revision": before + 1}, revision=before)
    assert (row.page, Draft.objects.get().page, Draft.objects.get().revision) == ("deux", "deux", before + 1)
    assert not rows.update(row, {"page": "trois"}, revision=before)
    assert (row.page, Draft.objects.get().page) == ("deux", "deux")


def test_the_constraints_of_the_table_hold():
    row = draft()
    rows.insert(row)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(draft(id=row.pk))
