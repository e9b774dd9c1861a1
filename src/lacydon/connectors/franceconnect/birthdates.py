"""Dates of birth as the civil register has them: some people's day, month or year is not known.

FranceConnect writes what is unknown with zeros (1962-00-00) and sends text, never a date: a calendar date would have
to invent what nobody knows.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final

WRITTEN: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class Birthdate:
    """`text` as written; born between `earliest` and `latest`, both included (None: the year is unknown)."""

    text: str
    earliest: date | None
    latest: date | None

    @property
    def exact(self) -> bool:
        return self.earliest is not None and self.earliest == self.latest


def parse(text: str) -> Birthdate | None:
    """The days a written date of birth may mean: 1962-05-24, 1962-05-00, 1962-00-00, 1962, 0000-00-00.

    A day of an unknown month says nothing more than the year. None when it is no date of birth: 1962-13-01,
    1962-02-30, 24/05/1962.
    """
    found = WRITTEN.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part or 0) for part in found.groups())
    if month > 12 or day > 31:
        return None
    if not year:
        return Birthdate(text, None, None)
    try:
        if not month:
            return Birthdate(text, date(year, 1, 1), date(year, 12, 31))
        if not day:
            return Birthdate(text, date(year, month, 1), date(year, month, monthrange(year, month)[1]))
        return Birthdate(text, date(year, month, day), date(year, month, day))
    except ValueError:
        return None
