"""Tables of harvested datasets, copied here as versions."""

import pytest

from lacydon.capabilities.data.actions.copying import copy_rows
from lacydon.capabilities.data.jobs.harvesting import copy_rows as copy_job
from lacydon.capabilities.data.jobs.harvesting import harvest as visit_job
from lacydon.capabilities.data.models import Dataset, Version
from lacydon.capabilities.data.public import Question, answer, dataset, table_of
from lacydon.capabilities.data.queries.harvests import to_copy, uncopied_of
from tests.capabilities.data.harvesting.theirs import file, record, source, visited
from tests.connectors.conftest import partner_server, server  # noqa: F401
from tests.kernel.http.test_client import send

pytestmark = pytest.mark.django_db
TABLE = "commune;date;bancs\n97001;2026-01-02;3\n97002;2026-01-03;5\n"


@pytest.fixture
def serving(theirs, partner_server, settings, tmp_path):  # noqa: F811
    """A source with rows, whose one dataset has a table on a machine that serves it."""
    settings.HOME = tmp_path
    served = {"/bancs.csv": TABLE}

    def reply(handler):
        body = served[handler.path].encode()
        tag = f'"{hash(body)}"'
        send(handler, 304) if handler.headers.get("If-None-Match") == tag else send(handler, body=body, ETag=tag)

    partner_server.reply = reply
    source(with_rows=True)
    theirs.listed = [record("a", "Bancs", distributions=(file(f"{partner_server.url}/bancs.csv"),))]
    return served


def test_the_table_of_a_dataset_becomes_a_version(serving, theirs):
    visit_job.func(source="voisin")
    assert to_copy("voisin") == ["bancs"]
    copy_job.func(dataset="bancs")
    found = dataset("bancs")
    assert (found.version.number, found.version.rows, found.source) == (1, 2, "voisin")
    assert "Le voisin" in found.version.reason and found.version.source_name.endswith("/bancs.csv")
    [*_columns] = found.columns
    assert sorted(row[-1] for row in answer(table_of("bancs"), Question()).rows) == [3, 5]
    assert to_copy("voisin") == [] and uncopied_of("voisin") == []


def test_the_same_file_is_not_copied_twice_and_a_change_keeps_the_rows(serving, theirs):
    visited()
    copy_rows(dataset="bancs")
    theirs.listed = [record("a", "Bancs publics", distributions=theirs.listed[0].distributions)]
    visited()
    assert to_copy("voisin") == ["bancs"] and dataset("bancs").version.number == 1
    assert copy_rows(dataset="bancs") is False and Version.objects.count() == 1
    serving["/bancs.csv"] = TABLE + "97003;2026-02-01;8\n"
    theirs.listed = [record("a", "Bancs", distributions=theirs.listed[0].distributions)]
    visited()
    assert copy_rows(dataset="bancs") and dataset("bancs").version.rows == 3


@pytest.mark.parametrize(
    ("served", "said"),
    [
        ("nom;courriel\nA;alice@exemple.fr\nB;bob@exemple.fr\nC;carol@exemple.fr\n", "personnelles"),
        ("\x00\x01\x02", ""),
    ],
)
def test_what_prevents_a_copy_is_told_and_the_description_stays(serving, theirs, served, said):
    serving["/bancs.csv"] = served
    visited()
    assert copy_rows(dataset="bancs") is False
    [row] = uncopied_of("voisin")
    assert said in row.origin["copy"]["fault"] and row.origin["copy"]["fault"]
    assert dataset("bancs").version is None and not Version.objects.exists()


def test_a_dataset_without_a_table_and_a_source_that_wants_none(serving, theirs):
    theirs.listed = [record("b", "Plan", distributions=(file("https://x.example/plan.pdf", format="pdf"),))]
    visited()
    copy_rows(dataset="plan")
    assert "tableau" in uncopied_of("voisin")[0].origin["copy"]["fault"]
    Dataset.objects.update(source=source("autre", title="Autre"))
    assert copy_rows(dataset="plan") is False and to_copy("autre") == []
