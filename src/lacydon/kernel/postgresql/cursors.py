"""The cursor that says the settings a session is held to together with the first statement they are for."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

_Django: Any = base.Cursor
"""psycopg’s, under another name than its stub has."""
TOGETHER = ("SELECT", "INSERT", "UPDATE", "DELETE")
"""What may be sent in one piece with the settings; not what begins a transaction or may not be in one."""
SET = "set_config(%s, %s, false)"


class Cursor(_Django):
    """Values are put in the statement by the client, as Django has it; so two statements can be sent as one."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> "Cursor":
        if _has_to_say(self):
            statement = self.mogrify(query, params)
            if statement.startswith(TOGETHER):
                return said_with(self, statement)
            said_with(self)
        super().execute(query, params, **options)
        return self

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        if _has_to_say(self):
            said_with(self)
        super().executemany(query, params_seq, **options)

    def copy(self, *args: Any, **options: Any) -> Any:
        if _has_to_say(self):
            said_with(self)
        return super().copy(*args, **options)


def said_with(cursor: Cursor, statement: str = "") -> Cursor:
    """Say what the session is held to, then this; the cursor is at the answer to this."""
    django = cursor.connection.lacydon_django
    if not django.held:
        django.was_told(well=True)
        return _Django.execute(cursor, statement) if statement else cursor
    values = [each for pair in django.held for each in pair]
    said = cursor.mogrify("SELECT " + ", ".join([SET] * len(django.held)), values)
    try:
        _Django.execute(cursor, f"{said}; {statement}" if statement else said)
    except BaseException:
        django.was_told(well=False)
        raise
    django.was_told(well=True)
    if statement:
        cursor.nextset()
    return cursor


def _has_to_say(cursor: Cursor) -> bool:
    """In a transaction that failed nothing can be said but its end."""
    connection = cursor.connection
    django = getattr(connection, "lacydon_django", None)
    return (
        django is not None
        and not django.is_told()
        and connection.pgconn.transaction_status != TransactionStatus.INERROR
    )
