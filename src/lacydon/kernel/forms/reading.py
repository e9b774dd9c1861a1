"""A form read from its text: the shape of each part, every fault with its place, and the form as a value.

form = read_form(data)                    # data as stored; raises FaultyForm, with the path of each fault
form = read_in(folder, document)          # a file of a territory's folder: faults go to it, with their lines
form = read_in(Folder(Path()), folder.parsed("saisie", text))      # a text being edited
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from lacydon.kernel.errors import Refused
from lacydon.kernel.folder import Document, Folder, Step, in_words
from lacydon.kernel.texts import Text, Written

from . import definition
from .checking import faults_of
from .definition import Form

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
PageId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$", max_length=40)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Duration = Annotated[
    str, StringConstraints(pattern=r"^P([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?)?$", min_length=3)
]
Citycode = Annotated[str, StringConstraints(pattern=r"^(2[AB]|[0-9]{2})[0-9]{3}$")]
Amount = Annotated[
    str,
    BeforeValidator(lambda told: str(told) if isinstance(told, int | float) and not isinstance(told, bool) else told),
    StringConstraints(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,10})?$"),
]
Day = Annotated[
    str,
    BeforeValidator(lambda told: told.isoformat() if hasattr(told, "isoformat") else told),
    StringConstraints(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}|today([+-][0-9]{1,5})?)$"),
]
Prefill = Annotated[
    str,
    StringConstraints(
        pattern=r"^(identity\.(given_name|family_name|birthdate)|contact\.(email|phone|postal)|commune"
        r"|company\.(name|trade_name|legal_form|activity|siret|siren|address)|proof:[a-z0-9-]{1,60})$"
    ),
]


class OptionText(Written):
    value: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$")]
    label: Text


class SimpleFieldText(Written):
    id: Id
    type: Literal[definition.TYPES]  # type: ignore[valid-type]
    label: Text
    help: Text | None = None
    required: bool = True
    when: dict[str, Any] | None = None
    datum: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$")] | None = None
    prefill: Prefill | None = None
    message: Text | None = None
    min_length: Annotated[int, Field(ge=0, le=10_000)] | None = None
    max_length: Annotated[int, Field(ge=1, le=20_000)] | None = None
    pattern: Annotated[str, StringConstraints(min_length=1, max_length=300)] | None = None
    min: Amount | None = None
    max: Amount | None = None
    decimals: Annotated[int, Field(ge=0, le=10)] | None = None
    unit: Name | None = None
    before: Day | None = None
    after: Day | None = None
    options: Annotated[list[OptionText], Field(min_length=1, max_length=300)] | None = None
    accept: Annotated[list[Literal[tuple(definition.MEDIA_TYPES)]], Field(min_length=1)] | None = None  # type: ignore[valid-type]
    max_files: Annotated[int, Field(ge=1, le=definition.MOST_FILES)] | None = None
    largest_mb: Annotated[int, Field(ge=1, le=definition.LARGEST_FILE_MB)] | None = None
    drawn: bool | None = None


class FieldText(SimpleFieldText):
    fields: Annotated[list[SimpleFieldText], Field(min_length=1, max_length=30)] | None = None


class PageText(Written):
    id: PageId
    title: Text
    intro: Text | None = None
    when: dict[str, Any] | None = None
    fields: Annotated[list[FieldText], Field(min_length=1, max_length=60)]


class ComputedText(Written):
    id: Id
    type: Literal["number", "money"] = "number"
    label: Text
    value: int | float | dict[str, Any]
    fee: bool = False


class SilenceText(Written):
    after: Duration
    means: Literal["accept", "reject"]
    law: Name


class FormText(Written):
    """What a file of forms/ may say."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: Annotated[Slug, StringConstraints(max_length=60)]
    service: Slug
    title: Text
    intro: Text | None = None
    kind: Literal["request", "report"] = "request"
    who: Literal["anyone", "signed-in", "civil-identity"] = "anyone"
    duration: Duration | None = None
    documents: list[Text] | None = None
    silence: SilenceText | None = None
    promised: Duration | None = None
    appeal: Text | None = None
    purpose: Slug | None = None
    themes: list[Slug] | None = None
    skills: list[Slug] | None = None
    communes: Annotated[list[Citycode], Field(min_length=1)] | None = None
    pages: Annotated[list[PageText], Field(min_length=1, max_length=30)]
    computed: Annotated[list[ComputedText], Field(max_length=30)] | None = None


class UnreadableValue(Exception):  # noqa: N818  (said as a fault)
    """What a text holds and JSON cannot."""


_SHAPE = TypeAdapter(FormText)


@dataclass(frozen=True)
class FormFault:
    """One thing to mend in a form: the path to it (keys and positions), what was found, what was expected."""

    path: tuple[Step, ...]
    found: str
    expected: str


class FaultyForm(Refused):
    """The form cannot be used; `faults` says everything there is to mend."""

    code = "faulty-form"
    status = 422

    def __init__(self, faults: Iterable[FormFault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        sentence = ngettext("%(count)d faute à corriger.", "%(count)d fautes à corriger.", count)
        super().__init__(sentence % {"count": count})


def read_form(data: Any) -> Form:
    """The form that `data` says (as in its YAML, or as `Form.source` gives it). Raises FaultyForm."""
    form, faults = _read(data)
    if form is None:
        raise FaultyForm(faults)
    return form


def read_in(folder: Folder, document: Document | None) -> Form | None:
    """The form of a document of the folder, or None and faults told to the folder, each with its line."""
    if document is None:
        return None
    form, faults = _read(document.data)
    for each in faults:
        line = document.line(*each.path)
        folder.fault(file=document.name, line=line, found=each.found, expected=each.expected)
    return form


def _read(data: Any) -> tuple[Form | None, list[FormFault]]:
    try:
        text = _SHAPE.validate_python(data)
    except RecursionError:
        return None, [FormFault((), _("trop de niveaux"), _("un texte plus simple"))]
    except ValidationError as error:
        wrongs = error.errors(include_url=False)
        return None, [FormFault(tuple(each["loc"]), *in_words(each)) for each in wrongs]
    try:
        form = _form(text)
        faults = [FormFault(path, found, expected) for path, found, expected in faults_of(form)]
    except (UnreadableValue, RecursionError):
        return None, [FormFault((), _("des valeurs illisibles"), _("un texte plus simple"))]
    return (None if faults else form), faults


def _form(text: FormText) -> Form:
    try:
        source = text.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    except ValueError as error:  # bytes, or a text that holds itself
        raise UnreadableValue from error
    given = {key: value for key, value in source.items() if key in Form.__dataclass_fields__}
    return Form(
        **given
        | {
            "silence": definition.Silence(**source["silence"]) if text.silence else None,
            **{key: tuple(source.get(key, ())) for key in ("documents", "themes", "skills", "communes")},
            "pages": tuple(_page(each) for each in source["pages"]),
            "computed": tuple(definition.Computed(**{"type": "number"} | each) for each in source.get("computed", ())),
            "source": source,
        }
    )


def _page(source: Mapping[str, Any]) -> definition.Page:
    return definition.Page(**dict(source) | {"fields": tuple(_field(each) for each in source["fields"])})


def _field(source: Mapping[str, Any]) -> definition.Field:
    lists = {
        "options": tuple(definition.Option(**each) for each in source.get("options", ())),
        "accept": tuple(source.get("accept", definition.MEDIA_TYPES if source["type"] == "file" else ())),
        "fields": tuple(_field(each) for each in source.get("fields", ())),
        "max_length": source.get("max_length", definition.LONGEST.get(source["type"], 0)),
    }
    return definition.Field(**dict(source) | lists)
