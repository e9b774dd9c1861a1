"""What every object of the agenda has, and the small shapes they share."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from lacydon.kernel.texts import Line, Text, Written

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Citycode = Annotated[str, StringConstraints(pattern=r"^[0-9AB]{5}$")]
Euros = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
Share = Annotated[Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2)]
"""Percent."""
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"]+$", max_length=500)]
"""Of a page elsewhere: nothing but http and https may become a link."""
Visibility = Literal["public", "internal"]


class Object(Written):
    """`visibility`: what the public twin withholds is listed there; `example`: invented, and said so wherever shown."""

    id: Id
    title: Text
    visibility: Visibility = "public"
    sources: tuple[Line, ...] = ()
    example: bool = False


class Period(Written):
    start: date | None = None
    end: date | None = None


class Change(Written):
    """A date or an amount that was revised: to what, by which act or for what reason."""

    decided: date
    """Not « on », which YAML reads as yes."""
    reason: Line
    act: Id | None = None
