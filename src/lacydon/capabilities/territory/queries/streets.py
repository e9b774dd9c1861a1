"""The embedded addresses as an index reads them: streets whole, house numbers on demand."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from lacydon.capabilities.territory.models import HouseNumber, Street

SNAPSHOT = "addresses"
ROW_DEGREES, COLUMN_DEGREES = 0.002, 0.0027
"""Height and width of a square of the grid house numbers are filed in: about 220 m."""
COLUMNS = round(360 / COLUMN_DEGREES)
LARGEST_CELL = 2_147_483_647
"""Numbers of squares wrap here, to fit 32 bits: two far squares may share one, so distances are always looked at."""


class IndexedStreet(NamedTuple):
    """A street or a locality; `numbers` counts its house numbers; lon, lat in WGS 84; x, y in Lambert-93 metres."""

    id: int
    ban_id: str
    name: str
    commune: str
    citycode: str
    city: str
    old_city: str
    postcode: str
    locality: bool
    numbers: int
    lon: float
    lat: float
    x: float | None
    y: float | None


class IndexedNumber(NamedTuple):
    """A house number of the street `street`."""

    street: int
    number: int
    suffix: str
    ban_id: str
    postcode: str
    lon: float
    lat: float
    x: float | None
    y: float | None


_STREET = ("id", "ban_id", "name", "commune_id", "citycode", "city", "old_city", "postcode", "locality", "numbers")
_NUMBER = ("street_id", "number", "suffix", "ban_id", "postcode", "lon", "lat", "x", "y")


def indexed_streets() -> Iterator[IndexedStreet]:
    """Every street and locality that was imported, by id."""
    rows = Street.objects.order_by("id").values_list(*_STREET, "lon", "lat", "x", "y")
    return map(IndexedStreet._make, rows.iterator(chunk_size=5000))


def streets_known() -> bool:
    """Whether addresses were imported: without them a plan has no street to draw."""
    return Street.objects.exists()


def house_numbers(*, streets: Collection[int], number: int) -> list[IndexedNumber]:
    """The house numbers `number` (with any suffix) of a few streets."""
    rows = HouseNumber.objects.filter(street__in=streets, number=number).order_by("street_id", "suffix")
    return list(map(IndexedNumber._make, rows.values_list(*_NUMBER)))


def numbers_around(*, lon: float, lat: float, reach: float | None = None) -> list[IndexedNumber]:
    """The house numbers in the square of a point and the eight squares around it: all those within 200 m, and more.

    With a `reach` (degrees of latitude), only those in that much around: a city has thousands in nine squares.
    """
    row, column = _row_and_column(lon, lat)
    cells = {_cell(row + up, column + right) for up in (-1, 0, 1) for right in (-1, 0, 1)}
    rows = HouseNumber.objects.filter(cell__in=cells)
    if reach is not None:
        across = reach * COLUMN_DEGREES / ROW_DEGREES
        rows = rows.filter(lon__range=(lon - across, lon + across), lat__range=(lat - reach, lat + reach))
    return list(map(IndexedNumber._make, rows.values_list(*_NUMBER)))


def numbers_within(*, west: float, south: float, east: float, north: float, most: int = 4_000) -> list[IndexedNumber]:
    """The house numbers in a box of a few hundred metres (degrees)."""
    (bottom, left), (top, right) = _row_and_column(west, south), _row_and_column(east, north)
    cells = [_cell(row, column) for row in range(bottom, top + 1) for column in range(left, right + 1)]
    rows = HouseNumber.objects.filter(cell__in=cells, lon__range=(west, east), lat__range=(south, north))
    return list(map(IndexedNumber._make, rows.order_by("street_id", "number", "suffix").values_list(*_NUMBER)[:most]))


def cell_of(lon: float, lat: float) -> int:
    """The number of the square of the grid a point is in."""
    return _cell(*_row_and_column(lon, lat))


def _row_and_column(lon: float, lat: float) -> tuple[int, int]:
    return int((lat + 90) / ROW_DEGREES), int((lon + 180) / COLUMN_DEGREES)


def _cell(row: int, column: int) -> int:
    return (row * COLUMNS + column) % LARGEST_CELL
