"""Actions and projects: who does what, for whom, by when, and how it goes."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from lacydon.kernel.texts import Line, Text, Written

from .objects import Address, Change, Citycode, Id, Object, Period, Share

Status = Literal["idee", "etude", "decidee", "en-cours", "en-pause", "realisee", "abandonnee"]
"""OC4IDS: identification, preparation, preparation, implementation, implementation, completed, cancelled."""
Health = Literal["vert", "orange", "rouge"]


class AxisShare(Written):
    axis: Id
    weight: Share = Decimal(100)


class PolicyShare(Written):
    policy: Id
    share: Share = Decimal(100)


class Party(Written):
    organisation: Id
    role: Literal["pilote", "financeur", "partenaire", "prestataire", "beneficiaire"]


class CommuneRole(Written):
    citycode: Citycode
    role: Literal["pilote", "volontaire", "deployee", "interessee"]
    since: date | None = None


class Revision(Change):
    start: date | None = None
    end: date | None = None


class Milestone(Written):
    """`baseline`: the date that was voted, never changed; `forecast`: what is thought today; `actual`: when it was."""

    id: Id
    title: Text
    kind: Literal["decision", "livrable", "mise-en-service", "marche", "evaluation"] = "livrable"
    baseline: date
    forecast: date | None = None
    actual: date | None = None
    evidence: Address | None = None


class Dependency(Written):
    action: Id
    kind: Literal["apres", "avec", "gene-par"] = "apres"


class Risk(Written):
    title: Text
    likelihood: Annotated[int, Field(ge=1, le=5)]
    gravity: Annotated[int, Field(ge=1, le=5)]
    answer: Text | None = None


class DecisionAsked(Written):
    """What the decision-maker has to decide, and before when."""

    title: Text
    by: date
    answered: date | None = None
    answer: Text | None = None


class Participation(Written):
    level: Literal["information", "consultation", "concertation", "co-construction", "decision"]
    effect: Text | None = None
    """What participation changed."""
    processes: tuple[Address, ...] = ()
    """Addresses of the consultations, votes and workshops."""


class Call(Written):
    """What is put to others to answer: a call for interest, an experiment, a hackathon, a challenge."""

    id: Id
    title: Text
    kind: Literal["ami", "experimentation", "hackathon", "defi", "marche-innovant"]
    opens: date | None = None
    closes: date | None = None
    url: Address | None = None


class Privacy(Written):
    """On what ground personal data are used (GDPR art. 6); the assessment of their use (art. 35), when it is public."""

    basis: Line
    assessment: Address | None = None


class Footprint(Written):
    """Tonnes of CO2 equivalent over its life, and how they were counted."""

    tonnes: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
    method: Line


class Action(Object):
    agenda: Id
    code: Line
    kind: Literal["projet", "service", "etude", "appel", "deploiement"] = "projet"
    axes: Annotated[tuple[AxisShare, ...], Field(min_length=1)]
    levers: tuple[Id, ...] = ()
    policies: tuple[PolicyShare, ...] = ()
    plans: tuple[Id, ...] = ()
    parent: Id | None = None
    problem: Text
    users: Text | None = None
    description: Text
    scale: Literal["metropole", "commune", "intercommunal", "partenarial"] = "metropole"
    status: Status
    status_reason: Text | None = None
    health: Health = "vert"
    health_reason: Text | None = None
    confidence: Annotated[int, Field(ge=0, le=100)] | None = None
    priority: Annotated[int, Field(ge=1, le=4)] = 3
    planned: Period
    """As voted."""
    revised: tuple[Revision, ...] = ()
    actual: Period = Period()
    decided_by: Id | None = None
    owner: Id
    """An authority of the territory."""
    service: Line | None = None
    elected_lead: Line | None = None
    """A mandate (« vice-présidence au numérique »), not a name."""
    parties: tuple[Party, ...] = ()
    communes: tuple[CommuneRole, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    risks: tuple[Risk, ...] = ()
    decisions: tuple[DecisionAsked, ...] = ()
    participation: Participation | None = None
    services: tuple[Id, ...] = ()
    datasets: tuple[Id, ...] = ()
    sensors: tuple[Line, ...] = ()
    """Things that measure: names or addresses in a SensorThings service."""
    calls: tuple[Call, ...] = ()
    source_code: tuple[Address, ...] = ()
    documents: tuple[Address, ...] = ()
    contracts: tuple[Line, ...] = ()
    """Identifiers of public contracts (DECP, OCID)."""
    privacy: Privacy | None = None
    footprint: Footprint | None = None
