"""The catalogue as a table: asked in the same language, by facets and exports, as the rows of any dataset."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import orjson

from lacydon.kernel.access import NOBODY, Actor
from lacydon.kernel.texts import said

from . import datasets, lake, spools
from .columns import Column
from .datasets import DatasetView
from .engine import literal
from .logical import Table

COLUMNS = (
    Column(name="dataset_id", label="Identifiant", type="text"),
    Column(name="title", label="Titre", type="text"),
    Column(name="description", label="Description", type="text"),
    Column(name="theme", label="Thème", type="json"),
    Column(name="keyword", label="Mot-clé", type="json"),
    Column(name="publisher", label="Producteur", type="text"),
    Column(name="license", label="Licence", type="text"),
    Column(name="language", label="Langue", type="text"),
    Column(name="territory", label="Territoire", type="json"),
    Column(name="features", label="Possibilités", type="json"),
    Column(name="update_frequency", label="Fréquence", type="text"),
    Column(name="records_count", label="Nombre de lignes", type="integer"),
    Column(name="has_records", label="A des lignes", type="boolean"),
    Column(name="modified", label="Modifié", type="datetime"),
    Column(name="data_processed", label="Données publiées", type="datetime"),
    Column(name="issued", label="Publié", type="datetime"),
)
FACETS = ("features", "modified", "publisher", "keyword", "theme", "license", "language", "territory")
STORED = {"integer": "BIGINT", "boolean": "BOOLEAN", "datetime": "TIMESTAMPTZ"}


def features(view: DatasetView) -> list[str]:
    """What can be done with its rows, in the words of the Explore API."""
    found = ["analyze"] if view.version else []
    types = {each.type for each in view.columns}
    if types & {"date", "datetime"}:
        found.append("timeserie")
    if types & {"point", "shape"}:
        found.append("geo")
    return found


def row_of(view: DatasetView, *, lang: str) -> dict[str, Any]:
    """One dataset as a row."""
    version = view.version
    return {
        "dataset_id": view.id,
        "title": said(view.title, lang=lang),
        "description": said(view.description, lang=lang),
        "theme": list(view.themes),
        "keyword": list(view.keywords),
        "publisher": said(view.organisation_name, lang=lang),
        "license": view.licence or None,
        "language": "fr",
        "territory": list(view.coverage),
        "features": features(view),
        "update_frequency": view.frequency or None,
        "records_count": version.rows if version else 0,
        "has_records": version is not None,
        "modified": _iso(view.modified),
        "data_processed": _iso(version.published_at) if version else None,
        "issued": _iso(view.issued),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat() if moment else None


def table(*, actor: Actor = NOBODY, lang: str = "fr") -> tuple[Table, dict[str, DatasetView]]:
    """The catalogue as this visitor may know it, as a table, and the datasets by id.

    Its file is named after what it says: it is written again when the catalogue moves, and swept with the exports.
    """
    views = {each.id: each for each in datasets.datasets(actor=actor)}
    rows = [row_of(each, lang=lang) for each in views.values()]
    lines = [orjson.dumps({**_texts(each), "_row": number}) for number, each in enumerate(rows, 1)]
    content = hashlib.sha256(b"\n".join(lines)).hexdigest()
    path = spools.folder() / f"catalogue-{content[:32]}"
    if not path.exists():
        _write(lines, to=path)
    made = Table(
        dataset="catalogue", number=1, content=content, paths=(path,), columns=COLUMNS, rows=len(rows), ordered_by=()
    )
    return made, views


def _texts(row: dict[str, Any]) -> dict[str, Any]:
    """Lists as the text of JSON, as columns of this type are kept."""
    return {name: orjson.dumps(value).decode() if isinstance(value, list) else value for name, value in row.items()}


def _write(lines: Sequence[bytes], *, to: Any) -> None:
    part = to.with_name(f".{to.name}-{uuid4().hex}")
    source = part.with_name(f"{part.name}.jsonl")
    kinds = {each.name: STORED.get(each.type, "VARCHAR") for each in COLUMNS} | {"_row": "BIGINT"}
    shape = "{" + ", ".join(f"{name}: '{kind}'" for name, kind in kinds.items()) + "}"
    source.write_bytes(b"\n".join(lines))
    try:
        with lake.asking(seconds=30) as cursor:
            read = f"read_json({literal(str(source))}, format = 'newline_delimited', columns = {shape})"
            if not lines:
                nulls = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in kinds.items())
                read = f"(SELECT {nulls} WHERE false)"
            copying = f"COPY (FROM {read}) TO {literal(str(part))} (FORMAT parquet, USE_TMP_FILE false)"
            cursor.execute(copying)
        part.rename(to)
    finally:
        source.unlink(missing_ok=True)
        part.unlink(missing_ok=True)
