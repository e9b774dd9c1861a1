"""Which datasets there are, as a visitor may know of them.

Those shown to all are a snapshot that each process holds: no page reads them from the database. The others are read
when an agent of their organisation, or of one that has a contract, asks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lacydon.kernel.access import NOBODY, Actor
from lacydon.kernel.clock import today
from lacydon.kernel.snapshots import Snapshot

from ..errors import UnknownDataset, UnknownVersion
from ..models import Access, Dataset, Distribution, Status, Version
from . import lake
from .columns import Column, read_columns
from .roles import READING

SNAPSHOT = "datasets"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """One version of the rows."""

    dataset: str
    number: int
    content: str
    rows: int
    bytes: int
    columns: tuple[Column, ...]
    ordered_by: tuple[str, ...]
    published_at: datetime
    reason: str = ""
    source_name: str = ""
    source_hash: str = ""
    difference: Mapping[str, Any] = field(default_factory=dict)
    checks: Mapping[str, Any] = field(default_factory=dict)
    made_of: tuple[Mapping[str, Any], ...] = ()
    recipe: str = ""
    entry: str = ""
    removed: bool = False

    @property
    def path(self) -> Path:
        """Its Parquet file."""
        return path_of(dataset=self.dataset, number=self.number, content=self.content)

    @property
    def changed(self) -> bool:
        """Whether rows came or went since the version before, and are still there to be seen."""
        rows = self.difference.get("rows") or {}
        return not self.removed and bool(rows.get("added") or rows.get("removed"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionView:
    """A file kept beside, or elsewhere."""

    id: int
    title: str
    description: str
    access_url: str
    download_url: str
    format: str
    media_type: str
    byte_size: int | None
    checksum: str
    modified: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetView:
    """A dataset as pages, search, linked data and the APIs tell of it; `version` is the current one."""

    id: str
    organisation: str
    organisation_name: Mapping[str, str]
    title: Mapping[str, str]
    description: Mapping[str, str]
    keywords: tuple[str, ...]
    themes: tuple[str, ...]
    licence: str
    rights: str
    access: str
    status: str
    coverage: tuple[str, ...]
    starts_on: date | None
    ends_on: date | None
    frequency: str
    hvd: str
    contact_name: str
    contact_email: str
    landing_page: str
    schema: str
    series: str
    series_title: Mapping[str, str]
    issued: datetime | None
    modified: datetime | None
    source: str
    source_title: str
    origin: Mapping[str, Any]
    version: VersionView | None
    distributions: tuple[DistributionView, ...]
    derived: bool

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.version.columns if self.version else ()

    @property
    def open(self) -> bool:
        """Whether anybody may read its rows."""
        return self.access == Access.PUBLIC and self.status == Status.PUBLISHED

    @property
    def shown(self) -> bool:
        """Whether anybody may know of it."""
        return self.access != Access.PRIVATE and self.status == Status.PUBLISHED


def path_of(*, dataset: str, number: int, content: str) -> Path:
    """Where the file of a version is."""
    return lake.home() / dataset / f"{number}-{content[:16]}.parquet"


def _rows() -> QuerySet[Dataset]:
    return (
        Dataset.objects.select_related("organisation", "series", "source", "current", "recipe")
        .prefetch_related("distributions")
        .order_by("id")
    )


def _build() -> dict[str, DatasetView]:
    shown = _rows().filter(status=Status.PUBLISHED).exclude(access=Access.PRIVATE)
    return {each.id: view_of(each) for each in shown}


shown_to_all: Snapshot[dict[str, DatasetView]] = Snapshot(SNAPSHOT, _build)


def dataset(id: str, *, actor: Actor = NOBODY) -> DatasetView:
    """The dataset of this id. Raises UnknownDataset, also when this visitor may not know of it."""
    found = shown_to_all().get(id)
    if found is None and actor.organisation:
        row = _rows().filter(_known_to(actor), pk=id).first()
        found = view_of(row) if row else None
    if found is None:
        raise UnknownDataset(_("Il n’y a pas de jeu de données « %s ».") % id[:80])
    return found


def known_dataset(id: str) -> DatasetView | None:
    """A dataset whoever may know of it: for the house itself, that shows none of it."""
    row = _rows().filter(pk=id).first()
    return view_of(row) if row else None


def datasets(*, actor: Actor = NOBODY) -> tuple[DatasetView, ...]:
    """All that this visitor may know of, by id."""
    found = shown_to_all()
    if not actor.organisation:
        return tuple(found.values())
    others = {each.id: view_of(each) for each in _rows().filter(_known_to(actor)).exclude(pk__in=list(found))}
    return tuple((found | others)[id] for id in sorted(found | others))


def _known_to(actor: Actor) -> Q:
    """What is not shown to all: of their own organisation, or shared with it by a contract that holds."""
    day = today()
    shared = Q(
        status=Status.PUBLISHED,
        contracts__organisation=actor.organisation,
        contracts__revoked_at=None,
        contracts__starts_on__lte=day,
        contracts__until__gte=day,
    )
    ids = Dataset.objects.filter(shared).values("pk")
    own = Q(organisation=actor.organisation) if actor.roles & READING else Q(pk=None)
    return own | Q(pk__in=ids)


def is_of(actor: Actor, dataset: DatasetView) -> bool:
    """Whether an agent of the organisation that publishes it asks, with a role here."""
    return bool(actor.organisation) and actor.organisation == dataset.organisation and bool(actor.roles & READING)


def versions(dataset: DatasetView) -> tuple[VersionView, ...]:
    """Every version, newest first; those whose file retention removed are there too."""
    return tuple(_version(each) for each in Version.objects.filter(dataset=dataset.id))


def version(dataset: DatasetView, number: int | None = None) -> VersionView:
    """The version of this number, or the current one. Raises UnknownVersion."""
    current = dataset.version
    if current is not None and number in (None, current.number):
        return current
    if number is None:
        raise UnknownVersion(_("Ce jeu de données n’a pas encore de lignes."))
    row = Version.objects.filter(dataset=dataset.id, number=number).first()
    if row is None:
        raise UnknownVersion(_("Ce jeu de données n’a pas de version %d.") % number)
    if row.removed_at:
        raise UnknownVersion(
            _("Les lignes de la version %(number)d ont été supprimées le %(day)s : sa durée de garde était passée.")
            % {"number": number, "day": row.removed_at.strftime("%d/%m/%Y")}
        )
    return _version(row)


def view_of(row: Dataset) -> DatasetView:
    """A row of the table as a view."""
    return DatasetView(
        id=row.id,
        organisation=row.organisation_id,
        organisation_name=row.organisation.name,
        title=row.title,
        description=row.description,
        keywords=tuple(row.keywords),
        themes=tuple(row.themes),
        licence=row.licence,
        rights=row.rights,
        access=row.access,
        status=row.status,
        coverage=tuple(row.coverage),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        frequency=row.frequency,
        hvd=row.hvd,
        contact_name=row.contact_name,
        contact_email=row.contact_email,
        landing_page=row.landing_page,
        schema=row.schema,
        series=row.series_id or "",
        series_title=row.series.title if row.series else {},
        issued=row.issued,
        modified=row.modified,
        source=row.source_id or "",
        source_title=row.source.title if row.source else "",
        origin=row.origin,
        version=_version(row.current, said=row.columns) if row.current else None,
        distributions=tuple(_distributions(row.distributions.all())),
        derived=hasattr(row, "recipe"),
    )


def _distributions(rows: Iterable[Distribution]) -> Iterable[DistributionView]:
    for each in rows:
        yield DistributionView(
            id=each.pk,
            title=each.title,
            description=each.description,
            access_url=each.access_url,
            download_url=each.download_url,
            format=each.format,
            media_type=each.media_type,
            byte_size=each.byte_size,
            checksum=each.checksum,
            modified=each.modified,
        )


def _version(row: Version, *, said: Mapping[str, Mapping[str, str]] | None = None) -> VersionView:
    """`said`: labels and descriptions people gave to columns since."""
    columns = [{**each, **((said or {}).get(each["name"]) or {})} for each in row.columns]
    return VersionView(
        dataset=row.dataset_id,
        number=row.number,
        content=row.content,
        rows=row.rows,
        bytes=row.bytes,
        columns=read_columns(columns),
        ordered_by=tuple(row.ordered_by),
        published_at=row.published_at,
        reason=row.reason,
        source_name=row.source_name,
        source_hash=row.source_hash,
        difference=row.difference,
        checks=row.checks,
        made_of=tuple(row.made_of),
        recipe=row.recipe,
        entry=str(row.entry or ""),
        removed=row.removed_at is not None,
    )
