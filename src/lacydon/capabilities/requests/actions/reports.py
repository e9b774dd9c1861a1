"""The public side of reports: made with the request, hidden or shown by agents, followed by residents."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel import sealing, site
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import NotFound
from lacydon.kernel.mail import Link, Message, post

from ..errors import NameTaken
from ..models import Attachment, Request, Step
from ..models.reports import ApiKey, Follower, Report
from ..queries import reports
from ..queries.masking import masked
from ..queries.published import held
from ..queries.requests import unknown
from ..queries.words import OUTCOMES
from .moving import changing

KEY_PURPOSE = "open311-key"
TOLD = frozenset(reports.PUBLIC_STEPS) - {"opened"}
"""Kinds of steps that followers are written of."""


def publish_report(row: Request, answers: Mapping[str, Any], attachments: Sequence[Attachment]) -> Report:
    """The public side of a new report; in the transaction that opens it."""
    facts, words, place = reports.public_side(held(row.form).form, answers)
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
    with trust.house():  # the count of followers is written on a report that is not theirs
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
@trust.in_house
def unfollow(*, actor: Actor, number: str) -> None:
    report = Report.objects.select_for_update().filter(request__number=number).first()
    if report is not None and actor.person:
        Follower.objects.filter(report=report, person_id=actor.person).delete()
        _count(report)


def _count(report: Report) -> None:
    report.followers_count = report.followers.exclude(confirmed_at=None).count()
    report.save(update_fields=["followers_count"])


def tell_followers(row: Request, steps: Sequence[Step]) -> int:
    """Write to who follows a report what everybody may know of these steps; in the transaction that marks them told."""
    news = [str(reports.PUBLIC_STEPS[step.kind]) for step in steps if step.public and step.kind in TOLD]
    if row.outcome and any(step.kind == "status" for step in steps):  # closed by the authority's own system
        news.append(str(OUTCOMES[row.outcome]))
    report = Report.objects.filter(request=row, hidden_at=None).first() if news else None
    if report is None:
        return 0
    written = 0
    link = f"{site.address()}{reverse('report', kwargs={'number': row.number})}"
    for follower in report.followers.exclude(confirmed_at=None).exclude(person=row.person_id):
        for address in trust.reach_of(str(follower.person_id)).emails if follower.person_id else ():
            post(
                Message(
                    to=address,
                    subject=_("Le signalement %s que vous suivez") % row.number,
                    paragraphs=(_("Du nouveau : %s.") % ", ".join(news),),
                    action=Link(_("Voir le signalement"), link),
                    after=(_("Vous le recevez parce que vous suivez ce signalement : vous arrêtez sur sa page."),),
                )
            )
            written += 1
    return written


def make_api_key(*, name: str) -> str:
    """A new key for whoever posts reports by machine; shown now and never again. Raises NameTaken."""
    if ApiKey.objects.filter(name=name).exists():
        raise NameTaken(_("Une clé s’appelle déjà « %s » : choisissez un autre nom.") % name, field="name")
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


def api_keys() -> list[tuple[str, datetime, datetime | None]]:
    """(name, made, revoked) of each key."""
    return list(ApiKey.objects.order_by("name").values_list("name", "created_at", "revoked_at"))
