"""Reports of problems in public space, as everybody may see them."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.clock import now
from lacydon.kernel.forms import Form

from ..models import Report, RequestKind, RequestState
from ..models.requests import Outcome
from .forms import published_forms
from .published import Held, held

SHOWN_AFTER_CLOSING = timedelta(days=60)
"""How long a solved report stays on the map."""
PUBLIC_STEPS: Mapping[str, Any] = {
    "opened": _("Signalé"),
    "sent": _("Transmis à l’autorité compétente"),
    "taken": _("Pris en charge"),
    "transferred": _("Confié à une autre autorité"),
    "closed": _("Clos"),
    "decided": _("Clos"),
    "reopened": _("Rouvert"),
}
"""Kinds of steps that tell nothing of anybody."""
NEARBY_METRES = 60.0
METRES_A_DEGREE = 111_320.0


def public_reports(*, since: datetime | None = None) -> QuerySet[Report]:
    """Those on the map: not hidden, not a duplicate, open or closed lately (`since`: closed after that moment)."""
    trust.bring_public()
    limit = since or now() - SHOWN_AFTER_CLOSING
    shown = Q(request__closed_at=None) | Q(request__closed_at__gte=limit)
    rows = Report.objects.filter(shown, hidden_at=None, request__lon__isnull=False, request__kind=RequestKind.REPORT)
    rows = rows.exclude(request__outcome__in=(Outcome.DUPLICATE, Outcome.WITHDRAWN))
    return rows.select_related("request", "request__form", "request__organisation").order_by(
        "-request__opened_at", "-pk"
    )


def report_by_number(number: str) -> Report | None:
    """One that everybody may see; None when there is none, or it was hidden."""
    trust.bring_public()
    rows = Report.objects.filter(request__number=number, hidden_at=None)
    return rows.select_related("request", "request__form", "request__organisation").first()


def nearby(
    *, lon: float, lat: float, categories: Sequence[str], metres: float = NEARBY_METRES, limit: int = 5
) -> list[tuple[Report, float]]:
    """Open reports of these kinds around a point (WGS 84, degrees), with their distance in metres, nearest first."""
    north = metres / METRES_A_DEGREE
    east = north / max(math.cos(math.radians(lat)), 0.01)
    rows = public_reports().filter(
        category__in=categories,
        request__lat__range=(lat - north, lat + north),
        request__lon__range=(lon - east, lon + east),
    )
    found = [(row, distance(lon, lat, row.request.lon or 0, row.request.lat or 0)) for row in rows.exclude(
        request__state=RequestState.CLOSED)[:200]]  # fmt: skip
    return sorted([each for each in found if each[1] <= metres], key=lambda each: each[1])[:limit]


def distance(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Metres between two points (WGS 84, degrees) a few kilometres apart at most."""
    east = (other_lon - lon) * math.cos(math.radians((lat + other_lat) / 2))
    return math.hypot(east, other_lat - lat) * METRES_A_DEGREE


def public_side(form: Form, answers: Mapping[str, Any]) -> tuple[list[list[str]], str, str]:
    """What of a report's answers may be public: (answers to choices, what was written, the place in words).

    Only choices, the description and the place: no name, address of somebody, e-mail, phone or file.
    """
    facts: list[list[str]] = []
    words, place = [], ""
    for field in form.fields():
        answer = answers.get(field.id)
        if answer in (None, "", []):
            continue
        if field.type == "choice":
            facts.append([field.id, str(answer)])
        elif field.type == "choices":
            facts += [[field.id, str(each)] for each in answer]
        elif field.type == "yesno":
            facts.append([field.id, "yes" if answer else "no"])
        elif field.type == "longtext":
            words.append(str(answer))
        elif field.type in ("place", "address") and isinstance(answer, Mapping):
            place = place or str(answer.get("label") or "")
    return facts, "\n\n".join(words), place


def report_forms() -> list[Held]:
    """The published forms of kind « report », in the order of their ids: the categories of the map and of Open311."""
    return [each for each in published_forms().values() if each.form.kind == "report"]


def form_of(report: Report) -> Form:
    """What a report was made with."""
    return held(report.request.form).form


def public_steps(report: Report) -> list[tuple[datetime, str]]:
    """What everybody may know of what became of it: (when, in words)."""
    found = []
    for step in report.request.steps.filter(public=True).order_by("position"):
        words = PUBLIC_STEPS.get(step.kind)
        if words is not None:
            found.append((step.at, str(words)))
    return found
