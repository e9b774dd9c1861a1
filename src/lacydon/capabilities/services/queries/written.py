"""A service as it is written: in a file of the folder, in a kit that travels from one commune to another."""

from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints, model_validator

from lacydon.kernel.texts import Bilingual, French, Line, Text, Written

from .. import models

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
Audience = Literal["particulier", "professionnel", "association", "famille", "jeune", "senior", "handicap", "etranger"]
Duration = Annotated[str, StringConstraints(pattern=r"^P(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?)?$")]


class Evidence(Written):
    name: Text
    note: Text | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https://\S+$")] | None = None


class Cost(Written):
    amount: Annotated[float, Field(ge=0)] | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Cost":
        if self.amount is None and self.note is None:
            raise ValueError(_("un montant (amount) ou une explication (note)"))
        return self


class Delay(Written):
    duration: Duration | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Delay":
        if self.duration is None and self.note is None:
            raise ValueError(_("une durée (duration) ou une explication (note)"))
        return self


class ServiceChannel(Written):
    type: Literal["online", "phone", "counter", "post", "email"]
    at: str | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"]+$")] | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ]{2,20}$")] | None = None
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[a-z]+$")] | None = None
    address: French | None = None
    hours: Text | None = None
    label: Text | None = None
    note: Text | None = None


class Details(Written):
    """The fields a commune may replace."""

    description: Text | None = None
    concerned: Text | None = None
    evidence: list[Evidence] = []
    cost: Cost | None = None
    delay: Delay | None = None
    channels: list[ServiceChannel] = []
    legal: list[French] = []
    output: Text | None = None
    falc: Text | None = None


class LocalText(Details):
    title: Bilingual | None = None
    summary: Bilingual | None = None


class ServiceText(Details):
    id: Id
    title: Bilingual
    summary: Bilingual
    sector: Id
    theme: str
    facts: dict[str, str] = {}
    life_events: list[Id] = []
    business_events: list[Id] = []
    audience: Annotated[list[Audience], Field(min_length=1)]
    keywords: list[Line] = []
    featured: bool = False


def stored(details: Written, *, only_given: bool = False) -> dict[str, Any]:
    """The fields as stored: texts as {fr, en}, nothing that was left out."""
    return details.model_dump(mode="json", exclude_none=True, exclude_unset=only_given)


def row_of(position: int, commune: str | None, text: ServiceText) -> models.PublicService:
    """The row of a service that all communes offer, or this one alone."""
    details = stored(text)
    return models.PublicService(
        id=text.id,
        sector_id=text.sector,
        theme_id=text.theme,
        commune_id=commune,
        title=details["title"],
        summary=details["summary"],
        audience=text.audience,
        events=[*text.life_events, *text.business_events],
        keywords=text.keywords,
        featured=text.featured,
        details={key: details[key] for key in (*Details.model_fields, "facts") if details.get(key)},
        position=position,
    )
