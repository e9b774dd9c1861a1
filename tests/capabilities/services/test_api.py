"""`/api/v1/services` and `/api/v1/services/{id}`."""

import pytest

pytestmark = pytest.mark.usefixtures("small_territory")


def get(client, path, **query):
    return client.get(f"/api/v1{path}", query)


def test_search_answers_in_the_promised_shape(client):
    body = get(client, "/services", q="poubelle cassée", citycode="97001").json()
    assert body["count"] == 1
    (result,) = body["results"]
    assert result["id"] == "bac-casse-ou-vole"
    assert result["url"].endswith("/services/bac-casse-ou-vole")
    assert result["authority"] == {
        "id": "metropole-rade-bleue",
        "name": "Métropole de la Rade bleue",
        "kind": "metropole",
        "siren": "999999901",
    }
    assert result["reason"].startswith("La Métropole ramasse")
    assert {"title", "summary", "theme"} <= set(result)


def test_english_is_answered_in_english(client):
    (result,) = get(client, "/services", q="broken bin", citycode="97001", lang="en").json()["results"]
    assert result["title"] == "Replace or repair a waste bin"
    assert result["authority"]["name"] == "Rade bleue Metropolis"


def test_a_point_is_enough(client):
    (result,) = get(client, "/services", q="poubelle", lon=5.201, lat=43.101).json()["results"]
    assert result["authority"]["id"] == "commune-97002"


def test_a_question_is_given_with_its_parameter(client):
    body = get(client, "/services", q="nid de poule", citycode="97002").json()["results"][0]
    assert body["authority"] is None
    assert body["question"]["parameter"] == "voie.classe"
    assert [each["value"] for each in body["question"]["values"]] == ["communale", "departementale", "privee"]


def test_one_service_says_everything(client):
    body = get(client, "/services/bac-casse-ou-vole", citycode="97001").json()
    assert body["delay"] == {"duration": "P3D", "note": "environ 3 jours"}
    assert body["evidence"] == [{"name": "Un justificatif de domicile"}]
    assert body["because"][0]["rule"] == "dechets.bacs/metropole"
    assert body["easy_to_read"].startswith("Votre poubelle est cassée.")


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/services/rien", {}, 404),
        ("/services", {"limit": "beaucoup"}, 422),
        ("/services", {"limit": "0"}, 422),
        ("/services", {"limit": "101"}, 422),
        ("/services", {"offset": "-1"}, 422),
        ("/services", {"lon": "5"}, 422),
        ("/services", {"lon": "x", "lat": "y"}, 422),
        ("/services", {"lon": "nan", "lat": "43"}, 422),
        ("/services", {"lon": "43.1", "lat": "5.1"}, (404, 422)),
        ("/services", {"citycode": "75056"}, 404),
        ("/services", {"audience": "chats"}, 422),
        ("/services", {"lang": "de"}, 422),
        ("/services", {"couleur": "bleu"}, 400),
        ("/services", {"q": "x" * 501}, 422),
        ("/services", {"q": "x" * 10_000}, (400, 414, 422)),
        ("/services/bac-casse-ou-vole", {"citycode": "97009"}, 404),
    ],
)
def test_bad_input_is_a_problem_with_a_sentence(client, path, query, status):
    response = get(client, path, **query)
    assert response.status_code in (status if isinstance(status, tuple) else (status,))
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == response.status_code
    assert len(problem["detail"]) > 10


@pytest.mark.parametrize(
    "q", ["<script>alert(1)</script>", "'; DROP TABLE x;--", '" OR 1=1', "%", "🚮", "a\tb", "(((", "AND OR NOT"]
)
def test_hostile_words_are_only_words(client, q):
    response = get(client, "/services", q=q, citycode="97001")
    assert response.status_code == 200
