"""The whole: random tables under random schemas against a naive checker; the report, the marked copy, the command."""

import csv
import io
import json
import re
from datetime import date

import pytest
from frictionless import Resource
from frictionless import Schema as PeerSchema
from frictionless import validate as peer_validate
from hypothesis import given, settings
from hypothesis import strategies as st

from lacydon.capabilities.data.queries.patterns import in_words
from lacydon.config.command_line import main

from .tables import checked, told

SCHEMA = [
    {"name": "id", "type": "integer", "constraints": {"required": True, "unique": True}},
    {"name": "nom", "constraints": {"required": True, "maxLength": 20}},
    {"name": "jour", "type": "date"},
    {"name": "genre", "constraints": {"enum": ["parc", "plage"]}},
]
GOOD = "id,nom,jour,genre\n1,Le Parc,2026-01-31,parc\n2,La Plage,,plage\n"
FAULTY = "id,nom,jour,genre\n1,=HYPERLINK(1),31/01/2026,parc\n1,,2026-01-31,Parc\n,,,\n3,-12.5,2026-01-31\n"


def is_date(cell: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", cell)) and bool(date.fromisoformat(cell))
    except ValueError:
        return False


NAIVE = {
    "string": lambda cell: True,
    "integer": lambda cell: bool(re.fullmatch(r"\s*[+-]?[0-9]+\s*", cell)),
    "number": lambda cell: bool(
        re.fullmatch(r"\s*([+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|NaN|[+-]?INF)\s*", cell)
    ),
    "boolean": lambda cell: cell in ("true", "True", "TRUE", "1", "false", "False", "FALSE", "0"),
    "date": is_date,
    "year": lambda cell: bool(re.fullmatch("[0-9]{4}", cell)),
}
FIELDS = st.fixed_dictionaries(
    {"type": st.sampled_from(sorted(NAIVE))},
    optional={
        "required": st.booleans(), "unique": st.booleans(), "minLength": st.integers(0, 4), "maxLength": st.integers(0, 6),
        "enum": st.lists(st.sampled_from(["1", "2", "a", "2020", "true"]), min_size=1), "minimum": st.integers(-3, 3),
    },
)  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(["", "1", "2", " 3", "-1", "a", "é", "2020", "2020-02-29", "2021-02-29", "true", "1.5", "1e2", "12.0", "NaN", "-INF", "x,y", 'q"', "NA"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufdd0\ufdd1"), max_size=4),
)  # fmt: skip


def oracle(rows: list[list[str]], fields: list[dict]) -> set[tuple[int, int, str]]:
    """Row by row, cell by cell."""
    wrong = set()
    seen: list[dict[object, int]] = [{} for _each in fields]
    for number, row in enumerate(rows, 2):
        if not any(row):
            wrong.add((number, -1, "blank-row"))
            continue
        for position, (cell, field) in enumerate(zip(row, fields, strict=True)):
            kind = field["type"]
            if cell == "":
                if field.get("required"):
                    wrong.add((number, position, "required"))
                continue
            if not NAIVE[kind](cell):
                wrong.add((number, position, "type"))
                continue
            if kind == "string":
                if len(cell) < field.get("minLength", 0):
                    wrong.add((number, position, "minLength"))
                if len(cell) > field.get("maxLength", 99):
                    wrong.add((number, position, "maxLength"))
                if "enum" in field and cell not in field["enum"]:
                    wrong.add((number, position, "enum"))
            value: object = (
                "NaN"  # equal to itself in a column, not as Python has it
                if kind == "number" and "NaN" in cell
                else float(cell)
                if kind in ("integer", "number")
                else cell in ("1", "true", "True", "TRUE")
                if kind == "boolean"
                else cell
            )
            if kind in ("integer", "number") and "minimum" in field and float(cell) < field["minimum"]:
                wrong.add((number, position, "minimum"))
            if field.get("unique"):
                if value in seen[position]:
                    wrong.add((number, position, "unique"))
                seen[position].setdefault(value, number)
    return wrong


def as_schema(fields: list[dict]) -> list[dict]:
    kept = {"string": {"minLength", "maxLength", "enum"}, "integer": {"minimum"}, "number": {"minimum"}}
    return [
        {
            "name": f"f{n}",
            "type": each["type"],
            "constraints": {
                key: value
                for key, value in each.items()
                if key in ("required", "unique") or key in kept.get(each["type"], ())
            },
        }
        for n, each in enumerate(fields)
    ]


@st.composite
def tables(draw):
    fields = draw(st.lists(FIELDS, min_size=2, max_size=4))
    rows = draw(st.lists(st.lists(CELLS, min_size=len(fields), max_size=len(fields)), max_size=6))
    return fields, rows


@settings(max_examples=50, deadline=None)
@given(table=tables())
def test_verdicts_are_those_of_a_naive_checker(table):
    fields, rows = table
    content = io.StringIO()
    csv.writer(content).writerows([[f"f{n}" for n in range(len(fields))], *rows])
    report = checked(content.getvalue(), *as_schema(fields))
    found = {
        (each.row, each.finding.position - 1, "blank-row" if each.finding.code == "blank-row" else each.finding.name)
        for each in report.faults
    }
    assert found == oracle(rows, fields)
    assert report.errors == len(found)


WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "type", "format", "constraints", "pattern", "enum", "fields", "params", "reference", "column", "required", "minimum"]), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(
    content=st.binary(min_size=1, max_size=60) | st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")),
    wild=st.fixed_dictionaries({}, optional={"type": WILD, "format": WILD, "constraints": WILD, "trueValues": WILD, "missingValues": WILD, "groupChar": WILD, "arrayItem": WILD}),
    rest=st.fixed_dictionaries({}, optional={"primaryKey": WILD, "foreignKeys": WILD, "custom_checks": WILD, "missingValues": WILD}),
)  # fmt: skip
def test_nothing_sent_breaks_it(content, wild, rest):
    """Any bytes under any schema: a verdict, or a refusal in a sentence."""
    from lacydon.kernel.errors import Refused

    for sent in (content, b"a,b\n1,2\n"):
        try:
            report = checked(sent, {"name": "a", **wild}, "b", **rest)
        except Refused as refusal:
            assert str(refusal.sentence)
        else:
            assert report.as_text() and json.dumps(report.as_json())


