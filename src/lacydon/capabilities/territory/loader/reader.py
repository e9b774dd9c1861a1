"""From the folder's files to the rows of the tables, with a fault for all that does not hold together."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from lacydon.kernel import french
from lacydon.kernel.folder import Folder
from lacydon.kernel.texts import in_every_language

from .. import actions, models
from . import texts
from .competences import CompetencesReader
from .read import TerritoryRead

DIRECTORY = "https://lannuaire.service-public.gouv.fr/recherche?whoWhat=mairie&where="
"""The national directory of administrations: every town hall has its page there."""


class TerritoryReader:
    """Offered to the kernel at `folder_readers`."""

    def read(self, *, folder: Folder, earlier: Mapping[str, Any]) -> TerritoryRead:  # noqa: ARG002  (the first to read)
        read = TerritoryRead(territory=folder.toml("territory.toml", texts.Territory))
        _read_communes(folder, read)
        _read_arrondissements(folder, read)
        _read_authorities(folder, read)
        CompetencesReader(folder=folder, read=read).read_all()
        return read

    def load(self, read: TerritoryRead) -> dict[str, int]:
        assert read.territory is not None, "a faulty folder is never loaded"
        return actions.load_territory(
            territory=_territory_row(read.territory),
            communes=[_commune_row(each) for each in read.communes.values()],
            arrondissements=[_arrondissement_row(each) for each in read.arrondissements],
            authorities=read.authorities.values(),
            facts=[_fact_row(position, each) for position, each in enumerate(read.facts.values())],
            themes=[_theme_row(position, each) for position, each in enumerate(read.themes.values())],
            rules=read.rules,
        )


def _read_communes(folder: Folder, read: TerritoryRead) -> None:
    sirens: dict[str, str] = {}
    for line, commune in folder.table("communes.csv", texts.Commune):
        if commune.code in read.communes:
            folder.fault(
                file="communes.csv",
                line=line,
                found=_("%s une seconde fois") % commune.code,
                expected=_("une ligne par commune"),
            )
        if other := sirens.get(commune.siren):
            folder.fault(
                file="communes.csv", line=line, found=_("le SIREN de %s") % other, expected=_("un SIREN par commune")
            )
        if read.territory and commune.departement not in read.territory.departements:
            folder.fault(
                file="communes.csv",
                line=line,
                found=_("le département %s") % commune.departement,
                expected=_("l'un des départements de territory.toml"),
            )
        read.communes[commune.code] = commune
        sirens[commune.siren] = commune.nom


def _read_arrondissements(folder: Folder, read: TerritoryRead) -> None:
    if not folder.names("arrondissements.csv"):
        return
    seen: set[str] = set()
    for line, place in folder.table("arrondissements.csv", texts.Arrondissement):
        if place.commune not in read.communes:
            folder.fault(
                file="arrondissements.csv",
                line=line,
                found=_("la commune %s") % place.commune,
                expected=_("un code de communes.csv"),
            )
        if place.code in seen or place.code in read.communes:
            folder.fault(
                file="arrondissements.csv",
                line=line,
                found=_("%s une seconde fois") % place.code,
                expected=_("un code nouveau"),
            )
        seen.add(place.code)
        read.arrondissements.append(place)


def _read_authorities(folder: Folder, read: TerritoryRead) -> None:
    document = folder.document("authorities.yaml")
    items: Iterable[Any] = document.data if document and isinstance(document.data, list) else ()
    if document and not isinstance(document.data, list):
        folder.shaped(document, list[texts.Authority])
    additions: dict[str, texts.CommuneChannels] = {}
    for position, item in enumerate(items):
        assert document is not None
        of_commune = isinstance(item, dict) and str(item.get("id", "")).startswith("commune-")
        shape = texts.CommuneChannels if of_commune else texts.Authority
        authority = folder.shaped(document, shape, data=item, path=(position,))
        if authority is None:
            continue
        line = document.line(position)
        if authority.id in read.authorities or authority.id in additions:
            folder.fault(
                file=document.name,
                line=line,
                found=_("« %s » une seconde fois") % authority.id,
                expected=_("un id nouveau"),
            )
        if isinstance(authority, texts.CommuneChannels):
            if authority.id.removeprefix("commune-") not in read.communes:
                folder.fault(
                    file=document.name,
                    line=line,
                    found=f"« {authority.id} »",
                    expected=_("une commune de communes.csv"),
                )
            additions[authority.id] = authority
        else:
            read.authorities[authority.id] = _authority_row(position, authority)
    for commune in read.communes.values():
        row = _commune_authority_row(len(read.authorities), commune, additions.get(f"commune-{commune.code}"))
        read.authorities[row.id] = row
    _check_symbols(folder, read)


def _check_symbols(folder: Folder, read: TerritoryRead) -> None:
    """The authorities that territory.toml names exist, are of the right kind, and every département has one."""
    if read.territory is None:
        return
    named = [("metropole", read.territory.metropole), ("region", read.territory.region), ("etat", read.territory.etat)]
    named += [("departement", each) for each in read.territory.authorities_of_departements.values()]
    for kind, id in named:
        if id not in read.authorities or read.authorities[id].kind != kind:
            folder.fault(
                file="territory.toml", found=f"« {id} »", expected=_("une autorité « %s » de authorities.yaml") % kind
            )
    for code in read.territory.departements:
        if code not in read.territory.authorities_of_departements:
            folder.fault(
                file="territory.toml", found=_("aucune autorité pour le département %s") % code, expected=_("son id")
            )


def stored_channel(channel: texts.Channel) -> dict[str, Any]:
    """A channel as stored: only the fields that are filled in."""
    return channel.model_dump(exclude_none=True, mode="json")


def _territory_row(text: texts.Territory) -> models.Territory:
    symbols = {"metropole": text.metropole, "region": text.region, "etat": text.etat}
    return models.Territory(
        id=text.id,
        name=text.name,
        short_name=text.short_name,
        siren=text.siren,
        since=text.since,
        symbols=symbols | text.authorities_of_departements,
        outside=text.outside.stored(),
    )


def _commune_row(text: texts.Commune) -> models.Commune:
    return models.Commune(
        code=text.code,
        name=text.nom,
        siren=text.siren,
        departement=text.departement,
        population=text.population,
        postal_codes=text.codes_postaux,
        lon=text.lon,
        lat=text.lat,
    )


def _arrondissement_row(text: texts.Arrondissement) -> models.Arrondissement:
    return models.Arrondissement(
        code=text.code,
        name=text.nom,
        commune_id=text.commune,
        postal_code=text.code_postal,
        lon=text.lon,
        lat=text.lat,
    )


def _authority_row(position: int, text: texts.Authority) -> models.Authority:
    return models.Authority(
        id=text.id,
        kind=text.kind,
        name=text.name.stored(),
        siren=text.siren or "",
        channels=[stored_channel(each) for each in text.channels],
        position=position,
    )


def _commune_authority_row(
    position: int, commune: texts.Commune, addition: texts.CommuneChannels | None
) -> models.Authority:
    """A commune as an authority: its own channels, then what is true of every town hall (post, national directory)."""
    own = [stored_channel(each) for each in addition.channels] if addition else []
    everywhere: list[dict[str, Any]] = [
        {"type": "post", "address": f"Hôtel de Ville, {commune.codes_postaux[0]} {commune.nom}"},
        {
            "type": "counter",
            "url": DIRECTORY + quote(f"{commune.nom} {commune.codes_postaux[0]}"),
            "label": in_every_language(lambda: _("Horaires et adresse de la mairie (annuaire de l’administration)")),
        },
    ]
    given = {each["type"] for each in own}
    name = addition.name.stored() if addition and addition.name else in_every_language(lambda: _town_hall(commune.nom))
    return models.Authority(
        id=f"commune-{commune.code}",
        kind="commune",
        name=name,
        siren=commune.siren,
        channels=own + [each for each in everywhere if each["type"] not in given],
        position=position,
    )


def _town_hall(name: str) -> str:
    """« Mairie d’Angers », in the active language; French joins « de » to the name."""
    return (_("Mairie de %(name)s") % {"name": name}).replace(f"de {name}", french.of(name))


def _fact_row(position: int, text: texts.Fact) -> models.Fact:
    return models.Fact(
        id=text.id,
        question=text.question.stored(),
        help=text.help.stored() if text.help else None,
        values=[{"value": each.value, "label": each.label.stored()} for each in text.values],
        position=position,
    )


def _theme_row(position: int, text: texts.Theme) -> models.Theme:
    return models.Theme(
        id=text.id, title=text.title.stored(), facts=text.facts, follows=text.follows or "", position=position
    )
