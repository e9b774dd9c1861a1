"""What the agenda offers to the whole house."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lacydon.kernel import plugs
from lacydon.kernel.access import Permission, Role
from lacydon.kernel.cards import Desk
from lacydon.kernel.personal import PersonalData

from .loader import AgendaReader
from .loader.kits import KitsReader
from .models import Applied, Frozen, KitVersion, State
from .queries.roles import REPLICATING, REPLICATOR, STEWARD, STEWARDING, WRITER, WRITING
from .queries.words import ACTIONS, PURPOSES

plugs.folder_readers.plug("agenda")(AgendaReader)
# -- kits
plugs.folder_readers.plug("agenda.kits")(KitsReader)


@plugs.roles.plug("agenda")
def roles() -> Iterable[Role]:
    yield Role(WRITER, _("Porteur de projet"), _("Écrit les actions de l’agenda que son organisme conduit."))
    yield Role(STEWARD, _("Responsable de l’agenda"), _("Écrit tout l’agenda, le fige à chaque vote et le pilote."))
    # -- kits
    yield Role(REPLICATOR, _("Réplication"), _("Exporte et adopte des kits pour sa commune."))


@plugs.permissions.plug("agenda")
def permissions() -> Iterable[Permission]:
    yield Permission("agenda.write", roles=WRITING, strong=True)
    yield Permission("agenda.steer", roles=STEWARDING, strong=True)
    # -- kits
    yield Permission("kit.adopt", roles=REPLICATING, strong=True)
    yield Permission("kit.export", roles=REPLICATING, strong=True)


NOT_PERSONAL = {
    f"agenda.{model.__name__}.{field.name}": "a public strategy, or an agent's act of their office upon it"
    for model in (State, Frozen, KitVersion, Applied)
    for field in model._meta.concrete_fields
}


@plugs.personal_data.plug("agenda")
def personal_data() -> PersonalData:
    return PersonalData(not_personal=NOT_PERSONAL, purposes=PURPOSES, actions=ACTIONS)


# -- kits


@plugs.desks.plug("agenda.kits")
def kits_desk() -> Iterable[Desk]:
    yield Desk("kits", _("Kits"), reverse("agenda-kits-desk"), REPLICATING)