def test_a_report_for_a_person():
    text = re.sub("[\xa0\u202f]", " ", checked(FAULTY, *SCHEMA).as_text())
    for expected in (
        "ligne 2 : trouvé : « 31/01/2026 »", "attendu : une date de la forme 2026-01-31", "colonne C « jour »", "pour corriger",
        "n’est pas conforme", "ligne 5 : trouvé : « 3 cellules »", "Ligne vide", "« parc », « plage »", "ligne 3 : trouvé : rien",
    ):  # fmt: skip
        assert expected in text
    assert "est conforme" in checked(GOOD, *SCHEMA).as_text()


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"^([013-9]\d|2[AB1-9])\d{3}$", "un code INSEE de commune, comme 01004 ou 2A004"),
        (r"^\d{14}$", "14 chiffres"),
        ("[0-9]", "1 chiffre"),
        (r"^([013-9]\d|2[AB1-9])\d{3}-P-\d{3}$", "un code INSEE de commune, puis « -P- », puis 3 chiffres"),
        (r"^\d+$", ""),
        ("a|bc", ""),
        (r"(a)\1", ""),
        ("", ""),
    ],
)
def test_a_pattern_is_told_in_words(pattern, words):
    assert in_words(pattern).replace("\xa0", " ") == words


def test_an_encoding_is_called_as_a_spreadsheet_calls_it():
    report = checked("é,b\n1,2\n".encode("cp1252"), {"name": "é"}, {"name": "b"})
    assert "Windows-1252" in report.as_text()


def test_the_same_faults_at_the_same_places_as_frictionless(tmp_path):
    """And its shape of report: every key that it has for an error, we have."""
    ours = checked(FAULTY, *SCHEMA)
    (tmp_path / "t.csv").write_text(FAULTY)
    peer = peer_validate(
        Resource(path="t.csv", basepath=str(tmp_path), schema=PeerSchema.from_descriptor({"fields": SCHEMA}))
    )
    theirs = peer.to_descriptor()
    mine = ours.as_json()
    assert mine["valid"] is theirs["valid"] is False

    def places(report):
        return sorted((each["type"], each["rowNumber"]) for each in report["tasks"][0]["errors"])

    assert places(mine) == places(theirs)
    assert set(theirs) <= set(mine) and set(theirs["tasks"][0]) <= set(mine["tasks"][0])
    keys = {each["type"]: set(each) for each in mine["tasks"][0]["errors"]}
    for each in theirs["tasks"][0]["errors"]:
        lacking = set(each) - keys[each["type"]]
        assert lacking <= {"cell", "fieldName", "fieldNumber"} and (not lacking or each["type"] == "missing-cell")


