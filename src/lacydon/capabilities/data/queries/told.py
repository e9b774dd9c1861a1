"""Values of another catalogue's answer, read without trusting their type: for connectors."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any


def text_told(given: Any, *names: str) -> str:
    """The first of these that is a text or a number, as text; empty when there is none."""
    for name in names:
        value = given.get(name) if isinstance(given, Mapping) else None
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return ""


def object_told(given: Any, name: str) -> Mapping[str, Any]:
    """The object of this name; an empty one when there is none."""
    value = given.get(name) if isinstance(given, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def objects_told(given: Any, name: str) -> Iterator[Mapping[str, Any]]:
    """The objects in the list of this name."""
    value = given.get(name) if isinstance(given, Mapping) else None
    yield from (each for each in value if isinstance(each, Mapping)) if isinstance(value, list) else ()


def texts_told(given: Any, name: str) -> tuple[str, ...]:
    """The texts in the list of this name; one text is a list of one."""
    value = given.get(name) if isinstance(given, Mapping) else None
    if isinstance(value, str):
        return (value.strip(),) if value.strip() else ()
    return (
        tuple(each.strip() for each in value if isinstance(each, str) and each.strip())
        if isinstance(value, list)
        else ()
    )


def number_told(given: Any, name: str) -> int | None:
    """A whole number, written as one or as a text; None when it is none."""
    written = text_told(given, name)
    try:
        return int(float(written)) if written and len(written) < 20 else None
    except (ValueError, OverflowError):
        return None


def moment_told(written: str) -> datetime | None:
    """A date or a moment of ISO 8601, in UTC when it says no zone; None when it is none."""
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        day = day_told(written)
        return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        return None


def day_told(written: str, *, end: bool = False) -> date | None:
    """A day; a year, or a year and a month, is its first day (`end`: its last); None when it is none."""
    text = written.strip()
    try:
        if len(text) == 4:
            return date(int(text), 12, 31) if end else date(int(text), 1, 1)
        if len(text) == 7 and text[4] == "-":
            year, month = int(text[:4]), int(text[5:])
            following = date(year + month // 12, month % 12 + 1, 1)
            return date.fromordinal(following.toordinal() - 1) if end else date(year, month, 1)
        if len(text) >= 10 and text[2] == "/" == text[5]:
            return date(int(text[6:10]), int(text[3:5]), int(text[:2]))
        return date.fromisoformat(text[:10])
    except (ValueError, OverflowError):
        return None
