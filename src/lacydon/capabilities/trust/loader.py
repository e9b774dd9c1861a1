"""Reads the folder's organisations: each authority is one already; organisations.yaml adds the places of help."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import StringConstraints

from lacydon.kernel.folder import Folder
from lacydon.kernel.texts import Bilingual, Written

from . import models
from .actions.organisations import load_organisations
from .queries.themes import THEMES

FILE = "organisations.yaml"
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]


class OrganisationText(Written):
    """A place of help, or what is to be added to an authority of the same id (its SIRET, its data protection)."""

    id: Id
    name: Bilingual | None = None
    siret: Annotated[str, StringConstraints(pattern=r"^[0-9]{14}$")] = ""
    citycode: Annotated[str, StringConstraints(pattern=r"^[0-9][0-9AB][0-9]{3}$")] = ""
    themes: list[str] = []
    data_protection: str = ""


@dataclass(frozen=True)
class OrganisationsRead:
    """What the folder says of organisations: its authorities (rows of territory), then organisations.yaml."""

    authorities: Iterable[Any]
    written: list[OrganisationText]


class OrganisationsReader:
    """Offered to the kernel at `folder_readers`."""

    def read(self, *, folder: Folder, earlier: Mapping[str, Any]) -> OrganisationsRead:
        authorities = earlier["territory"].authorities
        if not folder.names(FILE):
            return OrganisationsRead(authorities=authorities.values(), written=[])
        found: list[OrganisationText] | None
        found, document = folder.read(FILE, list[OrganisationText])
        for position, each in enumerate(found or ()):
            assert document is not None
            line = document.line(position)
            if each.name is None and each.id not in authorities:
                folder.fault(
                    file=FILE, line=line, found=f"« {each.id} »", expected=_("un nom (name), ou l’id d’une autorité")
                )
            for theme in each.themes:
                if theme not in THEMES:
                    shown = ", ".join(THEMES)
                    folder.fault(
                        file=FILE, line=line, found=f"« {theme} »", expected=_("l'une de ces valeurs : %s") % shown
                    )
        return OrganisationsRead(authorities=authorities.values(), written=found or [])

    def load(self, read: OrganisationsRead) -> dict[str, int]:
        rows = {
            each.id: models.Organisation(
                id=each.id, kind=each.kind, name=dict(each.name), siren=each.siren, authority_id=each.id
            )
            for each in read.authorities
        }
        for each in read.written:
            row = rows.setdefault(each.id, models.Organisation(id=each.id, kind=models.OrganisationKind.HELP, name={}))
            if each.name is not None:
                row.name = each.name.stored()
            row.siret, row.citycode = each.siret, each.citycode
            row.siren = row.siren or each.siret[:9]
            row.themes, row.data_protection = each.themes, each.data_protection
        return load_organisations(rows.values())
