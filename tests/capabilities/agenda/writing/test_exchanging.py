"""The agenda goes out as a workbook or JSON and comes back: unchanged, as a difference, or refused line by line."""

import io
import json
import zipfile
from pathlib import Path

import lxml.html
import pytest
import xlsxwriter

from lacydon.capabilities.agenda.models import State
from lacydon.capabilities.agenda.public import chart
from lacydon.capabilities.agenda.queries.nouns import SHAPES, Action, stored
from lacydon.capabilities.agenda.queries.writing import fields, labels, tables, words, workbook
from lacydon.capabilities.data.public import workbook_rows, workbook_sheets
from tests.capabilities.agenda.writing.plan import METROPOLE, TOWN, action, agent_of, put, small_plan
from tests.markup import read

pytestmark = pytest.mark.django_db
HERE = "/agents/agenda/echanger"


@pytest.fixture(autouse=True)
def plan(small_territory):
    small_plan()
    put(
        (
            "action",
            action(
                "eau", code="A3", visibility="internal", sources=["Une source, avec une virgule", "Une autre"],
                participation={"level": "concertation"}, actual={"start": "2026-01-02"}, levers=[], priority=1, dependencies=[{"action": "ecoles", "kind": "avec"}],
                risks=[{"title": {"fr": "Retard"}, "likelihood": 2, "gravity": 5}], confidence=60,
                revised=[{"decided": "2026-02-01", "reason": "Marché", "end": "2027-06-30", "act": "vote"}],
            ),
        )
    )  # fmt: skip


def sent(client, content: bytes, *, status=200, name="agenda.xlsx"):
    file = io.BytesIO(content)
    file.name = name
    answer = client.post(HERE, {"fichier": file})
    assert answer.status_code == status, answer.content.decode()[:4000]
    read(answer.content.decode())
    return lxml.html.fromstring(answer.content.decode())


def confirmed(client, page, *, reason="Import du tableur", status=302):
    prepare = page.xpath("//input[@name='prepare']/@value")[0]
    answer = client.post(HERE, {"faire": "confirmer", "prepare": prepare, "_reason": reason})
    assert answer.status_code == status, answer.content.decode()[:4000]


def changed(content: bytes, folder: Path, edit) -> bytes:
    """The same workbook as a spreadsheet would save it, cells as texts, after `edit(sheet, rows)`."""
    old, new = folder / "old.xlsx", folder / "new.xlsx"
    old.write_bytes(content)
    with xlsxwriter.Workbook(str(new)) as book:
        for name in workbook_sheets(old):
            sheet, rows = book.add_worksheet(name), [list(row) for row in workbook_rows(old, sheet=name)]
            edit(name, rows)
            for n, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write_string(n, place, cell)
    return new.read_bytes()


@pytest.mark.parametrize("form", ["xlsx", "json"])
def test_what_goes_out_comes_back_the_same(form):
    steward = agent_of(METROPOLE, "agenda.steward")
    answer = steward.get(f"/agents/agenda/exporter/{form}?tout=1")
    assert answer["Content-Disposition"].startswith("attachment")
    page = sent(steward, answer.content, name=f"agenda.{form}")
    assert not page.xpath("//input[@name='prepare']")
    assert "Le fichier ne change rien" in page.text_content()
    assert f"{len(chart().objects)} objets du fichier sont déjà ainsi" in page.text_content()


def test_a_workbook_changes_what_it_says_after_a_look(tmp_path):
    steward = agent_of(METROPOLE, "agenda.steward")
    content = steward.get("/agents/agenda/exporter/xlsx").content

    def edit(name, rows):
        heads = rows[1] if len(rows) > 1 else []
        if name == "action":
            row = next(each for each in rows if each[0] == "portail")
            row += [""] * (len(heads) - len(row))
            row[heads.index("status")], row[heads.index("confidence")] = "Réalisée", "75"
            row[heads.index("owner")] = "Métropole de la Rade bleue"
        if name == "action-milestones":
            new = {"action.id": "portail", "title.fr": "Bilan", "baseline": "31/12/2026", "kind": "evaluation"}
            rows.append([new.get(each, "") for each in heads])

    page = sent(steward, changed(content, tmp_path, edit))
    assert "Réalisée" in page.text_content()
    assert chart().one(Action, "portail").status == "en-cours"
    confirmed(steward, page, reason="", status=422)
    confirmed(steward, page)
    now = chart().one(Action, "portail")
    assert (now.status, now.confidence) == ("realisee", 75)
    assert [(each.id, str(each.baseline)) for each in now.milestones] == [
        ("ouverture", "2026-06-30"), ("bilan", "2026-12-31"),
    ]  # fmt: skip
    assert State.objects.get(kind="action", object="portail", last=True).reason == "Import du tableur"
    assert State.objects.get(kind="action", object="eau", last=True).number == 1


