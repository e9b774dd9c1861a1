"""Disruptions that a dataset of the harbour says (`ol-perturbation-la-mobilite`): read again at each of its versions.

A disruption is there as many rows as it has lines. Columns are found by their usual names; the identifier and a title
are enough. Lines are looked for by identifier, then by the number people read.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from lacydon.capabilities.data.public import Limits, Question, UnknownDataset, answer, dataset, table_of
from lacydon.kernel.access import MACHINE
from lacydon.kernel.clock import LOCAL, now
from lacydon.kernel.french import plain

from ...errors import NoTimetable
from ...queries.live.alerts import Alert, Cause, Effect, Named, Severity
from ...queries.timetable import Timetable, timetable
from .outside import take_in

DATASETS = ("ol-perturbation-la-mobilite",)
"""Those that are read when they are published here."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "identifiant"),
    "title": ("title", "titre"),
    "text": ("message", "description", "texte", "content"),
    "category": ("category", "categorie"),
    "severity": ("criticity", "criticite", "gravite"),
    "begin": ("startvalidity", "debut", "date_debut"),
    "end": ("endvalidity", "fin", "date_fin"),
    "line": ("lines_final_id", "line_id", "ligne_id"),
    "line_name": ("lines_final_sname", "lines_final_lname", "ligne"),
    "url": ("url", "lien"),
}
SEVERITIES = {"critique": Severity.SEVERE, "moyenne": Severity.WARNING, "faible": Severity.INFO}
CAUSES = {
    "travaux": (Cause.CONSTRUCTION, Effect.MODIFIED), "greve": (Cause.STRIKE, Effect.REDUCED),
    "manifestation": (Cause.DEMONSTRATION, Effect.DETOUR), "evenement": (Cause.EVENT, Effect.MODIFIED),
    "accident": (Cause.ACCIDENT, Effect.DELAYS), "incident": (Cause.TECHNICAL, Effect.DELAYS),
    "deviation": (Cause.UNKNOWN, Effect.DETOUR), "meteo": (Cause.WEATHER, Effect.MODIFIED),
}  # fmt: skip
MOST = 20_000


def take_in_dataset(id: str) -> int:
    """Read the current version of a dataset; how many disruptions changed. Nothing when it is not here."""
    try:
        found = dataset(id)
        table = table_of(found.id, actor=MACHINE)
    except UnknownDataset:
        return 0
    records = answer(table, Question(), limits=Limits(rows=MOST)).records()
    return take_in(source=id, alerts=alerts_of_records(records, source=id))


def alerts_of_records(records: Iterable[Mapping[str, Any]], *, source: str) -> list[Alert]:
    """Rows as alerts, those of one identifier together. Rows without an identifier or a title are left out."""
    try:
        table: Timetable | None = timetable()
    except NoTimetable:
        table = None
    by_name = {plain(each.name): each.id for each in table.routes} if table else {}
    known = table.route_of_id if table else {}
    kept: dict[str, dict[str, Any]] = {}
    lines: dict[str, dict[str, None]] = {}
    for record in records:
        row = {
            name: next((record[c] for c in names if record.get(c) not in (None, "")), None)
            for name, names in COLUMNS.items()
        }
        if row["id"] is None or row["title"] is None:
            continue
        id = str(row["id"])
        kept.setdefault(id, row)
        line = str(row["line"] or "")
        ref = line if line in known else by_name.get(plain(str(row["line_name"] or "")), "")
        if ref:
            lines.setdefault(id, {})[ref] = None
    return [_alert(id, row, tuple(lines.get(id, ())), source) for id, row in kept.items()]


def _alert(id: str, row: Mapping[str, Any], lines: tuple[str, ...], source: str) -> Alert:
    category = plain(str(row["category"] or ""))
    cause, effect = next((told for word, told in CAUSES.items() if word in category), (Cause.UNKNOWN, Effect.UNKNOWN))
    begin, end = _moment(row["begin"]), _moment(row["end"], ending=True)
    return Alert(
        id=id,
        source=source,
        said_at=int(now().timestamp()),
        periods=((begin, end),) if begin or end else (),
        cause=cause,
        effect=effect,
        severity=SEVERITIES.get(plain(str(row["severity"] or "")), Severity.UNKNOWN),
        planned=cause in (Cause.CONSTRUCTION, Cause.EVENT),
        routes=tuple(Named(id=each) for each in lines),
        header={"fr": str(row["title"])},
        description={"fr": str(row["text"])} if row["text"] else {},
        url=str(row["url"] or ""),
    )


def _moment(value: Any, *, ending: bool = False) -> int | None:
    """A moment, or a whole day: to its end when it is the last one."""
    if isinstance(value, datetime):
        return int((value if value.tzinfo else value.replace(tzinfo=LOCAL)).timestamp())
    if isinstance(value, date):
        return int(datetime.combine(value, time(23, 59, 59) if ending else time(), LOCAL).timestamp())
    text = str(value or "").strip()
    if not text:
        return None
    try:
        if len(text) == 10:
            return _moment(date.fromisoformat(text), ending=ending)
        return _moment(datetime.fromisoformat(text))
    except ValueError:
        return None
