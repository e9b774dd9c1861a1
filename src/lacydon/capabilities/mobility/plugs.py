"""What transport offers to the whole house."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lacydon.kernel import plugs
from lacydon.kernel.access import Permission
from lacydon.kernel.cards import Desk
from lacydon.kernel.events import listen
from lacydon.kernel.personal import PersonalData

from .actions.live import turns
from .events import TimetableChanged
from .jobs import disruptions as hearing  # noqa: F401
from .jobs import live  # noqa: F401 (what a worker does beside its jobs)
from .loader.sources import SourcesReader
from .models import Feed, FeedVersion, Grouping, LiveHour, LiveSource, LiveTurn, LiveWords, LookedAt, TimetableVersion
from .queries.alerts.personal import DISRUPTIONS
from .queries.roles import WRITING

NOT_PERSONAL = (
    {
        f"mobility.{model.__name__}.{field.name}": "a timetable of an operator, or an agent's act upon it"
        for model in (Feed, FeedVersion, Grouping, TimetableVersion)
        for field in model._meta.concrete_fields
    }
    | {
        f"mobility.{model.__name__}.{field.name}": "what a machine says of vehicles and stops, and how well it answers"
        for model in (LiveHour, LiveSource, LiveTurn, LiveWords)
        for field in model._meta.concrete_fields
    }
    | {
        f"mobility.LookedAt.{field.name}": "a stop or a line and a moment: who looks at it is written nowhere"
        for field in LookedAt._meta.concrete_fields
    }
)


@plugs.personal_data.plug("mobility")
def personal_data() -> PersonalData:
    return PersonalData(not_personal=NOT_PERSONAL)


# -- real time


@plugs.folder_readers.plug("mobility.live")
def live_sources() -> SourcesReader:
    return SourcesReader()


@listen(TimetableChanged)
def ask_again(event: TimetableChanged) -> None:  # noqa: ARG001
    """What sources said was matched with the timetable before: each is asked again at once."""
    turns.hurry()


# -- disruptions


@plugs.permissions.plug("mobility.disruptions")
def disruption_permissions() -> Iterable[Permission]:
    yield Permission("disruption.write", roles=WRITING, strong=True)


@plugs.personal_data.plug("mobility.disruptions")
def disruption_data() -> PersonalData:
    return DISRUPTIONS


@plugs.desks.plug("mobility.disruptions")
def disruption_desk() -> Iterable[Desk]:
    yield Desk("disruptions", _("Perturbations"), reverse("disruptions-desk"), WRITING)
