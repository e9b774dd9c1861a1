"""Files that arrived to become versions."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lacydon.kernel.errors import NotFound

from ..models import Arrival
from . import lake
from .arrived import columns_of, rows_of
from .columns import ROW, Column
from .engine import literal
from .intake import Inspection, read_inspection

QUICK = 5_000_000
"""Bytes up to which a file is read and published while its sender waits; beyond, a job does it."""


class UnknownArrival(NotFound):
    """No such file, or it is another organisation's."""

    code = "unknown-arrival"


def folder_of(arrival: Arrival | UUID) -> Path:
    """Where all that belongs to an arrival is kept until it is published or refused."""
    return lake.workshop() / str(arrival.pk if isinstance(arrival, Arrival) else arrival)


def path_of(arrival: Arrival | UUID) -> Path:
    """The file that was sent."""
    return folder_of(arrival) / "source"


def is_prepared(arrival: Arrival) -> bool:
    return bool(arrival.corrected.get("columns")) and rows_of(arrival).exists()


def arrival_of(id: str | UUID, *, organisation: str) -> Arrival:
    """Raises UnknownArrival."""
    found = Arrival.objects.select_related("dataset").filter(pk=id, organisation=organisation).first()
    if found is None:
        raise UnknownArrival(_("Ce fichier n’est plus là : envoyez-le de nouveau."))
    return found


def inspection_of(arrival: Arrival) -> Inspection:
    """What was found of it."""
    return read_inspection(arrival.guessed)


def corrections_of(arrival: Arrival) -> Mapping[str, Mapping[str, Any]]:
    """What its sender corrected."""
    found: Mapping[str, Mapping[str, Any]] = arrival.corrected.get("said", {})
    return found


def first_rows(arrival: Arrival, *, most: int = 10) -> tuple[tuple[Column, ...], list[tuple[Any, ...]]]:
    """The first rows as they would be published, under their columns."""
    columns = columns_of(arrival)
    shown = ", ".join(_shown(each) for each in columns)
    query = f"SELECT {shown} FROM read_parquet({literal(str(rows_of(arrival)))}) ORDER BY {ROW} LIMIT {most}"  # noqa: S608
    return columns, lake.run(query).rows


def _shown(column: Column) -> str:
    name = '"' + column.name.replace('"', '""') + '"'
    if column.placed:
        return f"CASE WHEN {name} IS NULL THEN NULL ELSE '…' END"
    return f"left({name}, 120)" if column.type in ("text", "json") else name


def waiting(*, dataset: str) -> list[Arrival]:
    """The files of a dataset that are neither published nor refused, newest first."""
    states = [Arrival.State.RECEIVED, Arrival.State.READ]
    return list(Arrival.objects.filter(dataset=dataset, state__in=states)[:20])
