"""Whether a second factor was shown just now: who has one shows it again before their ways in change; who has none
signs in again."""

from datetime import datetime, timedelta

from django.http import HttpRequest

from lacydon.kernel.clock import now

from ..queries.accounts import has_second_factor
from ..queries.freshness import fresh
from .session import session_of

PROVEN_AT = "strong_at"
PROVEN_FOR = timedelta(minutes=15)
"""How long a second factor that was shown is enough to change one's security (ASVS 5.0, 7.5.1)."""


def must_prove(request: HttpRequest) -> bool:
    """Whether a second factor is to be shown first: there is one, and it was not shown just now."""
    return has_second_factor(session_of(request).person) and not just_proven(request)


def must_sign_in_again(request: HttpRequest) -> bool:
    """Whether a sign-in is to be made anew first: there is no second factor to show, and the last one is too old."""
    actor = session_of(request)
    return not fresh(actor) and not has_second_factor(actor.person)


def just_proven(request: HttpRequest) -> bool:
    shown = request.session.get(PROVEN_AT, "")
    return bool(session_of(request).strong and shown and now() - datetime.fromisoformat(shown) < PROVEN_FOR)
