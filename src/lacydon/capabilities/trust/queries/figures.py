"""The figures anybody may read: how many, never who."""

from dataclasses import dataclass

from ..models import Contest, Entry, Person
from .consents import holding
from .contests import case
from .wall import in_house


@dataclass(frozen=True, slots=True)
class Figures:
    """`on_time`: contests answered within the month of art. 12.3, of those `answered`."""

    entries: int
    consents: int
    erased: int
    contests: int
    answered: int
    on_time: int
    late: int


@in_house
def figures() -> Figures:
    cases = [case(row) for row in Contest.objects.all()]
    return Figures(
        entries=Entry.objects.count(),
        consents=holding().count(),
        erased=Person.objects.filter(erased_at__isnull=False).count(),
        contests=len(cases),
        answered=sum(each.answered for each in cases),
        on_time=sum(each.answered and not each.late for each in cases),
        late=sum(each.late and not each.answered for each in cases),
    )
