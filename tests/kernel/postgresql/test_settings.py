"""The settings a session is held to go with the statement that follows, and come back when a transaction undid them."""

import pytest
from django.db import DatabaseError, connection, transaction

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="settings of a session of PostgreSQL"),
]
NAME = "lacydon.tried"
ASKED = f"SELECT current_setting('{NAME}', true)"


@pytest.fixture
def own():
    """A connection of its own, so that nothing else is said on it."""
    made = connection.copy()
    made.ensure_connection()
    yield made
    made.close()


def seen(own):
    with own.cursor() as cursor:
        cursor.execute(ASKED)
        return cursor.fetchone()[0]


def hold(own, value):
    own.hold({NAME: value})


def test_it_takes_no_journey_of_its_own(own, monkeypatch):
    sent = []
    send = type(own.connection.pgconn).send_query
    monkeypatch.setattr(
        "psycopg.client_cursor.ClientCursorMixin._execute_send",
        lambda cursor, query, **_options: (
            sent.append(query.query.decode()), setattr(cursor, "_query", query), send(cursor._pgconn, query.query)
        ),
    )  # fmt: skip
    hold(own, "it’s one")
    assert seen(own) == "it’s one" and seen(own) == "it’s one"
    assert [ASKED in each for each in sent] == [True, True], sent


def test_values_are_never_part_of_the_statement(own):
    hold(own, "'; SELECT 1; --")
    with own.cursor() as cursor:
        cursor.execute("SELECT %s::text, '%%'", ["100 %"])
        assert cursor.fetchone() == ("100 %", "%")
    assert seen(own) == "'; SELECT 1; --"


def test_what_a_transaction_undid_is_said_again(own):
    hold(own, "before")
    seen(own)
    own.set_autocommit(False)
    hold(own, "inside")
    seen(own)
    own.rollback()
    own.set_autocommit(True)
    assert seen(own) == "inside"


def test_so_is_what_a_savepoint_undid():
    connection.ensure_connection()
    held = dict(connection.held)
    with transaction.atomic():
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.hold(held | {NAME: "inside"})
            seen(connection)
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        assert seen(connection) == "inside"
    assert seen(connection) == "inside"
    connection.hold(held | {NAME: ""})


def test_so_is_what_a_failed_statement_took_with_it(own):
    hold(own, "told")
    with own.cursor() as cursor, pytest.raises(DatabaseError):
        cursor.execute("SELECT 1 / 0")
    assert seen(own) == "told"


def test_nothing_is_said_in_a_transaction_that_failed(own):
    own.set_autocommit(False)
    with own.cursor() as cursor, pytest.raises(DatabaseError):
        cursor.execute("SELECT 1 / 0")
    hold(own, "after")
    own.rollback()
    assert seen(own) == "after"


@pytest.mark.parametrize("statement", ["BEGIN ISOLATION LEVEL SERIALIZABLE", "VACUUM django_migrations"])
def test_what_may_not_be_sent_with_another_is_not(own, statement):
    hold(own, "apart")
    with own.cursor() as cursor:
        cursor.execute(statement)
        assert seen(own) == "apart"


def test_whatever_is_asked_comes_after_it(own):
    hold(own, "many")
    with own.cursor() as cursor:
        cursor.executemany("SELECT set_config('lacydon.other', current_setting(%s), false)", [(NAME,)])
        cursor.execute("SELECT current_setting('lacydon.other')")
        assert cursor.fetchone() == ("many",)
    hold(own, "copied")
    with own.cursor() as cursor, cursor.copy(f"COPY ({ASKED}) TO STDOUT") as copied:
        assert b"".join(map(bytes, copied)) == b"copied\n"
    hold(own, "listed")
    with own.chunked_cursor() as cursor:
        cursor.execute(ASKED)
        assert cursor.fetchone() == ("listed",)
