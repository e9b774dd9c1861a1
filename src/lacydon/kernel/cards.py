"""What capabilities show of themselves on pages they do not know: through the extension points of kernel.plugs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Card:
    """What can be done online about a service: what the button says, where it leads, how long it takes."""

    label: Any
    address: str
    note: Any = ""
    form: str = ""


@dataclass(frozen=True, slots=True)
class Tracked:
    """Something that goes on for a person. `waiting`: it waits for them, and comes first."""

    title: Any
    state: Any
    address: str
    at: datetime
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """A place where agents with one of these roles work; `id` says which entry of their menu a page belongs to."""

    id: str
    label: Any
    address: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure, whole and by commune (INSEE code); a value that would tell of too few people is None."""

    id: str
    title: Any
    unit: str
    value: Decimal | None
    by_commune: Mapping[str, Decimal | None] = field(default_factory=dict)
    computed_at: datetime | None = None
    note: Any = ""
