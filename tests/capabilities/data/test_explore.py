"""The Explore API 2.1, asked as its clients ask."""

import json

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lacydon.capabilities.data.actions.publication import withdraw_dataset
from lacydon.capabilities.data.models import Dataset
from lacydon.kernel.access import MACHINE

from .harbour import described, published

pytestmark = pytest.mark.django_db
ROOT = "/api/explore/v2.1/catalog"


def asked(client: Client, path: str, status: int = 200, **parameters: object):
    response = client.get(f"{ROOT}{path}", parameters)
    assert response.status_code == status, response.content
    return json.loads(response.content)


def records(client: Client, **parameters: object):
    return asked(client, "/datasets/marches/records", **parameters)


def names(answer: dict) -> list[str]:
    return [each["nom"] for each in answer["results"]]


def test_rows_come_ten_at_a_time_in_the_order_of_the_source(client: Client) -> None:
    published()
    answer = records(client)
    assert answer["total_count"] == 4
    assert answer["results"][0] == {
        "citycode": "13055",
        "nom": "Marché de la Plaine",
        "ouvert_le": "2024-03-02",
        "etals": 120,
        "note": 4.5,
        "lon": 5.3865,
        "lat": 43.2951,
        "geometry": {"lon": 5.3865, "lat": 43.2951},
    }
    assert answer["results"][3]["geometry"] is None
    assert names(records(client, limit=1, offset=2)) == ["Marché d'Aubagne"]
    assert records(client, limit=0, select="count(*) as n") == {"total_count": 4, "results": []}
    assert len(records(client, limit=-1)["results"]) == 4


def test_rows_are_filtered_chosen_ordered(client: Client) -> None:
    published()
    answer = records(client, select="nom, etals*2 as double", where="citycode = '13055'", order_by="etals", apikey="x")
    assert answer == {
        "total_count": 2,
        "results": [
            {"nom": "Marché du Prado", "double": 160},
            {"nom": "Marché de la Plaine", "double": 240},
        ],
    }
    assert names(records(client, where="within_distance(geometry, geom'POINT(5.387 43.28)', 500m)")) == [
        "Marché du Prado"
    ]
    assert names(records(client, where="in_bbox(geo_point_2d, 43.2, 5.5, 43.4, 5.6)")) == ["Marché d'Aubagne"]
    assert names(records(client, refine="ouvert_le:2024/01")) == ["Marché du Prado"]
    assert names(records(client, refine="ouvert_le:2024", exclude="ouvert_le:2024/03/02")) == ["Marché du Prado"]
    assert names(records(client, where='"ile"')) == ["Marché de l'Île"]


def test_groups_and_figures(client: Client) -> None:
    published()
    answer = records(client, select="count(*) as n, sum(etals) as etals", group_by="citycode", order_by="n desc")
    assert answer["results"][0] == {"citycode": "13055", "n": 2, "etals": 200}
    assert answer["total_count"] == 3
    assert records(client, group_by="citycode", limit=1)["total_count"] == 3
    by_year = records(client, select="count(*)", group_by="year(ouvert_le) as annee")["results"]
    assert {"annee": None, "count(*)": 1} in by_year
    assert {"annee": 2024, "count(*)": 2} in by_year
    figures = records(client, select="count(*) as n, min(ouvert_le), percentile(etals, 50) as p, bbox(geometry) as b")
    (only,) = figures["results"]
    assert (only["n"], only["min(ouvert_le)"], only["p"]) == (4, "2023-11-04", 80.0)
    assert only["b"]["geometry"]["coordinates"][0][0] == [5.3865, 43.279]


@pytest.mark.parametrize(
    ("parameters", "code", "told"),
    [
        ({"limit": 101}, "InvalidRESTParameterError", "101 was found but -1 <= limit <= 100 is expected"),
        ({"offset": 10_000}, "InvalidRESTParameterError", "offset"),
        ({"group_by": "nom", "limit": 20_001}, "InvalidRESTParameterError", "20000"),
        ({"limit": "dix"}, "InvalidRESTParameterError", "dix"),
        ({"where": "citycod = 1"}, "ODSQLError", "citycode"),
        ({"where": "nom = "}, "ODSQLError", "Clause(s) containing the error(s): where"),
        ({"select": "sum(nom)"}, "ODSQLError", "select"),
        ({"refine": "nom"}, "ODSQLError", "refine"),
        ({"timezone": "Mars/Olympus"}, "ODSQLError", "Mars/Olympus"),
    ],
)
def test_a_refusal_is_in_the_words_of_the_api(client: Client, parameters: dict, code: str, told: str) -> None:
    published()
    answer = records(client, status=400, **parameters)
    assert answer["error_code"] == code
    assert told in answer["message"]
    assert answer["detail"]


def test_a_syntax_error_says_where_and_what_was_expected(client: Client) -> None:
    published()
    answer = records(client, status=400, where="nom = 'a' et citycode = '1'")
    assert (answer["clause"], answer["position"]) == ("where", 10)
    assert {"AND", "OR"} <= set(answer["expected"])


def test_one_record_has_an_address(client: Client) -> None:
    published()
    assert asked(client, "/datasets/marches/records/2")["nom"] == "Marché du Prado"
    assert asked(client, "/datasets/marches/records/9", status=404)["error_code"] == "not-found"
    assert asked(client, "/datasets/rien/records", status=404)["error_code"] == "unknown-dataset"


