"""How catalogues that are harvested are doing: for agents, and for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.kernel.clock import now

from ..models import Dataset, Distribution, Harvest, Harvested, Source, Status
from ..ports import catalogues

LEASE: Final = timedelta(minutes=5)
"""A visit that gave no sign of life for so long is over: its worker died. Longer than any one question to a catalogue,
its tries included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """One source: what it is, when it last went well, what it gave, what is wrong now."""

    id: str
    title: str
    kind: str
    kind_title: str
    url: str
    organisation: str
    every_hours: int
    active: bool
    with_rows: bool
    datasets: int
    faulty: int
    waiting: int
    """Withdrawals that wait for an agent."""
    last_good: datetime | None
    last: Harvest | None
    under_way: bool
    next_at: datetime | None
    failures: int

    @property
    def state(self) -> str:
        """stopped, new, late, failing or good."""
        if not self.active:
            return "stopped"
        if self.failures:
            return "failing"
        if self.last_good is None:
            return "new"
        return "late" if now() - self.last_good > 3 * timedelta(hours=self.every_hours) else "good"


def sources(*, organisation: str = "", active: bool = False) -> list[SourceHealth]:
    """Every source by title: those of an organisation, or those that are active."""
    rows = Source.objects.order_by("title", "id")
    if organisation:
        rows = rows.filter(organisation_id=organisation)
    if active:
        rows = rows.filter(active=True)
    return _healths(list(rows))


def source_health(row: Source) -> SourceHealth:
    """One of them."""
    return _healths([row])[0]


def harvests_of(source: str, *, most: int = 30) -> list[Harvest]:
    """Its last visits, the latest first."""
    return list(Harvest.objects.filter(source_id=source)[:most])


def faults_of(source: str, *, most: int = 200) -> list[Harvested]:
    """Records that could not be taken as they are, with what to mend."""
    rows = Harvested.objects.filter(source_id=source).exclude(fault="").select_related("dataset")
    return list(rows.order_by("identifier")[:most])


def is_under_way(visit: Harvest) -> bool:
    """Whether a visit goes on, and whoever is at it is alive."""
    return visit.ended_at is None and visit.beat_at > now() - LEASE


def nameless_faults_of(source: str) -> list[dict[str, str]]:
    """What the last visit met that belongs to no record: lines without identifier."""
    last = Harvest.objects.filter(source_id=source).exclude(ended_at=None).first()
    return [each for each in last.faults if not each.get("id")] if last else []


def waiting_of(source: str, *, most: int = 200) -> list[Harvested]:
    """Records that are gone, whose withdrawal waits for an agent."""
    rows = Harvested.objects.filter(source_id=source, waits=True, dataset__status=Status.PUBLISHED)
    return list(rows.select_related("dataset").order_by("identifier")[:most])


COPIED: Final = ("PARQUET", "CSV", "GEOJSON", "TSV", "XLSX", "GPKG", "NDJSON", "JSON")
"""Formats of the tables that are copied, the surest first."""
COPIED_AGAIN: Final = timedelta(days=7)


def table_to_copy(row: Dataset) -> Distribution | None:
    """The file of a harvested dataset that is copied: the first of the surest format."""
    files = [each for each in row.distributions.all() if each.download_url and each.format in COPIED]
    return min(files, key=lambda each: COPIED.index(each.format), default=None)


def is_to_copy(row: Dataset) -> bool:
    """Whether its rows are copied here, and it is time: never done, its record changed, or a week has passed."""
    if row.source is None or not row.source.with_rows or row.status != Status.PUBLISHED:
        return False
    last = row.origin.get("copy") or {}
    return last.get("of") != row.origin.get("hash") or now() - datetime.fromisoformat(last["at"]) > COPIED_AGAIN


def to_copy(source: str) -> list[str]:
    """Ids of the datasets of a source whose rows are to be copied now."""
    rows = Dataset.objects.filter(source=source, source__with_rows=True, status=Status.PUBLISHED)
    return [row.pk for row in rows.select_related("source").order_by("pk") if is_to_copy(row)]


def uncopied_of(source: str, *, most: int = 200) -> list[Dataset]:
    """Datasets whose rows could not be copied, each with `origin["copy"]["fault"]`."""
    rows = Dataset.objects.filter(source=source, source__with_rows=True, status=Status.PUBLISHED).order_by("pk")
    return [row for row in rows if (row.origin.get("copy") or {}).get("fault")][:most]


def due(*, most: int) -> list[str]:
    """Ids of the sources whose turn it is."""
    moment = now()
    rows = Source.objects.filter(active=True).filter(Q(next_at=None) | Q(next_at__lte=moment)).order_by("next_at")
    return list(rows.values_list("id", flat=True)[:most])


def source_healths(kind: str) -> list[tuple[str, bool, str]]:
    """The sources of a connector, as `lacydon connectors` tells them: (id, whether it works, in a sentence)."""
    every = _healths(list(Source.objects.filter(kind=kind, active=True).order_by("id")))
    return [(each.id, each.state in ("good", "new"), sentence_of(each)) for each in every]


def sentence_of(health: SourceHealth) -> str:
    """How a source is doing, in one sentence."""
    if health.failures and health.last is not None:
        told = ngettext("La dernière visite a échoué.", "%(many)s visites de suite ont échoué.", health.failures)
        return f"{told % {'many': health.failures}} {health.last.failure}"
    if health.last_good is None:
        return _("Pas encore visitée.")
    told = ngettext("%d jeu de données moissonné.", "%d jeux de données moissonnés.", health.datasets)
    return told % health.datasets


def _healths(rows: Sequence[Source]) -> list[SourceHealth]:
    """In five statements, however many there are."""
    ids = [row.pk for row in rows]
    shown = Dataset.objects.filter(source__in=ids, status=Status.PUBLISHED)
    datasets = dict(shown.values_list("source").annotate(n=Count("pk")).order_by())
    records = {
        source: (faulty, waiting)
        for source, faulty, waiting in Harvested.objects.filter(source__in=ids)
        .values_list("source")
        .annotate(faulty=Count("pk", filter=~Q(fault="")), waiting=Count("pk", filter=Q(waits=True)))
        .order_by()
    }
    ended = Harvest.objects.filter(source__in=ids)
    good = dict(
        ended.exclude(ended_at=None).filter(failure="").values_list("source").annotate(at=Max("ended_at")).order_by()
    )
    # Rows are made in the order of visits: the greatest key of a source is its last one.
    latest = ended.values("source").annotate(pk_of_last=Max("pk")).order_by().values("pk_of_last")
    last = {each.source_id: each for each in Harvest.objects.filter(pk__in=latest)}
    return [
        SourceHealth(
            id=row.pk,
            title=row.title,
            kind=row.kind,
            kind_title=_kind_title(row.kind),
            url=row.url,
            organisation=row.organisation_id,
            every_hours=row.every_hours,
            active=row.active,
            with_rows=row.with_rows,
            datasets=datasets.get(row.pk, 0),
            faulty=records.get(row.pk, (0, 0))[0],
            waiting=records.get(row.pk, (0, 0))[1],
            last_good=good.get(row.pk),
            last=last.get(row.pk),
            under_way=row.pk in last and is_under_way(last[row.pk]),
            next_at=row.next_at,
            failures=row.failures,
        )
        for row in rows
    ]


def _kind_title(kind: str) -> str:
    known = catalogues.get(kind)
    return str(known.title) if known else kind
