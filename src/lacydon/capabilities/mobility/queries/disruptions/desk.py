"""What the agents of an operator see: all that their organisation wrote, drafts and foreseen ones first."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import NotFound

from ...models import Disruption, Revision
from .views import DisruptionView, view_of

MOST = 60
"""Over ones that are listed; the public history has them all."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Those of one organisation, by what is to be done with them."""

    drafts: tuple[DisruptionView, ...]
    foreseen: tuple[DisruptionView, ...]
    """Published, shown later."""
    shown: tuple[DisruptionView, ...]
    over: tuple[DisruptionView, ...]


def desk(actor: Actor, when: datetime | None = None) -> Desk:
    """All of the actor's organisation."""
    when = when or now()
    rows = Disruption.objects.filter(organisation=actor.organisation or None).exclude(organisation=None)
    found = [view_of(row) for row in rows.prefetch_related("concerned", "said").order_by("-changed_at")[:400]]
    drafts = [each for each in found if each.state == Disruption.State.DRAFT]
    published = [each for each in found if each.state == Disruption.State.PUBLISHED]
    current = [each for each in published if not each.over(when)]
    over = [each for each in found if each not in drafts and each not in current]
    shown = sorted((each for each in current if each.shown(when)), key=lambda each: each.rank(when))
    return Desk(
        drafts=tuple(drafts),
        foreseen=tuple(each for each in current if not each.shown(when)),
        shown=tuple(shown),
        over=tuple(over[:MOST]),
    )


def mine(actor: Actor, id: int) -> DisruptionView:
    """One of the actor's organisation, whatever its state. Raises NotFound."""
    rows = Disruption.objects.filter(pk=id, organisation=actor.organisation or None).exclude(organisation=None)
    row = rows.prefetch_related("concerned", "said").first()
    if row is None:
        raise NotFound(_("Cette perturbation n’existe pas pour votre organisme."))
    return view_of(row)


def changes(id: int) -> list[Revision]:
    """What happened to it, the last first."""
    return list(Revision.objects.filter(disruption=id).order_by("-number")[:30])
