"""A false PayFiP for demonstrations and tests, labelled as such: no money moves, and it listens on this machine only.

It speaks the web service for true (SOAP over HTTP), shows the page where one pays, tells the platform by `urlnotif` and
leads back by `urlredirect`; but whoever sits there decides whether the bank accepts.
"""

from .server import Operation, Running, start

__all__ = ["Operation", "Running", "start"]
