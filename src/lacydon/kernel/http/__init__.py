"""The client by which connectors speak to outside systems.

    source = HttpClient(name="addresses", timeout=Timeout(total=2))
    answer = source.get("https://example.org/search", params={"q": "…"})
    if answer.status == 200: answer.json()

Raises `OutsideUnavailable` (an `Unavailable`: try again, or do without) and `AddressRefused`.
"""

from .breaker import Breaker
from .client import Answer, AnswerTooLarge, HttpClient, OutsideUnavailable, Timeout
from .partners import partner, partner_address, partner_socket
from .resolution import AddressRefused, own_machine

__all__ = [
    "AddressRefused",
    "Answer",
    "AnswerTooLarge",
    "Breaker",
    "HttpClient",
    "OutsideUnavailable",
    "Timeout",
    "own_machine",
    "partner",
    "partner_address",
    "partner_socket",
]
