"""Loading what a territory folder says of data: descriptions, links, and the rows of files beside them.

What agents changed since stays until the folder itself says something else: `origin` of a dataset remembers what was
loaded. A dataset that the folder does not name any more is withdrawn; its versions stay.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.kernel.access import MACHINE
from lacydon.kernel.clock import now
from lacydon.kernel.snapshots import moved
from lacydon.kernel.texts import Localised

from ..models import Dataset, Distribution, Series, Status
from ..queries import vocabularies
from ..queries.datasets import SNAPSHOT
from ..queries.lake import home
from ..queries.prepared import Prepared, write
from .publication import describe_dataset, publish_version, withdraw_dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesText:
    id: str
    title: Localised
    description: Localised


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkText:
    """A distribution that stays elsewhere."""

    title: str
    description: str
    url: str
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetText:
    """A dataset of the folder. `source`: its file there; `said`: a hash of its text; `hash`: one of its rows."""

    id: str
    fields: Mapping[str, Any]
    links: tuple[LinkText, ...]
    source: str
    said: str
    file: str
    table: Prepared | None
    hash: str
    ordered_by: tuple[str, ...]


@transaction.atomic
def load_datasets(*, series: Iterable[SeriesText], datasets: Iterable[DatasetText]) -> dict[str, int]:
    """Make the catalogue say what the folder says; returns the number of changed rows. Changes nothing twice."""
    changed = {_("séries de données"): sum(_load_series(each) for each in series)}
    datasets = list(datasets)
    changed[_("jeux de données")] = sum([_describe(each) for each in datasets])
    changed[_("versions de données")] = sum([_publish(each) for each in datasets])
    named = {each.id for each in datasets}
    for row in Dataset.objects.filter(origin__has_key="folder", status=Status.PUBLISHED).exclude(pk__in=named):
        withdraw_dataset(id=row.pk, actor=MACHINE, reason=_("n’est plus dans le dossier du territoire"))
        changed[_("jeux de données")] += 1
    if any(changed.values()):
        moved(SNAPSHOT)
    return changed


def _load_series(text: SeriesText) -> bool:
    said = {"title": dict(text.title), "description": dict(text.description)}
    row = Series.objects.filter(pk=text.id).first()
    if row is not None and {"title": row.title, "description": row.description} == said:
        return False
    Series.objects.update_or_create(pk=text.id, defaults=said)
    return True


def _describe(text: DatasetText) -> bool:
    row = Dataset.objects.filter(pk=text.id).first()
    origin = dict(row.origin) if row else {}
    back = row is not None and row.status != Status.PUBLISHED
    if origin.get("said") == text.said and not back:
        return False
    origin |= {"folder": text.source, "said": text.said}
    at = {"issued": (row.issued if row else None) or now(), "modified": now()}
    describe_dataset(
        id=text.id, actor=MACHINE, fields={**text.fields, **at, "origin": origin, "status": Status.PUBLISHED}
    )
    Distribution.objects.filter(dataset=text.id).delete()
    Distribution.objects.bulk_create([_link(text.id, at, each) for at, each in enumerate(text.links)])
    return True


def _link(dataset: str, position: int, text: LinkText) -> Distribution:
    known = vocabularies.format_named(text.format)
    service = known is not None and known.service
    return Distribution(
        dataset_id=dataset,
        title=text.title,
        description=text.description,
        access_url=text.url,
        download_url="" if service or text.format == "HTML" else text.url,
        format=text.format,
        media_type=known.media_type if known else "",
        position=position,
    )


def _publish(text: DatasetText) -> bool:
    if text.table is None:
        return False
    row = Dataset.objects.get(pk=text.id)
    if row.origin.get("rows") == text.hash:
        return False
    with TemporaryDirectory(prefix=".folder-", dir=home()) as made:
        file = Path(made, "rows.parquet")
        write(text.table, ordered_by=text.ordered_by, to=file)
        publish_version(
            dataset=text.id,
            file=file,
            columns=text.table.columns,
            actor=MACHINE,
            reason=_("chargé du dossier du territoire"),
            ordered_by=text.ordered_by,
            source_name=text.file,
            source_hash=text.hash,
        )
    row.refresh_from_db()
    row.origin = {**row.origin, "rows": text.hash}
    row.save(update_fields=["origin"])
    return True
