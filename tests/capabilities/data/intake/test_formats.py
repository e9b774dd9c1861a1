"""Any file people send becomes one table; what cannot is refused in a sentence; nothing is lost without a word."""

import datetime
import json

import duckdb
import pytest

from lacydon.capabilities.data.errors import UnreadableTable
from lacydon.capabilities.data.queries.intake import convert, inspect

from . import files


@pytest.fixture
def made(tmp_path):
    """(content) -> what was found, what was made, its rows as dicts (hidden columns included)."""

    def make(content, corrections=None, **options):
        path = tmp_path / "sent"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        found = inspect(path, **options)
        done = convert(path, found, corrections, to=tmp_path / "made.parquet")
        base = duckdb.connect()
        base.execute("SET TimeZone = 'UTC'")
        answer = base.execute(f"FROM '{tmp_path / 'made.parquet'}'")
        names = [each[0] for each in answer.description]
        return found, done, [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    return make


def types(done):
    return {each.name: (each.type, each.kind) if each.kind else each.type for each in done.columns}


MARKETS = (
    "Code INSEE;Libellé;Date;Montant (€);lat;lon;Ouvert ?\n"
    "13055;Marché;31/12/2023;1 234,50;43.3;5.37;oui\n"
    "01004;Ambérieu;01/02/2023;12;45.9;5.3;non\n"
    "2A004;Été;15/06/2022;;;;\xa0;oui\n"
)


def test_a_french_spreadsheet_saved_as_csv(made):
    found, done, rows = made(MARKETS.replace(";;;;", ";;;").encode("cp1252"))
    assert (found.encoding, found.separator) == ("cp1252", ";")
    assert types(done) == {
        "code_insee": ("text", "citycode"),
        "libelle": "text",
        "date": "date",
        "montant": "number",
        "lat": ("number", "latitude"),
        "lon": ("number", "longitude"),
        "ouvert": "boolean",
        "position": "point",
    }
    assert done.ordered_by == ("code_insee", "date")
    assert [(each["code_insee"], each["_row"], each["montant"]) for each in rows] == [
        ("01004", 2, 12.0),
        ("13055", 1, 1234.5),
        ("2A004", 3, None),
    ]
    assert rows[1]["date"] == datetime.date(2023, 12, 31)
    assert (rows[1]["_lon"], rows[1]["_lat"], rows[2]["_lon"]) == (5.37, 43.3, None)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a\tb\n1\tx\n".encode("utf-16"), [(1, "x")]),
        ("\ufeffa|b\r\n1|x\r\n".encode(), [(1, "x")]),
        (b'a,b\n1,"x\ny"\n', [(1, "x\ny")]),
        (b"Titre du fichier;\n;\na;b\n1;x\n2;y\n", [(1, "x"), (2, "y")]),
        (files.gzipped(b"a,b\n1,x\n"), [(1, "x")]),
        (files.zipped(t_csv=b"a,b\n1,x\n", lisez_md=b"# notes"), [(1, "x")]),
        (b'[{"a": 1, "b": "x"}]', [(1, "x")]),
        (b'{"total": 1, "results": [{"a": 1, "b": "x"}]}', [(1, "x")]),
        (b'{"a": 1, "b": "x"}\n{"a": 2}\n', [(1, "x"), (2, None)]),
    ],
)
def test_the_same_table_in_many_clothes(made, content, expected):
    _found, done, rows = made(content)
    assert types(done) == {"a": "integer", "b": "text"}
    assert [(each["a"], each["b"]) for each in rows] == expected


def test_a_sheet_of_a_workbook_that_is_not_the_first(made, tmp_path):
    content = files.workbook(tmp_path / "classeur").read_bytes()
    found, done, rows = made(content)
    assert (found.sheet, found.sheets) == ("Données", ("vide", "Données", "autre"))
    assert types(done) == {"code": "text", "surface": "number", "depuis": "date"}
    assert [(each["code"], each["surface"], each["depuis"]) for each in rows] == [
        ("01004", 3.5, datetime.date(2020, 1, 2)),
        ("13055", 240.0, None),
    ]
    with pytest.raises(UnreadableTable):
        made(content, sheet="absente")


def test_geojson_of_points_then_of_any_shape(made):
    _found, done, rows = made(files.geojson(files.POINT, None))
    assert types(done) == {"nom": "text", "geometrie": "point"}
    assert [(each["_lon"], each["_lat"]) for each in rows] == [(5.37, 43.3), (None, None)]
    _found, done, rows = made(files.geojson(files.POINT, files.SQUARE))
    assert types(done)["geometrie"] == "shape"
    assert [(each["_west"], each["_north"]) for each in rows] == [(5.37, 43.3), (5.0, 44.0)]


def test_coordinates_of_an_older_geojson_are_turned_into_degrees(made):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    _found, _done, rows = made(files.geojson({"type": "Point", "coordinates": [892390, 6247035]}, crs=crs))
    assert (round(rows[0]["_lon"], 4), round(rows[0]["_lat"], 4)) == (5.3698, 43.2965)


def test_shapefile_in_lambert_and_geopackage(made, tmp_path):
    found, done, rows = made(files.shapefile(tmp_path))
    assert found.format == "shapefile" and "EPSG:2154" in " ".join(found.remarks)
    assert types(done) == {"code": "text", "nom": "text", "geom": "point"}
    assert (rows[0]["code"], rows[0]["nom"], round(rows[0]["_lat"], 4)) == ("01", "Château", 43.2965)
    found, done, rows = made(files.geopackage(tmp_path / "a").read_bytes())
    assert (found.format, types(done)["geom"], rows[0]["_east"]) == ("gpkg", "shape", 6.0)


