"""What an agent of an operator does with disruptions: draft, publish (now or later), end, withdraw, undo, copy."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import record, require
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, NotFound
from lacydon.kernel.events import publish
from lacydon.kernel.snapshots import moved

from ...errors import ChangedMeanwhile
from ...events import DisruptionChanged
from ...models import Disruption, Revision
from ...queries.disruptions.held import DISRUPTIONS
from .content import Content, content_of, faults, matters, put

PURPOSE = "transport"
ACTION = "disruption.write"
DRAFT, PUBLISHED, WITHDRAWN = Disruption.State.DRAFT, Disruption.State.PUBLISHED, Disruption.State.WITHDRAWN


@transaction.atomic
def write(*, actor: Actor, content: Content, published: bool = False) -> Disruption:
    """A new one, of the actor's organisation: a draft, that may lack anything, or published. Raises BadInput."""
    row = Disruption(organisation_id=actor.organisation or None, made_at=now(), changed_at=now(), revision=0)
    require(actor=actor, action=ACTION, object=row)
    return _kept(row, content, actor=actor, what="published" if published else "drafted", published=published)


@transaction.atomic
def change(*, actor: Actor, id: int, revision: int, content: Content, published: bool | None = None) -> Disruption:
    """Change it; `revision`: the one that was on the screen. `published`: None leaves it as it is.

    Raises ChangedMeanwhile when somebody else changed it since; BadInput; NotFound.
    """
    row = _locked(actor, id, revision=revision)
    becomes = row.state == PUBLISHED if published is None else published
    what = "changed" if row.state == PUBLISHED and becomes else "published" if becomes else "drafted"
    return _kept(row, content, actor=actor, what=what, published=becomes)


@transaction.atomic
def publish_now(*, actor: Actor, id: int, revision: int) -> Disruption:
    """Show it from now on, whatever moment was foreseen."""
    row = _locked(actor, id, revision=revision)
    content = _with(_content(row), shown_from=None)
    return _kept(row, content, actor=actor, what="published", published=True)


@transaction.atomic
def end_now(*, actor: Actor, id: int, revision: int, at: datetime | None = None) -> Disruption:
    """It is over: what goes on ends now, what was to come does not. It stays in the history."""
    row = _locked(actor, id, revision=revision)
    content = ended(_content(row), at=int((at or now()).timestamp()))
    return _kept(row, content, actor=actor, what="ended", published=True)


@transaction.atomic
def withdraw(*, actor: Actor, id: int, revision: int) -> Disruption:
    """It should not have been published: shown as withdrawn to whoever has its address, nowhere else."""
    row = _locked(actor, id, revision=revision)
    row.state, row.withdrawn_at = WITHDRAWN, now()
    return _kept(row, _content(row), actor=actor, what="withdrawn", published=False)


@transaction.atomic
def undo(*, actor: Actor, id: int, revision: int) -> Disruption:
    """Back to what it was before the last change. Undone again, the change comes back. Raises BadInput at the first."""
    row = _locked(actor, id, revision=revision)
    before = Revision.objects.filter(disruption=row, number=row.revision - 1).first()
    if before is None:
        raise BadInput(_("Il n’y a rien à annuler : c’est la première version."))
    kept = dict(before.content)
    row.state = kept.pop("state")
    row.withdrawn_at = row.withdrawn_at if row.state == WITHDRAWN else None
    return _kept(row, content_of(kept), actor=actor, what="undone", published=row.state == PUBLISHED)


@transaction.atomic
def duplicate(*, actor: Actor, id: int) -> Disruption:
    """A draft with the same words, lines and stops, without its periods: from any, of whoever."""
    found = Disruption.objects.filter(pk=id).prefetch_related("concerned").first()
    mine = found is not None and found.organisation_id == (actor.organisation or None)
    if found is None or not (mine or found.published_at):
        raise NotFound(_("Cette perturbation n’existe pas."))
    return write(actor=actor, content=_with(_content(found), periods=(), shown_from=None))


@transaction.atomic
def discard(*, actor: Actor, id: int, revision: int) -> None:
    """Throw a draft away that was never published. Raises BadInput for the others."""
    row = _locked(actor, id, revision=revision)
    if row.published_at is not None:
        raise BadInput(_("Elle a été publiée : terminez-la ou retirez-la, elle reste dans l’historique."))
    record(actor=actor, subject="", action="disruption.discard", purpose=PURPOSE, object=f"disruption:{row.pk}")
    row.delete()


def ended(content: Content, *, at: int) -> Content:
    """What goes on ends at that moment, what was to come is left out."""
    left = tuple(
        (begin, at if end is None or end > at else end)
        for begin, end in content.periods or ((None, None),)
        if begin is None or begin < at
    )
    return _with(content, periods=left or ((at - 1, at),))


def keep_revision(row: Disruption, content: Content, *, what: str) -> None:
    """Count a change and keep what it became."""
    row.revision += 1
    row.save()
    Revision.objects.create(
        disruption=row, number=row.revision, at=row.changed_at, what=what,
        content=content.as_json() | {"state": str(row.state)},
    )  # fmt: skip


def last_content(row: Disruption) -> Content | None:
    """What it said after its last change."""
    last = Revision.objects.filter(disruption=row, number=row.revision).first()
    if last is None:
        return None
    kept = dict(last.content)
    kept.pop("state")
    return content_of(kept)


def _kept(row: Disruption, content: Content, *, actor: Actor, what: str, published: bool) -> Disruption:
    wrong = faults(content) if published else []
    if wrong:
        raise BadInput(wrong[0][1], field=wrong[0][0])
    before = last_content(row) if row.pk is not None else None
    was_shown = Revision.objects.filter(disruption=row.pk, number=row.revision, content__state=str(PUBLISHED)).exists()
    if published:
        row.state, row.published_at = PUBLISHED, row.published_at or now()
    elif row.state != WITHDRAWN:
        row.state = DRAFT
    shown = row.state == PUBLISHED
    if shown != was_shown or (shown and matters(before, content)):
        row.news += int(shown or row.news > 0)
    put(row, content, at=now())
    keep_revision(row, content, what=what)
    record(
        actor=actor, subject="", action=f"disruption.{_VERBS[what]}", purpose=PURPOSE,
        object=f"disruption:{row.pk}@{row.revision}",
    )  # fmt: skip
    moved(DISRUPTIONS)
    publish(DisruptionChanged(row.pk, row.revision))
    return row


_VERBS = {
    "drafted": "draft", "published": "publish", "changed": "change", "ended": "end", "withdrawn": "withdraw",
    "undone": "undo",
}  # fmt: skip


def _locked(actor: Actor, id: int, *, revision: int) -> Disruption:
    row = Disruption.objects.select_for_update().filter(pk=id).first()
    if row is None or row.organisation_id != (actor.organisation or None):
        raise NotFound(_("Cette perturbation n’existe pas pour votre organisme."))
    require(actor=actor, action=ACTION, object=row)
    if row.revision != revision:
        raise ChangedMeanwhile(
            _("Un collègue a changé cette perturbation entre-temps : relisez sa version, puis recommencez."),
            revision=row.revision,
        )
    return row


def _content(row: Disruption) -> Content:
    found = last_content(row)
    assert found is not None, row
    return found


def _with(content: Content, **changes: Any) -> Content:
    return content_of(content.as_json() | changes)
