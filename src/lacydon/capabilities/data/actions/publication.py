"""Publishing a version: the file first, then the row that names it. Killed in between, the old version stands.

The Parquet file is hashed, flushed to the disk and renamed to its place; only then a transaction writes the version,
makes it the current one and notes its hash in the journal. A file that no row names is swept by a job.
"""

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import record, require
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput
from lacydon.kernel.events import publish
from lacydon.kernel.snapshots import moved

from ..errors import NotPublishable
from ..events import DatasetChanged, VersionPublished
from ..models import Arrival, Dataset, Status, Version
from ..queries import exports, lake
from ..queries.columns import Column, read_columns
from ..queries.datasets import SNAPSHOT, path_of
from ..queries.differences import difference
from ..queries.engine import literal

CHUNK = 1 << 20
RESERVED = frozenset(
    ("demander", "nouveau", "organismes", "publier", "reutilisations", "sources", "sql", "suivi", "verifier", "vues")
)
"""Words of addresses beside those of datasets: /donnees/sql is a page."""


def publish_version(
    *,
    dataset: str,
    file: Path,
    columns: Sequence[Column],
    actor: Actor,
    reason: str = "",
    ordered_by: Sequence[str] = (),
    source_name: str = "",
    source_hash: str = "",
    checks: Mapping[str, Any] | None = None,
    made_of: Sequence[Mapping[str, Any]] = (),
    recipe: str = "",
    arrival: Arrival | None = None,
) -> Version:
    """Make a Parquet file, in the shape queries/columns.py says, the current version of a dataset.

    The file is taken away from where it is, which is under `lake.workshop()`. The same content as the current version
    changes nothing: that version is returned.
    Raises NotPublishable, and what `require` raises: a person needs `dataset.publish` for this dataset.
    """
    content, size = content_of(file)
    rows = _counted(file)
    with transaction.atomic():
        row = Dataset.objects.select_for_update().get(pk=dataset)
        if actor.person:
            require(actor=actor, action="dataset.publish", object=row)
        current = Version.objects.filter(pk=row.current_id).first() if row.current_id else None
        if current is not None and current.content == content:
            file.unlink()
            return current
        last = Version.objects.filter(dataset=row).order_by("-number").values_list("number", flat=True).first()
        number = (last or 0) + 1
        place = path_of(dataset=row.pk, number=number, content=content)
        _put(file, place)
        made = Version.objects.create(
            dataset=row,
            number=number,
            content=content,
            source_name=source_name[:300],
            source_hash=source_hash,
            rows=rows,
            bytes=size,
            columns=[each.as_json() for each in columns],
            ordered_by=list(ordered_by),
            published_at=now(),
            published_by_id=actor.person or None,
            reason=reason[:500],
            difference=_difference(current, place, columns, rows),
            checks=dict(checks or {}),
            made_of=[dict(each) for each in made_of],
            recipe=recipe,
        )
        entry = record(
            actor=actor,
            action="dataset.publish",
            purpose="publication",
            object=f"dataset:{row.pk}@{number}"[:120],
            basis=f"sha256:{content}",
            organisation=row.organisation_id,
        )
        made.entry = entry.pk
        made.save(update_fields=["entry"])
        row.current = made
        row.status = Status.PUBLISHED
        row.modified = made.published_at
        row.issued = row.issued or made.published_at
        row.save(update_fields=["current", "status", "modified", "issued"])
        if arrival is not None:
            Arrival.objects.filter(pk=arrival.pk).update(state=Arrival.State.PUBLISHED, version=made)
        moved(SNAPSHOT)
        publish(VersionPublished(row.pk, number, content))
    return made


def content_of(file: Path) -> tuple[str, int]:
    """The hash (SHA-256, hexadecimal) and the size of a file that is on the disk for good."""
    digest = hashlib.sha256()
    try:
        with file.open("rb") as opened:
            while chunk := opened.read(CHUNK):
                digest.update(chunk)
            os.fsync(opened.fileno())
            return digest.hexdigest(), opened.tell()
    except OSError as error:
        raise NotPublishable(_("Le fichier préparé ne peut pas être relu : recommencez l’envoi.")) from error


