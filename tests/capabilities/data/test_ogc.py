"""OGC API Features: the documents, the features, their coordinates; GDAL reads them in test_clients.py."""

import json
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import duckdb
import pytest
import shapely
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lacydon.capabilities.data.actions.publication import describe_dataset, publish_version
from lacydon.capabilities.data.models import Dataset
from lacydon.capabilities.data.queries import lake
from lacydon.capabilities.data.queries.columns import Column
from lacydon.kernel.access import MACHINE

from .harbour import described, published

pytestmark = pytest.mark.django_db
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
HERE = "/api/ogc/collections/marches"


def got(path: str, *, status: int = 200, accept: str = "application/geo+json", **said: Any) -> Any:
    response = Client().get(
        path, {name.replace("__", "-"): each for name, each in said.items()}, headers={"Accept": accept}
    )
    assert response.status_code == status, response.content
    return response.json()


def names(**said: Any) -> list[str]:
    return [each["properties"]["nom"].split()[-1] for each in got(f"{HERE}/items", **said)["features"]]


@pytest.fixture
def markets() -> None:
    published()


def shapes() -> None:
    """Two squares and a row that is nowhere."""
    described("zones")
    squares = [("A", shapely.box(5, 43, 5.2, 43.2)), ("B", shapely.box(5.3, 43, 5.5, 43.2)), ("C", None)]
    lines = [
        f"SELECT '{name}' AS nom, " + (f"unhex('{each.wkb_hex}') AS contour, {row} AS _row, {each.centroid.x} AS _lon, {each.centroid.y} AS _lat, "
        + ", ".join(f"{edge} AS {side}" for edge, side in zip(each.bounds, ("_west", "_south", "_east", "_north"), strict=True)) if each
        else f"NULL AS contour, {row} AS _row, NULL AS _lon, NULL AS _lat, NULL AS _west, NULL AS _south, NULL AS _east, NULL AS _north")
        for row, (name, each) in enumerate(squares, 1)
    ]  # fmt: skip
    file = Path(mkdtemp(dir=lake.workshop()), "rows.parquet")
    duckdb.connect().execute(f"COPY ({' UNION ALL '.join(lines)}) TO '{file}' (FORMAT parquet)")
    columns = [Column(name="nom", label="Nom", type="text"), Column(name="contour", label="Contour", type="shape")]
    publish_version(dataset="zones", file=file, columns=columns, actor=MACHINE, reason="essai")


