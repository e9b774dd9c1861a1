"""Protocol buffers read all together: thirty thousand little messages of one kind, as columns.

An object for each would cost a hundred milliseconds of a processor every twenty seconds; columns cost ten.
Source: https://protobuf.dev/programming-guides/encoding/ (tags, varints, lengths; the last of two values wins).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

MOST_FIELDS: Final = 100
"""Of one message: a real one has seven."""
PADDING: Final = 16


class MalformedError(ValueError):
    """These bytes are no messages of that kind."""


@dataclass(frozen=True)
class Pieces:
    """n messages one after another. `begin`, `end`: [n] where each is in `data`."""

    data: NDArray[np.uint8]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]

    @classmethod
    def of(cls, messages: Sequence[bytes]) -> "Pieces":
        lengths = np.fromiter(map(len, messages), np.int64, len(messages))
        end = np.cumsum(lengths)
        begin = end - lengths
        data = np.frombuffer(b"".join(messages) + bytes(PADDING), np.uint8)
        return cls(data, begin, end)

    def inside(self, spans: NDArray[np.int64]) -> "Pieces":
        """Messages that are a field of these; an absent one is an empty message."""
        return Pieces(self.data, spans[:, 0], spans[:, 1])


@dataclass(frozen=True)
class Fields:
    """What was read, by number of field: whether it is there, numbers [n], places of bytes [n, 2]."""

    there: dict[int, NDArray[np.bool_]]
    numbers: dict[int, NDArray[np.int64]]
    spans: dict[int, NDArray[np.int64]]


def read(pieces: Pieces, *, numbers: Sequence[int], spans: Sequence[int]) -> Fields:
    """These fields of every message; others are passed over. Raises MalformedError."""
    count = len(pieces.begin)
    found = Fields(
        there={each: np.zeros(count, np.bool_) for each in (*numbers, *spans)},
        numbers={each: np.zeros(count, np.int64) for each in numbers},
        spans={each: np.zeros((count, 2), np.int64) for each in spans},
    )
    active = np.flatnonzero(pieces.begin < pieces.end)
    at, end = pieces.begin[active], pieces.end[active]
    for _field in range(MOST_FIELDS):
        if not len(active):
            return found
        tag, at = _varints(pieces.data, at)
        wire, number = tag & 7, tag >> 3
        counted, fixed, long = wire == 0, wire == 5, wire == 1
        delimited = wire == 2
        if not (counted | fixed | long | delimited).all():
            raise MalformedError
        at = at + np.where(fixed, 4, 0) + np.where(long, 8, 0)
        read_on = counted | delimited
        value = np.zeros(len(at), np.int64)
        if read_on.any():
            value[read_on], at[read_on] = _varints(pieces.data, np.minimum(at[read_on], end[read_on]))
        begin = at
        if delimited.any():
            if (value[delimited] < 0).any() or (value[delimited] > len(pieces.data)).any():
                raise MalformedError
            at = at + np.where(delimited, value, 0)
        if (at > end).any():
            raise MalformedError
        for each in found.there:
            here = number == each
            if not here.any():
                continue
            if each in found.numbers:
                its = here & counted
                found.numbers[each][active[its]] = value[its]
                found.there[each][active[its]] = True
            else:
                its = here & delimited
                found.spans[each][active[its]] = np.stack((begin[its], at[its]), axis=1)
                found.there[each][active[its]] = True
        left = at < end
        active, at, end = active[left], at[left], end[left]
    raise MalformedError


def _varints(data: NDArray[np.uint8], at: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The number at each place, and the place after it. Raises MalformedError."""
    at = np.minimum(at, len(data) - 1)
    octets = data[at].astype(np.uint64)
    value = octets & np.uint64(127)
    after = at + 1
    more = np.flatnonzero(octets >= 128)
    shift = 7
    while len(more):
        if shift > 63:
            raise MalformedError
        octets = data[np.minimum(after[more], len(data) - 1)].astype(np.uint64)
        value[more] |= (octets & np.uint64(127)) << np.uint64(shift)
        after[more] += 1
        more = more[octets >= 128]
        shift += 7
    return value.view(np.int64), after


def letters(told: str | bytes) -> str:
    """A text: the library gives bytes for one that is not UTF-8."""
    return told if isinstance(told, str) else told.decode("utf-8", "replace")


def texts(pieces: Pieces, spans: NDArray[np.int64], places: dict[bytes, int]) -> NDArray[np.int64]:
    """The place of each text among those met so far (`places`, which grows)."""
    blob: Any = pieces.data.tobytes()
    return np.array(
        [places.setdefault(blob[begin:end], len(places)) for begin, end in spans.tolist()], np.int64
    ).reshape(-1)