def test_the_header():
    report = checked(
        "NOM,id,nom,id,,plus\nx,1,y,2,,\n",
        {"name": "id"},
        {"name": "nom"},
        {"name": "autre", "constraints": {"required": True}},
        {"name": "libre"},
    )
    assert told(report) == [
        ("duplicate-label", None, "id"),
        ("blank-label", None, ""),
        ("missing-label", None, "autre"),
    ]
    assert {each.where for each in report.warnings} == {"NOM", "plus", "libre"}
    report = checked("Id,Nom Usuel\nx,1\n", {"name": "id", "type": "integer"}, {"name": "nom_usuel"})
    assert told(report) == [
        ("incorrect-label", None, "Id"),
        ("incorrect-label", None, "Nom Usuel"),
        ("type-error", 2, "Id"),
    ]


def test_a_file_of_another_schema_is_not_valid():
    fields = ({"name": "insee"}, {"name": "places", "type": "integer"})
    report = checked("nom;age\nx;1\n", *fields)
    assert told(report) == [("missing-label", None, "insee")] and not report.valid
    assert "« insee », « places »" in report.findings[0].expected and "choisissez le schéma" in report.findings[0].mend
    assert checked("nom;places\nx;1\n", *fields).valid, "one column in common is enough"


def test_only_the_first_faults_are_told_and_all_are_counted():
    report = checked("id,b\n" + "x,y\n" * 3_000, {"name": "id", "type": "integer"}, "b", limit=10)
    assert report.errors == 3_000 and len(report.faults) == 10


def test_the_marked_copy_is_the_file_with_remarks(tmp_path):
    copy = tmp_path / "copie.csv"
    report = checked(FAULTY + '4,"@x, ""y""",,\n5,+33 4,,\n', *SCHEMA, marked=copy)
    assert not report.valid
    text = copy.read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
    assert rows[0] == ["id", "nom", "jour", "genre", "REMARQUES"]
    assert [row[1] for row in rows[1:]] == ["'=HYPERLINK(1)", "", "", "-12.5", '\'@x, "y"', "+33 4"]
    assert "jour : Valeur mal écrite" in rows[1][4] and "31/01/2026" in rows[1][4] and rows[5][4] == ""
    assert "id : Valeur en double" in rows[2][4] and "Ligne vide" in rows[3][4]
    assert [row[0] for row in rows[1:]] == ["1", "1", "", "3", "4", "5"]


@pytest.fixture
def files(tmp_path):
    (tmp_path / "s.json").write_text(json.dumps({"fields": SCHEMA}))
    (tmp_path / "good.csv").write_text(GOOD)
    (tmp_path / "bad.csv").write_text(FAULTY)
    return tmp_path


def test_the_command(files, capsys):
    asked = ["--schema", str(files / "s.json")]
    assert main(["data", "validate", str(files / "good.csv"), *asked]) == 0
    assert "est conforme" in capsys.readouterr().out
    assert main(["data", "validate", str(files / "bad.csv"), *asked, "--marked", str(files / "m.csv")]) == 1
    assert "pour corriger" in capsys.readouterr().out and (files / "m.csv").exists()
    assert main(["data", "validate", str(files / "bad.csv"), *asked, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["tasks"][0]["errors"][0]["rowNumber"] == 2


@pytest.mark.parametrize(
    ("file", "schema", "more"),
    [("nowhere.csv", "s.json", []), ("good.csv", "nowhere.json", []), ("good.csv", "good.csv", []),
     ("good.csv", "s.json", ["--reference", "x"]), ("good.csv", "s.json", ["--marked", "/nowhere/m.csv"])],
)  # fmt: skip
def test_the_command_that_cannot_says_why(files, capsys, file, schema, more):
    assert main(["data", "validate", str(files / file), "--schema", str(files / schema), *more]) == 2
    assert capsys.readouterr().err.strip()
