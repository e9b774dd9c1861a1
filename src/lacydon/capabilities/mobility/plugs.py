"""What transport offers to the whole house."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lacydon.capabilities.data.public import VersionPublished
from lacydon.kernel import plugs
from lacydon.kernel.access import Permission, Role
from lacydon.kernel.cards import Desk, Indicator
from lacydon.kernel.events import listen
from lacydon.kernel.personal import PersonalData
from lacydon.kernel.rotation import WrappedColumn

from .actions import alerts
from .actions.disruptions.datasets import DATASETS
from .actions.live import turns
from .events import AccessAsked, DisruptionChanged, FeedAsked, QuaysDecided, TimetableChanged
from .jobs import alerts as telling
from .jobs import archive as recording  # noqa: F401
from .jobs import disruptions as hearing
from .jobs import (
    feeds,
    live,  # noqa: F401 (what a worker does beside its jobs)
)
from .jobs.access import work_out_access
from .loader import FeedsReader
from .loader.sources import SourcesReader
from .models import (
    AlertSubscription,
    Feed,
    FeedVersion,
    Grouping,
    LiveHour,
    LiveSource,
    LiveTurn,
    LiveWords,
    LookedAt,
    TimetableVersion,
)
from .queries import cards
from .queries.alerts import personal
from .queries.alerts.subscriptions import wrapped_place
from .queries.found import documents
from .queries.planning.held import prepare
from .queries.planning.indicator import of_access
from .queries.punctuality.indicators import of_punctuality
from .queries.roles import OPERATOR, STEWARD, STEWARDING, WRITING
from .queries.words import ACTIONS, PURPOSES

# -- timetables

plugs.folder_readers.plug("mobility")(FeedsReader)
plugs.search_documents.plug("transport")(documents)


@plugs.roles.plug("mobility")
def roles() -> Iterable[Role]:
    yield Role(OPERATOR, _("Exploitation des transports"), _("Écrit les perturbations de son réseau."))
    yield Role(STEWARD, _("Responsable des horaires"), _("Met en service les horaires et réunit les quais en arrêts."))


@plugs.permissions.plug("mobility")
def permissions() -> Iterable[Permission]:
    yield Permission("timetable.manage", roles=STEWARDING, strong=True)


@listen(FeedAsked)
def fetch_feed(event: FeedAsked) -> None:
    feeds.fetch.enqueue(feed=event.feed)


@listen(QuaysDecided)
def merge_again(_event: QuaysDecided) -> None:
    feeds.remerge.enqueue()


@plugs.desks.plug("mobility")
def desks() -> Iterable[Desk]:
    yield Desk("mobility-feeds", _("Horaires des transports"), reverse("mobility-feeds"), STEWARDING)
    yield Desk("mobility-sources-desk", _("Sources du temps réel"), reverse("mobility-sources-desk"), STEWARDING)
    yield Desk("mobility-grouping", _("Quais et arrêts"), reverse("mobility-grouping"), STEWARDING)


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
    return PersonalData(not_personal=NOT_PERSONAL, purposes=PURPOSES, actions=ACTIONS)


plugs.service_cards.plug("mobility")(cards.card)

# -- real time


@plugs.folder_readers.plug("mobility.live")
def live_sources() -> SourcesReader:
    return SourcesReader()


@listen(TimetableChanged)
def ask_again(event: TimetableChanged) -> None:  # noqa: ARG001
    """What sources said was matched with the timetable before: each is asked again at once."""
    turns.hurry()


# -- disruptions

_ALERTS = PersonalData(
    activities=personal.ACTIVITIES,
    not_personal=personal.NOT_PERSONAL,
    purposes=personal.PURPOSES,
    actions=personal.ACTIONS,
    export=personal.export,
    erase=alerts.erase,
    purge=alerts.purge,
)


@listen(DisruptionChanged)
def tell_who_asked(event: DisruptionChanged) -> None:
    """Once it is committed; whatever is missed here, the next beat of a worker finds."""
    telling.tell.enqueue(disruption=event.id)


@listen(VersionPublished)
def hear_what_datasets_say(event: VersionPublished) -> None:
    if event.dataset in DATASETS:
        hearing.hear_dataset.enqueue(dataset=event.dataset)


@plugs.wrapped_keys.plug("mobility.alerts")
def alert_keys() -> WrappedColumn:
    return WrappedColumn(model=AlertSubscription, field="wrapped", place=wrapped_place)


@plugs.permissions.plug("mobility.disruptions")
def disruption_permissions() -> Iterable[Permission]:
    yield Permission("disruption.write", roles=WRITING, strong=True)


@plugs.personal_data.plug("mobility.disruptions")
def disruption_data() -> PersonalData:
    return _ALERTS


@plugs.desks.plug("mobility.disruptions")
def disruption_desk() -> Iterable[Desk]:
    yield Desk("disruptions", _("Perturbations"), reverse("disruptions-desk"), WRITING)


@plugs.indicators.plug("mobility.punctuality")
def punctuality_indicators() -> Iterable[Indicator]:
    yield from of_punctuality()


# -- journeys

plugs.preparations.plug("mobility")(prepare)


@plugs.indicators.plug("mobility.access")
def access_indicators() -> Iterable[Indicator]:
    return of_access()


@listen(TimetableChanged)
def access_follows(event: TimetableChanged) -> None:
    """The map of what one reaches in thirty minutes follows the timetable."""
    work_out_access.enqueue(content=event.content, kind="semaine", hour=8)


@listen(AccessAsked)
def access_asked(event: AccessAsked) -> None:
    work_out_access.enqueue(content=event.content, kind=event.kind, hour=event.hour)