@pytest.mark.usefixtures("markets")
def test_the_documents_lead_to_one_another() -> None:
    landing = got("/api/ogc")
    links = {each["rel"]: each["href"] for each in landing["links"]}
    assert {"self", "alternate", "service-desc", "conformance", "data"} <= set(links)
    conforms = got(links["conformance"])["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in conforms
    assert "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text" in conforms
    described("vide")
    published("n", "SELECT 1 AS a", point=None)
    published("secret", "SELECT 1 AS a", point=None)
    describe_dataset(id="secret", actor=MACHINE, fields={"access": "private"})
    made = got(links["data"])
    assert [each["id"] for each in made["collections"]] == ["marches", "n"]
    one = made["collections"][0]
    assert one == got(HERE)
    assert one["extent"]["spatial"]["bbox"] == [[5.3865, 43.279, 5.5705, 43.2951]]
    assert one["extent"]["temporal"]["interval"] == [["2023-11-04T00:00:00Z", "2024-03-02T23:59:59Z"]]
    assert f"{EPSG}2154" in one["crs"]
    assert {"items", "self", "http://www.opengis.net/def/rel/ogc/1.0/queryables"} <= {
        each["rel"] for each in one["links"]
    }
    assert got(f"{HERE}/queryables")["properties"]["ouvert_le"] == {
        "title": "Ouvert le",
        "type": "string",
        "format": "date",
    }
    described_ = got(links["service-desc"])
    assert described_["paths"]["/collections/{collectionId}/items"]["get"]["parameters"][1] == {
        "$ref": "#/components/parameters/limit"
    }
    got("/api/ogc/collections/secret/items", status=404)
    describe_dataset(id="secret", actor=MACHINE, fields={"access": "restricted"})
    got("/api/ogc/collections/secret/items", status=403)


@pytest.mark.usefixtures("markets")
def test_features_by_pages() -> None:
    page = got(f"{HERE}/items", limit=3)
    assert (page["type"], page["numberMatched"], page["numberReturned"]) == ("FeatureCollection", 4, 3)
    assert page["timeStamp"].endswith("Z")
    first = page["features"][0]
    assert (first["id"], first["geometry"]) == (1, {"type": "Point", "coordinates": [5.3865, 43.2951]})
    assert first["properties"]["ouvert_le"] == "2024-03-02"
    assert "geometry" not in first["properties"]
    links = {each["rel"]: each["href"] for each in page["links"]}
    assert "prev" not in links
    rest = got(links["next"])
    assert [each["geometry"] for each in rest["features"]] == [None]
    assert {"prev"} <= {each["rel"] for each in rest["links"]}
    assert "next" not in {each["rel"] for each in rest["links"]}
    one = got(f"{HERE}/items/2")
    assert (one["id"], one["properties"]["etals"]) == (2, 80)
    assert {each["rel"] for each in one["links"]} == {"self", "alternate", "collection"}
    for wrong in ("99", "x", "-1", "1.0"):
        got(f"{HERE}/items/{wrong}", status=404)


@pytest.mark.usefixtures("markets")
@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({"bbox": "5.38,43.29,5.39,43.3"}, ["Plaine"]),
        ({"bbox": "5.38,43.29,0,5.39,43.3,10"}, ["Plaine"]),
        ({"bbox": "43.29,5.38,43.3,5.39", "bbox__crs": f"{EPSG}4326"}, ["Plaine"]),
        ({"bbox": "893500,6240000,895000,6246000", "bbox__crs": f"{EPSG}2154"}, ["Prado"]),
        ({"datetime": "2024-01-01/.."}, ["Plaine", "Prado"]),
        ({"datetime": "/2023-12-31T00:00:00Z"}, ["d'Aubagne"]),
        ({"datetime": "2024-01-15"}, ["Prado"]),
        ({"citycode": "13005"}, ["d'Aubagne"]),
        ({"etals": "80"}, ["Prado"]),
        ({"filter": "etals > 60 AND nom LIKE '%Prado'"}, ["Prado"]),
        ({"filter": '{"op":"=","args":[{"property":"etals"},60]}', "filter__lang": "cql2-json"}, ["d'Aubagne"]),
        ({"filter": "S_INTERSECTS(geometry, POLYGON((43.2 5.5, 43.2 5.6, 43.4 5.6, 43.4 5.5, 43.2 5.5)))", "filter__crs": f"{EPSG}4326"}, ["d'Aubagne"]),
        ({"filter": "S_INTERSECTS(geometry, BBOX(893500,6240000,895000,6246000))", "filter__crs": f"{EPSG}2154"}, ["Prado"]),
        ({"sortby": "-etals", "limit": 2}, ["Plaine", "Prado"]),
        ({"sortby": "+citycode,etals", "limit": 2}, ["d'Aubagne", "Prado"]),
        ({"offset": 3}, ["l'Île"]),
    ],
)  # fmt: skip
def test_features_that_are_asked_for(said: dict[str, Any], wanted: list[str]) -> None:
    assert names(**said) == wanted


