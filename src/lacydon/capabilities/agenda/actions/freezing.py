"""A vote freezes the agenda: what stood at that moment is named, with its hash, and can be proven later."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import record
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.events import publish
from lacydon.kernel.snapshots import hold

from ..errors import AlreadyFrozen
from ..events import AgendaFrozen
from ..models import Frozen
from ..queries.chart import SNAPSHOT, chart
from ..queries.nouns import Agenda, LegalAct


def freeze(*, agenda: str, act: str, actor: Actor, at: datetime | None = None) -> Frozen:
    """Name the agenda as it stands (or stood at `at`, now at the latest) the version that this act voted.

    Raises UnknownObject for an agenda or an act that was not there, AlreadyFrozen when this act froze it already.
    """
    with transaction.atomic():
        # What others are writing is seen here, or dated after: nothing joins the moment once it is frozen.
        hold(SNAPSHOT)
        moment = min(at, now()) if at else now()
        stood = chart(moment)
        stood.one(Agenda, agenda)
        stood.one(LegalAct, act)
        before = Frozen.objects.filter(agenda=agenda)
        if before.filter(act=act).exists():
            raise AlreadyFrozen(_("Cet acte a déjà figé une version de l’agenda."))
        made = Frozen.objects.create(
            agenda=agenda, number=before.count() + 1, at=moment, act=act, content=stood.content, frozen_at=now()
        )
        record(actor=actor, action="agenda.freeze", purpose="agenda", object=f"agenda:{agenda}", basis=made.content)
        publish(AgendaFrozen(agenda=agenda, number=made.number, content=made.content))
    return made
