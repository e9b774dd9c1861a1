"""Departures for machines: one plain shape for JSON, CSV and Parquet, in the words of docs/developers/mobility."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import duckdb

from ..timetable import Timetable, Wheelchair
from .nouns import Departure

WORDS: Final[Mapping[int, str]] = {Wheelchair.UNKNOWN: "unknown", Wheelchair.YES: "yes", Wheelchair.NO: "no"}
COLUMNS: Final[Mapping[str, str]] = {
    "line": "VARCHAR", "line_id": "VARCHAR", "headsign": "VARCHAR", "stop_id": "VARCHAR", "planned_stop_id": "VARCHAR",
    "platform": "VARCHAR", "planned": "VARCHAR", "expected": "VARCHAR", "delay": "BIGINT", "sureness": "VARCHAR",
    "said_at": "VARCHAR", "source": "VARCHAR", "reason": "VARCHAR", "cancelled": "BOOLEAN", "skipped": "BOOLEAN",
    "state": "VARCHAR", "trip_id": "VARCHAR", "service_day": "VARCHAR", "wheelchair": "VARCHAR", "bikes": "VARCHAR",
    "headway": "BIGINT", "until": "VARCHAR",
}  # fmt: skip


def moment(seconds: int | None) -> str | None:
    """RFC 3339, UTC; None for none."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def told(table: Timetable, row: Departure) -> dict[str, Any]:
    """A departure as machines read it."""
    route = table.routes[row.route] if row.route >= 0 else None
    return {
        "line": route.name if route else None,
        "line_id": route.id if route else None,
        "headsign": row.headsign,
        "stop_id": table.stops[row.stop].id,
        "planned_stop_id": table.stops[row.planned_stop].id,
        "platform": row.platform or None,
        "planned": moment(row.planned),
        "expected": moment(row.expected),
        "delay": row.delay,
        "sureness": str(row.sureness),
        "said_at": moment(row.said_at),
        "source": row.source or None,
        "reason": row.reason or None,
        "cancelled": row.cancelled,
        "skipped": row.skipped,
        "state": str(row.state),
        "trip_id": table.trip_ids[row.trip] if row.trip >= 0 else row.id or None,
        "service_day": row.day.isoformat() if row.day else None,
        "wheelchair": WORDS[Wheelchair(row.wheelchair)],
        "bikes": WORDS[Wheelchair(row.bikes)],
        "headway": row.headway or None,
        "until": moment(row.until),
    }


def as_csv(table: Timetable, rows: Sequence[Departure]) -> str:
    """RFC 4180, with a head."""
    text = io.StringIO()
    writing = csv.DictWriter(text, list(COLUMNS), lineterminator="\r\n")
    writing.writeheader()
    writing.writerows(told(table, row) for row in rows)
    return text.getvalue()


def as_parquet(table: Timetable, rows: Sequence[Departure], *, path: str) -> None:
    """Written to a file at `path`."""
    with duckdb.connect(":memory:") as engine:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
        making = f"CREATE TABLE departures ({columns})"
        engine.execute(making)
        if rows:
            marks = ", ".join("?" for _name in COLUMNS)
            adding = f"INSERT INTO departures VALUES ({marks})"  # noqa: S608 (question marks)
            engine.executemany(
                adding,
                [[told(table, row)[name] for name in COLUMNS] for row in rows],
            )
        engine.execute("COPY departures TO ? (FORMAT parquet, COMPRESSION zstd)", [path])
