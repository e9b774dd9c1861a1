"""What the territory's files say, once read."""

from dataclasses import dataclass, field

from .. import models
from . import texts


@dataclass
class TerritoryRead:
    """What the folder says of the territory; floors above look up `communes`, `themes`, `authorities`."""

    territory: texts.Territory | None = None
    communes: dict[str, texts.Commune] = field(default_factory=dict)
    arrondissements: list[texts.Arrondissement] = field(default_factory=list)
    authorities: dict[str, models.Authority] = field(default_factory=dict)
    facts: dict[str, texts.Fact] = field(default_factory=dict)
    themes: dict[str, texts.Theme] = field(default_factory=dict)
    rules: list[models.Rule] = field(default_factory=list)
    proven: int = 0
