"""Opening a request: once for one submission, whatever happens to the answer."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel import rows
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.events import publish

from ..events import RequestOpened
from ..models import Attachment, FormVersion, Request, RequestKind, RequestState, Silence
from ..queries import numbers
from ..queries.deadlines import due
from ..queries.published import held
from ..queries.routes import skill_of
from ..queries.sealed import new_key, seal
from .delivery import queue_delivery
from .moving import PURPOSE, Change, named
from .payments import ask_fee
from .reports import publish_report

ATTEMPTS = 5
"""Numbers drawn before giving up: one already taken is one chance in hundreds of millions."""


@dataclass(frozen=True, slots=True)
class Opened:
    """`again`: this submission had been received already; it is the same request."""

    request: Request
    secret: str
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where a request is for; a point (WGS 84, degrees) when there is one."""

    citycode: str
    lon: float | None = None
    lat: float | None = None


def open_request(
    *,
    actor: Actor,
    form: FormVersion,
    answers: Mapping[str, Any],
    where: Where,
    organisation: str,
    submission: UUID,
    attachments: Sequence[Attachment] = (),
    contact: Mapping[str, str] | None = None,
    source: str = "web",
    facts: Mapping[str, Any] | None = None,
    first: bool = False,
) -> Opened:
    """The request made of checked answers, with its first step. The same `submission` always gives the same request.

    `organisation`: who is competent (queries.competence). `contact`: how to reach who has no account (email, phone,
    lang). `facts`: what the first step says besides, nothing personal. `first`: the caller holds the lock of what is
    sent, and knows that it was not sent before. Raises what the policy refuses.
    """
    secret = numbers.secret_of(submission)
    trust.bring(numbers.hash_of(secret))  # theirs, whoever they are: whatever is opened here keeps this hash
    for attempt in range(ATTEMPTS):
        found = Request.objects.filter(submission_key=submission).first() if attempt or not first else None
        if found is not None:
            return Opened(found, secret, again=True)
        with contextlib.suppress(IntegrityError):  # sent twice at once, or a number already taken
            return _opened(
                actor=actor, form=form, answers=answers, where=where, organisation=organisation, submission=submission,
                attachments=attachments, contact=contact, source=source, facts=facts or {},
            )  # fmt: skip
    raise RuntimeError("no number could be drawn")


@transaction.atomic
def _opened(
    *,
    actor: Actor,
    form: FormVersion,
    answers: Mapping[str, Any],
    where: Where,
    organisation: str,
    submission: UUID,
    attachments: Sequence[Attachment],
    contact: Mapping[str, str] | None,
    source: str,
    facts: Mapping[str, Any],
) -> Opened:
    moment, content = now(), held(form).form.source
    secret = numbers.secret_of(submission)
    row = Request(
        id=uuid4(),
        number=numbers.new_number(),
        kind=content.get("kind", RequestKind.REQUEST),
        form=form,
        service_id=form.service_id,
        skill=skill_of(form),
        person_id=actor.principal or None,
        secret_hash=numbers.hash_of(secret),
        organisation_id=organisation,
        citycode=where.citycode,
        lon=where.lon,
        lat=where.lat,
        state=RequestState.RECEIVED,
        source=source,
        opened_at=moment,
        changed_at=moment,
        due_at=due(content, opened=moment),
        silence=(content.get("silence") or {}).get("means", Silence.NONE),
        submission_key=submission,
    )
    key = new_key(row)
    row.sealed = seal(dict(answers), key=key, holder=row, field="sealed")
    if contact:
        row.contact_sealed = seal(dict(contact), key=key, holder=row, field="contact_sealed")
    if actor.known and source == "web":
        title = content["title"]
        with trust.acting(
            actor=actor, action="request.open", object=row, named=named(row), purpose=PURPOSE,
            about=_("Demande : %s") % (title.get("fr") if isinstance(title, dict) else title),
        ) as by:  # fmt: skip
            _kept(row, by, answers, attachments, facts)
    else:
        _kept(row, actor, answers, attachments, facts)
        trust.record(
            actor=actor, subject=row.person_id or "", action="request.open", purpose=PURPOSE, object=named(row),
            organisation=organisation,
        )  # fmt: skip
    queue_delivery(request=row, first=True)
    publish(RequestOpened(request=str(row.pk)))
    return Opened(row, secret, again=False)


def _kept(
    row: Request,
    actor: Actor,
    answers: Mapping[str, Any],
    attachments: Sequence[Attachment],
    facts: Mapping[str, Any],
) -> None:
    row.steps_count = 1  # written with the row, rather than once more
    rows.insert(row)
    row.steps_count = 0
    change = Change(row, actor, by_secret=not actor.known and actor.kind != "machine")
    first = change.note("opened", facts=dict(facts), told=True)  # the receipt tells it
    if ask_fee(change, answers) is not None:
        row.save(update_fields=["steps_count"])
    if attachments:
        Attachment.objects.filter(pk__in=[each.pk for each in attachments]).update(request=row, step=first)
    if row.kind == RequestKind.REPORT:
        publish_report(row, answers, attachments)
