"""What is learnt: evaluations, experiences of communes, and the kits made of them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from lacydon.kernel.texts import Line, Text, Written

from .objects import Citycode, Euros, Id, Object


class Answer(Written):
    """What those in charge answer to a recommendation."""

    answer: Literal["acceptee", "partielle", "refusee"]
    reason: Text
    action: Id | None = None
    due: date | None = None
    done: date | None = None


class Recommendation(Written):
    id: Id
    text: Text
    answer: Answer | None = None


class Evaluation(Object):
    agenda: Id
    actions: tuple[Id, ...] = ()
    kind: Literal["ex-ante", "en-cours", "finale", "ex-post"]
    questions: tuple[Text, ...]
    evaluator: Line
    independent: bool
    method: Text
    findings: tuple[Text, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    due: date | None = None
    published: date | None = None


class Cost(Written):
    capex: Euros | None = None
    opex_year: Euros | None = None
    days: Annotated[Decimal, Field(ge=0)] | None = None
    """Days of agents' work."""


class Experience(Object):
    action: Id | None = None
    commune: Citycode
    worked: tuple[Text, ...] = ()
    failed: tuple[Text, ...] = ()
    otherwise: Text | None = None
    """What they would do differently."""
    cost: Cost = Cost()
    months: Annotated[int, Field(ge=0)] | None = None
    contact: Line | None = None
    """A service, not a person."""


class Kit(Object):
    experiences: tuple[Id, ...] = ()
    version: Annotated[int, Field(ge=1)] = 1
    description: Text
    steps: tuple[Text, ...] = ()
    prerequisites: tuple[Text, ...] = ()
    population_from: int | None = None
    population_to: int | None = None
    cost: Cost = Cost()
    licence: Line = "etalab-2.0"
    fragment: Line | None = None
    """Name of the folder fragment it carries."""
