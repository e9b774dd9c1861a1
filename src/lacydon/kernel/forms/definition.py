"""What a form is: its pages, their fields, and what is computed from the answers.

These are values, read from a text (`reading`) and never changed: a process holds them and hands them to every request.
Conditions and calculations stay as they are written (mappings), checked once when the form is read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lacydon.kernel.texts import Localised

Condition = Mapping[str, Any]
"""See `conditions`: `{field: value}`, `{field: {over: 3}}`, `{all: […]}`, `{any: […]}`, `{not: …}`."""
Expression = Any
"""See `calculations`: a number, `{field: id}`, `{sum: […]}`…"""
Answers = Mapping[str, Any]
"""Cleaned answers by field id, made of what JSON knows; a field that was not answered is not there."""

TYPES = (
    "text", "longtext", "email", "phone", "number", "money", "date", "choice", "choices", "yesno", "iban", "siret",
    "address", "place", "commune", "file", "group", "signature", "consent", "info",
)  # fmt: skip
NUMBERS = ("number", "money")
LONGEST = {"text": 200, "longtext": 4000}
"""Characters, when the form says nothing."""
LARGEST_FILE_MB = 20
MOST_FILES = 10
MOST_ROWS = 20
MEDIA_TYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png", "heic": "image/heic"}


@dataclass(frozen=True)
class Option:
    """One of the answers a choice offers."""

    value: str
    label: Localised


@dataclass(frozen=True)
class Field:
    """One thing asked (or, for `info`, told). What does not concern the type is left at its default."""

    id: str
    type: str
    label: Localised
    help: Localised | None = None
    required: bool = True
    when: Condition | None = None
    datum: str = ""
    prefill: str = ""
    message: Localised | None = None
    min_length: int = 0
    max_length: int = 0
    pattern: str = ""
    min: str = ""
    max: str = ""
    decimals: int | None = None
    unit: str = ""
    before: str = ""
    after: str = ""
    options: tuple[Option, ...] = ()
    accept: tuple[str, ...] = ()
    max_files: int = 1
    largest_mb: int = LARGEST_FILE_MB
    drawn: bool = False
    fields: tuple["Field", ...] = ()

    @property
    def asks(self) -> bool:
        """Whether somebody answers it."""
        return self.type != "info"

    @cached_property
    def values(self) -> tuple[str, ...]:
        """What a choice may be answered with."""
        return tuple(option.value for option in self.options)

    @cached_property
    def by_id(self) -> Mapping[str, "Field"]:
        """The fields of a group."""
        return {each.id: each for each in self.fields}

    @property
    def compulsory(self) -> bool:
        """Whether an answer must be there when it is asked: a group that may have no row needs none."""
        return self.required and (self.type != "group" or self.least > 0)

    @property
    def least(self) -> int:
        """The fewest rows of a group or choices, once there are any."""
        return int(self.min or (1 if self.required else 0))

    @property
    def most(self) -> int:
        """The most rows of a group, choices or files."""
        if self.type == "file":
            return self.max_files
        return int(self.max or (len(self.options) if self.type == "choices" else MOST_ROWS))


@dataclass(frozen=True)
class Page:
    """What is asked at once."""

    id: str
    title: Localised
    fields: tuple[Field, ...]
    intro: Localised | None = None
    when: Condition | None = None


@dataclass(frozen=True)
class Computed:
    """A number the form works out: `money` is rounded to cents. `fee`: what is to be paid for the request."""

    id: str
    type: str
    label: Localised
    value: Expression
    fee: bool = False


@dataclass(frozen=True)
class Silence:
    """What the authority's silence means, and after how long (ISO 8601 duration)."""

    after: str
    means: str
    law: str


@dataclass(frozen=True)
class Form:
    """A whole form; `source` is its normalised text as data, from which it can be read again and its digest made."""

    id: str
    service: str
    title: Localised
    pages: tuple[Page, ...]
    intro: Localised | None = None
    kind: str = "request"
    who: str = "anyone"
    duration: str = ""
    documents: tuple[Localised, ...] = ()
    silence: Silence | None = None
    promised: str = ""
    appeal: Localised | None = None
    purpose: str = ""
    themes: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    computed: tuple[Computed, ...] = ()
    source: Mapping[str, Any] = field(default_factory=dict)

    def fields(self) -> Iterator[Field]:
        """Every field in its order; those of a group are in it."""
        for page in self.pages:
            yield from page.fields

    @cached_property
    def by_id(self) -> Mapping[str, Field]:
        """The fields by id, those of groups too (ids are unique in a form)."""
        found: dict[str, Field] = {}
        for each in self.fields():
            found[each.id] = each
            found.update(each.by_id)
        return found

    def page_of(self, name: str) -> "Page | None":
        """The page that asks what an HTML name (`field`, `group-0-field`, `field-lon`) answers."""
        top = name.split("-")[0]
        return next((page for page in self.pages if any(each.id == top for each in page.fields)), None)

    @cached_property
    def page_by_id(self) -> Mapping[str, Page]:
        return {page.id: page for page in self.pages}

    @cached_property
    def computed_by_id(self) -> Mapping[str, Computed]:
        return {each.id: each for each in self.computed}

    @property
    def fee(self) -> Computed | None:
        """What is to be paid, when something is."""
        return next((each for each in self.computed if each.fee), None)

    @property
    def files(self) -> tuple[Field, ...]:
        """The documents it asks for."""
        return tuple(each for each in self.by_id.values() if each.type == "file")
