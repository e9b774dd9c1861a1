"""A connection that PostgreSQL ended between two requests is opened again; a healthy one is not asked whether it is."""

import pytest
from django.db import close_old_connections, connection

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kept():
    if connection.vendor != "postgresql":
        pytest.skip("the connection of SQLite is a file")
    connection.ensure_connection()
    return connection


def next_request():
    """What Django does between two requests."""
    connection.health_check_enabled = True
    close_old_connections()


def backend():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_a_healthy_connection_is_kept_without_a_statement(kept, monkeypatch):
    before = backend()
    next_request()
    asked = []
    monkeypatch.setattr("django.db.backends.postgresql.base.DatabaseWrapper.is_usable", lambda self: asked.append(1))
    assert backend() == before and asked == []


def test_one_that_the_server_ended_is_replaced(kept):
    before = backend()
    other = kept.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [before])
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [before])
    other.close()
    next_request()
    assert backend() != before
