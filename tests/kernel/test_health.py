"""What those who watch are told."""

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from lacydon.kernel import health
from lacydon.kernel.plugs import readiness

urlpatterns = health.urlpatterns
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def nothing_else_asked(monkeypatch):
    monkeypatch.setattr(readiness, "_offers", {})


def test_alive_without_a_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "alive"})
    assert "no-cache" in response["Cache-Control"]


@pytest.mark.django_db
def test_ready_when_everybody_is(client, nothing_else_asked):
    with readiness.temporarily("catalogue", lambda: None):
        assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_not_ready_says_who_misses_what(client, nothing_else_asked):
    with readiness.temporarily("catalogue", lambda: "Aucune fiche n'est chargée."):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["missing"] == [{"part": "catalogue", "sentence": "Aucune fiche n'est chargée."}]


@pytest.mark.django_db
def test_tables_that_are_missing_are_told(client, nothing_else_asked):
    def ask() -> str:
        raise OperationalError("no such table")

    with readiness.temporarily("catalogue", ask):
        assert "lacydon migrate" in client.get("/readyz").json()["missing"][0]["sentence"]


def test_not_ready_without_a_database(client, monkeypatch):
    def cursor() -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(connection, "cursor", cursor)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["missing"][0]["part"] == "database"
    assert "away" not in response.content.decode()


@pytest.mark.parametrize("address", ["/healthz", "/metrics"])
def test_nothing_may_be_posted(client, address):
    assert client.post(address).status_code == 405


@pytest.mark.django_db
def test_migrations_that_wait_are_told(client, nothing_else_asked, monkeypatch):
    monkeypatch.setattr(health, "_seen_ready", False)
    MigrationRecorder(connection).migration_qs.filter(app="kernel").delete()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["missing"][0]["part"] == "tables"
    assert "lacydon migrate" in response.json()["missing"][0]["sentence"]
