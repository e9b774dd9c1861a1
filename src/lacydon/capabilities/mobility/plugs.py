"""What transport offers to the whole house."""

from collections.abc import Iterable

from lacydon.kernel import plugs
from lacydon.kernel.access import Permission
from lacydon.kernel.personal import PersonalData

from .models import Concerned, Disruption, Feed, FeedVersion, Grouping, Revision, Said, TimetableVersion
from .queries.roles import WRITING

NOT_PERSONAL = {
    f"mobility.{model.__name__}.{field.name}": "a timetable of an operator, or an agent's act of their office upon it"
    for model in (Feed, FeedVersion, Grouping, TimetableVersion, Disruption, Concerned, Said, Revision)
    for field in model._meta.concrete_fields
}


@plugs.permissions.plug("mobility.disruptions")
def disruption_permissions() -> Iterable[Permission]:
    yield Permission("disruption.write", roles=WRITING, strong=True)


@plugs.personal_data.plug("mobility")
def personal_data() -> PersonalData:
    return PersonalData(not_personal=NOT_PERSONAL)