def test_what_is_wrong_is_told_by_sheet_and_line_and_nothing_is_written(tmp_path):
    steward = agent_of(METROPOLE, "agenda.steward")
    content = steward.get("/agents/agenda/exporter/xlsx").content

    def edit(name, rows):
        heads = rows[1] if len(rows) > 1 else []
        if name == "action":
            for row in rows[2:]:
                row += [""] * (len(heads) - len(row))
            rows[2][heads.index("status")] = "presque"
            rows[3][heads.index("problem.fr")] = ""
            rows[4][heads.index("priority")] = "1"
        if name == "action-communes":
            rows[2][heads.index("citycode")] = "Atlantis"
        if name == "action-milestones":
            rows.append(["inconnue", "1", "m"])

    page = sent(steward, changed(content, tmp_path, edit), status=422)
    told = [[cell.text_content().strip() for cell in row.xpath("./td")] for row in page.xpath("//tbody/tr")]
    assert {(sheet, line) for sheet, line, _said in told} == {
        ("action", "3"), ("action", "4"), ("action-communes", "3"), ("action-milestones", "5"),
    }  # fmt: skip
    assert any("presque" in said and "Réalisée" in said for _sheet, _line, said in told)
    assert not page.xpath("//input[@name='prepare']")
    assert set(State.objects.values_list("number", flat=True)) == {1}


def test_a_sheet_or_a_column_that_is_not_there_changes_nothing(tmp_path):
    writer = agent_of(METROPOLE, "agenda.writer")
    file = tmp_path / "few.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("action")
        for n, row in enumerate((["id", "health", "health_reason.fr"], ["eau", "orange", "Fuite"])):
            sheet.write_row(n, 0, row)
    before = stored(chart().one(Action, "eau"))
    confirmed(writer, sent(writer, file.read_bytes()))
    assert stored(chart().one(Action, "eau")) == before | {"health": "orange", "health_reason": {"fr": "Fuite"}}


def test_what_others_changed_since_the_export_is_kept_or_told():
    steward = agent_of(METROPOLE, "agenda.steward")
    content = json.loads(steward.get("/agents/agenda/exporter/json").content)
    mine = next(each for each in content["objects"] if each["object"]["id"] == "portail")
    mine["object"]["service"] = "Direction"
    put(("action", action(priority=1)))
    page = sent(steward, json.dumps(content).encode(), name="agenda.json")
    mine["object"]["priority"] = 2
    told = sent(steward, json.dumps(content).encode(), name="agenda.json", status=422)
    assert "Priorité" in told.text_content()
    confirmed(steward, page)
    now = chart().one(Action, "portail")
    assert (now.service, now.priority) == ("Direction", 1)
    put(("action", action(priority=4)))
    confirmed(steward, page, status=409)


def test_a_writer_imports_their_actions_only():
    writer, other = agent_of(TOWN, "agenda.writer"), agent_of(METROPOLE, "agenda.writer")
    content = json.loads(other.get("/agents/agenda/exporter/json?tout=1").content)
    assert {each["object"]["id"] for each in content["objects"]} == {"portail", "eau"}
    content["objects"][0]["object"]["priority"] = 4
    page = sent(writer, json.dumps(content).encode(), name="agenda.json", status=422)
    assert "conduite par votre organisme" in page.text_content()


@pytest.mark.parametrize("content", [b"", b"{}", b"PK\x03\x04rien", b'{"format": "lacydon-agenda/1", "objects": [1]}'])
def test_what_is_no_file_of_the_agenda_is_refused(content):
    steward = agent_of(METROPOLE, "agenda.steward")
    file = io.BytesIO(content)
    file.name = "x"
    answer = steward.post(HERE, {"fichier": file} if content else {})
    assert 400 <= answer.status_code < 500
    assert 'role="alert"' in answer.content.decode()


def test_a_workbook_that_unpacks_without_end_is_refused():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", b" " * 151_000_000)
    page = sent(agent_of(METROPOLE, "agenda.steward"), held.getvalue(), status=422)
    assert "trop grand" in page.text_content()


def test_every_field_has_its_words():
    """A field added to a shape is asked in words, or this fails."""
    for kind in SHAPES:
        waiting = list(fields.fields_of(kind))
        while waiting:
            each = waiting.pop()
            waiting += each.inner
            if each.name:
                assert labels.label_of(each), (kind, each.name)
            if each.choices:
                assert set(words.choices_of(each)) == set(each.choices), (kind, each.name)
        for table in tables.tables_of(kind):
            assert set(workbook.labels_of(table)) >= {each.name for each in table.columns}
