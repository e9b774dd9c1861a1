"""The application of a worker that is started afresh, not forked: it makes by itself what nobody should wait for."""

import logging

from django.db import DatabaseError, connections

from .wsgi import application

# isort: split
# What is prepared is made of models, which exist once the application is.
from .commands.preload import prepare

__all__ = ["application"]

try:
    prepare()
except DatabaseError as error:  # /readyz says what is wrong
    logging.getLogger("lacydon.serve").warning("Nothing is prepared: %s", error)
finally:
    connections.close_all()
