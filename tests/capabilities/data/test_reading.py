"""Files as people send them: encodings, separators, ragged rows, and what is no table at all."""

import csv
import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lacydon.capabilities.data.errors import UnreadableSchema, UnreadableTable
from lacydon.capabilities.data.public import read_schema
from lacydon.capabilities.data.queries.engine import engine_for
from lacydon.capabilities.data.queries.reading import load

from .tables import checked, told


def cells_of(path):
    """Every row of a file as our reading has it, and which way it took."""
    with engine_for(path) as engine:
        table = load(engine, path, names=["a", "b"])
        cells = ", ".join(f"c{n}" for n in table.loaded)
        rows = engine.rows(f"SELECT {cells} FROM cells ORDER BY rowid")
    return table, [list(row) for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_any_encoding(encoding, tmp_path):
    text = "nom;été\nPlage des « Catalans » – 5 €;1\nŒuvre, naïve;2\n" + "é;3\n" * 20
    (tmp_path / "t.csv").write_bytes(text.encode(encoding))
    table, rows = cells_of(tmp_path / "t.csv")
    assert table.labels == ("nom", "été") and table.separator == ";"
    assert rows == list(csv.reader(io.StringIO(text), delimiter=";"))[1:]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_separator_and_line_end(separator, end, tmp_path):
    rows = [["a", "b"], ["1", 'x"y'], ["2", f"z{separator}t"], ["3", "u\nv"], ["4", ""]]
    with (tmp_path / "t.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    assert cells_of(tmp_path / "t.csv")[1] == rows[1:]


RAGGED = "a,b\n1,2\n\n3\n4,5,6\n7,8,\n,\n9,\n"


def test_rows_that_are_not_of_the_table_have_their_number():
    report = checked(RAGGED, "a", {"name": "b", "constraints": {"required": True}})
    assert told(report) == [
        ("blank-row", 3, ""), ("missing-cell", 4, ""), ("extra-cell", 5, ""), ("extra-cell", 6, ""), ("blank-row", 7, ""),
        ("constraint-error", 8, "b"),
    ]  # fmt: skip
    assert report.rows == 7


def test_empty_lines_at_the_end_are_the_end():
    report = checked("a,b\n1,2\n\n3,4\n\n\n", "a", "b")
    assert told(report) == [("blank-row", 3, "")] and report.rows == 3
    assert told(checked("a,b\n1,2\n,\n", "a", "b")) == [("blank-row", 3, "")]
    assert not checked(workbook([["a", "b"], [1, 2], ["", ""]]), "a", "b", name="t.xlsx").faults


PIECES = st.sampled_from(
    ['"', ",", "\n", "\r\n", " ", "a", "é", "1", '""', "\t", "'", "\\", "#", '"a,b"', "a,b\n", "\n\n"]
)


@settings(max_examples=60, deadline=None)
@given(body=st.lists(PIECES, max_size=14).map("".join))
@example(body='1,"x"y\n')
@example(body='1, "x"\n2,"y" \n')
@example(body="1,2,\n3,4\n")
@example(body='a"b"c,1\n')
@example(body='""a,1\n')
@example(body='1,"a\r\nb"\r\n')
def test_the_engine_reads_as_python_does(body, tmp_path_factory):
    """Whichever way a file takes, its cells are those of Python's reader, at their row."""
    path = tmp_path_factory.getbasetemp() / "pieces.csv"
    path.write_bytes(f"a,b\n{body}".encode())
    rows = list(csv.reader(io.StringIO(f"a,b\n{body}", newline="")))[1:]
    while rows and not rows[-1]:  # empty lines after the last row are the end of the file
        rows.pop()
    assert cells_of(path)[1] == [[*row, "", ""][:2] for row in rows]


def test_a_file_in_plain_order_is_read_by_the_engine(tmp_path):
    (tmp_path / "t.csv").write_text('a,b\n1,x\n2,"y, z"\n')
    assert not cells_of(tmp_path / "t.csv")[0].rewritten
    (tmp_path / "t.csv").write_text("a,b\n1,x\n2,y,\n")
    assert cells_of(tmp_path / "t.csv")[0].rewritten


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "vide"), (b"\n\n", "première ligne"), (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "pas du texte"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ancien classeur"), (b"PK\x03\x04rubbish", "classeur"),
        (b"a,b\n1,\"" + b"x" * 5_000_000, "guillemet"), (b"a,b\n1,\0\n", "pas du texte"),
        (b"\xff\xfea\0,\0b\0\n\0\x00\xd8\x00\xd8", "jusqu’au bout"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_a_sentence(content, sentence):
    with pytest.raises(UnreadableTable, match=sentence):
        checked(content, "a", "b")


def test_lost_letters_are_told():
    text = "nom,b\n" + "été,1\n" * 30
    report = checked(text.encode() + b"\xff\xed\xa0\x80,2\n", "nom", "b")
    assert told(report) == [("source-error", 32, "nom")]


@pytest.mark.parametrize("ragged", ["", "1\n"])
def test_ten_thousand_columns(ragged):
    labels = ",".join(f"c{n}" for n in range(10_000))
    row = ",".join("1" for _each in range(10_000))
    report = checked(f"{labels}\n{row}\n{ragged}", {"name": "c9999", "type": "date"}, "c3")
    assert [each for each in told(report) if each[0] == "type-error"] == [("type-error", 2, "c9999")]
    assert len(told(report)) == 1 + len(ragged.split())


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"fields": []}', '{"fields": [{}]}', "[" * 100_000, '{"fields": 1}', "\ud800"]
)
def test_what_is_no_schema_is_refused_in_a_sentence(content):
    with pytest.raises(UnreadableSchema):
        read_schema(content)


def test_signs_that_nobody_can_write_are_no_matter():
    field = {"name": "a\ud800", "constraints": {"enum": ["\0", "\udfff"], "pattern": "\0"}}
    assert not checked("a,b\nx,y\n", field, {"name": "a", "constraints": {"enum": ["\0"]}}).valid


def workbook(rows, **formats) -> bytes:
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if cell is not None:
                sheet.write(y, x, cell, day if (y and x == 2) else None)
    book.close()
    return content.getvalue()


def test_a_workbook():
    rows = [["n", "nom", "jour"], [1, "été", 43835], [2.5, "", 43836.5], [], [True, "x", "hier"]]
    fields = ({"name": "n", "type": "integer"}, {"name": "nom"}, {"name": "jour", "type": "date"})
    report = checked(workbook(rows), *fields, name="t.xlsx")
    assert told(report) == [
        ("type-error", 3, "n"), ("blank-row", 4, ""), ("type-error", 5, "n"), ("type-error", 5, "jour"),
    ]  # fmt: skip
    assert report.faults[0].cells == ("2.5", "", "2020-01-06")


def test_a_workbook_that_is_a_bomb_is_refused():
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook([["a", "b"]]))) as good, zipfile.ZipFile(content, "w") as bad:
        for each in good.namelist():
            text = good.read(each)
            if each == "xl/worksheets/sheet1.xml":
                text = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
            bad.writestr(each, text)
    with pytest.raises(UnreadableTable):
        checked(content.getvalue(), "a", name="t.xlsx")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_text('/etc/hostname')", "COPY (SELECT 1) TO '/tmp/lacydon-never.csv'", "SET threads = 8",
        "ATTACH '/tmp/lacydon-never.db'", "INSTALL httpfs", "LOAD httpfs", "SELECT getenv('HOME')", "SET enable_external_access = true",
        "SELECT * FROM read_csv('https://example.org/x.csv')",
    ],
)  # fmt: skip
def test_the_engine_is_in_a_cage(query, tmp_path):
    (tmp_path / "t.csv").write_text("a\n1\n")
    with engine_for(tmp_path / "t.csv") as engine:
        assert not engine_runs(engine, query)
        assert engine_runs(engine, f"SELECT * FROM read_csv('{tmp_path}/t.csv')")


def engine_runs(engine, query: str) -> bool:
    import duckdb

    try:
        engine.rows(query)
    except duckdb.Error:
        return False
    return True


def test_a_file_too_large_for_the_machine_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n" + f"{'x' * 1000},y\n" * 20_000)
    with engine_for(tmp_path / "t.csv", memory="1MB") as engine, pytest.raises(UnreadableTable, match="trop grand"):
        load(engine, tmp_path / "t.csv", names=["a"])
