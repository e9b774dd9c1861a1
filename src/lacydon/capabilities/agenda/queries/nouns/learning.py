"""What is learnt: evaluations, experiences of communes, and the kits made of them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from lacydon.kernel.texts import Line, Text, Written

from .objects import Citycode, Euros, Id, Object


class Answer(Written):
    """What those in charge answer to a recommendation: why, who does it, by when; then that it is done."""

    answer: Literal["acceptee", "partielle", "refusee"]
    reason: Text
    answered: date | None = None
    owner: Id | None = None
    """The authority that answers for it."""
    service: Line | None = None
    """The one that does it: never a person."""
    action: Id | None = None
    due: date | None = None
    done: date | None = None
    evidence: Line | None = None
    """What shows that it is done: an address, or the reference of a document."""

    @property
    def link(self) -> str:
        """The evidence, when it is an address."""
        return self.evidence if self.evidence and self.evidence.startswith(("https://", "http://")) else ""


class Recommendation(Written):
    """`answer_by`: before when those in charge answer; when it is not said, see `queries.learning.followup`."""

    id: Id
    text: Text
    answer: Answer | None = None
    answer_by: date | None = None


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


class Context(Written):
    """What the commune was when it tried: what worked there is read with it."""

    population: Annotated[int, Field(ge=0)] | None = None
    staff: Annotated[Decimal, Field(ge=0)] | None = None
    """Agents of the commune, full-time equivalents."""
    tools: tuple[Line, ...] = ()
    """What was in use before."""


class Experience(Object):
    """What a commune tells of what it tried; a draft is internal."""

    action: Id | None = None
    commune: Citycode
    verdict: Literal["a-reprendre", "a-adapter", "a-eviter"] = "a-adapter"
    """What it advises to another commune."""
    summary: Text | None = None
    context: Context = Context()
    worked: tuple[Text, ...] = ()
    failed: tuple[Text, ...] = ()
    otherwise: Text | None = None
    """What they would do differently."""
    effects: tuple[Text, ...] = ()
    """What it changed, with the figures."""
    cost: Cost = Cost()
    months: Annotated[int, Field(ge=0)] | None = None
    ended: date | None = None
    contact: Line | None = None
    """A service, not a person."""
    kit: Id | None = None
    """The kit it was done with."""
    actions: tuple[Id, ...] = ()
    """Other actions that it teaches something to."""
    services: tuple[Id, ...] = ()
    """Public services that it changed."""
    licence: Line = "etalab-2.0"


class Staff(Written):
    """How many agents a commune has, as somebody said it, of a year."""

    agents: Annotated[Decimal, Field(gt=0)]
    """Full-time equivalents."""
    year: Annotated[int, Field(ge=2000, le=2100)]
    source: Line
    example: bool = False
    """Invented, though the rest of the profile is not."""


class Profile(Object):
    """What compares a commune with another, beside its population; one a commune, `id` is its INSEE code."""

    title: Text = Text(fr="Profil de commune", en="Profile of a commune")
    commune: Citycode
    area: Annotated[Decimal, Field(gt=0, max_digits=7, decimal_places=2)] | None = None
    """Square kilometres."""
    staff: Staff | None = None
    tools: tuple[Line, ...] = ()


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


Stage = Literal["interesse", "etude", "vote", "deploiement", "en-service", "abandonne"]


class StageReached(Written):
    stage: Stage
    date: date
    reason: Text | None = None


class Adoption(Object):
    """What a commune does with a kit: how far it is, why it stopped, what it teaches those who come next."""

    kit: Id
    commune: Citycode
    version: Annotated[int, Field(ge=1)] | None = None
    """The version of the kit in service here; none before, and when it was put back."""
    stages: Annotated[tuple[StageReached, ...], Field(min_length=1)]
    """From the first to the one it is at."""
    adaptations: Text | None = None
    obstacles: Text | None = None
    cost: Cost = Cost()
    feedback: Text | None = None
    """What this commune asks of the kit."""

    @property
    def now(self) -> StageReached:
        return self.stages[-1]

    @model_validator(mode="after")
    def _stages_follow(self) -> "Adoption":
        days = [each.date for each in self.stages]
        if days != sorted(days):
            raise ValueError(_("des étapes dans l’ordre de leurs dates"))
        if any(each.stage == "abandonne" and each.reason is None for each in self.stages):
            raise ValueError(_("une raison (reason) quand une commune abandonne"))
        return self
