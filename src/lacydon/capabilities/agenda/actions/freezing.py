"""A vote freezes the agenda: what stood at that moment is named, with its hash, and can be proven later."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import record
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.events import publish

from ..errors import AlreadyFrozen
from ..events import AgendaFrozen
from ..models import Frozen
from ..queries.chart import chart
from ..queries.nouns import Agenda, LegalAct


def freeze(*, agenda: str, act: str, actor: Actor, at: datetime | None = None) -> Frozen:
    """Name the agenda as it stands (or stood at `at`) the version that this act voted.

    Raises UnknownObject for an agenda or an act that was not there, AlreadyFrozen when this act froze it already.
    """
    moment = at or now()
    stood = chart(moment)
    stood.one(Agenda, agenda)
    stood.one(LegalAct, act)
    try:
        with transaction.atomic():
            number = Frozen.objects.filter(agenda=agenda).count() + 1
            made = Frozen.objects.create(
                agenda=agenda, number=number, at=moment, act=act, content=stood.content, frozen_at=now()
            )
            record(actor=actor, action="agenda.freeze", purpose="agenda", object=f"agenda:{agenda}", basis=made.content)
            publish(AgendaFrozen(agenda=agenda, number=number, content=made.content))
    except IntegrityError as error:
        raise AlreadyFrozen(_("Cet acte a déjà figé une version de l’agenda.")) from error
    return made
