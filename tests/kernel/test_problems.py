"""Refusals, wrong values, unknown parameters and failures, as a client of an API sees them."""

import json
import logging
from datetime import date
from typing import Any, Literal

import pytest
from django.http import HttpRequest
from django.urls import path
from django.utils.translation import override
from ninja import NinjaAPI, Query
from pydantic import BaseModel, Field, field_validator

from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import Conflict, NotFound, OutsideTerritory, TooManyRequests
from lacydon.kernel.problems import free_parameters, install, refuse_unknown_parameters, sentence_for, urls_of

pytestmark = [pytest.mark.urls(__name__)]

api = NinjaAPI(urls_namespace="test-problems", docs_url=None)
install(api)


class Wanted(BaseModel):
    size: Literal["small", "large"] = "small"
    count: int = Field(1, ge=1, le=10)

    @field_validator("count")
    @classmethod
    def not_seven(cls, count: int) -> int:
        if count == 7:
            raise ValueError("sept porte malheur")
        return count


@api.get("/things")
@open_to_all
def things(request: HttpRequest, limit: int = 5, since: date | None = None, q: str = "") -> dict[str, Any]:
    return {"limit": limit}


@api.get("/wanted")
@open_to_all
def wanted(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    return wanted.model_dump()


@api.get("/things/{id}")
@open_to_all
def thing(request: HttpRequest, id: str) -> dict[str, Any]:
    match id:
        case "gone":
            raise NotFound("Cette chose n'existe plus.", field="id", asked=id, status=200)
        case "far":
            raise OutsideTerritory("Ce lieu est ailleurs.", code="far-away")
        case "taken":
            raise Conflict("Quelqu'un vient de la changer.")
        case "often":
            raise TooManyRequests("Doucement.", retry_after=7)
        case "broken":
            raise RuntimeError("the password is hunter2")
    return {"id": id}


@api.get("/free")
@free_parameters
@open_to_all
def free(request: HttpRequest, theme: str) -> dict[str, Any]:
    refuse_unknown_parameters(request, known=("theme", "road"))
    return {"theme": theme}


@api.post("/things")
@open_to_all
def make(request: HttpRequest, body: Wanted) -> dict[str, Any]:
    return body.model_dump()


urlpatterns = [path("api/v1/", urls_of(api))]


def problem_of(response: Any, *, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = json.loads(response.content)
    assert said["type"] == f"urn:lacydon:problem:{code}"
    assert (said["status"], said["code"]) == (status, code)
    assert said["title"]
    assert said["detail"].endswith(".")
    assert said["instance"] == response["X-Request-ID"]
    return said


def test_a_refusal_says_its_sentence_its_field_and_its_facts(client):
    said = problem_of(client.get("/api/v1/things/gone"), status=404, code="not-found")
    assert said["detail"] == "Cette chose n'existe plus."
    assert (said["field"], said["asked"]) == ("id", "gone")
    assert said["title"] == "Introuvable"


def test_a_refusal_may_have_a_code_of_its_own(client):
    problem_of(client.get("/api/v1/things/far"), status=404, code="far-away")
    problem_of(client.get("/api/v1/things/taken"), status=409, code="conflict")


def test_a_client_too_quick_is_told_when_to_come_back(client):
    response = client.get("/api/v1/things/often")
    assert problem_of(response, status=429, code="too-many-requests")["retry_after"] == 7
    assert response["Retry-After"] == "7"


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("limit=many", "limit", "«\u00a0limit\u00a0» doit être un nombre entier."),
        ("since=yesterday", "since", "«\u00a0since\u00a0» doit être une date comme 2026-01-31."),
    ],
)
def test_a_wrong_value_is_told_in_a_sentence(client, query, field, sentence):
    said = problem_of(client.get(f"/api/v1/things?{query}"), status=422, code="bad-input")
    assert (said["field"], said["detail"]) == (field, sentence)


def test_each_wrong_value_has_its_sentence(client):
    said = problem_of(client.get("/api/v1/wanted?size=huge&count=99"), status=422, code="bad-input")
    assert [each["field"] for each in said["errors"]] == ["size", "count"]
    assert said["errors"][1]["sentence"] == "«\u00a0count\u00a0» doit être au plus 10."
    assert "small" in said["errors"][0]["sentence"]


def test_a_rule_of_the_domain_says_its_own_words(client):
    said = problem_of(client.get("/api/v1/wanted?count=7"), status=422, code="bad-input")
    assert said["detail"] == "«\u00a0count\u00a0»\u00a0: sept porte malheur."


def test_a_body_that_is_not_json_is_refused(client):
    response = client.post("/api/v1/things", data="{", content_type="application/json")
    problem_of(response, status=400, code="bad-request")


def test_a_wrong_body_names_the_field(client):
    response = client.post("/api/v1/things", data={"count": 0}, content_type="application/json")
    assert problem_of(response, status=422, code="bad-input")["field"] == "body.count"


def test_an_unknown_parameter_is_refused_and_the_known_ones_named(client):
    said = problem_of(client.get("/api/v1/things?limits=3"), status=400, code="unknown-parameter")
    assert said["field"] == "limits"
    assert said["known"] == ["lang", "limit", "q", "since"]
    assert "limit, q, since" in said["detail"]


def test_parameters_grouped_in_a_model_are_known_too(client):
    assert client.get("/api/v1/wanted?size=large&count=2").json() == {"size": "large", "count": 2}
    problem_of(client.get("/api/v1/wanted?colour=red"), status=400, code="unknown-parameter")


def test_an_operation_may_know_its_parameters_itself(client):
    assert client.get("/api/v1/free?theme=roads&road=minor").status_code == 200
    problem_of(client.get("/api/v1/free?theme=roads&lane=left"), status=400, code="unknown-parameter")


def test_the_language_may_be_asked_of_any_operation(client):
    assert client.get("/api/v1/things?lang=en").status_code == 200


def test_an_unknown_address_is_a_problem_too(client):
    problem_of(client.get("/api/v1/nothing/here"), status=404, code="not-found")
    problem_of(client.get("/api"), status=404, code="not-found")


def test_an_unknown_address_elsewhere_is_a_page(client):
    response = client.get("/apiculture")
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


def test_a_wrong_method_is_a_problem_that_says_which_are_right(client):
    response = client.delete("/api/v1/things")
    problem_of(response, status=405, code="method-not-allowed")
    assert response["Allow"] == "GET, HEAD, OPTIONS, POST"


def test_a_failure_tells_nothing_of_the_inside_and_is_logged_with_the_request(client, caplog):
    with caplog.at_level(logging.ERROR):
        response = client.get("/api/v1/things/broken", headers={"X-Request-ID": "from-the-outside-1"})
    problem_of(response, status=500, code="unexpected")
    assert b"hunter2" not in response.content
    [record] = [record for record in caplog.records if record.name == "lacydon.problems"]
    assert record.msg["request_id"] == "from-the-outside-1"
    assert isinstance(record.msg["exc_info"], RuntimeError)


@pytest.mark.parametrize("kind", ["something_pydantic_may_add_one_day", "bool_parsing", "string_type", "list_type"])
def test_every_difference_has_a_sentence(kind):
    with override("fr"):
        assert sentence_for({"type": kind}, field="x").startswith("«\u00a0x\u00a0» ")
