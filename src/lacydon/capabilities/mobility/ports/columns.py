"""The calls of many trips in columns: what a source of a whole city says is too long a list of objects."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .said import SaidCall, SaidTrip

Int64 = NDArray[np.int64]
NUMBERS: Final = ("owner", "sequence", "stop", "assigned", "arrival", "departure", "late", "late_out", "flags", "aimed")


@dataclass(kw_only=True)
class SaidCalls:
    """c calls, those of a trip together and in the order they were told; each field as in `SaidCall`."""

    owner: Int64
    """[c] the place of their trip in `Said.trips`, rising."""
    sequence: Int64
    stop: Int64
    """[c] a place in `names`."""
    assigned: Int64
    arrival: Int64
    departure: Int64
    late: Int64
    late_out: Int64
    flags: Int64
    aimed: Int64
    names: list[str]
    """Identifiers of stops; the first is empty: none."""
    platforms: dict[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.owner)

    @classmethod
    def of(cls, trips: Sequence[SaidTrip], *, first: int = 0) -> "SaidCalls":
        """Those of trips that have their calls as objects; the first of these trips is the place `first`."""
        names: dict[str, int] = {"": 0}
        rows: list[tuple[Any, ...]] = []
        platforms: dict[int, str] = {}
        for n, trip in enumerate(trips):
            for call in trip.calls:
                if call.platform:
                    platforms[len(rows)] = call.platform
                rows.append(
                    (
                        first + n, call.sequence, names.setdefault(call.stop, len(names)),
                        names.setdefault(call.assigned, len(names)), call.arrival, call.departure, call.arrival_delay,
                        call.departure_delay, call.flags, call.aimed,
                    )
                )  # fmt: skip
        numbers = np.array(rows, np.int64).reshape(-1, len(NUMBERS))
        return cls(**dict(zip(NUMBERS, numbers.T, strict=True)), names=list(names), platforms=platforms)

    def joined(self, other: "SaidCalls") -> "SaidCalls":
        """These calls, then those."""
        if not len(other):
            return self
        places = np.arange(len(other.names)) + len(self.names)
        places[0] = 0
        columns = {name: np.concatenate((getattr(self, name), getattr(other, name))) for name in NUMBERS}
        for name in ("stop", "assigned"):
            columns[name][len(self) :] = places[getattr(other, name)]
        platforms = self.platforms | {len(self) + n: text for n, text in other.platforms.items()}
        return SaidCalls(**columns, names=[*self.names, *other.names], platforms=platforms)

    def its(self, owner: int) -> slice:
        """The calls of this trip."""
        begin, end = np.searchsorted(self.owner, [owner, owner + 1]).tolist()
        return slice(begin, end)

    def objects(self, owner: int) -> list[SaidCall]:
        """The same, as objects."""
        span = self.its(owner)
        columns = (getattr(self, name)[span].tolist() for name in NUMBERS[1:])
        return [
            SaidCall(
                sequence=sequence, stop=self.names[stop], arrival=arrival, departure=departure, arrival_delay=late,
                departure_delay=late_out, flags=flags, assigned=self.names[assigned], aimed=aimed,
                platform=self.platforms.get(span.start + n, ""),
            )
            for n, (sequence, stop, assigned, arrival, departure, late, late_out, flags, aimed) in enumerate(
                zip(*columns, strict=True)
            )
        ]  # fmt: skip

    def inserted(self, calls: Sequence[tuple[int, int, SaidCall]]) -> "SaidCalls":
        """With these besides, each before a place (of this), for an owner."""
        if not calls:
            return self
        ordered = sorted(calls, key=lambda each: each[:2])
        more = SaidCalls.of([SaidTrip(calls=[call]) for _place, _owner, call in ordered])
        more.owner = np.array([owner for _place, owner, _call in ordered], np.int64)
        places = [place for place, _owner, _call in ordered]
        whole = self.joined(more)
        order = np.insert(np.arange(len(self)), places, np.arange(len(self), len(whole)))
        back = {int(old): new for new, old in enumerate(order.tolist())} if whole.platforms else {}
        for each in fields(whole):
            if each.name in NUMBERS:
                setattr(whole, each.name, getattr(whole, each.name)[order])
        whole.platforms = {back[n]: text for n, text in whole.platforms.items()}
        return whole
