"""What disturbed before: kept, found again by words, line, commune and day."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from lacydon.kernel.clock import LOCAL, now
from lacydon.kernel.search.words import cut

from ...models import Concerned, Disruption
from .views import DisruptionView, view_of


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the past, the latest first."""

    disruptions: tuple[DisruptionView, ...]
    count: int


def folded(*texts: str) -> str:
    """Texts as they are searched: words without accents nor capitals."""
    return " ".join(word.folded for text in texts for word in cut(text))


def past(
    *, q: str = "", route: str = "", place: str = "", citycode: str = "", day: date | None = None, limit: int = 20,
    offset: int = 0, when: datetime | None = None,
) -> Found:  # fmt: skip
    """Those that are over or withdrawn; all the words of `q` are in them; `day`: they disturbed on that day."""
    when = when or now()
    rows: QuerySet[Disruption] = Disruption.objects.filter(published_at__isnull=False).exclude(
        state=Disruption.State.DRAFT
    )
    rows = rows.filter(Q(ends_at__lte=when) | Q(state=Disruption.State.WITHDRAWN))
    rows = rows.filter(Q(shown_from=None) | Q(shown_from__lte=when))
    for word in folded(q[:200]).split()[:8]:
        rows = rows.filter(words__contains=word)
    for kind, ref in (
        (Concerned.Kind.ROUTE, route),
        (Concerned.Kind.PLACE, place),
        (Concerned.Kind.COMMUNE, citycode),
    ):
        if ref:
            rows = rows.filter(pk__in=Concerned.objects.filter(kind=kind, ref=ref).values("disruption"))
    if day is not None:
        morning = datetime.combine(day, time(), LOCAL)
        rows = rows.filter(Q(begins_at=None) | Q(begins_at__lt=morning + timedelta(days=1)))
        rows = rows.filter(Q(ends_at=None) | Q(ends_at__gte=morning))
    ordered = rows.order_by("-ends_at", "-pk").prefetch_related("concerned", "said")
    return Found(tuple(view_of(row) for row in ordered[offset : offset + limit]), rows.count())