def test_facets_count_values_and_say_what_is_chosen(client: Client) -> None:
    published()
    answer = asked(client, "/datasets/marches/facets", facet=["citycode", "ouvert_le"], refine="ouvert_le:2024")
    city, opened = answer["facets"]
    assert city == {
        "name": "citycode",
        "facets": [{"name": "13055", "count": 2, "state": "displayed", "value": "13055"}],
    }
    (year,) = opened["facets"]
    assert (year["name"], year["count"], year["state"], year["value"]) == ("2024", 2, "refined", "2024")
    assert [each["value"] for each in year["facets"]] == ["2024/01", "2024/03"]
    without = asked(client, "/datasets/marches/facets", facet="facet(name='citycode')", exclude="citycode:13055")
    assert {"name": "13055", "state": "excluded", "value": "13055"} in without["facets"][0]["facets"]
    assert [each["name"] for each in asked(client, "/datasets/marches/facets")["facets"]] == [
        "citycode",
        "nom",
        "ouvert_le",
    ]


def test_the_catalogue_is_asked_in_the_same_language(client: Client) -> None:
    published(keywords=["marché", "commerce"], themes=["ECON"])
    described("vide", title={"fr": "Rien encore"})
    answer = asked(client, "/datasets", where='"forains"', include_links="true")
    assert answer["total_count"] == 1
    (only,) = answer["results"]
    assert (only["dataset_id"], only["has_records"], only["features"]) == (
        "marches",
        True,
        ["analyze", "timeserie", "geo"],
    )
    assert only["metas"]["default"]["title"] == "Marchés forains"
    assert only["metas"]["default"]["records_count"] == 4
    assert only["fields"][0] == {
        "name": "citycode",
        "label": "Citycode",
        "type": "text",
        "description": None,
        "annotations": {"facet": True, "kind": "citycode"},
    }
    assert {each["rel"] for each in only["links"]} == {"self", "records", "exports", "facets"}
    assert asked(client, "/datasets/marches", lang="en")["metas"]["default"]["title"] == "Street markets"
    assert [each["dataset_id"] for each in asked(client, "/datasets", refine="keyword:commerce")["results"]] == [
        "marches"
    ]
    assert asked(client, "/datasets", select="dataset_id, records_count", order_by="records_count")["results"][0] == {
        "dataset_id": "vide",
        "records_count": 0,
    }
    keywords = next(each for each in asked(client, "/facets")["facets"] if each["name"] == "keyword")
    assert {each["value"] for each in keywords["facets"]} == {"marché", "commerce"}
    assert {each["rel"] for each in asked(client, "/datasets/marches/exports")["links"]} >= {
        "csv",
        "parquet",
        "geojson",
    }
    export = client.get(f"{ROOT}/exports/csv?select=dataset_id&order_by=dataset_id")
    listed = b"".join(export.streaming_content)
    assert listed.decode("utf-8-sig").split() == ["dataset_id", "marches", "vide"]


def test_the_same_question_is_answered_from_memory_until_the_rows_change(client: Client) -> None:
    published()
    address = f"{ROOT}/datasets/marches/records?where=etals>70"
    first = client.get(address)
    assert first["Access-Control-Allow-Origin"] == "*"
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    published(sql="SELECT '13001' AS citycode, 'Marché neuf' AS nom, 90 AS etals")
    second = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 200
    assert [each["nom"] for each in json.loads(second.content)["results"]] == ["Marché neuf"]
    moving = client.get(f"{ROOT}/datasets/marches/records?order_by=random()")
    assert moving["Cache-Control"] == "private, no-store"


def test_what_is_not_open_is_not_answered(client: Client) -> None:
    published("secret", access="restricted")
    assert asked(client, "/datasets/secret/records", status=403)["error_code"] == "no-access-to-rows"
    assert asked(client, "/datasets/secret")["data_visible"] is False
    assert client.get(f"{ROOT}/datasets/secret/exports/csv").status_code == 403
    published("prive", access="private")
    assert asked(client, "/datasets/prive", status=404)["error_code"] == "unknown-dataset"
    published()
    assert client.get(f"{ROOT}/datasets/marches/records").status_code == 200
    withdraw_dataset(id="marches", actor=MACHINE, reason="erreur")
    assert client.get(f"{ROOT}/datasets/marches/records").status_code == 404


@pytest.mark.parametrize("order", ["", "tiers", "tiers desc"])
def test_pages_follow_one_another(client: Client, order: str) -> None:
    published("suite", "SELECT range AS n, range % 3 AS tiers FROM range(2300)", point=None)
    seen: list[int] = []
    for offset in range(0, 2300, 90):
        path = "/datasets/suite/records"
        seen += [each["n"] for each in asked(client, path, limit=90, offset=offset, order_by=order)["results"]]
    falling = order.endswith("desc")
    assert seen == sorted(range(2300), key=lambda n: (-(n % 3) if falling else n % 3 if order else 0, n))


ODD = st.sampled_from(
    ["", "-1", "0", "1", "99999999999999999999", "1e3", "x", "nom", "nom:", "ouvert_le:2024/13", "etals:x", ":", "*", "'", "é\u0301",
     "Europe/Paris", "../x", "_row", "geometry", "geometry:1", "facet(name='nom')", "facet(", "fr", "\t", ",", "true", "citycode:13055"]
)  # fmt: skip
PARAMETERS = st.dictionaries(
    st.sampled_from(
        "limit offset timezone lang facet refine exclude delimiter use_labels select where group_by order_by version compressed".split()
    ),
    ODD,
    max_size=4,
)
PLACES = st.sampled_from(
    ["/datasets/marches/records", "/datasets/marches/facets", "/datasets/marches/exports/csv", "/datasets", "/facets"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=PLACES, parameters=PARAMETERS)
def test_no_parameter_breaks_it(client: Client, place: str, parameters: dict[str, str]) -> None:
    if not Dataset.objects.filter(pk="marches").exists():
        published()
    response = client.get(ROOT + place, parameters)
    if response.streaming:
        b"".join(response.streaming_content)
    assert response.status_code in (200, 400, 404), response.content
