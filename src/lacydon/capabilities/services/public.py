"""The door of the catalogue."""

from .errors import UnknownAudience, UnknownEvent, UnknownSector, UnknownService
from .queries.catalogue import (
    AUDIENCES,
    EventView,
    SectorView,
    ServiceView,
    event,
    events,
    featured_services,
    sector,
    sectors,
    service,
    services,
    services_of_event,
    services_of_sector,
)
from .queries.search import Hit, Results, in_charge, search_services

__all__ = [
    "AUDIENCES",
    "EventView",
    "Hit",
    "Results",
    "SectorView",
    "ServiceView",
    "UnknownAudience",
    "UnknownEvent",
    "UnknownSector",
    "UnknownService",
    "event",
    "events",
    "featured_services",
    "in_charge",
    "search_services",
    "sector",
    "sectors",
    "service",
    "services",
    "services_of_event",
    "services_of_sector",
]
