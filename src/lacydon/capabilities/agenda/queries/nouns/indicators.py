"""Indicators: what is measured, how, from which data; their readings are kept apart, with version and query."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from lacydon.kernel.texts import Line, Text, Written

from .objects import Id, Object

Figure = Annotated[Decimal, Field(max_digits=18, decimal_places=4)]


class Baseline(Written):
    value: Figure
    date: date
    estimate: bool = False
    source: Line


class Target(Written):
    date: date
    value: Figure
    act: Id | None = None


class Source(Written):
    """Either a query over a dataset, or a figure that a capability offers (`kernel.plugs.indicators`)."""

    dataset: Id | None = None
    query: str = ""
    figure: Annotated[str, StringConstraints(max_length=120)] = ""
    min_cell: Annotated[int, Field(ge=0)] = 5
    quality: Literal["mesure", "estime", "provisoire"] = "mesure"
    """What its values are, unless the query says it of each (a column `quality`)."""


class Indicator(Object):
    definition: Text
    kind: Literal["moyen", "realisation", "resultat", "impact", "usage", "sobriete", "inclusion"]
    unit: Text
    direction: Literal["hausse", "baisse", "cible"] = "hausse"
    """Which way is better."""
    frequency: Literal["jour", "semaine", "mois", "trimestre", "annee", "ponctuel"] = "annee"
    actions: tuple[Id, ...] = ()
    sdg: tuple[str, ...] = ()
    geography: Line | None = None
    """What ground it speaks of: the whole, the communes, the districts."""
    disaggregation: tuple[Line, ...] = ()
    """By what it is cut: commune, age, sex."""
    owner: Id | None = None
    method: Text | None = None
    limits: Text | None = None
    decimals: Annotated[int, Field(ge=0, le=4)] = 0
    baseline: Baseline | None = None
    targets: tuple[Target, ...] = ()
    source: Source | None = None
