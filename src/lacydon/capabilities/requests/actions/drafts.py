"""Writing drafts: begun at the first answers, saved at each page, gone once sent or not used for thirty days."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel import forms, rows
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now

from ..errors import ChangedMeanwhile, UnknownForm
from ..models import Attachment, Draft, FormState, FormVersion
from ..queries import drafts
from ..queries.drafts import ACTION, Of, Opened, Where
from ..queries.published import LIGHT, Held, held
from ..queries.sealed import new_key, seal
from . import files

KEPT = timedelta(days=30)
GRACE = timedelta(days=7)
"""How long a version that was replaced may still be finished: what somebody has begun is not pulled away."""
TURNS = 5
SECRET = 24
"""Random bytes of a resume link."""


def begin(*, actor: Actor, held: Held, where: Where, answers: Mapping[str, Any], page: str) -> Opened:
    """A draft with its first answers; the one already begun by this person, with these answers put into it.

    Raises what the policy refuses.
    """
    if actor.known:
        trust.require(actor=actor, action=ACTION, object=Of(actor.principal, held.form.themes))
        before = drafts.current(held.form.id, actor=actor)
        if before is not None:
            found = drafts.draft(str(before.pk), actor=actor)
            there = where if where.citycode else None
            return save(found, answers=lambda before: before | dict(answers), page=page, where=there)
    moment = now()
    secret = "" if actor.known else secrets.token_urlsafe(SECRET)
    row = Draft(
        id=uuid4(),
        form=held.version,
        person_id=actor.principal or None,
        filled_by_id=actor.person or None,
        resume_hash=drafts.hash_of(secret) if secret else "",
        page=page,
        created_at=moment,
        updated_at=moment,
        expires_at=moment + KEPT,
    )
    key = new_key(row)
    facts = {"lang": (get_language() or "fr")[:2]}
    found = Opened(row, key, held, dict(answers), where, facts, secret or str(row.pk))
    row.sealed = _sealed(found)
    if secret:
        trust.bring(row.resume_hash)
    rows.insert(row)
    return found


def save(
    found: Opened,
    *,
    answers: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
    page: str | None = None,
    where: Where | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Opened:
    """Write a draft. `answers` makes the new ones from those that stand there, which may have moved since they were
    read: it is then called again. Raises UnknownDraft when it is gone, ChangedMeanwhile when all write at once."""
    for _turn in range(TURNS):
        row, moment = found.row, now()
        written = Opened(
            row, found.key, found.held,
            answers(dict(found.answers)) if answers else found.answers,
            where or found.where, found.facts | dict(facts or {}), found.reference,
        )  # fmt: skip
        changes = {
            "sealed": _sealed(written),
            "page": row.page if page is None else page,
            "form_id": written.held.version.pk,
            "revision": row.revision + 1,
            "updated_at": moment,
            "expires_at": moment + KEPT,
        }
        if rows.update(row, changes, revision=row.revision):
            row.form = written.held.version
            return written
        fresh = Draft.objects.select_related("form").filter(pk=row.pk, expires_at__gt=moment).first()
        if fresh is None or fresh.page == drafts.SENT:
            raise drafts.unknown()
        found = drafts.opened(fresh, held(fresh.form), reference=found.reference)
    raise ChangedMeanwhile(_("Ce brouillon est modifié à plusieurs endroits à la fois. Réessayez dans un instant."))


def discard(found: Opened) -> None:
    """Erase a draft and its files."""
    with transaction.atomic():
        for each in Attachment.objects.filter(draft=found.row, request=None):
            files.forget(each)
        Draft.objects.filter(pk=found.row.pk).delete()


def adopt(found: Opened, *, actor: Actor) -> Opened:
    """Somebody signed in takes a draft that was nobody's: its answers come into theirs. Raises what the policy says."""
    with transaction.atomic():
        kept = begin(actor=actor, held=found.held, where=found.where, answers=found.answers, page=found.row.page or "")
        Attachment.objects.filter(draft=found.row, request=None).update(draft=kept.row)
        Draft.objects.filter(pk=found.row.pk).delete()
    return kept


def brought_up_to_date(found: Opened) -> tuple[Opened, str]:
    """A draft whose version was withdrawn: it goes on with it for a week, then moves to the one of today with the
    answers that still fit; what to say of it, if anything. Raises UnknownForm when there is none any more."""
    version = found.held.version
    if found.sent or version.state != FormState.WITHDRAWN:
        return found, ""
    newer = FormVersion.objects.filter(form=version.form, state=FormState.PUBLISHED).only(*LIGHT).first()
    if newer is None:
        raise UnknownForm(
            _("Cette démarche n’est plus proposée en ligne, et rien n’a été transmis. Voyez la fiche du service.")
        )
    if version.withdrawn_at and now() - version.withdrawn_at < GRACE:
        return found, ""
    into = held(newer)
    fit = forms.validate(into.form, found.answers).answers
    lost = sorted(set(found.answers) - set(fit))
    moved = Opened(found.row, found.key, into, dict(fit), found.where, found.facts, found.reference)
    kept = save(moved, answers=lambda _before: dict(fit))
    if not lost:
        return kept, _("Ce formulaire a changé depuis votre dernière visite. Vos réponses sont gardées.")
    sentence = _(
        "Ce formulaire a changé depuis votre dernière visite. Vos réponses sont gardées, "
        "sauf celles qui ne conviennent plus : vérifiez chaque page."
    )
    return kept, sentence


def _sealed(found: Opened) -> bytes:
    said = {"answers": found.answers, "where": asdict(found.where), "facts": found.facts}
    return seal(said, key=found.key, holder=found.row, field="sealed")
