"""Constraints, keys and French checks."""

import pytest

from .tables import checked, rows_wrong, told

CONSTRAINTS = [
    ({"constraints": {"required": True}}, ["a", " "], [""]),
    ({"constraints": {"minLength": 2, "maxLength": 3}}, ["ab", "abc", "éàü", ""], ["a", "abcd"]),
    ({"constraints": {"pattern": "^[0-9AB]{5}$"}}, ["13055", "2A004", ""], ["1305", "130555", "13055\n"]),
    ({"constraints": {"pattern": "a|bc"}}, ["a", "bc"], ["ac", "abc", "xbc"]),
    ({"constraints": {"pattern": "^(?!0)(?=.*5)[0-9]+$"}}, ["15"], ["05", "12"]),
    ({"constraints": {"enum": ["x", "y"]}}, ["x", "", "y"], ["X", "z"]),
    ({"constraints": {"enum": ["l'eau; DROP TABLE cells", ""]}}, ["l'eau; DROP TABLE cells"], ["x"]),
    ({"type": "integer", "constraints": {"enum": [1, 2]}}, ["1", "02", "+1"], ["3", "a"]),
    ({"type": "boolean", "constraints": {"enum": [True]}}, ["1", "true"], ["0"]),
    ({"type": "integer", "constraints": {"minimum": 1, "maximum": 10}}, ["1", "10"], ["0", "11", "-" + "9" * 50, "9" * 50]),
    ({"type": "integer", "constraints": {"maximum": 9007199254740992}}, ["9007199254740992"], ["9007199254740993"]),
    ({"type": "number", "constraints": {"exclusiveMinimum": 0, "exclusiveMaximum": 1}}, ["0.5"], ["0", "1", "NaN", "INF"]),
    ({"type": "number", "decimalChar": ",", "constraints": {"minimum": 0.5}}, ["0,5", "1"], ["0,4"]),
    ({"type": "date", "constraints": {"minimum": "2020-01-01"}}, ["2020-01-01"], ["2019-12-31"]),
    ({"type": "date", "format": "%d/%m/%Y", "constraints": {"minimum": "2020-01-01"}}, ["01/01/2020"], ["31/12/2019"]),
    ({"type": "year", "constraints": {"maximum": 2030}}, ["2030"], ["2031"]),
    ({"type": "yearmonth", "constraints": {"minimum": "2020-05"}}, ["2020-05"], ["2020-04"]),
    ({"type": "datetime", "constraints": {"maximum": "2020-01-05T10:00:00Z"}}, ["2020-01-05T11:00:00+02:00"], ["2020-01-05T10:00:01Z"]),
    ({"type": "array", "constraints": {"minLength": 1, "maxLength": 2}}, ["[1]", "[1, 2]"], ["[]", "[1, 2, 3]"]),
    ({"type": "array", "arrayItem": {"constraints": {"enum": ["a", "b"]}}}, ['["a", "b"]'], ['["a", "c"]']),
    ({"type": "object", "constraints": {"minLength": 1}}, ['{"a": 1}'], ["{}"]),
]  # fmt: skip
CHECKS = [
    ("french-siret-value", ["73282932000074", "356 000 000 00048", "35600000049837", ""], ["73282932000075", "7328293200007", "abc", "3,56E+13"]),
    ("french-siren-value", ["732829320", "732 829 320"], ["732829321", "73282932", "x"]),
    ("french-insee-code-value", ["75056", "01001", "2A004", "2B033", "97411", "13201", ""], ["99999", "20004", "75200", "1001", "2a004", "75 056", "750560", "13000"]),
    ("phone-number-value", ["0491000000", "04 91 00 00 00", "+33491000000", "+33 (0)4 91 00 00 00", "3949", "+262 262 12 34 56"], ["491000000", "04 91", "tél. 04", "0491000000 / 0491000001"]),
    ("opening-hours-value", ["24/7", "Mo-Fr 08:30-12:00,13:30-17:00; Sa off", "PH off", "Jul-Aug: Mo-Su 09:00-20:00", "Mo[1] 10:00-12:00"], ["lundi 8h-12h", "8h30", " ", "Mo-Fr 8-12"]),
    ("year-interval-value", ["2019/2020"], ["2020", "2020/2019", "2020/2020", "2019-2020"]),
    ("french-gps-coordinates", ["5.37, 43.29", "[2.35,48.85]", "55.5,-21.1", ""], ["43.29, 5.37", "0,0", "x"]),
    ("nomenclature-actes", ["Commande publique/Marchés publics", "Libertés publiques et pouvoirs de police/Police"], ["Commande publique", "Cantine/Menus"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "right", "wrong"), CONSTRAINTS, ids=lambda each: str(each)[:60] if isinstance(each, dict) else ""
)
def test_constraints(field, right, wrong):
    assert rows_wrong([*right, *wrong], field) == wrong


@pytest.mark.parametrize(("name", "right", "wrong"), CHECKS, ids=lambda each: each if isinstance(each, str) else "")
def test_french_checks(name, right, wrong):
    check = {"name": name, "params": {"column": "v"}}
    assert rows_wrong([*right, *wrong], {}, custom_checks=[check]) == wrong


def test_a_year_alone_where_it_is_allowed():
    check = {"name": "year-interval-value", "params": {"column": "v", "allow-year-only": "yes"}}
    assert rows_wrong(["2020", "2019/2020", "20"], {}, custom_checks=[check]) == ["20"]


@pytest.mark.parametrize(
    ("check", "rows", "wrong"),
    [
        ({"name": "compare-columns-value", "params": {"column": "a", "op": "<=", "column2": "b"}},
         ["1,2,", "10,9,", "2020-01-01,2020-01-02,", "a,1,", ",1,", "b,a,"], [3, 5, 7]),
        ({"name": "sum-columns-value", "params": {"column": "c", "columns": ["a", "b"]}},
         ["1,2,3", "1,2,4", '"0,1","0,2","0,3"', ",2,9"], [3]),
        ({"name": "cohesive-columns-value", "params": {"column": "a", "othercolumns": ["b"]}}, ["1,1,", ",,x", "1,,"], [4]),
        ({"name": "one-of-required", "params": {"column1": "a", "column2": "b"}}, ["1,,", ",1,", ",,x"], [4]),
    ],
    ids=lambda each: each["name"] if isinstance(each, dict) else "",
)  # fmt: skip
def test_checks_of_several_columns(check, rows, wrong):
    report = checked("a,b,c\n" + "\n".join(rows) + "\n", "a", "b", "c", custom_checks=[check])
    assert [each.row for each in report.faults] == wrong


def test_a_check_that_cannot_be_made_is_told():
    checks = [
        {"name": "licorne"},
        {"name": "french-siret-value", "params": {"column": "z"}},
        {"name": "one-of-required"},
    ]
    report = checked("a,b\n1,2\n", "a", "b", custom_checks=checks)
    assert report.valid
    assert [each.where for each in report.warnings] == ["licorne", "french-siret-value", "one-of-required"]


def test_unique_says_where_the_first_one_is():
    report = checked(
        "a,b\n1,x\n01,y\n,z\n,t\nq,u\nq,v\n", {"name": "a", "type": "integer", "constraints": {"unique": True}}, "b"
    )
    assert told(report) == [("unique-error", 3, "a"), ("type-error", 6, "a"), ("type-error", 7, "a")]
    assert report.faults[0].note.endswith("ligne 2")


def test_primary_keys():
    report = checked("a,b\n1,x\n1,y\n1,x\n,x\n,x\n,\n", "a", "b", primaryKey=["a", "b"])
    assert told(report) == [("primary-key", 4, ""), ("primary-key", 6, ""), ("blank-row", 7, "")]
    assert told(checked("a,b\n,1\n", "a", "b", primaryKey="a")) == [("primary-key", 2, "a")]
    assert told(checked("b\n1\n", "a", "b", primaryKey="a")) == [("missing-label", None, "a")]


def test_foreign_keys(tmp_path):
    own = {"fields": "parent", "reference": {"resource": "", "fields": "id"}}
    assert told(checked("id,parent\n1,\n2,1\n3,9\n", "id", "parent", foreignKeys=[own])) == [
        ("foreign-key", 4, "parent")
    ]
    (tmp_path / "communes.csv").write_text("code;nom\n97001;Ici\n")
    other = {"fields": ["id"], "reference": {"resource": "communes", "fields": ["code"]}}
    content = "id,parent\n97001,\n97002,x\n"
    report = checked(content, "id", "parent", foreignKeys=[other], references={"communes": tmp_path / "communes.csv"})
    assert told(report) == [("foreign-key", 3, "id")]
    report = checked(content, "id", "parent", foreignKeys=[other])
    assert report.valid and "communes" in {each.where for each in report.warnings}


def test_what_cannot_be_checked_is_told_and_the_rest_is():
    field = {"name": "v", "type": "integer", "constraints": {"pattern": "(a)\\1", "minimum": "beaucoup", "maximum": 5}}
    report = checked("v,o\n9,\n", field, "o")
    assert [each.finding.name for each in report.faults] == ["maximum"]
    assert len(report.warnings) == 2
