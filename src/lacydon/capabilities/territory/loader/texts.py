"""The shapes of the territory's files, as `docs/civil-servants/territory-folder.md` describes them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from lacydon.kernel.texts import Bilingual, French, Line, Text, Written

Insee = Annotated[str, StringConstraints(pattern=r"^(\d{5}|2[AB]\d{3})$")]
Siren = Annotated[str, StringConstraints(pattern=r"^\d{9}$")]
PostalCode = Annotated[str, StringConstraints(pattern=r"^\d{5}$")]
Departement = Annotated[str, StringConstraints(pattern=r"^(\d{2,3}|2[AB])$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([-./][a-z0-9]+)*$", max_length=120)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Web = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"]+$")]


class Territory(Written):
    id: Name
    name: French
    short_name: French
    siren: Siren
    since: date
    languages: list[Literal["fr", "en"]]
    regions: list[str]
    departements: list[Departement]
    metropole: Name
    region: Name
    etat: Name
    authorities_of_departements: dict[Departement, Name]
    outside: Bilingual


class Commune(Written):
    code: Insee
    nom: Line
    siren: Siren
    departement: Departement
    population: Annotated[int, Field(ge=0)]
    codes_postaux: Annotated[list[PostalCode], BeforeValidator(lambda text: text.split()), Field(min_length=1)]
    lon: Longitude
    lat: Latitude


class Arrondissement(Written):
    code: Insee
    nom: Line
    commune: Insee
    code_postal: PostalCode
    lon: Longitude
    lat: Latitude


class Channel(Written):
    type: Literal["online", "phone", "counter", "post", "email"]
    url: Web | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ]{2,20}$")] | None = None
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[a-z]+$")] | None = None
    address: French | None = None
    hours: Text | None = None
    label: Text | None = None
    note: Text | None = None
    lon: Longitude | None = None
    lat: Latitude | None = None


class Article(Written):
    de: French
    a: French


class Authority(Written):
    id: Name
    kind: Literal["commune", "metropole", "departement", "region", "etat", "operator"]
    name: Text
    article: Article | None = None
    siren: Siren | None = None
    channels: list[Channel] = []


class CommuneChannels(Written):
    """What authorities.yaml adds to a commune of communes.csv."""

    id: Annotated[str, StringConstraints(pattern=r"^commune-\w{5}$")]
    kind: Literal["commune"] = "commune"
    name: Text | None = None
    siren: Siren | None = None
    channels: list[Channel]


class Value(Written):
    value: Name
    label: Bilingual


class Fact(Written):
    id: Name
    question: Bilingual
    help: Bilingual | None = None
    values: Annotated[list[Value], Field(min_length=2)]


class Communes(Written):
    communes: Annotated[list[Insee], Field(min_length=1)]


class Departements(Written):
    departements: Annotated[list[Departement], Field(min_length=1)]


class Except(Written):
    except_: Annotated[list[Insee], Field(min_length=1, alias="except")]


def _one_or_several(value: object) -> object:
    return [value] if isinstance(value, str) else value


class Rule(Written):
    id: Name
    competent: Name
    where: Literal["all"] | Communes | Departements | Except = "all"
    when: dict[Name, Annotated[list[Name], BeforeValidator(_one_or_several), Field(min_length=1)]] = {}
    from_: Annotated[date | None, Field(alias="from")] = None
    until: date | None = None
    handled_by: Name | None = None
    legal_basis: French
    sentence: Bilingual
    status: Literal["verified", "presumed"] = "presumed"


class Theme(Written):
    id: Name
    title: Bilingual
    facts: list[Name] = []
    follows: Name | None = None
    rules: list[Rule] = []


class Competences(Written):
    themes: list[Theme]
