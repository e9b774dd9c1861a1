"""Shared bicycles passed on as GBFS 2.3, with how long an answer of ours may be kept."""

from collections.abc import Sequence
from typing import Any, Final

from ..live.stations import Stations

TTL: Final = 30
VERSION: Final = "2.3"
FILES: Final = ("system_information", "station_information", "station_status", "free_bike_status")


def document(name: str, source: Stations, *, now: int, address: str) -> dict[str, Any]:
    """One of `gbfs` and FILES. `address`: where the files of this source are, without a slash at the end."""
    made = {
        "gbfs": _index, "system_information": _system, "station_information": _information, "station_status": _status,
        "free_bike_status": _free,
    }[name]  # fmt: skip
    return {"last_updated": source.said_at or now, "ttl": TTL, "version": VERSION, "data": made(source, address)}


def _index(_source: Stations, address: str) -> dict[str, Any]:
    return {"fr": {"feeds": [{"name": name, "url": f"{address}/{name}.json"} for name in FILES]}}


def _system(source: Stations, _address: str) -> dict[str, Any]:
    told = {"system_id": source.source.pk, "language": "fr", "name": source.source.name, "timezone": "Europe/Paris"}
    return {**told, **({"operator": source.operator} if source.operator else {})}


def _information(source: Stations, _address: str) -> dict[str, Any]:
    stations: Sequence[Any] = source.stations
    return {
        "stations": [
            {
                "station_id": each.id, "name": each.name, "lat": each.lat, "lon": each.lon,
                **({"capacity": each.capacity} if each.capacity is not None else {}),
                **({"address": each.address} if each.address else {}),
            }
            for each in stations
        ]
    }  # fmt: skip


def _status(source: Stations, _address: str) -> dict[str, Any]:
    return {
        "stations": [
            {
                "station_id": each.id,
                "num_bikes_available": each.free,
                **({"num_docks_available": each.docks} if each.docks is not None else {}),
                "is_installed": True,
                "is_renting": each.open is not False,
                "is_returning": each.returning if each.returning is not None else each.open is not False,
                "last_reported": each.said_at or source.said_at,
            }
            for each in source.stations
            if each.free is not None
        ]
    }


def _free(source: Stations, _address: str) -> dict[str, Any]:
    """Places without the identity of a vehicle: its number here is its place in this very answer."""
    return {
        "bikes": [
            {"bike_id": str(n), "lat": lat, "lon": lon, "is_reserved": False, "is_disabled": False}
            for n, (lon, lat, _electric) in enumerate(source.floating)
        ]
    }
