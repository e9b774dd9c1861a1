"""Reads the data's part of a territory folder: dataset-series.yaml, and datasets/ID.yaml with its file beside it."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints

from lacydon.kernel.folder import Document, Folder
from lacydon.kernel.texts import Bilingual, French, Line, Written

from ..actions.folder import DatasetText, LinkText, SeriesText, load_datasets
from ..queries import vocabularies
from ..queries.columns import LONGEST_NAME, Column, ColumnType
from ..queries.prepared import Prepared, prepared
from .conformity import check_conformity

SERIES = "dataset-series.yaml"
ID = r"^[a-z0-9]+(-[a-z0-9]+)*$"
Id = Annotated[str, StringConstraints(pattern=ID, max_length=100)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=LONGEST_NAME)]
Url = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"]+$", max_length=2000)]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[a-z]+$")]


class SeriesWritten(Written):
    id: Id
    title: Bilingual
    description: Bilingual


class ColumnWritten(Written):
    """`header`: what the first line of the file says; `of`: the longitude and the latitude a point is made of."""

    name: Name
    label: French
    type: ColumnType = "text"
    kind: str = ""
    description: French = ""
    required: bool = False
    header: Line | None = None
    of: Annotated[list[Name], Field(min_length=2, max_length=2)] | None = None


class PeriodWritten(Written):
    start: Annotated[date | None, Field(alias="from")] = None
    end: Annotated[date | None, Field(alias="to")] = None


class ContactWritten(Written):
    name: French
    email: Email | None = None


class LinkWritten(Written):
    title: French
    url: Url
    description: French | None = None
    format: str


class DatasetWritten(Written):
    organisation: str
    title: Bilingual
    description: Bilingual
    keywords: list[Line] = []
    themes: Annotated[list[str], Field(min_length=1)]
    licence: str
    access: Literal["public", "restricted", "private"] = "public"
    rights: French | None = None
    coverage: list[str] = []
    period: PeriodWritten = PeriodWritten()
    frequency: str = "UNKNOWN"
    hvd: str | None = None
    contact: ContactWritten | None = None
    landing_page: Url | None = None
    schema_: Annotated[Url | None, Field(alias="schema")] = None
    series: Id | None = None
    file: Line | None = None
    columns: list[ColumnWritten] = []
    ordered_by: list[Name] = []
    links: list[LinkWritten] = []


@dataclass
class DataRead:
    """What the folder says of data."""

    series: dict[str, SeriesText] = field(default_factory=dict)
    datasets: dict[str, DatasetText] = field(default_factory=dict)


class DataReader:
    """Offered to the kernel at `folder_readers`."""

    def read(self, *, folder: Folder, earlier: Mapping[str, Any]) -> DataRead:
        read = DataRead()
        if folder.names(SERIES):
            _read_series(folder, read)
        communes, organisations = set(earlier["territory"].communes), _organisations(earlier)
        for name in folder.names("datasets/*.yaml"):
            id = name.removeprefix("datasets/").removesuffix(".yaml")
            if not re.fullmatch(ID, id):
                folder.fault(file=name, found=f"« {id} »", expected=_("un nom de fichier en minuscules et tirets"))
                continue
            written, document = folder.read(name, DatasetWritten)
            if written is not None and document is not None:
                _check(folder, document, written, read, communes=communes, organisations=organisations)
                table, hash = _table(folder, document, written)
                read.datasets[id] = _text(id, name, written, document, table, hash)
        return read

    def load(self, read: DataRead) -> dict[str, int]:
        return load_datasets(series=read.series.values(), datasets=read.datasets.values())


def _organisations(earlier: Mapping[str, Any]) -> set[str]:
    """Each authority is one; organisations.yaml adds some."""
    trust = earlier.get("trust")
    return set(earlier["territory"].authorities) | {each.id for each in (trust.written if trust else ())}


def _read_series(folder: Folder, read: DataRead) -> None:
    found: list[SeriesWritten] | None
    found, document = folder.read(SERIES, list[SeriesWritten])
    for position, each in enumerate(found or ()):
        assert document is not None
        if each.id in read.series:
            line = document.line(position)
            folder.fault(
                file=SERIES, line=line, found=_("« %s » une seconde fois") % each.id, expected=_("un id nouveau")
            )
        read.series[each.id] = SeriesText(id=each.id, title=each.title.stored(), description=each.description.stored())


def _check(
    folder: Folder,
    document: Document,
    written: DatasetWritten,
    read: DataRead,
    *,
    communes: set[str],
    organisations: set[str],
) -> None:
    """The words that must be among others."""

    def among(known: Any, *path: str | int, value: str, expected: str) -> None:
        if value not in known:
            folder.fault(file=document.name, line=document.line(*path), found=f"« {value} »", expected=expected)

    among(organisations, "organisation", value=written.organisation, expected=_("une autorité, ou une organisation"))
    for at, theme in enumerate(written.themes):
        among(vocabularies.THEMES, "themes", at, value=theme, expected=", ".join(vocabularies.THEMES))
    among(vocabularies.LICENCES, "licence", value=written.licence, expected=", ".join(vocabularies.LICENCES))
    among(vocabularies.FREQUENCIES, "frequency", value=written.frequency, expected=", ".join(vocabularies.FREQUENCIES))
    for at, code in enumerate(written.coverage):
        among(communes, "coverage", at, value=code, expected=_("le code INSEE d’une commune"))
    if written.hvd is not None:
        among(vocabularies.HVD, "hvd", value=written.hvd, expected=", ".join(vocabularies.HVD))
    if written.series is not None:
        among(read.series, "series", value=written.series, expected=_("une série de %s") % SERIES)
    for at, link in enumerate(written.links):
        if vocabularies.format_named(link.format) is None:
            among((), "links", at, "format", value=link.format, expected=", ".join(vocabularies.FORMATS))
    period = written.period
    if period.start and period.end and period.start > period.end:
        folder.fault(
            file=document.name,
            line=document.line("period", "to"),
            found=str(period.end),
            expected=_("une date après %s") % period.start,
        )


def _table(folder: Folder, document: Document, written: DatasetWritten) -> tuple[Prepared | None, str]:
    """The rows of the file beside, and what says whether they changed; (None, "") without one."""

    def fault(*path: str | int, found: str, expected: str) -> None:
        folder.fault(file=document.name, line=document.line(*path), found=found, expected=expected)

    if written.file is None:
        if written.columns or written.ordered_by:
            fault("columns", found=_("des colonnes"), expected=_("« file », le fichier où elles sont"))
        return None, ""
    if not re.fullmatch(r"[a-z0-9-]+\.csv", written.file):
        fault("file", found=f"« {written.file} »", expected=_("un fichier .csv de ce dossier, en minuscules et tirets"))
        return None, ""
    names = [each.name for each in written.columns]
    for at, each in enumerate(written.columns):
        if each.name in names[:at]:
            fault("columns", at, found=_("« %s » une seconde fois") % each.name, expected=_("un nom nouveau"))
        for part in each.of or ():
            if part not in names:
                fault("columns", at, "of", found=f"« {part} »", expected=", ".join(names))
        if each.of and each.type != "point":
            fault("columns", at, "of", found=_("le type « %s »") % each.type, expected=_("le type « point »"))
    for at, name in enumerate(written.ordered_by):
        if name not in names:
            fault("ordered_by", at, found=f"« {name} »", expected=", ".join(names))
    name = f"datasets/{written.file}"
    text = folder.text(name)
    if text is None or len(set(names)) < len(names) or any(set(each.of or ()) - set(names) for each in written.columns):
        return None, ""
    table = prepared(
        text,
        columns=[_column(each) for each in written.columns],
        headers={each.name: each.header for each in written.columns if each.header},
        points={each.name: (each.of[0], each.of[1]) for each in written.columns if each.of},
    )
    for wrong in table.faults:
        folder.fault(file=name, line=wrong.line, found=wrong.found, expected=wrong.expected)
    if folder.strict and written.schema_:
        check_conformity(folder, name=name, text=text, schema=written.schema_)
    shape = [[each.name, each.type, each.kind, each.of] for each in written.columns]
    told = json.dumps([text, shape, written.ordered_by], ensure_ascii=False)
    return table, hashlib.sha256(told.encode()).hexdigest()


def _column(written: ColumnWritten) -> Column:
    return Column(
        name=written.name,
        label=written.label,
        type=written.type,
        kind=written.kind,
        description=written.description,
        nullable=not written.required,
    )


def _text(
    id: str, name: str, written: DatasetWritten, document: Document, table: Prepared | None, hash: str
) -> DatasetText:
    contact = written.contact
    return DatasetText(
        id=id,
        fields={
            "organisation": written.organisation,
            "series": written.series,
            "title": written.title.stored(),
            "description": written.description.stored(),
            "keywords": written.keywords,
            "themes": written.themes,
            "licence": written.licence,
            "rights": written.rights or "",
            "access": written.access,
            "coverage": written.coverage,
            "starts_on": written.period.start,
            "ends_on": written.period.end,
            "frequency": written.frequency,
            "hvd": written.hvd or "",
            "contact_name": contact.name if contact else "",
            "contact_email": (contact.email or "") if contact else "",
            "landing_page": written.landing_page or "",
            "schema": written.schema_ or "",
            "columns": {each.name: {"label": each.label, "description": each.description} for each in written.columns},
        },
        links=tuple(
            LinkText(
                title=each.title,
                description=each.description or "",
                url=each.url,
                format=found.code if (found := vocabularies.format_named(each.format)) else each.format,
            )
            for each in written.links
        ),
        source=name,
        said=hashlib.sha256(json.dumps(document.data, sort_keys=True, default=str).encode()).hexdigest(),
        file=written.file or "",
        table=table,
        hash=hash,
        ordered_by=tuple(written.ordered_by),
    )
