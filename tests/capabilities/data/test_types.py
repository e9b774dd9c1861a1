"""How each type is written: right and wrong literals, and where frictionless judges otherwise."""

from dataclasses import dataclass

import pytest
from frictionless import Schema as PeerSchema

from lacydon.capabilities.data.public import read_schema

from .tables import checked, rows_wrong

LITERALS = [
    ({"type": "string"}, ["a", " ", "1", "é\n2"], []),
    ({"type": "string", "format": "email"}, ["a@b.fr", "a.b+c@d-e.org"], ["a@b", "a b@c.fr", "@b.fr", "a@.fr", "nom"]),
    ({"type": "string", "format": "uri"}, ["https://x.fr/a?b=c#d", "mailto:a@b.fr"], ["x.fr/a", "https://x y", "//x"]),
    ({"type": "string", "format": "uuid"}, ["123e4567-e89b-12d3-a456-426614174000"], ["123e4567", "z23e4567-e89b-12d3-a456-426614174000"]),
    ({"type": "string", "format": "binary"}, ["YWJj", "YQ=="], ["YWJ"]),
    ({"type": "integer"}, ["0", "-1", "+6", "007", " 7 ", "9" * 45], ["12.0", "1e3", "0x1F", "1 000", "a", "--1", "12,5"]),
    ({"type": "integer", "bareNumber": False}, ["95%", "€12", "12 €"], ["a"]),
    ({"type": "number"}, ["1", "-1.5", "+.5", "5.", "1e3", "-1.2E-3", "NaN", "INF", "-INF"], ["1,5", "1.2.3", "1 000", "e3", "1e", "."]),
    ({"type": "number", "decimalChar": ",", "groupChar": " "}, ["1 234,5", "7"], ["1.5", "1,2,3"]),
    ({"type": "number", "bareNumber": False}, ["12.5 €", "$-3", "7%"], ["€"]),
    ({"type": "boolean"}, ["true", "True", "TRUE", "1", "false", "False", "FALSE", "0"], ["t", "yes", "oui", "tRue"]),
    ({"type": "boolean", "trueValues": ["oui"], "falseValues": ["non"]}, ["oui", "non"], ["true", "0", "Oui"]),
    ({"type": "date"}, ["2020-01-05", "2020-02-29", "9999-12-31"], [" 2020-01-05", "2020-01-05T00:00:00", "2021-02-29", "2020-13-01", "05/01/2020", "0000-01-01"]),
    ({"type": "date", "format": "%d/%m/%Y"}, ["05/01/2020", "5/1/2020"], ["2020-01-05", "31/02/2020", "05/01/20", "05-01-2020"]),
    ({"type": "date", "format": "any"}, ["2020-01-05", "05/01/2020"], ["demain"]),
    ({"type": "time"}, ["10:00:00", "23:59:59", "10:00:00Z"], ["10:00", "25:00:00", "10h00", "10:60:00"]),
    ({"type": "time", "format": "%H:%M"}, ["10:00"], ["10h00", "10:00:00", "24:00"]),
    ({"type": "datetime"}, ["2020-01-05T10:00:00Z", "2020-01-05T10:00:00", "2020-01-05T10:00:00.5+02:00"], ["2020-01-05", "2020-02-30T10:00:00Z", "2020-01-05T25:00:00"]),
    ({"type": "datetime", "format": "%d/%m/%Y %H:%M"}, ["05/01/2020 10:30"], ["2020-01-05T10:30:00", "05/01/2020"]),
    ({"type": "year"}, ["2020", "0800"], ["20", "02020", "MMXX", "2020.0"]),
    ({"type": "yearmonth"}, ["2020-01", "2020-12"], ["2020-13", "2020", "2020-00"]),
    ({"type": "duration"}, ["P1D", "P1Y2M3DT4H5M6S", "PT0.5S", "P2W"], ["P", "1D", "PT", "P1DT", "P1S"]),
    ({"type": "object"}, ["{}", '{"a": [1]}'], ["[]", "1", "{", "{a: 1}"]),
    ({"type": "array"}, ["[]", '["a", 1]'], ["{}", "a,b", "["]),
    ({"type": "array", "arrayItem": {"type": "integer"}}, ["[]", "[1, 2]"], ['["a"]', "[1.5]"]),
    ({"type": "geopoint"}, ["5.37, 43.29", "-180,90"], ["43.29", "5.37;43.29", "181, 0", "0, 91", "a, b"]),
    ({"type": "geopoint", "format": "array"}, ["[5.37, 43.29]", "[0,0]"], ["5.37, 43.29", "[200, 1]", "[1]"]),
    ({"type": "geopoint", "format": "object"}, ['{"lon": 5.37, "lat": 43.29}'], ['{"lon": 5.37}', '{"lon": 200, "lat": 1}', "[1, 2]"]),
    ({"type": "geojson"}, ['{"type": "Point", "coordinates": [5, 43]}', '{"type": "Feature", "geometry": null, "properties": {}}', '{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}'], ['{"type": "Point"}', '{"type": "Dot", "coordinates": [5, 43]}', "[5, 43]", '{"type": "Point", "coordinates": ["5", "43"]}']),
    ({"type": "geojson", "format": "topojson"}, ['{"type": "Topology", "objects": {}, "arcs": []}'], ['{"type": "Topology"}', "{"]),
    ({"type": "any"}, ["a", "1"], []),
]  # fmt: skip