def _counted(file: Path) -> int:
    answer = lake.run(f"SELECT count(*) FROM read_parquet({literal(str(file.resolve()))})")  # noqa: S608
    return int(answer.rows[0][0])


def _put(file: Path, place: Path) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        file.replace(place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise NotPublishable(_("Le disque ne peut pas garder cette version : rien n’a été publié.")) from error


def _difference(current: Version | None, place: Path, columns: Sequence[Column], rows: int) -> dict[str, Any]:
    if current is None or current.removed_at:
        return {}
    old = path_of(dataset=current.dataset_id, number=current.number, content=current.content)
    return difference(
        old=old,
        old_columns=read_columns(current.columns),
        new=place,
        new_columns=columns,
        rows=rows + current.rows,
    )


@transaction.atomic
def describe_dataset(*, id: str, actor: Actor, fields: Mapping[str, Any]) -> Dataset:
    """Make or change what is said of a dataset; `fields` are those of the model, `organisation` its id.

    Raises what `require` raises for a person: `dataset.publish`, in the organisation that has it.
    """
    row = Dataset.objects.select_for_update().filter(pk=id).first() or Dataset(pk=id, created_at=now())
    for name, value in fields.items():
        setattr(row, f"{name}_id" if name in ("organisation", "series", "source") else name, value)
    if actor.person:
        require(actor=actor, action="dataset.publish", object=row)
    _sensible(row)
    row.save()
    record(
        actor=actor,
        action="dataset.describe",
        purpose="publication",
        object=f"dataset:{row.pk}"[:120],
        organisation=row.organisation_id,
    )
    moved(SNAPSHOT)
    publish(DatasetChanged(row.pk))
    return row


def _sensible(row: Dataset) -> None:
    """Raises BadInput for what no dataset may be."""
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?", row.pk):
        raise BadInput(
            _("L’adresse d’un jeu de données est faite de lettres minuscules, de chiffres et de tirets (100 au plus).")
        )
    if row.pk in RESERVED:
        raise BadInput(_("« %s » est le nom d’une page : donnez une autre adresse à ce jeu de données.") % row.pk)
    if not any(str(each).strip() for each in dict(row.title).values()):
        raise BadInput(_("Donnez un titre au jeu de données."))
    for field in row._meta.concrete_fields:
        longest, said = getattr(field, "max_length", None), getattr(row, field.attname)
        if longest and isinstance(said, str) and len(said) > longest:
            raise BadInput(
                _("« %(start)s… » est trop long : %(longest)d signes au plus.")
                % {"start": said[:40], "longest": longest}
            )
    if row.starts_on and row.ends_on and row.starts_on > row.ends_on:
        raise BadInput(_("La période couverte finit avant de commencer."))


@transaction.atomic
def withdraw_dataset(*, id: str, actor: Actor, reason: str) -> None:
    """Take a dataset away from everybody's sight. Its versions stay, and it can be published again."""
    row = Dataset.objects.select_for_update().get(pk=id)
    if actor.person:
        require(actor=actor, action="dataset.publish", object=row)
    row.status = Status.WITHDRAWN
    row.save(update_fields=["status"])
    kept = list(row.versions.values_list("dataset_id", "content"))
    transaction.on_commit(lambda: exports.drop(kept))
    record(
        actor=actor,
        action="dataset.withdraw",
        purpose="publication",
        object=f"dataset:{row.pk}"[:120],
        basis=reason[:200],
        organisation=row.organisation_id,
    )
    moved(SNAPSHOT)
    publish(DatasetChanged(row.pk))


@transaction.atomic
def forget_draft(*, id: str, actor: Actor) -> bool:
    """Remove a dataset that was described and never had rows; whether it was one. One that has any is left alone.

    The caller has checked that the actor may.
    """
    row = Dataset.objects.select_for_update().filter(pk=id, status=Status.DRAFT, current=None).first()
    if row is None or row.versions.exists() or row.contracts.exists() or Arrival.objects.filter(dataset=row).exists():
        return False
    record(
        actor=actor,
        action="dataset.withdraw",
        purpose="publication",
        object=f"dataset:{row.pk}"[:120],
        organisation=row.organisation_id,
    )
    row.delete()
    moved(SNAPSHOT)
    publish(DatasetChanged(id))
    return True
