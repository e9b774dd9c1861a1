"""Rows of open data, whichever way a portal writes them: CSV, JSON, GeoJSON; and what their cells mean."""

import csv
import io
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from lacydon.kernel.clock import LOCAL

from ..errors import NotWhatWasAsked
from .sources import no_page

MOST: Final = 200_000
Row = Mapping[str, Any]
LISTS: Final = ("results", "records", "features", "data", "stations", "items", "parkings", "value")
"""Where portals keep the rows of a JSON document (ODS 2 and 1, GeoJSON, others)."""


def rows_of(content: bytes) -> list[Row]:
    """The rows, by lower-case names of columns. Raises NotWhatWasAsked."""
    no_page(content)
    begin = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    rows = _from_json(content) if begin in (b"{", b"[") else _from_csv(content)
    found: list[Row] = []
    for row in rows:
        found.append({str(name).strip().lower(): value for name, value in row.items()})
        if len(found) > MOST:
            raise NotWhatWasAsked(_("La source a plus de %d lignes.") % MOST)
    return found


def cell(row: Row, names: Sequence[str]) -> Any:
    """The first of these columns that says something."""
    for name in names:
        value = row.get(name.lower())
        if value not in (None, ""):
            return value
    return None


def word(row: Row, names: Sequence[str]) -> str:
    value = cell(row, names)
    if isinstance(value, Mapping | list):
        return ""
    return "" if value is None else " ".join(str(value).split())[:500]


def whole(row: Row, names: Sequence[str]) -> int | None:
    """A count: none when it is not a number, or below zero."""
    value = decimal(row, names)
    return None if value is None or value < 0 or value > 10**7 else int(value)


def decimal(row: Row, names: Sequence[str]) -> float | None:
    value = cell(row, names)
    if isinstance(value, bool):
        return float(value)
    try:
        found = float(str(value).strip().replace(",", ".").replace("\u202f", "").replace(" ", ""))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def truth(row: Row, names: Sequence[str]) -> bool | None:
    value = str(cell(row, names)).strip().lower()
    if value in ("true", "1", "oui", "vrai", "yes", "t"):
        return True
    return False if value in ("false", "0", "non", "faux", "no", "f") else None


def moment_of(value: Any) -> int:
    """Seconds since 1970, from a number (seconds or milliseconds) or an ISO date; 0 when it is none."""
    if isinstance(value, bool) or value is None:
        return 0
    if isinstance(value, int | float) or (isinstance(value, str) and value.isascii() and value.isdigit()):
        number = float(value)
        number = number / 1000 if number > 1e11 else number
        return int(number) if 0 < number < 2**36 else 0
    try:
        when = datetime.fromisoformat(str(value).strip()[:40])
        return int((when if when.tzinfo else when.replace(tzinfo=LOCAL)).astimezone(UTC).timestamp())
    except (ValueError, OverflowError):
        return 0


_PAIR: Final = re.compile(r"\s*[\[(]?\s*(-?\d{1,3}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*[\])]?\s*")


def place_of(row: Row, *, lon: Sequence[str], lat: Sequence[str], pair: Sequence[str]) -> tuple[float, float] | None:
    """Longitude and latitude; None when there is none that can be. `pair`: columns that hold both; « [lon, lat] » as
    schemas have it, « lat, lon » as portals write it: told apart by France's longitudes being below its latitudes."""
    x, y = decimal(row, lon), decimal(row, lat)
    if x is None or y is None:
        value = cell(row, pair)
        if isinstance(value, Mapping):
            inner = {str(name).lower(): each for name, each in value.items()}
            x, y = decimal(inner, ("lon", "lng", "longitude")), decimal(inner, ("lat", "latitude"))
            if x is None and isinstance(inner.get("coordinates"), list):
                value = inner["coordinates"]
        if x is None and isinstance(value, list) and len(value) >= 2:
            value = f"{value[0]},{value[1]}"
        if x is None and isinstance(value, str) and (found := _PAIR.fullmatch(value)):
            x, y = float(found[1]), float(found[2])
            if x > y and value.strip()[:1] not in "[(":
                x, y = y, x
    if x is None or y is None or not (-180 <= x <= 180 and -90 <= y <= 90) or (x == 0 and y == 0):
        return None
    return round(x, 6), round(y, 6)


def _from_json(content: bytes) -> Iterator[Row]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NotWhatWasAsked(_("La réponse de la source n’est pas du JSON lisible.")) from error
    if isinstance(told, Mapping):
        told = next((told[name] for name in LISTS if isinstance(told.get(name), list)), None)
    if not isinstance(told, list):
        raise NotWhatWasAsked(_("La réponse JSON de la source ne contient pas de liste."))
    for each in told:
        if not isinstance(each, Mapping):
            continue
        inner = each.get("fields") or each.get("properties") or each.get("record")
        row = dict(inner) if isinstance(inner, Mapping) else dict(each)
        if isinstance(each.get("geometry"), Mapping):
            row.setdefault("geometry", each["geometry"])
        if "recordid" in each:
            row.setdefault("recordid", each["recordid"])
        yield row


def _from_csv(content: bytes) -> Iterator[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    mark = max((";", ",", "\t", "|"), key=first.count)
    if not first.count(mark) or "\0" in text[:4096]:
        raise NotWhatWasAsked(_("La réponse de la source n’est ni du JSON, ni une table CSV."))
    try:
        for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=mark):
            yield {name: value for name, value in row.items() if name is not None}
    except csv.Error as error:
        raise NotWhatWasAsked(_("La table CSV de la source est illisible.")) from error
