"""Competences, communes and addresses as JSON."""

import pytest

pytestmark = pytest.mark.usefixtures("small_territory")


def get(client, path, **query):
    return client.get(f"/api/v1{path}", query)


def test_resolve_by_commune(client):
    body = get(client, "/competences/resolve", theme="eau.potable", citycode="97001").json()
    assert body["authority"]["kind"] == "metropole"
    assert body["handled_by"]["id"] == "eaux-de-la-rade"
    assert body["because"][0] | {"sentence": ""} == {
        "rule": "eau.potable/metropole",
        "sentence": "",
        "legal_basis": "Loi d’essai, art. 6",
        "since": None,
        "status": "presumed",
    }
    assert "question" not in body and "nobody" not in body


def test_resolve_asks_then_answers(client):
    asked = get(client, "/competences/resolve", theme="voirie.entretien", citycode="97001").json()
    assert asked["question"]["parameter"] == "voie.classe" and "authority" not in asked
    query = {"theme": "voirie.entretien", "citycode": "97001", "voie.classe": "privee"}
    assert client.get("/api/v1/competences/resolve", query).json()["nobody"] is True
    query |= {"voie.classe": "communale", "date": "2020-05-01"}
    assert client.get("/api/v1/competences/resolve", query).json()["authority"]["kind"] == "metropole"


def test_resolve_by_point_says_how_it_was_located(client):
    body = get(client, "/competences/resolve", theme="dechets.bacs", lon=5.1, lat=43.1).json()
    assert (body["citycode"], body["located_by"]) == ("97001", "centre")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 422),
        ({"theme": "rien", "citycode": "97001"}, 404),
        ({"theme": "dechets.bacs"}, (404, 422)),
        ({"theme": "dechets.bacs", "citycode": "13055"}, 404),
        ({"theme": "dechets.bacs", "citycode": "97001", "x": "y"}, 422),
        ({"theme": "voirie.entretien", "citycode": "97001", "voie.classe": "y"}, 422),
        ({"theme": "dechets.bacs", "citycode": "97001", "date": "hier"}, 422),
        ({"theme": "dechets.bacs", "citycode": "97001", "date": "1999-01-01"}, 422),
        ({"theme": "dechets.bacs", "lon": "5.1", "lat": "91"}, 422),
        ({"theme": "dechets.bacs", "lon": "2.35", "lat": "48.85"}, 404),
    ],
)
def test_a_wrong_question_is_a_problem_with_a_sentence(client, query, status):
    response = client.get("/api/v1/competences/resolve", query)
    assert response.status_code in (status if isinstance(status, tuple) else (status,))
    assert response["Content-Type"] == "application/problem+json"
    assert len(response.json()["detail"]) > 10


def test_communes_in_the_national_shape(client):
    body = get(client, "/communes").json()
    assert body[0] == {
        "nom": "Olivette",
        "code": "97001",
        "codesPostaux": ["97100"],
        "siren": "219700011",
        "codeEpci": "999999901",
        "codeDepartement": "97",
        "population": 47000,
    }
    assert len(body) == 4
    assert get(client, "/communes", codePostal="97100").json()[1]["code"] == "97002"
    assert get(client, "/communes", nom="galet", fields="nom,code").json() == [{"nom": "Le Galet", "code": "97002"}]
    assert get(client, "/communes", lon=5.1, lat=43.2).json()[0]["code"] == "97003"


def test_one_commune_with_its_centre_and_no_contour_until_one_is_loaded(client):
    body = get(client, "/communes/97001").json()
    assert body["centre"] == {"type": "Point", "coordinates": [5.1, 43.1]}
    assert body["contour"] is None


def test_themes_are_listed_with_their_conditions(client):
    body = get(client, "/competences/themes").json()
    assert body["count"] == 6
    found = {each["id"]: [c["parameter"] for c in each["conditions"]] for each in body["results"]}
    assert found["voirie.nid-de-poule"] == ["voie.classe"]


@pytest.mark.parametrize(
    "path", ["/communes/97009", "/communes/x", "/rien", "/communes?fields=couleur", "/communes?a=b"]
)
def test_unknown_things_are_problems(client, path):
    response = client.get(f"/api/v1{path}")
    assert 400 <= response.status_code < 500
    assert response["Content-Type"] == "application/problem+json"
