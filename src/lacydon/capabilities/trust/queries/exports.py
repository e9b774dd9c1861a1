"""The copies of one's data that wait or are ready."""

from lacydon.kernel.clock import now

from ..models import DataExport


def exports_of(person: str) -> list[DataExport]:
    rows = DataExport.objects.filter(person_id=person, kept_until__gt=now())
    return list(rows.defer("sealed").order_by("-asked_at"))