def named(field: dict) -> str:
    return "/".join(f"{value}" for value in field.values())


@pytest.mark.parametrize(
    ("field", "right", "wrong"), LITERALS, ids=lambda each: named(each) if isinstance(each, dict) else ""
)
def test_literals(field, right, wrong):
    assert rows_wrong([*right, *wrong], field) == wrong


@dataclass(frozen=True)
class Otherwise:
    """Where we follow the letter of the standard and frictionless 5 does not."""

    type: str
    literal: str
    format: str = "default"


OTHERWISE = {
    Otherwise("integer", "1_000"),  # Python's own writing of numbers
    Otherwise("number", "1_000"),
    Otherwise("number", "Infinity"),  # the standard knows INF alone
    Otherwise("datetime", "2020-01-05 10:00:00"),  # ISO 8601 wants its T
    Otherwise("yearmonth", "2020-1"),  # the standard wants YYYY-MM
    Otherwise("year", "+202"),
    Otherwise("string", "https://x y", "uri"),
    Otherwise("duration", "PT"),
    Otherwise("duration", "P1DT"),
}


@pytest.mark.parametrize(
    ("field", "right", "wrong"), LITERALS, ids=lambda each: named(each) if isinstance(each, dict) else ""
)
def test_frictionless_judges_the_same(field, right, wrong):
    """But for the list above, and for what it does not look into: items of arrays, a format `any`, comma and group signs."""
    if field.get("arrayItem") or field.get("format") in ("any", "binary") or "bareNumber" in field:
        pytest.skip("it does not check this")
    peer = PeerSchema.from_descriptor({"fields": [{"name": "v", **field}]}).fields[0]
    known = {each.literal for each in OTHERWISE if each.type == field["type"]}
    accepted = [each for each in [*right, *wrong] if peer.read_cell(each)[1] is None]
    assert [each for each in accepted if each not in known] == right


@pytest.mark.parametrize("type", sorted({each.type for each in OTHERWISE}))
def test_what_frictionless_accepts_and_the_standard_does_not(type):
    for format in {each.format for each in OTHERWISE if each.type == type}:
        literals = [each.literal for each in OTHERWISE if (each.type, each.format) == (type, format)]
        peer = PeerSchema.from_descriptor({"fields": [{"name": "v", "type": type, "format": format}]}).fields[0]
        assert [each for each in literals if peer.read_cell(each)[1] is None] == literals
        assert rows_wrong(literals, {"type": type, "format": format}) == literals


def test_missing_values_are_no_values():
    report = checked("a,b\nNA,1\n-,\n", {"name": "a", "type": "integer"}, "b", missingValues=["NA", "-", ""])
    assert report.valid
    assert not checked("a,b\nNA,1\n", {"name": "a", "type": "integer"}, "b").valid
    assert checked("a,b\nNA,1\n", {"name": "a", "type": "integer", "missingValues": ["NA"]}, "b").valid
    assert not checked("a,b\n,1\n", {"name": "a", "type": "integer"}, "b", missingValues=["NA"]).valid


def test_a_wild_schema_is_mended_and_told():
    schema = read_schema(
        """{"fields": [
        {"name": "a", "type": "Integer", "contraints": {"required": "true", "minimum": "1"}},
        {"name": "b", "enum": ["x", "y"], "constraints": {"requis": true}},
        {"name": "b"}, {"title": "sans nom"}, {"name": "c", "type": "monnaie", "format": "euro"},
        {"name": "d", "constraints": {"minLength": "a", "enum": "x"}}
        ], "primaryKey": "z", "foreignKeys": [1], "custom_checks": [{}], "missingValues": ""}"""
    )
    assert [each.name for each in schema.fields] == ["a", "b", "c", "d"]
    assert schema.by_name["a"].constraints == {"required": True, "minimum": "1"}
    assert schema.by_name["b"].constraints == {"enum": ("x", "y")}
    assert schema.by_name["d"].constraints == {}
    told = " ".join(f"{each.where}: {each.sentence}" for each in schema.warnings)
    for expected in ("Integer", "contraints", "enum", "requis", "deux fois", "pas de nom", "monnaie", "primaryKey",
                     "foreignKeys[1]", "custom_checks[1]", "missingValues"):  # fmt: skip
        assert expected in told
