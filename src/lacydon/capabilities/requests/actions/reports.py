"""The public side of reports: made with the request, hidden or shown by agents, followed by residents."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.db import transaction

from lacydon.capabilities.trust import public as trust
from lacydon.kernel import sealing
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import NotFound

from ..models import Attachment, Request
from ..models.reports import ApiKey, Follower, Report
from ..queries import reports
from ..queries.masking import masked
from ..queries.requests import unknown
from .moving import changing

KEY_PURPOSE = "open311-key"


def publish_report(row: Request, answers: Mapping[str, Any], attachments: Sequence[Attachment]) -> Report:
    """The public side of a new report; in the transaction that opens it."""
    facts, words, place = reports.public_side(reports.form_of(row.form), answers)
    pictures = [each for each in attachments if each.media_type.startswith("image/")]
    return Report.objects.create(
        request=row,
        category=row.form.form,
        text=masked(words)[:4000],
        place_label=masked(place)[:200],
        facts=facts,
        photo=pictures[0] if pictures else None,
    )


def hide_report(*, actor: Actor, number: str, hidden: bool = True) -> None:
    """Take a report off the public map, or put it back."""
    with changing(actor=actor, action="request.handle", number=number) as change:
        _report(change.request).update(hidden_at=now() if hidden else None)
        change.note("hidden" if hidden else "shown", public=False)


def show_photo(*, actor: Actor, number: str, shown: bool = True) -> None:
    """Show the photo to everybody, once an agent saw that nobody can be known on it; or no more."""
    with changing(actor=actor, action="request.handle", number=number) as change:
        _report(change.request).update(photo_shown_at=now() if shown else None)
        change.note("photo-shown" if shown else "photo-hidden", public=False)


def _report(row: Request) -> Any:
    found = Report.objects.filter(request=row)
    if not found.exists():
        raise unknown()
    return found


@transaction.atomic
def follow(*, actor: Actor, number: str) -> Follower:
    """Follow a report in one's own name; twice is once. Raises NotFound, SignInNeeded."""
    trust.require(actor=actor, action="report.follow")
    report = Report.objects.select_for_update().filter(request__number=number, hidden_at=None).first()
    if report is None:
        raise NotFound("report")
    made, new = Follower.objects.get_or_create(
        report=report, person_id=actor.person, defaults={"id": uuid4(), "created_at": now(), "confirmed_at": now()}
    )
    if new:
        _count(report)
    return made


@transaction.atomic
def unfollow(*, actor: Actor, number: str) -> None:
    report = Report.objects.select_for_update().filter(request__number=number).first()
    if report is not None and actor.person:
        Follower.objects.filter(report=report, person_id=actor.person).delete()
        _count(report)


def _count(report: Report) -> None:
    report.followers_count = report.followers.exclude(confirmed_at=None).count()
    report.save(update_fields=["followers_count"])


def make_api_key(*, name: str) -> str:
    """A new key for whoever posts reports by machine; shown now and never again."""
    key = secrets.token_urlsafe(24)
    ApiKey.objects.create(name=name, key_hash=sealing.keyed_hash(key, purpose=KEY_PURPOSE), created_at=now())
    return key


def revoke_api_key(*, name: str) -> bool:
    """Whether there was one to revoke."""
    return bool(ApiKey.objects.filter(name=name, revoked_at=None).update(revoked_at=now()))


def api_client(key: str) -> ApiKey | None:
    """Whose key this is."""
    hashed = sealing.keyed_hash(key, purpose=KEY_PURPOSE) if key else ""
    return ApiKey.objects.filter(key_hash=hashed, revoked_at=None).first()
