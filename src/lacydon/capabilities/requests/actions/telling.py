"""The resident is told of each step once: nothing that happens to a request waits to be looked for.

In one transaction the step is marked as told, its letter is written (kernel.mail seals it and sends it by a job) and
what leaves by SMS or push gets its row and its job: all of it, or nothing. A worker killed in between finds the step
untold; one killed while it speaks to a gateway asks again with the same reference, which the gateway, or the browser,
takes for the same message.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import translation

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import MACHINE
from lacydon.kernel.clock import now
from lacydon.kernel.errors import Refused, Unavailable
from lacydon.kernel.mail import post
from lacydon.kernel.texting import Text, texter
from lacydon.kernel.webpush import Subscription, SubscriptionGone, push

from ..models import Means, Request, Step, Telling
from ..queries.letters import letter, notification
from ..queries.notifications import Holder, holder_of, subscription_place, tells
from ..queries.steps import NEVER
from .moving import PURPOSE, named
from .reports import tell_followers

GOOD_FOR = timedelta(days=2)
"""How long a text or a notification is worth sending."""
Later = Callable[[UUID, datetime | None], None]
"""Enqueues the job that sends a telling, not before that moment."""
log = structlog.get_logger("lacydon.requests")


def tell(request: UUID | str, *, later: Later) -> int:
    """Tell the resident of all that was not told yet of a request; how many steps. `later`: enqueues what leaves."""
    with transaction.atomic(), trust.house():
        rows = Request.objects.select_for_update(of=("self",)).select_related("form", "organisation")
        row = rows.filter(pk=request).first()
        steps = list(Step.objects.filter(request=row, told_at=None).order_by("position")) if row else []
        if row is None or not steps:
            return 0
        news = [step for step in steps if tells(step) != NEVER]
        if news and row.wrapped is not None:
            _told(row, news, holder_of(row), later)
        tell_followers(row, steps)
        Step.objects.filter(pk__in=[step.pk for step in steps]).update(told_at=now())
        return len(steps)


def send(telling: UUID | str) -> None:
    """One text or notification. Raises Unavailable when it is to be tried again."""
    with trust.house():
        found = Telling.objects.select_related("step__request__form", "step__request__organisation", "subscription")
        row = found.filter(pk=telling, sent_at=None).first()
        if row is None:
            return
        outcome = _sent(row)
        Telling.objects.filter(pk=row.pk).update(sent_at=now(), outcome=outcome)


def _told(row: Request, news: Sequence[Step], holder: Holder, later: Later) -> None:
    events = [tells(step) for step in news]
    told = False
    with translation.override(holder.choices.lang):
        if holder.choices.wants(Means.EMAIL, events):
            for address in holder.emails:
                post(letter(row, news, to=address), good_for=timedelta(days=7))
                told = True
    wanted: list[tuple[str, Any]] = []
    if holder.phone and holder.choices.wants(Means.SMS, events) and texter():
        wanted.append((Means.SMS, None))
    if holder.choices.wants(Means.PUSH, events):
        wanted += [(Means.PUSH, browser) for browser in holder.browsers]
    moment = now()
    for means, browser in wanted:
        made = Telling.objects.create(step=news[-1], means=means, subscription=browser, made_at=moment)
        later(made.pk, holder.choices.not_before(moment))
        told = True
    if told:
        trust.record(
            actor=MACHINE, subject=row.person_id or "", action="request.tell", purpose=PURPOSE, object=named(row),
            organisation=row.organisation_id,
        )  # fmt: skip


def _sent(row: Telling) -> str:
    request = row.step.request
    if request.wrapped is None or now() - row.made_at > GOOD_FOR:
        return "too-late"
    holder = holder_of(request)
    with translation.override(holder.choices.lang):
        told = notification(request, row.step)
    try:
        if row.means == Means.SMS:
            gateway = texter()
            if gateway is None or not holder.phone:
                return "no-way"
            address = f"{settings.PUBLIC_URL}{told['url']}" if settings.PUBLIC_URL else ""
            gateway.send(
                Text(
                    to=holder.phone, words=f"{told['title']} : {told['body']} {address}".strip(), reference=str(row.pk)
                )
            )
            return "sent"
        if row.subscription is None:
            return "no-way"
        sealed = trust.unseal_of(
            row.subscription.person_id, row.subscription.sealed, place=subscription_place(row.subscription)
        )
        push(Subscription(**json.loads(sealed)), told, topic=row.pk.hex)
    except SubscriptionGone:
        if row.subscription is not None:
            row.subscription.delete()  # and its tellings with it
        return "gone"
    except Unavailable:
        raise
    except Refused as refusal:
        log.warning("request.not-told", means=row.means, why=refusal.code)
        return "refused"
    return "sent"
