"""What `DATABASES["default"]["ENGINE"]` names."""

import select
import weakref
from collections.abc import Mapping
from typing import Any

from django.db.backends.postgresql import base

from .cursors import Cursor, said_with


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection kept from one request to the next: looked at before it is used again, told what it is held to."""

    held: tuple[tuple[str, str], ...] = ()
    _told: tuple[tuple[str, str], ...] | None = None
    _told_in: list[Any] | None = None

    def hold(self, settings: Mapping[str, str]) -> None:
        """From now on each statement runs with these settings of the session: said with the next one, not before.

        Always the same names: a setting that is left out keeps the value it had.
        """
        self.held = tuple(settings.items())

    def is_told(self) -> bool:
        """Whether the session surely has what it is held to: what a transaction set is undone when it fails.

        Django puts a new list in the place of `run_on_commit` at the end of a transaction and at each rollback, of a
        savepoint too.
        """
        return self._told == self.held and (self._told_in is None or self._told_in is self.run_on_commit)

    def was_told(self, *, well: bool) -> None:
        """What it is held to was said, and heard or not."""
        self._told = self.held if well else None
        self._told_in = None if self.autocommit else self.run_on_commit

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "cursor_factory": Cursor}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.held, self._told, self._told_in = (), (), None
        connection = super().get_new_connection(conn_params)
        connection.lacydon_django = weakref.proxy(self)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        if name and not self.is_told():
            said_with(
                self.connection.cursor()
            )  # the cursor of a long list, declared on the server, says nothing itself
        return super().create_cursor(name)

    def is_usable(self) -> bool:
        """Django asks `SELECT 1` at each request, a round trip.

        A server that ended a connection (restart, `pg_terminate_backend`, time-out) said so on its socket: there is
        then something to read. When there is nothing, it is as good as a second before; else it is asked.
        """
        return self._silent() or super().is_usable()

    def _silent(self) -> bool:
        connection = self.connection
        if connection is None or connection.closed:
            return False
        told = select.poll()
        told.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
        return not told.poll(0)
