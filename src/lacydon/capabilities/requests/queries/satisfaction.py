"""Whether a closed request can be rated or opened again, and by which link."""

import hmac
from datetime import datetime, timedelta

from lacydon.kernel import sealing

from ..models import Outcome, Request
from .appeal import GRACIOUS, UNFAVOURABLE
from .deadlines import after

REOPENED_WITHIN = timedelta(days=30)
"""After the end, unless the law gives longer."""
MOST_REOPENED = 3
"""Times a request can be opened again; then a new one is made."""
NEVER = frozenset({Outcome.WITHDRAWN, Outcome.DUPLICATE})
"""Ends that the resident chose, or that were another request's."""


def ratable(request: Request) -> bool:
    """Once for each closing; not what was withdrawn, nor joined to another."""
    return not request.open and request.rating is None and request.outcome not in NEVER


def reopenable_until(request: Request) -> datetime | None:
    """Until when a closed request can be opened again; None when it cannot."""
    if request.closed_at is None or request.outcome in NEVER or request.reopened >= MOST_REOPENED:
        return None
    if request.outcome in UNFAVOURABLE:
        return after(request.closed_at, GRACIOUS)
    return request.closed_at + REOPENED_WITHIN


def rating_token(request: Request) -> str:
    """What the link of the message holds: good for this closing alone."""
    return sealing.keyed_hash(f"{request.pk}/{request.reopened}", purpose="request-rating")[:32]


def token_opens(request: Request, token: str) -> bool:
    return hmac.compare_digest(rating_token(request).encode(), token.encode())
