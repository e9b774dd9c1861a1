"""What `DATABASES["default"]["ENGINE"]` names."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection kept from one request to the next is looked at before it is used again."""

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
