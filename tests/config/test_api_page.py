"""The API for people who read."""

from lacydon.config.api import api
from tests.markup import read


def test_every_operation_of_the_document_is_on_the_page(client):
    page = read(client.get("/api/v1/docs").content.decode())

    told = {each.words for each in page.all("h3")}
    assert told == {
        f"{method.upper()} {path}" for path, methods in api.get_openapi_schema()["paths"].items() for method in methods
    }
    assert "citycode" in page.one("main").words


def test_its_language_is_that_of_its_address_whatever_the_browser_prefers(client):
    for path, lang in (("/api/v1/docs", "fr"), ("/en/api/v1/docs", "en")):
        page = read(client.get(path, headers={"Accept-Language": "en" if lang == "fr" else "fr"}).content.decode())
        assert page.one("html").attributes["lang"] == lang


def test_what_is_not_there_stays_a_problem_for_machines(client):
    response = client.get("/api/v1/nothing")

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