@pytest.mark.usefixtures("markets")
def test_coordinates() -> None:
    for crs, wanted in (
        (f"{EPSG}4326", [43.2951, 5.3865]),
        (f"{EPSG}3857", [599622.4, 5356994.6]),
        (f"{EPSG}2154", [893747.5, 6246923.1]),
    ):
        response = Client().get(f"{HERE}/items", {"crs": crs, "limit": 1, "properties": "nom"})
        assert response["Content-Crs"] == f"<{crs}>"
        told = json.loads(response.content)["features"][0]
        assert told["geometry"]["coordinates"] == pytest.approx(wanted, abs=100)
        assert list(told["properties"]) == ["nom"]
        assert got(f"{HERE}/items/1", crs=crs)["geometry"] == told["geometry"]
    assert Client().get(f"{HERE}/items")["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"


def test_shapes() -> None:
    shapes()
    here = "/api/ogc/collections/zones/items"
    assert [each["properties"]["nom"] for each in got(here, bbox="5.1,43.1,5.11,43.11")["features"]] == ["A"]
    assert got(here, filter="S_WITHIN(contour, BBOX(5.25, 42, 6, 44))")["features"][0]["properties"] == {"nom": "B"}
    assert [each["geometry"] and each["geometry"]["type"] for each in got(here)["features"]] == [
        "Polygon",
        "Polygon",
        None,
    ]
    turned = got(here, crs=f"{EPSG}4326", limit=1)["features"][0]["geometry"]["coordinates"][0]
    assert sorted({tuple(each) for each in turned}) == [(43.0, 5.0), (43.0, 5.2), (43.2, 5.0), (43.2, 5.2)]


@pytest.mark.usefixtures("markets")
def test_what_is_wrong_is_400_and_says_why() -> None:
    for said in ({"x": 1}, {"limit": 0}, {"limit": "a"}, {"offset": -1}, {"bbox": "1,2,3"}, {"bbox": "1,2,nan,4"}, {"bbox": "9,0,1,0", "bbox__crs": f"{EPSG}2154"},
                 {"crs": "EPSG:27572"}, {"bbox__crs": "x"}, {"datetime": "hier"}, {"datetime": ".."}, {"datetime": "2025-01-01/2024-01-01"}, {"filter": "nom ="},
                 {"filter": "zzz = 1"}, {"filter": "{", "filter__lang": "cql2-json"}, {"filter__lang": "sql"}, {"filter__crs": "x", "filter": "true"},
                 {"sortby": "zzz"}, {"sortby": "geometry"}, {"properties": "zzz"}, {"f": "xml"}, {"limit": [1, 2]}, {"filter": "nom > 3 AND etals = 'a'"}):  # fmt: skip
        told = got(f"{HERE}/items", status=400, **said)
        assert told["detail"], said
    got("/api/ogc", status=400, x=1)
    got("/api/ogc/collections/rien", status=404)


@pytest.mark.usefixtures("markets")
def test_a_browser_is_sent_to_the_page() -> None:
    response = Client().get(f"{HERE}/items", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (response.status_code, response["Location"]) == (303, "/donnees/marches")
    assert Client().get("/api/ogc", {"f": "html"}).status_code == 303
    assert Client().get("/api/ogc", {"f": "json"}, headers={"Accept": "text/html"}).status_code == 200


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(
        st.sampled_from(["limit", "offset", "bbox", "bbox-crs", "crs", "datetime", "filter", "filter-lang", "filter-crs", "sortby", "properties", "nom", "etals", "geometry", "f"]),
        st.one_of(st.text(max_size=12), st.sampled_from(["1,2,3,4", "-180,-90,180,90", "1e308,0,-1e308,5", f"{EPSG}2154", f"{EPSG}4326", "2024-01-01/..", "9999-12-31", "0001-01-01T00:00:00+14:00", "nom", "-etals,+nom", "S_INTERSECTS(geometry, POINT(1e30 1e30))", "cql2-json", "1", "99999999999"])),
        max_size=4,
    )
)  # fmt: skip
def test_noise_is_answered_or_refused(said: dict[str, str]) -> None:
    if not Dataset.objects.filter(pk="marches").exists():
        published()
    response = Client().get(f"{HERE}/items", said)
    assert response.status_code in (200, 303, 400), (said, response.content)
