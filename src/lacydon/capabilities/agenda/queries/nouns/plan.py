"""The plan: agenda, axes, levers, policies, plans it feeds, acts behind every commitment."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from lacydon.kernel.texts import Line, Text

from .objects import Address, Citycode, Id, Object, Period


class LegalAct(Object):
    """A deliberation, decision or convention. Source: SCDL « délibérations »; ELI for its address."""

    number: Line
    date: date
    body: Line
    url: Address | None = None
    file_hash: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""


class Agenda(Object):
    description: Text
    vision: Text
    siren: Annotated[str, StringConstraints(pattern=r"^[0-9]{9}$")]
    communes: tuple[Citycode, ...] = ()
    """INSEE codes; none: those of the whole territory."""
    period: Period
    adopted_by: Id


class Axis(Object):
    agenda: Id
    order: Annotated[int, Field(ge=1)]
    ambition: Text
    parent: Id | None = None
    sdg: tuple[Annotated[str, StringConstraints(pattern=r"^[0-9]{1,2}(\.[0-9a-z]{1,2})?$")], ...] = ()
    """Goals and targets of sustainable development: `9`, `9.c`."""
    orientations: tuple[Text, ...] = ()
    outcomes: tuple[Id, ...] = ()
    """Indicators that tell whether the ambition is met."""


class Lever(Object):
    agenda: Id
    order: Annotated[int, Field(ge=1)]
    kind: Literal["usagers", "donnees", "experimentation", "projets-communaux", "financement", "gouvernance", "talents"]
    description: Text


class Policy(Object):
    """A public policy, by which money is voted. COFOG: division.group; M57: function of the accounting plan."""

    description: Text | None = None
    cofog: Annotated[str, StringConstraints(pattern=r"^([0-9]{2}(\.[0-9]){0,2})?$")] = ""
    m57_function: Annotated[str, StringConstraints(pattern=r"^[0-9]{0,5}$")] = ""
    owner: Id | None = None
    """An authority of the territory."""


class LinkedPlan(Object):
    """Another plan that the agenda feeds: Plan Climat, PLH, SCoT, Plan de mobilité …"""

    description: Text
    url: Address | None = None
    adopted_by: Id | None = None
    period: Period = Period()
