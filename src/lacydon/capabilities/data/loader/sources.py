"""Reads sources.yaml: the catalogues that are harvested. Those that agents write down stand beside."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints

from lacydon.kernel.errors import Refused
from lacydon.kernel.folder import Document, Folder
from lacydon.kernel.texts import French, Written

from ..actions.sources import MOST_HOURS, load_sources
from ..models import Source
from ..ports import catalogues, checked

FILE = "sources.yaml"
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]


class SourceText(Written):
    """One catalogue. `kind`: the id of its connector; `options`: those of that kind; `every`: hours between visits."""

    id: Id
    organisation: Id
    title: French
    kind: str
    url: str
    options: dict[str, str | int] = {}
    every: Annotated[int, Field(ge=1, le=MOST_HOURS)] = 24
    rows: bool = False
    active: bool = True


class SourcesReader:
    """Offered to the kernel at `folder_readers`."""

    def read(self, *, folder: Folder, earlier: Mapping[str, Any]) -> list[Source]:
        if not folder.names(FILE):
            return []
        found, document = folder.read(FILE, list[SourceText])
        rows: dict[str, Source] = {}
        each: SourceText
        for position, each in enumerate(found or ()):
            assert document is not None
            if each.id in rows:
                line = document.line(position, "id")
                folder.fault(file=FILE, line=line, found=f"« {each.id} »", expected=_("un id par source"))
            _check(folder, document, position, each, earlier)
            rows[each.id] = Source(
                id=each.id,
                organisation_id=each.organisation,
                title=each.title,
                kind=each.kind,
                url=each.url,
                options=each.options,
                every_hours=each.every,
                with_rows=each.rows,
                active=each.active,
            )
        return list(rows.values())

    def load(self, read: list[Source]) -> dict[str, int]:
        return load_sources(read)


def _check(folder: Folder, document: Document, position: int, each: SourceText, earlier: Mapping[str, Any]) -> None:
    """The organisation, the kind and its options exist; the address may be asked."""
    organisations = earlier["trust"]
    known = {one.id for one in (*organisations.authorities, *organisations.written)}
    if each.organisation not in known:
        folder.fault(
            file=FILE,
            line=document.line(position, "organisation"),
            found=f"« {each.organisation} »",
            expected=_("une autorité ou un organisme du dossier"),
        )
    kind = catalogues.get(each.kind)
    if kind is None:
        folder.fault(
            file=FILE,
            line=document.line(position, "kind"),
            found=f"« {each.kind} »",
            expected=_("l'une de ces valeurs : %s") % ", ".join(one.id for one in catalogues.all()),
        )
    offered = kind.options if kind else each.options
    for name in each.options:
        if name not in offered:
            folder.fault(
                file=FILE,
                line=document.line(position, "options", name),
                found=_("le champ « %s »") % name,
                expected=_("l'une de ces valeurs : %s") % (", ".join(offered) or _("aucune")),
            )
    try:
        checked(each.url)
    except Refused as refusal:
        line = document.line(position, "url")
        folder.fault(file=FILE, line=line, found=f"« {each.url} »", expected=str(refusal.sentence))
