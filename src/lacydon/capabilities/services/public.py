"""The door of the catalogue."""

from .actions import lay, lift
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
from .queries.layers import overrides_of, services_of_commune, written_service, wrong_with
from .queries.search import Hit, Results, in_charge, search_services
from .queries.written import LocalText, ServiceText

__all__ = [
    "AUDIENCES",
    "EventView",
    "Hit",
    "LocalText",
    "Results",
    "SectorView",
    "ServiceText",
    "ServiceView",
    "UnknownAudience",
    "UnknownEvent",
    "UnknownSector",
    "UnknownService",
    "event",
    "events",
    "featured_services",
    "in_charge",
    "lay",
    "lift",
    "overrides_of",
    "search_services",
    "sector",
    "sectors",
    "service",
    "services",
    "services_of_commune",
    "services_of_event",
    "services_of_sector",
    "written_service",
    "wrong_with",
]
