"""Addresses as JSON: the national API's shape, and every wrong question refused with a sentence."""

import pytest

pytestmark = pytest.mark.usefixtures("small_territory")
POINT = {"lon": "5.1", "lat": "43.1"}


def get(client, path, query):
    return client.get(f"/api/v1{path}", query)


def refused(response):
    assert 400 <= response.status_code < 500
    assert response["Content-Type"] == "application/problem+json"
    told = response.json()
    assert len(told["detail"]) > 10 and told["status"] == response.status_code
    assert "Traceback" not in response.content.decode()


def test_an_answer_is_a_feature_collection(client):
    body = get(client, "/addresses", {"q": "olivette"}).json()
    assert (body["type"], body["query"], body["attribution"]) == ("FeatureCollection", "olivette", "BAN")
    [feature] = body["features"]
    assert feature["properties"]["citycode"] == "97001" and feature["geometry"]["type"] == "Point"
    assert {"label", "score", "postcode", "city", "type", "x", "y"} <= set(feature["properties"])


def test_around_a_point(client):
    for path in ("/reverse", "/addresses/reverse"):
        assert get(client, path, POINT).json()["features"][0]["properties"]["citycode"] == "97001"


@pytest.mark.parametrize(
    "q",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE territory_street; --",
        "1 OR 1=1",
        "% _ * ? [a-z]+ \\",
        "🏠 rue 🏠",
        "ﷺ" * 100,
        "a" * 200,
        "rue " * 50,
        "1 " * 100,
        "é̂̃̈" * 40,
        "\u202e\u200b olivette",
        "{{7*7}} ${7*7}",
        "../../etc/passwd",
    ],
)
def test_a_strange_text_is_only_a_text(client, q):
    for more in ({}, {"autocomplete": "false"}, {"citycode": "97001"}):
        response = get(client, "/addresses", {"q": q, **more})
        assert response.status_code in (200, 422)
        if response.status_code == 422:
            refused(response)


@pytest.mark.parametrize("q", ["", " ", "...", "\u200b", "x" * 201, "x" * 10_000, "a\x00b", "a\x1bb", "\x85x"])
def test_no_question_or_no_text_is_refused(client, q):
    refused(get(client, "/addresses", {"q": q}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit": "0"},
        {"limit": "21"},
        {"limit": "-1"},
        {"limit": "many"},
        {"limit": "9" * 400},
        {"limit": "1.5"},
        {"autocomplete": "peut-être"},
        {"type": "planet"},
        {"type": "<b>"},
        {"citycode": "13055"},
        {"citycode": "' OR ''='"},
        {"citycode": "x" * 10_000},
        {"postcode": "9710"},
        {"postcode": "٩٧١٠٠"},
        {"lon": "5.1"},
        {"lat": "43.1"},
        {"lon": "nan", "lat": "43"},
        {"lon": "5", "lat": "inf"},
        {"lon": "5", "lat": "91"},
        {"lon": "181", "lat": "43"},
        {"lon": "est", "lat": "43"},
        {"colour": "blue"},
        {"q[]": "x"},
    ],
)
def test_a_wrong_value_is_refused(client, wrong):
    refused(get(client, "/addresses", {"q": "olivette"} | wrong))


@pytest.mark.parametrize(
    "wrong",
    [
        {"lon": "nan"},
        {"lon": "-inf"},
        {"lon": "1e400"},
        {"lon": "181"},
        {"lat": "-90.1"},
        {"lat": ""},
        {"lat": "<i>43</i>"},
        {"lat": "43;DROP"},
        {"lat": "4" * 10_000},
        {"lon": "2.35", "lat": "48.85"},
        {"lon": "43.1", "lat": "5.1"},
        {"limit": "0"},
        {"limit": "21"},
        {"limit": "x"},
        {"radius": "3"},
        {"lon": "5\x00"},
    ],
)
def test_a_wrong_point_is_refused(client, wrong):
    refused(get(client, "/reverse", POINT | wrong))


def test_a_missing_value_is_refused(client):
    for path, query in (("/addresses", {}), ("/reverse", {}), ("/reverse", {"lon": "5.1"})):
        refused(get(client, path, query))


def test_outside_it_is_said_whom_to_ask(client):
    response = get(client, "/reverse", {"lon": "2.35", "lat": "48.85"})
    assert response.status_code == 404
    assert "demandez à sa mairie" in response.json()["detail"]