def test_parquet_keeps_the_types_it_says(made, tmp_path):
    duckdb.sql(
        "COPY (SELECT '007' AS code, 1::SMALLINT AS n, [1, 2] AS l, TIMESTAMP '2024-07-01 10:00:00' AS t, true AS b) "
        f"TO '{tmp_path / 'p'}' (FORMAT parquet)"
    )
    _found, done, rows = made((tmp_path / "p").read_bytes())
    assert types(done) == {"code": "text", "n": "integer", "l": "json", "t": "datetime", "b": "boolean"}
    assert rows[0]["code"] == "007" and rows[0]["t"].hour == 10


def test_places_written_in_cells(made):
    wkt, geo = "POINT (5.37 43.3)", json.dumps(files.POINT).replace('"', '""')
    found, _done, rows = made(f'geo_point_2d;wkt;geo\n"43.3, 5.37";{wkt};"{geo}"\n')
    assert [each.type for each in found.columns] == ["point", "shape", "shape"]
    assert (rows[0]["_lon"], rows[0]["_lat"]) == (5.37, 43.3)
    assert rows[0]["wkt"] == rows[0]["geo_point_2d"]


def test_a_moment_that_does_not_say_where_it_is_is_in_paris(made):
    _found, _done, rows = made("quand,n\n2024-07-01T10:00:00,1\n2024-07-01T10:00:00+00:00,2\n01/07/2024 10:00,3\n")
    assert [type(each["quand"]) for each in rows] == [str, str, str]  # three ways in one column: text, as written
    _found, _done, rows = made("quand,n\n2024-07-01T10:00:00,1\n2024-07-01T10:00:00Z,2\n")
    assert [(each["n"], each["quand"].hour) for each in rows] == [(2, 10), (1, 8)]  # newest first


def test_latitudes_and_longitudes_that_changed_places_are_remarked(made):
    found, _done, _rows = made("lieu;latitude;longitude\nPort;5,37;43,3\nPlage;5,36;43,2\n")
    assert any("« latitude » et « longitude » semblent échangées" in each for each in found.remarks)
    found, _done, _rows = made("lieu;latitude;longitude\nPort;43,3;5,37\nÎle;-21,1;55,5\n")
    assert not found.remarks


def test_a_column_keeps_its_nature_when_the_whole_file_belies_its_type(made, monkeypatch):
    from lacydon.capabilities.data.queries.intake import opening

    monkeypatch.setattr(opening, "sample_of", lambda bench, source: [("x", "43.3")])
    _found, done, _rows = made("lieu,latitude\nPort,43.3\nPlage,inconnue\n")
    assert types(done)["latitude"] == ("text", "latitude")


def test_rows_too_short_and_too_long_lose_nothing(made):
    found, _done, rows = made("a,b\n1,x\n2,y,z\n3\n\n4,k\n")
    assert len(found.remarks) == 2
    assert [(each["a"], each["b"], each["cellules_en_trop"]) for each in rows] == [
        (1, "x", None),
        (2, "y", "z"),
        (3, None, None),
        (4, "k", None),
    ]


def test_a_guess_that_does_not_hold_keeps_the_letters_and_a_correction_empties_them(made):
    content = "nom,age\n" + "A,12\n" * 30 + "B,douze\nC,007\n"
    found, done, rows = made(content)
    assert (found.columns[1].nearly, set(found.columns[1].misfits)) == ("integer", {"douze", "007"})
    assert rows[30]["age"] == "douze"
    _found, done, rows = made(content, {"2": {"type": "integer", "label": "Âge", "name": "annees"}})
    assert (rows[30]["annees"], rows[31]["annees"]) == (None, 7)
    (misfit,) = done.misfits
    assert (misfit.count, misfit.first, misfit.as_text) == (1, ((31, "douze"),), False)


def test_what_the_sample_did_not_show_is_found_in_the_whole(made, monkeypatch):
    monkeypatch.setattr("lacydon.capabilities.data.queries.intake.sources.SAMPLED", 5)
    found, done, rows = made("n,m\n" + "1,2\n" * 4_000 + "un,3\n")
    assert found.columns[0].type == "integer"
    assert (done.misfits[0].count, done.misfits[0].as_text) == (1, True)
    assert {each["n"] for each in rows} == {"1", "un"}


def test_a_column_left_out_and_two_of_one_name(made):
    _found, done, _rows = made("x;x;\n1;2;3\n", {"2": {"kept": False}})
    assert [(each.name, each.label) for each in done.columns] == [("x", "x"), ("colonne_3", "Colonne 3")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02\x03" * 100,
        b"<html><body>Erreur 404</body></html>",
        b"%PDF-1.7",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"PAR1 and then nothing",
        b"PK\x03\x04 and then nothing",
        b"\x1f\x8b and then nothing",
        b"SQLite format 3\0 and then nothing",
        b"\x00\x00\x27\x0a and then nothing",
        b'[{"a": 1}, {"a"',
        b"[1, 2, 3]",
        b'{"results": [1]}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        files.zipped(a_csv=b"a\n1\n", b_csv=b"a\n1\n"),
        files.zipped(readme_md=b"nothing here"),
        files.bomb(),
        b'a,b\n1,"x\n2,y\n',
        (";".join(f"c{n}" for n in range(10_000)) + "\n").encode() * 2,
    ],
    ids=range(20),
)
def test_what_is_no_table_is_refused_in_a_sentence(made, content):
    with pytest.raises(UnreadableTable) as refused:
        made(content)
    assert str(refused.value).endswith((".", ")", "?")) and "Error" not in str(refused.value)


def test_nothing_is_left_behind(made, settings):
    made("a,b\n1,2\n")
    assert not list((settings.HOME / "data" / "arrivals").glob("work-*"))
