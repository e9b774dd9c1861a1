"""What the agenda offers to the whole house."""

from lacydon.kernel import plugs
from lacydon.kernel.personal import PersonalData

from .loader import AgendaReader
from .models import Frozen, State
from .queries.words import ACTIONS, PURPOSES

plugs.folder_readers.plug("agenda")(AgendaReader)
NOT_PERSONAL = {
    f"agenda.{model.__name__}.{field.name}": "a public strategy, or an agent's act of their office upon it"
    for model in (State, Frozen)
    for field in model._meta.concrete_fields
}


@plugs.personal_data.plug("agenda")
def personal_data() -> PersonalData:
    return PersonalData(not_personal=NOT_PERSONAL, purposes=PURPOSES, actions=ACTIONS)
