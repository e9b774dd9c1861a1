"""A false provider of identities for demonstrations, labelled as such: never where the public may come.

It speaks the protocol for true (OpenID Connect over HTTP), once in the manner of FranceConnect and once in that of
ProConnect, so that a demonstration walks the very path that residents and agents will; but anybody is whoever they
like.
It listens on this machine only, and `lacydon serve` starts it when LACYDON_DEMO is 1.
"""

from .roles import give_roles
from .server import SHAPES, Running, cannot_pretend, running, start

PLAYED = frozenset(shape.id for shape in SHAPES)
"""The connectors whose provider it is."""
__all__ = ["PLAYED", "Running", "cannot_pretend", "give_roles", "running", "start"]
