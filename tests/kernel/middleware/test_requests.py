"""The id of a request, and what the log keeps of it."""

import logging

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from lacydon.kernel.access import open_to_all


@open_to_all
def page(request: HttpRequest, commune: str = "") -> HttpResponse:
    return HttpResponse("bonjour")


urlpatterns = [path("place/<commune>", page)]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def logged(caplog):
    """The last line of the access log."""
    caplog.set_level(logging.INFO)

    def last() -> dict:
        return [record.msg for record in caplog.records if record.name == "lacydon.access"][-1]

    return last


def test_a_request_without_id_is_given_one(client):
    first, second = (client.get("/place/13001")["X-Request-ID"] for _ in range(2))
    assert len(first) == 32
    assert first != second


@pytest.mark.parametrize(
    ("given", "kept"),
    [("req-12345678", True), ("short", False), ("x" * 65, False), ("two words here", False), ("<script>alert", False)],
)
def test_an_id_from_outside_is_kept_when_it_is_sane(client, given, kept):
    assert (client.get("/place/13001", headers={"X-Request-ID": given})["X-Request-ID"] == given) is kept


def test_the_log_has_the_route_and_not_what_was_asked(client, logged):
    client.get(
        "/place/13001?q=mon+nom+est+Personne", headers={"X-Request-ID": "req-12345678"}, REMOTE_ADDR="192.0.2.55"
    )
    line = logged()
    assert line["route"] == "/place/<commune>"
    assert line["status"] == 200
    assert line["request_id"] == "req-12345678"
    assert line["client"] == "192.0.2.0"
    assert line["bytes"] == 7
    assert "Personne" not in str(line)
    assert "13001" not in str(line)


def test_an_unknown_address_is_logged_by_its_path(client, logged):
    client.get("/nowhere?q=secret", REMOTE_ADDR="2001:db8:aaaa:bbbb::1")
    assert logged()["path"] == "/nowhere"
    assert logged()["client"] == "2001:db8:aaaa::"
    assert "secret" not in str(logged())
