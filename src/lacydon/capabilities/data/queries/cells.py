"""Rows as JSON for machines, encoded in one go: dates in ISO 8601, places as the Explore API writes them."""

import struct
from collections.abc import Callable, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import orjson

Encode = Callable[[Any], Any]


def point(wkb: bytes) -> tuple[float, float]:
    """Longitude and latitude of a point."""
    order = "<" if wkb[0] == 1 else ">"
    lon, lat = struct.unpack_from(f"{order}dd", wkb, 5)
    return lon, lat


def geo_point(wkb: bytes) -> dict[str, float]:
    lon, lat = point(wkb)
    return {"lon": lon, "lat": lat}


def geo_shape(wkb: bytes) -> dict[str, Any]:
    """A Feature of GeoJSON."""
    import shapely  # only who reads shapes pays for it

    geometry = orjson.Fragment(shapely.to_geojson(shapely.from_wkb(bytes(wkb))))
    return {"type": "Feature", "geometry": geometry, "properties": {}}


def document(text: str) -> Any:
    """What a JSON column holds, as it is; what is no JSON after all is a text."""
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return orjson.Fragment(text)


def moment(zone: ZoneInfo) -> Encode:
    """An instant on the clocks of a place."""

    def encode(value: datetime) -> str:
        return value.astimezone(zone).isoformat(timespec="seconds")

    return encode


def records(
    names: Sequence[str], types: Sequence[str], rows: Sequence[Sequence[Any]], *, zone: ZoneInfo
) -> list[dict[str, Any]]:
    """Rows as objects that `encoded` understands."""
    made = [dict(zip(names, row, strict=True)) for row in rows]
    ways: dict[str, Encode] = {
        "point": geo_point,
        "shape": geo_shape,
        "json": document,
        "datetime": moment(zone),
        "time": time.isoformat,
    }
    for name, type in zip(names, types, strict=True):
        encode = ways.get(type)
        if encode is None:
            continue
        for each in made:
            value = each[name]
            if value is not None:
                each[name] = encode(value)
    return made


def encoded(answer: Any) -> bytes:
    """JSON; what is no number (NaN) is null."""
    return orjson.dumps(answer, default=_other, option=orjson.OPT_NON_STR_KEYS)


def _other(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, int):  # wider than 64 bits
        return float(value)
    return str(value)
