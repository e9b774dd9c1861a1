"""The map that a browser draws: its engine is carried as it was published, and nothing of it comes before it is asked."""

import hashlib
from pathlib import Path

import pytest

import lacydon.capabilities.data as data
from tests.markup import read

from .harbour import published

ENGINE = Path(data.__file__).parent / "static" / "data" / "maplibre"
PUBLISHED = {
    "LICENSE.txt": "ee5fc05a0677eaf69601d2c7db0d9ecd6cc27c3abc1d0733bc9ed34707cf8ef2",
    "maplibre-gl.css": "a90798a1953017790e590f7e1bd35ff103a8a4263972cb47290b78adf86f8c20",
    "maplibre-gl.mjs": "e02cb08c572fd0950a75343cd558099c2a1dbbaf67f26b0c96f115431962d1ae",
    "maplibre-gl-worker.mjs": "73d7a024a4efe1a46e49db193e18cfe33271e3ecc652ec7542c281a4ef5f0f04",
}
"""Of maplibre-gl 6.17.0: see docs/dependencies.md."""


def test_the_engine_is_the_one_that_was_published():
    assert {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in ENGINE.iterdir()} == PUBLISHED


@pytest.mark.django_db
def test_a_map_offers_itself_and_brings_nothing_yet(client, small_territory):
    published()
    page = read(client.get("/donnees/marches/carte?etals.de=60&cadre=5.3,43.2,5.6,43.3").content.decode())

    live = page.one("div", id="live").attributes
    assert "hidden" in live
    assert live["data-tiles"] == "/api/tiles/marches.json?etals.de=60"
    assert live["data-communes"] == "/api/tiles/marches/communes.geojson"
    assert [each.attributes["src"] for each in page.all("script") if "maplibre" in each.attributes.get("src", "")] == []
    assert page.all("svg", class_="map spots"), "the drawing of the server is there for all"
    communes = read(client.get("/donnees/marches/carte?fond=communes&version=1").content.decode()).one("div", id="live")
    assert communes.attributes["data-tiles"] == ""
    assert communes.attributes["data-communes"] == "/api/tiles/marches/communes.geojson?fond=communes&version=1"
    assert communes.attributes["data-rows"] == "/donnees/marches/table?citycode.est=-laquelle-&version=1"
    described = client.get("/api/tiles/marches.json").json()
    assert [each["label"] for each in described["columns"]] == [*described["vector_layers"][0]["fields"].values()]


@pytest.mark.django_db
def test_communes_are_the_ground_and_have_a_value_when_it_is_asked(client, small_territory):
    sql = "SELECT * FROM (VALUES ('97001', 3), ('97001', 4), ('97002', 2)) AS t(citycode, nombre)"
    published(sql=sql, point=None)
    plain = client.get("/api/tiles/marches/communes.geojson?fond=communes")

    assert plain["Content-Type"] == "application/geo+json"
    assert plain["Access-Control-Allow-Origin"] == "*"
    told = {each["properties"]["code"]: each["properties"] for each in plain.json()["features"]}
    assert (told["97001"]["valeur"], told["97002"]["valeur"]) == (7, 2), "the sum of a column that has one"
    counted = "/api/tiles/marches/communes.geojson?fond=communes&calcul=nombre"
    found = {each["properties"]["code"]: each["properties"] for each in client.get(counted).json()["features"]}
    assert (found["97001"]["valeur"], found["97001"]["classe"], found["97002"]["classe"]) == (2, 2, 1)
    without = [each for each in found.values() if each["classe"] == 0]
    assert without
    assert {each["valeur"] for each in without} == {None}
    assert client.get(counted, headers={"If-None-Match": client.get(counted)["ETag"]}).status_code == 304
