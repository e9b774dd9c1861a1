"""What an agent keeps at the desk: queues under a name, answers ready to be sent."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, NotFound

from ..models import CannedAnswer, SavedView
from ..queries import canned, filters
from .messages import written
from .moving import PURPOSE

MOST = 30
"""Views one agent keeps; views an organisation shares; answers it has ready, five times as many."""


@transaction.atomic
def save_view(*, actor: Actor, name: str, query: str, shared: bool = False) -> SavedView:
    """Keep the filters of an address under a name, for oneself or for the whole organisation; again replaces it."""
    said = _line(name, field="name", longest=60)
    trust.require(actor=actor, action="desk.manage" if shared else "desk.see")
    owner = None if shared else UUID(actor.person)
    held = SavedView.objects.filter(organisation_id=actor.organisation, owner_id=owner)
    if held.count() >= MOST and not held.filter(name=said).exists():
        raise BadInput(_("Trente vues au plus : supprimez-en une."), field="name")
    view, _new = SavedView.objects.update_or_create(
        organisation_id=actor.organisation,
        owner_id=owner,
        name=said,
        defaults={"filters": str(filters.read(query))[:400], "made_at": now()},
    )
    return view


@transaction.atomic
def remove_view(*, actor: Actor, view: int) -> None:
    """One's own, or a shared one for who manages the desk. Raises NotFound."""
    row = SavedView.objects.filter(pk=view, organisation_id=actor.organisation or None).first()
    if row is None or (row.owner_id and str(row.owner_id) != actor.person):
        raise NotFound(_("Cette vue n’existe plus."))
    trust.require(actor=actor, action="desk.see" if row.owner_id else "desk.manage")
    row.delete()


def save_answer(*, actor: Actor, title: str, text: str, answer: int | None = None) -> CannedAnswer:
    """Write an answer the organisation has ready. Raises BadInput for a place to fill that does not exist."""
    name, said = _line(title, field="title", longest=80), written(text, field="text")
    wrong = canned.unknown_places(said)
    if wrong:
        raise BadInput(
            _("« %(wrong)s » n’est pas un champ connu. Champs possibles : %(known)s.")
            % {"wrong": wrong[0], "known": ", ".join(f"{{{each}}}" for each in canned.PLACES)},
            field="text",
        )
    with trust.acting(actor=actor, action="desk.manage", named="canned-answer", purpose=PURPOSE, subject=""):
        rows = CannedAnswer.objects.filter(organisation_id=actor.organisation)
        if any(each.pk != answer for each in rows.filter(title=name)):
            raise BadInput(_("Une autre réponse porte ce titre."), field="title")
        if answer is None and rows.count() >= 5 * MOST:
            raise BadInput(_("Trop de réponses : supprimez-en une."), field="title")
        new = CannedAnswer(organisation_id=actor.organisation)
        row = new if answer is None else rows.filter(pk=answer).first()
        if row is None:
            raise NotFound(_("Cette réponse n’existe plus."))
        row.title, row.text, row.changed_at, row.changed_by_id = name, said, now(), actor.person
        row.save()
        return row


def remove_answer(*, actor: Actor, answer: int) -> None:
    """Raises NotFound."""
    with trust.acting(actor=actor, action="desk.manage", named="canned-answer", purpose=PURPOSE, subject=""):
        gone, _each = CannedAnswer.objects.filter(pk=answer, organisation_id=actor.organisation).delete()
        if not gone:
            raise NotFound(_("Cette réponse n’existe plus."))


def _line(text: str, *, field: str, longest: int) -> str:
    return written(text, field=field, longest=longest).replace("\n", " ")
