"""The public agenda becomes datasets of the harbour: one a table, a version when something in it has changed."""

from pathlib import Path
from uuid import uuid4

import duckdb
import orjson
from django.utils.translation import gettext as _

from lacydon.capabilities.data.public import (
    Column,
    UnknownDataset,
    dataset,
    describe_dataset,
    publish_version,
    workshop,
)
from lacydon.kernel.access import MACHINE
from lacydon.kernel.texts import in_every_language

from ..queries.opening.shelf import Shelf, shelves
from ..queries.plan.twin import twin
from ..queries.writing.past import fresh
from ..queries.writing.rights import house_of

KEPT = 10
"""Versions of each dataset that stay."""
STORED = {"text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE"}


def publish_agenda() -> int:
    """Publish each public table that holds something; how many have a new version. None without an organisation.

    The same content again makes no version. What is internal is in none of them.
    """
    now = fresh()
    organisation, public = house_of(now), twin(now).chart
    if not organisation:
        return 0
    made = 0
    for each in shelves():
        rows = list(each.rows(public))
        before = _current(each.id)
        if not rows and before is None:
            continue
        if before is None:
            _describe(each, organisation)
        columns = each.columns()
        file = _parquet(rows, columns)
        version = publish_version(
            dataset=each.id, file=file, columns=columns, actor=MACHINE, reason=_("L’agenda a changé")
        )
        made += version.number != before
    return made


def _current(id: str) -> int | None:
    """The number of the version that is current; 0 when there is none; None: no such dataset."""
    try:
        found = dataset(id)
    except UnknownDataset:
        return None
    return found.version.number if found.version else 0


def _describe(each: Shelf, organisation: str) -> None:
    describe_dataset(
        id=each.id,
        actor=MACHINE,
        fields={
            "organisation": organisation,
            "title": each.title,
            "description": in_every_language(
                lambda: _(
                    "L’agenda numérique tel qu’il est écrit ici, sans ce qui est interne. Une version à chaque "
                    "changement : ce qui a été promis peut se relire."
                )
            ),
            "keywords": ["agenda numérique", "stratégie", "suivi"],
            "themes": ["GOVE"],
            "licence": "lov2",
            "frequency": "DAILY",
            "keep": KEPT,
        },
    )


def _parquet(rows: list[dict[str, object]], columns: tuple[Column, ...]) -> Path:
    """The rows as a Parquet file of the harbour, in the order given."""
    lines = workshop() / f"agenda-{uuid4()}.json"
    ready = lines.with_suffix(".parquet")
    lines.write_bytes(b"\n".join(orjson.dumps(row) for row in rows))
    shape = ", ".join(f"'{each.name}': '{STORED[each.type]}'" for each in columns)
    read = f"read_json('{_quoted(lines)}', format = 'newline_delimited', columns = {{{shape}}})"
    base = duckdb.connect(":memory:", config={"threads": 1})
    try:
        names = ", ".join(f'"{each.name}"' for each in columns)
        base.execute(
            f"COPY (SELECT {names}, row_number() OVER () AS _row FROM {read})"  # noqa: S608 (names of ours)
            f" TO '{_quoted(ready)}' (FORMAT parquet, COMPRESSION zstd)"
        )
    finally:
        base.close()
        lines.unlink(missing_ok=True)
    return ready


def _quoted(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")
