"""What happened to the agenda, in the past tense."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class AgendaChanged:
    """Objects of the agenda are not what they were; each change is committed, and in the journal."""

    objects: tuple[tuple[str, str], ...]
    """(kind, id) of each."""


@dataclass(frozen=True, slots=True)
class AgendaFrozen:
    """A vote made a version that nothing changes any more."""

    agenda: str
    number: int
    content: str
    """SHA-256 of everything it holds."""


@dataclass(frozen=True, slots=True)
class IndicatorMoved:
    """An indicator says another value than before; the reading and its entry in the journal are committed."""

    indicator: str
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class KitAdopted:
    """A commune (INSEE code) has a version of a kit in service."""

    kit: str
    number: int
    commune: str


@dataclass(frozen=True, slots=True)
class KitPutBack:
    """What a kit had laid over a commune is lifted."""

    kit: str
    number: int
    commune: str
