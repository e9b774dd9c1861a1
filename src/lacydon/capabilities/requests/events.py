"""What happened to requests, in the past tense."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestOpened:
    """A request was submitted; its row and its first step are committed."""

    request: str


@dataclass(frozen=True, slots=True)
class RequestMoved:
    """Something was added to the timeline of a request. Steps not told yet are found again by a job: none is lost."""

    request: str
    step: int
    kind: str
    told: bool = False
    """Nobody has to be told of this step."""


@dataclass(frozen=True, slots=True)
class DeliveryQueued:
    """A request has to be handed over; its row in the outbox is committed. Whoever misses this finds the row."""

    delivery: str


@dataclass(frozen=True, slots=True)
class DeliveryDied:
    """A request could not be handed over: somebody of the authority has to look at it."""

    delivery: str


@dataclass(frozen=True, slots=True)
class BulkAsked:
    """An act on more requests than are done while somebody waits; what is left of it is found again every day."""

    bulk: str


# -- appointments and payments
@dataclass(frozen=True, slots=True)
class AppointmentChanged:
    """Whoever comes has to be told of something. What is not told is found again by a worker's beat."""

    appointment: str
