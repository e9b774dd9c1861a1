"""What transport offers to the whole house."""

from lacydon.kernel import plugs
from lacydon.kernel.personal import PersonalData

from .models import Feed, FeedVersion, Grouping, TimetableVersion

NOT_PERSONAL = {
    f"mobility.{model.__name__}.{field.name}": "a timetable of an operator, or an agent's act of their office upon it"
    for model in (Feed, FeedVersion, Grouping, TimetableVersion)
    for field in model._meta.concrete_fields
}


@plugs.personal_data.plug("mobility")
def personal_data() -> PersonalData:
    return PersonalData(not_personal=NOT_PERSONAL)
