"""What was published last, for those who follow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ..models import Version
from .datasets import DatasetView, dataset, shown_to_all, versions
from .series import SeriesView

LATEST = 50


@dataclass(frozen=True, slots=True)
class News:
    """A new version of a dataset, or (`number` 0) a description that has no rows here."""

    dataset: DatasetView
    number: int
    at: datetime
    rows: int
    reason: str


def latest() -> list[News]:
    """The last versions of datasets shown to all, and the last of those described only; newest first."""
    shown = shown_to_all()
    rows = Version.objects.filter(dataset__in=list(shown), removed_at=None).order_by("-published_at", "-pk")[:LATEST]
    found = [News(shown[each.dataset_id], each.number, each.published_at, each.rows, each.reason) for each in rows]
    found += [News(each, 0, each.modified, 0, "") for each in shown.values() if each.version is None and each.modified]
    return sorted(found, key=lambda each: (each.at, each.dataset.id), reverse=True)[:LATEST]


def of_series(found: SeriesView) -> list[News]:
    """The last versions of its datasets, newest first."""
    known = {each.id: each for each in found.datasets}
    rows = Version.objects.filter(dataset__in=list(known), removed_at=None).order_by("-published_at", "-pk")[:LATEST]
    return [News(known[each.dataset_id], each.number, each.published_at, each.rows, each.reason) for each in rows]


def of_dataset(id: str) -> Iterator[News]:
    """The versions of one, newest first. Raises UnknownDataset."""
    found = dataset(id)
    for each in versions(found)[:LATEST]:
        yield News(found, each.number, each.published_at, each.rows, each.reason)
