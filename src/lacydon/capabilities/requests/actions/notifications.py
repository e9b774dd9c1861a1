"""What somebody wants to be told: chosen in their space, or stopped by the link of a message."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import MACHINE, Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput
from lacydon.kernel.webpush import subscription_of

from ..models import Preferences, PushSubscription, Request
from ..queries import numbers
from ..queries.notifications import NEEDED, PAIRS, Choices, choices_for, endpoint_hash, stop_opens, subscription_place
from ..queries.requests import request_by_secret, unknown
from .moving import PURPOSE, named

MOST_BROWSERS = 10
"""Browsers of one person: the oldest is forgotten."""


def choose(*, actor: Actor, wanted: Iterable[str], quiet_from: int, quiet_until: int) -> Choices:
    """What a person wants to be told for all their requests. Raises BadInput, what the policy refuses."""
    chosen = _checked(wanted, quiet_from, quiet_until)
    with trust.acting(
        actor=actor, action="notifications.change", object=_Of(actor.principal), named="notifications", purpose=PURPOSE
    ) as by:
        Preferences.objects.update_or_create(person_id=by.principal, defaults=_row(chosen))
    return chosen


def choose_by_secret(*, number: str, secret: str, wanted: Iterable[str], quiet_from: int, quiet_until: int) -> Choices:
    """The same for who has no account, for one request. Raises UnknownRequest, BadInput."""
    chosen = _checked(wanted, quiet_from, quiet_until)
    with transaction.atomic(), trust.house():
        row = request_by_secret(number, secret=secret)
        _keep_for(row, chosen)
    return chosen


def stop_by_link(*, number: str, token: str, everything: bool = False) -> Choices:
    """One click of a message: no more of what goes on; `everything`: nor what waits for them, nor the decision."""
    with transaction.atomic(), trust.house():
        row = holder_by_link(number, token=token)
        before = choices_for(row)
        kept = frozenset() if everything else before.wanted & NEEDED
        chosen = Choices(kept, before.quiet_from, before.quiet_until, before.lang)
        _keep_for(row, chosen)
        return chosen


def holder_by_link(number: str, *, token: str) -> Request:
    """The request whose link this is. Raises UnknownRequest."""
    with trust.house():
        row = Request.objects.filter(number=numbers.tidy_number(number)).select_related("form", "organisation").first()
    if row is None or not stop_opens(row, token):
        raise unknown()
    trust.bring(row.secret_hash)
    return row


def choose_digest(*, actor: Actor, wanted: bool) -> None:
    """Whether an agent is told every morning of what is late in their organisations."""
    with trust.acting(
        actor=actor, action="notifications.change", object=_Of(actor.principal), named="notifications", purpose=PURPOSE
    ) as by:
        told = {"digest": wanted, "changed_at": now()}
        first = _row(Choices(lang="en" if (get_language() or "fr").startswith("en") else "fr"))
        Preferences.objects.update_or_create(person_id=by.principal, defaults=told, create_defaults=first | told)


def subscribe(*, actor: Actor, told: Any, browser: str = "") -> PushSubscription:
    """A browser of this person is to be told. The same again replaces what was known of it. Raises BadInput."""
    found = subscription_of(told)
    with trust.acting(
        actor=actor, action="notifications.change", object=_Of(actor.principal), named="notifications", purpose=PURPOSE
    ) as by:
        PushSubscription.objects.filter(endpoint_hash=endpoint_hash(found)).delete()
        row = PushSubscription(
            person_id=by.principal, endpoint_hash=endpoint_hash(found), browser=browser[:40], created_at=now()
        )
        written = json.dumps({"endpoint": found.endpoint, "p256dh": found.p256dh, "auth": found.auth})
        row.sealed = trust.seal_for(by.principal, written, place=subscription_place(row))
        row.save(force_insert=True)
        held = PushSubscription.objects.filter(person_id=by.principal).order_by("-created_at")
        PushSubscription.objects.filter(pk__in=[each.pk for each in held[MOST_BROWSERS:]]).delete()
    return row


def unsubscribe(*, actor: Actor, browser: UUID | str) -> None:
    """This browser is not to be told any more."""
    with trust.acting(
        actor=actor, action="notifications.change", object=_Of(actor.principal), named="notifications", purpose=PURPOSE
    ) as by:
        PushSubscription.objects.filter(person_id=by.principal, pk=browser).delete()


class _Of:
    """The notifications of a person, for the policy."""

    def __init__(self, person: str) -> None:
        self.person_id = person


def _checked(wanted: Iterable[str], quiet_from: int, quiet_until: int) -> Choices:
    chosen = frozenset(wanted)
    if not chosen <= PAIRS:
        raise BadInput(_("Un de ces choix n’existe pas."), field="wanted")
    if quiet_from not in range(24) or quiet_until not in range(24):
        raise BadInput(_("Une heure va de 0 à 23."), field="quiet_from")
    lang = "en" if (get_language() or "fr").startswith("en") else "fr"
    return Choices(wanted=chosen, quiet_from=quiet_from, quiet_until=quiet_until, lang=lang)


def _row(chosen: Choices) -> dict[str, Any]:
    return {
        "wanted": sorted(chosen.wanted),
        "quiet_from": chosen.quiet_from,
        "quiet_until": chosen.quiet_until,
        "lang": chosen.lang,
        "changed_at": now(),
    }


def _keep_for(row: Request, chosen: Choices) -> None:
    holder = {"person_id": row.person_id} if row.person_id else {"request": row}
    Preferences.objects.update_or_create(**holder, defaults=_row(chosen))
    trust.record(
        actor=MACHINE, subject=row.person_id or "", action="notifications.change", purpose=PURPOSE, object=named(row)
    )
