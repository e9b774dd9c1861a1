"""Whether who is signed in has proven it surely and lately enough to change what opens their space.

A session left open, or stolen, must not become a door that stays open: with a second factor, it is shown; without one,
the sign-in is less than ten minutes old (ASVS 5.0, 7.5.1).
"""

from datetime import timedelta

from lacydon.kernel.access import Actor, StrongerSignInNeeded
from lacydon.kernel.clock import now

from ..errors import FreshSignInNeeded
from .accounts import has_second_factor

FRESH = timedelta(minutes=10)


def fresh(actor: Actor) -> bool:
    """Whether they signed in less than ten minutes ago."""
    return actor.signed_in_at is not None and now() - actor.signed_in_at < FRESH


def require_proven(actor: Actor) -> None:
    """Raises StrongerSignInNeeded when there is a second factor that this session did not show, FreshSignInNeeded when
    there is none and the sign-in is too old."""
    if has_second_factor(actor.person):
        if not actor.strong:
            raise StrongerSignInNeeded()
    elif not fresh(actor):
        raise FreshSignInNeeded()
