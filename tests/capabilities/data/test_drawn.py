"""A point of two columns is in no file, and is there wherever somebody asks for it."""

import json
from pathlib import Path
from tempfile import mkdtemp

import duckdb
import pytest

from lacydon.capabilities.data.actions.asking import ask_sql
from lacydon.capabilities.data.actions.opening import table_of
from lacydon.capabilities.data.actions.publication import publish_version
from lacydon.capabilities.data.actions.recipes import write_recipe
from lacydon.capabilities.data.actions.treatments import treat
from lacydon.capabilities.data.models import Version
from lacydon.capabilities.data.queries import lake
from lacydon.capabilities.data.queries.cells import point
from lacydon.capabilities.data.queries.intake import convert, inspect
from lacydon.capabilities.data.queries.logical import Question, col
from lacydon.capabilities.data.queries.personal_data import personal_data
from lacydon.capabilities.data.queries.treating import Treatment
from lacydon.kernel.access import MACHINE

from .harbour import described

pytestmark = pytest.mark.django_db
CSV = "nom,latitude,longitude\nAlice Durand,43.3,5.37\nJean Martin,,5.4\nMarie Petit,43.2,500.5\n"


def converted(content: str = CSV):
    folder = Path(mkdtemp(dir=lake.workshop()))
    (folder / "sent").write_text(content)
    found = inspect(folder / "sent")
    corrections = {"3": {"kind": "longitude"}}
    return folder / "rows", convert(folder / "sent", found, corrections, to=folder / "rows")


@pytest.fixture
def places():
    described("lieux")
    file, made = converted()
    publish_version(dataset="lieux", file=file, columns=made.columns, actor=MACHINE)


def test_the_file_holds_no_point_and_every_face_gives_it(places, client):
    names = [row[0] for row in duckdb.execute(f"DESCRIBE SELECT * FROM '{table_of('lieux').paths[0]}'").fetchall()]
    assert "position" not in names and {"_lon", "_lat"} <= set(names)
    found = lake.answer(table_of("lieux"), Question(columns=(col("position"),))).rows
    assert [point(wkb) if wkb else None for (wkb,) in found] == [(5.37, 43.3), None, None]
    assert ask_sql('SELECT position FROM "lieux" ORDER BY 1').rows[0] == ["POINT (5.37 43.3)"]
    geojson = client.get("/donnees/lieux/export.geojson")
    features = json.loads(b"".join(geojson.streaming_content))["features"]
    assert [each["geometry"] and each["geometry"]["coordinates"] for each in features] == [[5.37, 43.3], None, None]
    records = client.get("/api/explore/v2.1/catalog/datasets/lieux/records").json()["results"]
    assert records[0]["position"] == {"lon": 5.37, "lat": 43.3} and records[1]["position"] is None


def test_what_is_made_of_it_and_what_changed_are_told(places):
    described("extrait")
    write_recipe(dataset="extrait", sql='SELECT nom, position FROM "lieux"', actor=MACHINE)
    (wkb,) = lake.answer(table_of("extrait"), Question(columns=(col("position"),))).rows[0]
    assert point(wkb) == (5.37, 43.3)
    file, made = converted(CSV.replace("43.3", "43.4"))
    publish_version(dataset="lieux", file=file, columns=made.columns, actor=MACHINE)
    assert Version.objects.get(dataset="lieux", number=2).difference == {
        "columns": {"added": [], "removed": [], "changed": []}, "rows": {"added": 1, "removed": 1, "same": 2},
    }  # fmt: skip


def test_a_point_is_personal_as_its_columns_are_and_can_be_rounded_or_left_out(tmp_path):
    file, made = converted()
    columns = made.columns
    told = personal_data(file, labels={each.name: each.label for each in columns}, drawn=["position"])
    assert {each.column for each in told} == {"nom", "latitude", "longitude", "position"}
    for kind, to, expected in (("generalise", "metres:1000", 43.0), ("remove", "", None)):
        asked = [Treatment(column="position", kind=kind, to=to)]
        done = treat(file, to=tmp_path / kind, dataset="lieux", columns=columns, treatments=asked)
        names = [
            row[0] for row in duckdb.execute(f"DESCRIBE SELECT * FROM read_parquet('{tmp_path / kind}')").fetchall()
        ]
        assert ("position" in names) == ("_lat" in names) == (expected is not None)
        assert [each.name for each in done.columns if each.placed] == (["position"] if expected else [])
        assert not any(each.drawn for each in done.columns)
