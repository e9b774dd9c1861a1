"""What a browser is told about every answer; who may read public data."""

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from lacydon.kernel.access import open_to_all


@open_to_all
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>" + "bonjour " * 400, headers={"Cross-Origin-Opener-Policy": "unsafe-none"})


@open_to_all
def data(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"é": "à" * 500})


urlpatterns = [path("", page), path("api/v1/data", data), path("catalogue", data)]
pytestmark = pytest.mark.urls(__name__)


def test_scripts_and_styles_come_from_here_and_from_files_only(client):
    policy = dict(rule.split(" ", 1) for rule in client.get("/")["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in str(policy)


@pytest.mark.parametrize("address", ["/", "/nowhere", "/api/v1/data", "/api/v1/nowhere"])
def test_every_answer_is_guarded(client, address):
    response = client.get(address)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_a_view_may_say_otherwise(client):
    assert client.get("/")["Cross-Origin-Opener-Policy"] == "unsafe-none"


@pytest.mark.parametrize("address", ["/api/v1/data", "/catalogue", "/api/v1/nowhere"])
def test_public_data_may_be_read_from_any_site(client, address):
    response = client.get(address)
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_pages_may_not(client):
    response = client.get("/")
    assert "Access-Control-Allow-Origin" not in response
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_secure_connection_stays_secure(client):
    assert "Strict-Transport-Security" not in client.get("/")
    assert client.get("/", secure=True)["Strict-Transport-Security"].startswith("max-age=31536000")


@pytest.mark.parametrize("address", ["/", "/api/v1/data"])
def test_long_answers_are_compressed_and_validated(client, address):
    response = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) < 400
    again = client.get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": response["ETag"]})
    assert again.status_code == 304


class TestPersonalAnswers:
    """What depends on who is signed in is kept by no cache."""

    @pytest.fixture(autouse=True)
    def sessions(self, settings):
        settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.contrib.sessions.middleware.SessionMiddleware"]
        settings.ROOT_URLCONF = "tests.kernel.middleware.personal"

    @pytest.mark.parametrize("address", ["/write", "/read-late", "/read", "/refused", "/api/v1/read"])
    def test_they_are_not_stored(self, client, address):
        client.get("/write")
        told = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert told["Cache-Control"] == "private, no-store"
        assert "ETag" not in told and "Last-Modified" not in told

    def test_the_answer_that_opens_a_session_is_not_stored(self, client):
        assert client.get("/write")["Cache-Control"] == "private, no-store"

    def test_a_page_open_to_all_is_not_either_once_there_is_a_session(self, client):
        """It may say for whom this visitor acts; data says the same to everybody."""
        assert client.get("/public")["Cache-Control"] == "max-age=60"
        client.get("/write")
        assert client.get("/public")["Cache-Control"] == "private, no-store"
        assert client.get("/api/v1/public")["Cache-Control"] == "max-age=60"

    def test_a_visitor_without_a_cookie_gets_what_anybody_gets(self, client):
        assert "no-store" not in client.get("/read")["Cache-Control"]
