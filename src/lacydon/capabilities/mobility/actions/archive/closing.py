"""A service day is closed: each passage once, the gap with the departure before, how many were planned."""

from datetime import date, datetime

import duckdb

from lacydon.kernel.clock import now

from ...errors import NoTimetable
from ...queries.archive.engine import PASSAGES, PLANNED, archive, asking, days_open, table_of
from ...queries.archive.observed import planned_by_line, service_day_over
from ...queries.timetable import timetable
from .recording import put, remove

ONE_EACH = """
    SELECT jour, any_value(ligne_id) AS ligne_id, any_value(ligne) AS ligne, any_value(sens) AS sens, course_id,
        any_value(destination) AS destination, arret_id, any_value(lieu_id) AS lieu_id, any_value(arret) AS arret,
        any_value(code_insee) AS code_insee, rang, bool_and(terminus) AS terminus, min(prevu) AS prevu,
        min(arrive) AS arrive, CASE WHEN bool_and(terminus) THEN min(observe) ELSE max(observe) END AS observe,
        any_value(heure) AS heure, any_value(precedente) AS precedente,
        any_value(intervalle_prevu_s) AS intervalle_prevu_s, min(source) AS source, min(horaire) AS horaire
    FROM {parts} GROUP BY jour, course_id, rang, arret_id
"""
"""One row a passage, whatever number of times and by whomever it was seen."""
WITH_GAPS = """
    WITH once AS ({once})
    SELECT a.jour, a.ligne_id, a.ligne, a.sens, a.course_id, a.destination, a.arret_id, a.lieu_id, a.arret,
        a.code_insee, a.rang, a.terminus, a.prevu, a.arrive, a.observe,
        CAST(date_diff('second', a.prevu, a.observe) AS INTEGER) AS ecart_s, a.heure, a.precedente,
        a.intervalle_prevu_s, CAST(date_diff('second', b.observe, a.observe) AS INTEGER) AS intervalle_s,
        a.source, a.horaire
    FROM once a LEFT JOIN once b ON b.course_id = a.precedente AND b.arret_id = a.arret_id
        AND date_diff('second', b.prevu, a.prevu) = a.intervalle_prevu_s AND NOT b.terminus
    ORDER BY a.ligne_id, a.prevu, a.arret_id, a.course_id
"""


def close_days(*, when: datetime | None = None) -> list[date]:
    """Close each service day that is over; those closed now. A part that came late opens its day again, once."""
    moment = when or now()
    done = [day for day in days_open() if service_day_over(day, moment)]
    for day in done:
        close_day(day=day)
    return done


def close_day(*, day: date) -> int:
    """Make the file of a day from its parts, and from what was closed before; how many passages. Idempotent."""
    folder = archive() / day.isoformat()
    parts = sorted(folder.glob("part-*.parquet"))
    closed = folder / PASSAGES
    given = [*parts, *([closed] if closed.exists() else [])]
    if not given:
        return 0
    with asking(seconds=600) as base:
        put(base, WITH_GAPS.format(once=ONE_EACH.format(parts=table_of(given))), closed)
        (rows,) = base.execute(f"SELECT count(*) FROM {table_of([closed])}").fetchone() or (0,)  # noqa: S608
    remove(parts)
    if not (folder / PLANNED).exists():
        _plan(day)
    return int(rows)


def _plan(day: date) -> None:
    """How many departures the timetable in force planned, by line."""
    try:
        lines = planned_by_line(timetable(), day)
    except NoTimetable:
        return
    base = duckdb.connect(":memory:", config={"threads": 1})
    try:
        base.execute("CREATE TABLE rows (jour DATE, ligne_id VARCHAR, prevus INTEGER)")
        if lines:
            base.executemany("INSERT INTO rows VALUES (?, ?, ?)", [(day, id, many) for id, many in lines])
        put(base, "SELECT * FROM rows", archive() / day.isoformat() / PLANNED)
    finally:
        base.close()
