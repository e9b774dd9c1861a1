"""Characters nobody types and endless values are refused at the edge, everywhere."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from lacydon.kernel.access import open_to_all


@open_to_all
def page(request: HttpRequest, rest: str = "") -> HttpResponse:
    return HttpResponse(request.GET.get("q", ""))


def wrong(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(f"<p>{exception}</p>", status=400)


handler400 = wrong
urlpatterns = [path("api/v1/things", page), re_path("^(?P<rest>.*)$", page)]
pytestmark = pytest.mark.urls(__name__)

UNREADABLE = ["q=a%00b", "q=%1b[31m", "q=%7f", "q=%c2%85", "%00=a", f"q={'x' * 2001}", f"{'x' * 2001}=1"]


@pytest.mark.parametrize("query", UNREADABLE)
def test_the_api_refuses_with_a_problem(client, query):
    response = client.get(f"/api/v1/things?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "unreadable-input"


@pytest.mark.parametrize("query", UNREADABLE)
def test_a_page_refuses_with_a_page(client, query):
    response = client.get(f"/search?{query}")
    assert response.status_code == 400
    assert response["Content-Type"].startswith("text/html")


def test_the_sentence_names_the_parameter(client):
    assert "«\u00a0q\u00a0» contient un caractère de contrôle." in client.get("/?q=%00").content.decode()
    assert (
        client.get("/api/v1/things?q=" + "x" * 3000).json()["detail"]
        == "«\u00a0q\u00a0» est trop long\u00a0: au plus 2000 caractères."
    )


@pytest.mark.parametrize("path", ["/api/explore/v2.1/x", "/api/ogc/x", "/en/donnees/sql", "/donnees/marches/table"])
def test_a_question_to_data_may_be_longer(client, path):
    assert client.get(f"{path}?q={'x' * 8000}").status_code == 200
    assert client.get(f"{path}?q={'x' * 8001}").status_code == 400
    assert client.get(f"{path}?{'x' * 2001}=1").status_code == 400


def test_a_control_character_in_the_path_is_refused(client):
    assert client.get("/place/%00").status_code == 400
    assert client.get("/api/v1/%00").status_code == 400


def test_thousands_of_parameters_are_refused(client):
    response = client.get("/api/v1/things?" + "&".join(f"a{n}=1" for n in range(2000)))
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "' OR 1=1 --", "L'été à Aix", "a\tb", "x" * 2000, "😀", "%"]
)
def test_what_people_type_goes_through(client, text):
    response = client.get("/search", {"q": text})
    assert response.status_code == 200
    assert response.content.decode() == text


def test_bytes_that_are_not_text_go_through_as_unknown_characters(client):
    assert client.get("/search?q=%ff%fe").status_code == 200


class NeverRead:
    """The body of a request that must not be read."""

    def read(self, *args: object) -> bytes:
        raise AssertionError("it was read")

    readline = read


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/json", "text/plain"])
def test_a_body_too_large_is_refused_before_it_is_read(client, kind):
    told = client.generic(
        "POST", "/api/v1/x", content_type=kind, **{"CONTENT_LENGTH": "20000001", "wsgi.input": NeverRead()}
    )
    assert told.status_code == 413
    assert "20 Mo" in told.json()["detail"]


def test_a_letter_under_a_pile_of_marks_is_refused_before_it_is_put_in_order(client):
    for pile in ("\u0301\u0316" * 31, "é" * 200 + "\u0301" * 5_000):
        response = client.post("/search", {"q": f"a{pile}"}, headers={"Sec-Fetch-Site": "same-origin"})
        assert response.status_code == 400
    for text in ("Zoe\u0308 " * 500, "a" + "\u0301" * 29, "é" * 10_000):
        assert client.post("/search", {"q": text}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
