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
    return f"left({column.in_file}, 120)" if column.type in ("text", "json") else column.in_file


AS_BEFORE = frozenset(
    {("integer", "text"), ("number", "text"), ("date", "text"), ("boolean", "text"), ("time", "text"),
     ("integer", "number"), ("date", "datetime"), ("integer", "boolean"), ("boolean", "integer"), ("json", "text")}
)  # fmt: skip
"""(Guessed now, type of the version before): taken as before, for nothing can be lost by it."""


def remembered(arrival: Arrival, found: Inspection) -> dict[str, dict[str, Any]]:
    """What the version before says of columns that come again: name, kind, and type as far as it still fits."""
    current = arrival.dataset.current
    before = {each["label"]: each for each in current.columns} if current else {}
    said: dict[str, dict[str, Any]] = {}
    for guess in found.columns:
        old = before.get(guess.label)
        if old is None:
            continue
        told = {"name": old["name"], "description": old.get("description", "")}
        if old["type"] == guess.type or (guess.type, old["type"]) in AS_BEFORE:
            told |= {"type": old["type"], "kind": old.get("kind", "")}
        said[str(guess.position)] = told
    return said


def waiting(*, dataset: str) -> list[Arrival]:
    """The files of a dataset that are neither published nor refused, newest first."""
    states = [Arrival.State.RECEIVED, Arrival.State.READ]
    return list(Arrival.objects.filter(dataset=dataset, state__in=states)[:20])
