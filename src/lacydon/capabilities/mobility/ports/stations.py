"""What sources say of places one can use now: stations of bicycles, car parks, charging points."""

from dataclasses import dataclass, field

from .said import Remark


@dataclass(slots=True, kw_only=True)
class Station:
    """A place and what is free there. None: the source does not say."""

    id: str
    name: str
    lon: float
    lat: float
    kind: str
    """`bikes`, `car-park`, `charging`."""
    capacity: int | None = None
    free: int | None = None
    """Bicycles to take, places to park, points to charge at."""
    docks: int | None = None
    """Where a bicycle can be given back."""
    electric: int | None = None
    """Of the free bicycles, those with a motor."""
    open: bool | None = None
    returning: bool | None = None
    said_at: int = 0
    """0: not dated by the source."""
    address: str = ""
    citycode: str = ""
    operator: str = ""
    wheelchair: int | None = None
    """Reserved places; 0 says that there is none."""
    wheelchair_words: str = ""
    power: float | None = None
    """Kilowatts, the most powerful point."""
    plugs: tuple[str, ...] = ()
    broken: int | None = None
    payment: str = ""
    hours: str = ""
    park_and_ride: bool = False
    height: float | None = None
    """Metres, the tallest vehicle."""
    url: str = ""


@dataclass(slots=True, kw_only=True)
class SaidStations:
    """A whole answer. `floating`: vehicles that are in no station, by place (lon, lat), never followed one by one."""

    kind: str
    said_at: int = 0
    stations: list[Station] = field(default_factory=list)
    floating: list[tuple[float, float, bool]] = field(default_factory=list)
    """lon, lat, electric. No identifier: they would tell the journeys of people."""
    remarks: list[Remark] = field(default_factory=list)
    licence: str = ""
    operator: str = ""
    valid_until: int = 0
