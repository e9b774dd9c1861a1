"""What requests offer to the whole house."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lacydon.kernel import metrics, plugs
from lacydon.kernel.access import Permission, Role
from lacydon.kernel.cards import Desk, Indicator
from lacydon.kernel.events import listen
from lacydon.kernel.personal import PersonalData
from lacydon.kernel.rotation import WrappedColumn

from .actions import retention
from .actions.delivery import RELAYED
from .events import AppointmentChanged, BulkAsked, DeliveryQueued, RequestMoved
from .jobs import appointments, deadlines, delivery, desk, figures, payments, telling  # noqa: F401
from .loader.appointments import AppointmentsReader
from .loader.deliveries import DeliveriesReader
from .loader.forms import FormsReader
from .models import Appointment, Attachment, Draft, Request, RouteSecret
from .queries import appointments as coming
from .queries import cards, mine, personal, routes
from .queries import delivery as handed_over
from .queries.activities import ACTIVITIES, NOT_PERSONAL
from .queries.indicators import of_requests
from .queries.roles import AGENT, EDITOR, HANDLING, MANAGER, READER, SEEING
from .queries.sealed import wrapped_place
from .queries.words import ACTIONS, PURPOSES


@plugs.roles.plug("requests")
def roles() -> Iterable[Role]:
    yield Role(AGENT, _("Traitement des demandes"), _("Ouvre, instruit et décide les demandes de son organisme."))
    yield Role(READER, _("Lecture des demandes"), _("Lit les demandes de son organisme sans les modifier."))
    yield Role(
        MANAGER, _("Responsable des demandes"), _("Répartit les demandes, règle les files et les transmissions.")
    )
    yield Role(EDITOR, _("Rédaction des formulaires"), _("Écrit et publie les formulaires."))


@plugs.permissions.plug("requests")
def permissions() -> Iterable[Permission]:
    yield Permission("request.open", own=True, delegable="write")
    yield Permission("request.see", own=True, delegable="read", roles=SEEING, strong=False)
    yield Permission("request.write", own=True, delegable="write")
    yield Permission("request.handle", roles=HANDLING, strong=True)
    # -- filling
    # -- life
    yield Permission("request.decide", roles=HANDLING, strong=True)
    yield Permission("notifications.change", own=True)
    # -- desk
    yield Permission("desk.see", roles=SEEING, strong=True)
    yield Permission("desk.manage", roles=frozenset({MANAGER}), strong=True)
    yield Permission("request.assign", roles=HANDLING, strong=True)
    yield Permission("request.merge", roles=HANDLING, strong=True)
    yield Permission("request.transfer", roles=HANDLING, strong=True)
    yield Permission("request.export", roles=HANDLING, strong=True)
    # -- reports
    yield Permission("report.follow", anyone=True)
    # -- delivery
    yield Permission("delivery.see", roles=frozenset({MANAGER}), strong=True)
    yield Permission("delivery.replay", roles=frozenset({MANAGER}), strong=True)
    # -- appointments and payments
    yield Permission("appointment.see", own=True, delegable="read")
    yield Permission("appointment.handle", roles=HANDLING, strong=True)
    yield Permission("payment.see", own=True, delegable="read")
    yield Permission("payment.handle", roles=HANDLING, strong=True)
    # -- forms
    yield Permission("form.edit", roles=frozenset({EDITOR}), strong=True)


plugs.folder_readers.plug("requests")(FormsReader)


@listen(RequestMoved)
def tell_who_follows(event: RequestMoved) -> None:
    """A request that others were joined to may just have been closed."""
    if event.kind in ("opened", "followed"):
        return
    if Request.objects.filter(merged_into__id=event.request, merged_into__state="closed").exists():
        desk.tell_followers.enqueue(main=event.request)


@listen(BulkAsked)
def carry_on_bulk(event: BulkAsked) -> None:
    desk.carry_on_bulk.enqueue(bulk=event.bulk)


@plugs.desks.plug("requests")
def desks() -> Iterable[Desk]:
    # -- desk
    yield Desk("queue", _("Demandes"), reverse("desk-queue"), SEEING)
    # -- delivery
    yield Desk("deliveries", _("Transmissions"), reverse("deliveries"), frozenset({MANAGER}))
    yield Desk("board", _("Tableau de bord"), reverse("desk-board"), SEEING)
    # -- appointments and payments
    yield Desk("appointments", _("Rendez-vous"), reverse("agent-appointments"), HANDLING)
    yield Desk("payments", _("Paiements"), reverse("agent-payments"), HANDLING)
    # -- forms
    yield Desk("forms", _("Formulaires"), reverse("forms"), frozenset({EDITOR}))


@plugs.wrapped_keys.plug("requests.requests")
def request_keys() -> WrappedColumn:
    return WrappedColumn(model=Request, field="wrapped", place=wrapped_place)


@plugs.wrapped_keys.plug("requests.drafts")
def draft_keys() -> WrappedColumn:
    return WrappedColumn(model=Draft, field="wrapped", place=wrapped_place)


@plugs.wrapped_keys.plug("requests.routes")
def route_keys() -> WrappedColumn:
    return WrappedColumn(model=RouteSecret, field="wrapped", place=routes.wrapped_place)


@plugs.wrapped_keys.plug("requests.attachments")
def attachment_keys() -> WrappedColumn:
    return WrappedColumn(model=Attachment, field="wrapped", place=wrapped_place)


@plugs.wrapped_keys.plug("requests.appointments")
def appointment_keys() -> WrappedColumn:
    return WrappedColumn(model=Appointment, field="wrapped", place=wrapped_place)


plugs.tracked_items.plug("requests")(mine.tracked)
plugs.tracked_items.plug("requests.appointments")(coming.tracked)


@listen(RequestMoved)
def tell_the_resident(event: RequestMoved) -> None:
    if not event.told:
        telling.tell.enqueue(request=event.request)


_PERSONAL = PersonalData(
    activities=ACTIVITIES,
    not_personal=NOT_PERSONAL,
    purposes=PURPOSES,
    actions=ACTIONS,
    export=personal.export,
    kept=personal.kept,
    erase=retention.erase,
    purge=retention.purge,
)


@plugs.personal_data.plug("requests")
def personal_data() -> PersonalData:
    return _PERSONAL


@plugs.indicators.plug("requests")
def indicators() -> Iterable[Indicator]:
    return of_requests()


plugs.folder_readers.plug("requests.deliveries")(DeliveriesReader)


metrics.asked_at_each_reading.append(handed_over.figures)


@listen(RequestMoved)
def relay_soon(event: RequestMoved) -> None:
    """What a resident did is told to the system that has their request."""
    if event.kind in RELAYED:
        delivery.relay_now(event.request)


@listen(DeliveryQueued)
def hand_over_soon(event: DeliveryQueued) -> None:
    """Once it is committed; whatever is missed here, a worker's next beat finds."""
    delivery.deliver_now(event.delivery)


plugs.service_cards.plug("requests")(cards.card)
plugs.service_cards.plug("requests.appointments")(cards.appointment)
plugs.folder_readers.plug("requests.appointments")(AppointmentsReader)


@listen(AppointmentChanged)
def tell_who_comes(event: AppointmentChanged) -> None:
    """Once it is committed; whatever is missed here, a worker's next beat finds."""
    appointments.tell.enqueue(appointment=event.appointment)
