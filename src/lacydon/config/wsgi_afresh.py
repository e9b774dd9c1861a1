"""The application of a worker that is started afresh, not forked: it makes by itself what nobody should wait for."""

from .wsgi import application

# isort: split
# What is read is made of models, which exist once the application is.
from .commands.preload import read_ahead

__all__ = ["application"]

read_ahead()
