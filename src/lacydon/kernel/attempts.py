"""How often somebody may try: a passphrase, a code, a link. Counted in the database, for all processes and all nodes.

    attempts.spend(what="passphrase", who=email, most=10, per=timedelta(minutes=15))      # before the act's transaction
    ... the passphrase is right ...
    attempts.forgive(what="passphrase", who=email)

The count is committed on its own before `spend` returns, so that what the act rolls back does not undo it; to call it
inside a transaction is an error. Those who ask at the same moment are counted one after the other. A refused attempt is
not counted: whoever stops trying may try again after `retry_after`.

Who it is (an e-mail, a network, the code tried) is kept as a keyed hash, and only as long as it counts. So that a
stranger cannot lock somebody out by failing in their name, count the pair (account, network) tightly, and the account
alone loosely.
"""

import math
from datetime import timedelta

import structlog
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from .clock import now
from .errors import TooManyRequests
from .models import Attempts
from .sealing import keyed_hash

PURGED = 500
"""Rows at most that one call removes once they no longer count."""
log = structlog.get_logger("lacydon.security")


def spend(*, what: str, who: str, most: int, per: timedelta) -> int:
    """Count one attempt of `most` in any stretch of time `per`; returns how many are left.

    Raises TooManyRequests (`retry_after` in seconds) when there is none; RuntimeError inside a transaction.
    """
    key = _key(what=what, who=who)
    for _turn in range(3):
        try:
            with transaction.atomic(durable=True):
                left, is_new = _spend(key, most=most, per=per)
            break
        except TooManyRequests:
            log.warning("attempts.exhausted", what=what)
            raise
        except IntegrityError:  # made by another process, and forgiven by a third: begin again
            continue
    else:
        raise TooManyRequests(_("Trop d’essais à la fois ; réessayez dans un instant."), retry_after=1)
    if is_new:
        purge()
    return left


def forgive(*, what: str, who: str) -> None:
    """Forget the attempts: the last one succeeded. Part of the transaction around it, if any."""
    Attempts.objects.filter(key=_key(what=what, who=who)).delete()


def purge() -> int:
    """Remove what no longer counts; how many rows."""
    old = Attempts.objects.filter(until__lt=now()).order_by("until")
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            old = old.select_for_update(skip_locked=True)
        return Attempts.objects.filter(key__in=list(old.values_list("key", flat=True)[:PURGED])).delete()[0]


def _spend(key: str, *, most: int, per: timedelta) -> tuple[int, bool]:
    at, window = now(), per.total_seconds()
    seconds = at.timestamp()
    row, is_new = Attempts.objects.select_for_update().get_or_create(key=key, defaults={"until": at + per})
    # A clock that was put back must not keep somebody out for longer than `per`.
    counted = [min(moment, seconds) for moment in row.moments if moment > seconds - window]
    if len(counted) >= most:
        wait = max(1, math.ceil(counted[len(counted) - most] + window - seconds))
        raise TooManyRequests(_("Trop d’essais ; réessayez dans %d s.") % wait, retry_after=wait)
    row.moments = [*counted, seconds]
    row.until = max(row.until, at + per)
    row.save()
    return most - len(row.moments), is_new


def _key(*, what: str, who: str) -> str:
    return keyed_hash(f"{what}\0{who}", purpose="attempts")
