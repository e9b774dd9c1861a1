"""What a person decides of quays: they are one stop, or they are not; and takes back."""

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput
from lacydon.kernel.events import publish

from ..errors import UnknownStop
from ..events import QuaysDecided
from ..models import Grouping
from ..queries.groupings import pair_of
from ..queries.timetable import timetable
from ..queries.words import TRANSPORT
from .feeds import MANAGE


def decide(*, actor: Actor, stop: str, other: str, together: bool) -> Grouping:
    """Two quays (ids with their prefix) are one stop, or two. Seen once a job has merged the timetables again.

    Raises UnknownStop, BadInput.
    """
    trust.require(actor=actor, action=MANAGE)
    known = timetable().stop_of_id
    if stop not in known or other not in known:
        raise UnknownStop(_("Cet arrêt n’est plus dans les horaires."))
    if stop == other:
        raise BadInput(_("Choisissez deux quais différents."))
    one, two = pair_of(stop, other)
    kind = Grouping.Kind.TOGETHER if together else Grouping.Kind.APART
    with transaction.atomic():
        row, _made = Grouping.objects.update_or_create(
            stop=one,
            other=two,
            defaults={"kind": kind, "decided_at": now(), "decided_by": actor.person or None},
        )
        action = "stops.together" if together else "stops.apart"
        trust.record(actor=actor, action=action, purpose=TRANSPORT, object=_named(one, two), subject="")
        publish(QuaysDecided())
    return row


def take_back(*, actor: Actor, stop: str, other: str) -> None:
    """The rule alone decides again of these two quays."""
    trust.require(actor=actor, action=MANAGE)
    one, two = pair_of(stop, other)
    with transaction.atomic():
        Grouping.objects.filter(stop=one, other=two).delete()
        trust.record(actor=actor, action="stops.undecide", purpose=TRANSPORT, object=_named(one, two), subject="")
        publish(QuaysDecided())


def _named(one: str, two: str) -> str:
    return f"stops:{one}|{two}"[:200]
