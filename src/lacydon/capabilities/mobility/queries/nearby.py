"""Places around a point, nearest first. Nobody keeps the point."""

from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from .timetable import Timetable

METRES_A_DEGREE: Final = 111_195.0
_grounds: "WeakKeyDictionary[Timetable, tuple[NDArray[np.float64], NDArray[np.float64]]]" = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Near:
    """A place and how far it is as the crow flies."""

    place: int
    metres: int

    @property
    def kilometres(self) -> str:
        return f"{self.metres / 1000:.1f}".replace(".", ",")

    @property
    def minutes(self) -> int:
        """On foot, at 4 km/h along streets that are a third longer than the crow's way."""
        return max(1, round(self.metres * 1.3 / 66))


def places_near(table: Timetable, *, lon: float, lat: float, metres: float, limit: int = 10) -> tuple[Near, ...]:
    """Distances on the tangent plane: right to a metre over a kilometre."""
    ground = _grounds.get(table)
    if ground is None:
        ground = _grounds[table] = (
            np.array([place.lon for place in table.places]), np.array([place.lat for place in table.places])
        )  # fmt: skip
    east = (ground[0] - lon) * (METRES_A_DEGREE * np.cos(np.radians(lat)))
    north = (ground[1] - lat) * METRES_A_DEGREE
    far = np.hypot(east, north)
    order = np.argsort(far, kind="stable")[:limit].tolist()
    return tuple(Near(n, round(float(far[n]))) for n in order if far[n] <= metres)
