"""What an address source must offer to be plugged in, and the registry it is plugged into.

A source speaks GeoJSON in the shape of the national address API (BAN): a FeatureCollection of points that have
the properties `label, score (0–1), id, type, name, postcode, citycode, city, context, importance` and, where known,
`housenumber, street, x, y` (Lambert-93 metres). It raises `kernel.errors.Unavailable` when it cannot answer, and
`NotForThisSource` when it is not one to be asked this.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, NotRequired, Protocol, TypedDict

from lacydon.kernel.errors import Unavailable

AddressType = Literal["housenumber", "street", "locality", "municipality"]
ADDRESS_TYPES: tuple[AddressType, ...] = ("housenumber", "street", "locality", "municipality")


class Point(TypedDict):
    type: Literal["Point"]
    coordinates: list[float]


class AddressProperties(TypedDict):
    """One address, street, locality or municipality, as the BAN describes it."""

    label: str
    score: float
    id: str
    type: str
    name: str
    postcode: str
    citycode: str
    city: str
    context: str
    importance: float
    housenumber: NotRequired[str]
    street: NotRequired[str]
    district: NotRequired[str]
    locality: NotRequired[str]
    oldcity: NotRequired[str]
    population: NotRequired[int]
    distance: NotRequired[int]
    x: NotRequired[float]
    y: NotRequired[float]


class AddressFeature(TypedDict):
    type: Literal["Feature"]
    geometry: Point
    properties: AddressProperties


class FeatureCollection(TypedDict):
    """The answer of a source; `queries.addresses` adds who spoke and what to tell the visitor."""

    type: Literal["FeatureCollection"]
    features: list[AddressFeature]
    attribution: str
    licence: str
    query: NotRequired[str]
    limit: NotRequired[int]
    source: NotRequired[str]
    degraded: NotRequired[bool]
    notice: NotRequired[str]
    outside: NotRequired[list[AddressFeature]]
    version: NotRequired[str]
    filters: NotRequired[dict[str, Any]]


class NotForThisSource(Unavailable):
    """The source works, but does not take such a question (too short for it): nothing is down, the next is asked."""


class AddressSource(Protocol):
    """A geocoder. `rank`: the lowest that is on speaks first; the last needs no network."""

    id: str
    rank: int

    def is_on(self) -> bool:
        """Whether this installation is meant to use this source."""

    def search(
        self,
        q: str,
        *,
        limit: int,
        autocomplete: bool,
        citycode: str | None = None,
        postcode: str | None = None,
        type: AddressType | None = None,
        lon: float | None = None,
        lat: float | None = None,
    ) -> FeatureCollection:
        """Addresses for what was typed, best first; `lon, lat` (WGS 84) only favours what is near."""

    def reverse(self, lon: float, lat: float, *, limit: int) -> FeatureCollection:
        """Addresses near a point (WGS 84), nearest first."""


class AddressSources:
    """The registry of the port: sources by id, asked by rank."""

    def __init__(self) -> None:
        self._sources: dict[str, AddressSource] = {}

    def plug(self, source: AddressSource) -> None:
        """Plug a source in; the same id twice replaces it, so that a module can be imported again."""
        self._sources[source.id] = source

    def on(self) -> list[AddressSource]:
        """The sources meant to be used, in the order they are asked."""
        return sorted((source for source in self._sources.values() if source.is_on()), key=lambda source: source.rank)

    @contextmanager
    def only(self, *sources: AddressSource) -> Iterator[None]:
        """For tests: these sources and no other."""
        before = self._sources
        self._sources = {source.id: source for source in sources}
        try:
            yield
        finally:
            self._sources = before


address_sources = AddressSources()
