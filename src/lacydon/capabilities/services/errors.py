"""Refusals of the catalogue."""

from lacydon.kernel.errors import BadInput, NotFound


class UnknownService(NotFound):
    code = "unknown-service"


class UnknownEvent(NotFound):
    code = "unknown-event"


class UnknownSector(NotFound):
    code = "unknown-sector"


class UnknownAudience(BadInput):
    code = "unknown-audience"
