"""What requests offer to the whole house."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lacydon.kernel import plugs
from lacydon.kernel.access import Permission, Role
from lacydon.kernel.personal import PersonalData
from lacydon.kernel.rotation import WrappedColumn

from .actions import retention
from .loader import FormsReader
from .models import Attachment, Draft, Request
from .queries import cards, personal
from .queries.activities import ACTIVITIES, NOT_PERSONAL
from .queries.sealed import wrapped_place
from .queries.words import ACTIONS, PURPOSES

AGENT, READER, MANAGER, EDITOR = "requests.agent", "requests.reader", "requests.manager", "requests.editor"
HANDLING = frozenset({AGENT, MANAGER})
SEEING = frozenset({AGENT, MANAGER, READER})


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
    # -- desk
    # -- reports
    yield Permission("report.follow", anyone=True)
    # -- delivery
    # -- appointments and payments
    # -- forms
    yield Permission("form.edit", roles=frozenset({EDITOR}), strong=True)


plugs.folder_readers.plug("requests")(FormsReader)


@plugs.wrapped_keys.plug("requests.requests")
def request_keys() -> WrappedColumn:
    return WrappedColumn(model=Request, field="wrapped", place=wrapped_place)


@plugs.wrapped_keys.plug("requests.drafts")
def draft_keys() -> WrappedColumn:
    return WrappedColumn(model=Draft, field="wrapped", place=wrapped_place)


@plugs.wrapped_keys.plug("requests.attachments")
def attachment_keys() -> WrappedColumn:
    return WrappedColumn(model=Attachment, field="wrapped", place=wrapped_place)


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


# -- filling
plugs.service_cards.plug("requests")(cards.card)
