"""HEAD and OPTIONS, on the API and on pages."""

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from lacydon.kernel.access import open_to_all
from lacydon.kernel.problems import install, urls_of

api = NinjaAPI(urls_namespace="test-methods", docs_url=None)
install(api)


@api.get("/things")
@open_to_all
def things(request: HttpRequest) -> list[int]:
    return [1, 2, 3]


@require_safe
@open_to_all
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("bonjour")


@require_safe
@open_to_all
def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter(["a", "b"]))


urlpatterns = [path("", page), path("stream", stream), path("api/v1/", urls_of(api))]
pytestmark = pytest.mark.urls(__name__)


@pytest.mark.parametrize("address", ["/", "/api/v1/things", "/nowhere", "/api/v1/nowhere"])
def test_head_is_get_without_the_body(client, address):
    whole, head = client.get(address), client.head(address)
    assert head.status_code == whole.status_code
    assert head.content == b""
    assert head["Content-Length"] == str(len(whole.content))
    assert head["Content-Type"] == whole["Content-Type"]


def test_head_of_a_stream_sends_nothing(client):
    assert b"".join(client.head("/stream").streaming_content) == b""


@pytest.mark.parametrize("address", ["/", "/api/v1/things"])
def test_options_says_what_an_address_answers_to(client, address):
    response = client.options(address)
    assert response.status_code == 204
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert response.content == b""


def test_a_preflight_from_another_site_is_answered(client):
    response = client.options(
        "/api/v1/things", headers={"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    )
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "GET" in response["Access-Control-Allow-Methods"]


def test_options_of_nothing_is_not_found(client):
    assert client.options("/api/v1/nowhere").status_code == 404


def test_a_page_refuses_the_other_methods(client):
    response = client.post("/")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
