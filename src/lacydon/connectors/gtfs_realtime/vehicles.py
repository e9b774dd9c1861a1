"""VehiclePositions."""

import math
from typing import Any, Final

from lacydon.capabilities.mobility.public import SaidVehicle

from .trips import LATEST, day_of, seconds_of
from .wire import letters

OCCUPANCY: Final = {0: "empty", 1: "many-seats", 2: "few-seats", 3: "standing", 4: "crushed", 5: "full",
                    6: "not-accepting", 8: "not-boardable"}  # fmt: skip
STOPPED_AT: Final = 1


def vehicle_of(told: Any, *, id: str) -> SaidVehicle | None:
    """One VehiclePosition; None when it is nowhere."""
    place = told.position
    lon, lat = place.longitude, place.latitude
    if not told.HasField("position") or not (math.isfinite(lon) and math.isfinite(lat)):
        return None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90) or (lon == 0 and lat == 0):
        return None
    trip = told.trip
    return SaidVehicle(
        id=letters(told.vehicle.id or told.vehicle.label or id),
        lon=round(lon, 6),
        lat=round(lat, 6),
        said_at=told.timestamp if told.timestamp < LATEST else 0,
        bearing=place.bearing if place.HasField("bearing") and 0 <= place.bearing <= 360 else None,
        speed=place.speed if place.HasField("speed") and 0 <= place.speed < 200 else None,
        trip=letters(trip.trip_id),
        day=day_of(letters(trip.start_date)),
        start=seconds_of(letters(trip.start_time)),
        route=letters(trip.route_id),
        stop=letters(told.stop_id),
        sequence=told.current_stop_sequence if told.HasField("current_stop_sequence") else -1,
        stopped=told.HasField("current_status") and told.current_status == STOPPED_AT,
        occupancy=OCCUPANCY.get(told.occupancy_status, "") if told.HasField("occupancy_status") else "",
        label=letters(told.vehicle.label),
    )
