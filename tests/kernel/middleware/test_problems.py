"""Refusals and failures that no view has answered for."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path

from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import NotFound, TooManyRequests, Unavailable

REFUSALS = {
    "missing": NotFound("Rien de tel."),
    "often": TooManyRequests("Doucement.", retry_after=3),
    "down": Unavailable("La source ne répond pas."),
    "denied": PermissionDenied(),
    "broken": RuntimeError("the password is hunter2"),
}


@open_to_all
def view(request: HttpRequest, kind: str) -> HttpResponse:
    raise REFUSALS[kind]


urlpatterns = [path("api/v1/<kind>", view), path("catalogue/<kind>", view), path("<kind>", view)]
pytestmark = pytest.mark.urls(__name__)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("missing", 404, "not-found"),
        ("often", 429, "too-many-requests"),
        ("down", 503, "unavailable"),
        ("denied", 403, "forbidden"),
        ("broken", 500, "unexpected"),
    ],
)
@pytest.mark.parametrize("base", ["/api/v1/", "/catalogue/"])
def test_machines_are_told_with_a_problem(client, base, kind, status, code):
    response = client.get(base + kind)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == code
    assert b"hunter2" not in response.content


@pytest.mark.parametrize(("kind", "status"), [("missing", 404), ("often", 429), ("down", 503), ("denied", 403)])
@pytest.mark.parametrize("base", ["/", "/catalogue/"])
def test_people_are_told_with_a_page(client, base, kind, status):
    response = client.get(base + kind, headers={"Accept": "text/html"})
    assert response.status_code == status
    assert response["Content-Type"].startswith("text/html")


def test_a_page_says_when_to_come_back(client):
    assert client.get("/often", headers={"Accept": "text/html"})["Retry-After"] == "3"


def test_a_failing_page_tells_nothing_of_the_inside(client):
    client.raise_request_exception = False
    response = client.get("/broken", headers={"Accept": "text/html"})
    assert response.status_code == 500
    assert b"hunter2" not in response.content


def test_a_host_that_is_not_ours_is_refused(client):
    response = client.get("/api/v1/missing", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
