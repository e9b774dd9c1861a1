"""feed_info.txt, attributions.txt and translations.txt: what a feed says of itself, and in other languages."""

from collections.abc import Mapping

from ..timetable.nouns import FeedInfo
from .gathered import Reading
from .services import day

FIELDS: Mapping[tuple[str, str], str] = {
    ("stops", "stop_id"): "stop_name",
    ("routes", "route_id"): "route_long_name",
    ("trips", "trip_id"): "trip_headsign",
}
"""Where a translation names a record, the text is the one that the record has."""


def read_about(reading: Reading) -> FeedInfo:
    """What the feed says of itself; its days are those of its services, whatever feed_info.txt promises."""
    feed, remarks = reading.feed, reading.remarks
    publisher = version = ""
    language = "fr"
    table = reading.archive.table("feed_info.txt")
    if table is None:
        remarks.add("no-feed-info", "feed_info.txt")
    columns = ("feed_publisher_name", "feed_lang", "feed_version", "feed_start_date", "feed_end_date")
    for line, (name, said, number, start, end) in table.rows(columns) if table else ():
        publisher, version = name, number
        language = said.split("-")[0].lower() or language
        for written in (start, end):
            if written and day(written) is None:
                remarks.add("date", "feed_info.txt", line=line, example=written)
    runs = [reading.to.runs[n] for n in reading.services.values() if reading.to.runs[n]]
    first = min((min(each) for each in runs), default=0)
    last = max((max(each) for each in runs), default=0)
    today = reading.today.toordinal()
    if last:
        written = reading.today.fromordinal(last).isoformat()
        if last < today:
            remarks.add("expired", "calendar.txt", example=written)
        elif last < today + 7:
            remarks.add("expires-soon", "calendar.txt", example=written)
        if first > today:
            remarks.add("not-yet", "calendar.txt", example=reading.today.fromordinal(first).isoformat())
    return FeedInfo(
        id=feed.id, prefix=feed.prefix, name=feed.name or publisher, content=feed.content,
        producer=feed.producer or publisher, licence=feed.licence, example=feed.example, language=language,
        version=version, attributions=_attributions(reading), first_day=reading.today.fromordinal(max(first, 1)),
        last_day=reading.today.fromordinal(max(last, 1)),
    )  # fmt: skip


def _attributions(reading: Reading) -> tuple[str, ...]:
    table = reading.archive.table("attributions.txt")
    names = [name for _line, (name,) in table.rows(("organization_name",)) if name] if table else []
    return tuple(dict.fromkeys(names))


def read_translations(reading: Reading) -> None:
    """v2 (table_name, field_name, record_id or field_value) and v1 (trans_id, lang), which some feeds still have."""
    table = reading.archive.table("translations.txt")
    if table is None:
        return
    if not table.lacks(["trans_id", "lang", "translation"]):
        for _line, (text, language, translation) in table.rows(("trans_id", "lang", "translation")):
            for (name, _id), field in FIELDS.items():
                _keep(reading, language, f"{name}.{field}", text, translation)
        return
    records = _records(reading)
    columns = ("table_name", "field_name", "language", "translation", "record_id", "field_value")
    for _line, (name, field, language, translation, record, value) in table.rows(columns):
        text = value or records(name, field, record)
        if text and translation:
            _keep(reading, language, f"{name}.{field}", text, translation)


def _keep(reading: Reading, language: str, field: str, text: str, translation: str) -> None:
    reading.to.translations.setdefault((language.split("-")[0].lower(), field), {}).setdefault(text, translation)


class _records:  # noqa: N801  called as a function
    """The text that a record has now, which a translation names by the record's identifier."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._headsigns: dict[str, str] | None = None

    def __call__(self, name: str, field: str, record: str) -> str:
        to = self._reading.to
        if name == "stops" and record in self._reading.stops:
            stop = to.stops[self._reading.stops[record]]
            return {"stop_name": stop.name, "stop_desc": stop.description}.get(field, "")
        if name == "routes" and record in self._reading.routes:
            route = to.routes[self._reading.routes[record]]
            return {"route_long_name": route.long_name, "route_desc": route.description}.get(field, "")
        if name == "trips" and field == "trip_headsign":
            if self._headsigns is None:
                table = self._reading.archive.table("trips.txt")
                assert table is not None
                self._headsigns = dict(cells for _line, cells in table.rows(("trip_id", "trip_headsign")))  # type: ignore[misc]
            return self._headsigns.get(record, "")
        return ""
