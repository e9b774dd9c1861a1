"""Series: the same dataset, year after year or commune after commune (dcat:DatasetSeries)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from lacydon.kernel.access import NOBODY, Actor
from lacydon.kernel.snapshots import Snapshot

from ..errors import UnknownDataset
from ..models import Series
from .datasets import SNAPSHOT, DatasetView, datasets, shown_to_all

TOGETHER: Final = 10
"""Members that one question is asked of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesView:
    """A series and those of its datasets that this visitor may know of, latest first."""

    id: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    datasets: tuple[DatasetView, ...]


def _build() -> dict[str, tuple[Mapping[str, str], Mapping[str, str]]]:
    return {each.id: (each.title, each.description) for each in Series.objects.order_by("id")}


_said: Snapshot[dict[str, tuple[Mapping[str, str], Mapping[str, str]]]] = Snapshot(SNAPSHOT, _build)


def series(id: str, *, actor: Actor = NOBODY) -> SeriesView:
    """Raises UnknownDataset when there is none of this id, or nothing in it that this visitor may know of."""
    found = tuple(sorted((each for each in datasets(actor=actor) if each.series == id), key=_place, reverse=True))
    if id not in _said() or not found:
        raise UnknownDataset(_("Il n’y a pas de série « %s ».") % id[:80])
    title, description = _said()[id]
    return SeriesView(id=id, title=title, description=description, datasets=found)


def shown_series() -> list[str]:
    """The ids of those that anybody may see."""
    return sorted({each.series for each in shown_to_all().values() if each.series in _said()})


def question_of_all(found: SeriesView) -> str:
    """The query of an address that asks the SQL page for the rows of all; empty when their columns are not the same."""
    members = [each for each in found.datasets if each.open and each.version][:TOGETHER]
    if len(members) < 2 or len({tuple((c.name, c.type) for c in each.columns) for each in members}) > 1:
        return ""
    parts = [f"SELECT '{each.id}' AS jeu, * FROM \"{each.id}\"" for each in members]  # noqa: S608 (slugs; shown to people)
    return urlencode({"q": "\nUNION ALL\n".join(parts) + "\nLIMIT 100"})


def _place(each: DatasetView) -> tuple[date, datetime, str]:
    """By what it covers, then by when it was touched."""
    end = each.ends_on or each.starts_on
    return end or date.min, each.modified or datetime.min.replace(tzinfo=UTC), each.id
