"""Reads the catalogue's part of a folder: sectors.yaml, events.yaml, services/, words/."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from lacydon.kernel.folder import Document, Folder
from lacydon.kernel.search import WordList
from lacydon.kernel.texts import Bilingual, Line, Written

from . import actions, models
from .queries.written import Id, LocalText, ServiceText, row_of, stored


class SectorText(Written):
    id: Id
    title: Bilingual
    icon: Id


class EventText(Written):
    id: Id
    title: Bilingual
    summary: Bilingual
    type: str = ""
    words: list[Line] = []
    icon: Id


class EventsText(Written):
    life_events: list[EventText]
    business_events: list[EventText] = []


class CommuneText(Written):
    override: dict[Id, LocalText] = {}
    add: list[ServiceText] = []


@dataclass
class CatalogueRead:
    """What the folder says of services; the rows are made at the end."""

    sectors: dict[str, SectorText] = field(default_factory=dict)
    events: dict[str, tuple[str, EventText]] = field(default_factory=dict)
    services: dict[str, tuple[str | None, ServiceText]] = field(default_factory=dict)
    local: dict[tuple[str, str], LocalText] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


class CatalogueReader:
    """Offered to the kernel at `folder_readers`."""

    def read(self, *, folder: Folder, earlier: Mapping[str, Any]) -> CatalogueRead:
        read = CatalogueRead()
        _read_sectors(folder, read)
        _read_events(folder, read)
        overrides: list[tuple[Document, str, str, LocalText]] = []
        for name in folder.names("services/*.yaml"):
            services: list[ServiceText] | None
            services, document = folder.read(name, list[ServiceText])
            for position, service in enumerate(services or ()):
                assert document is not None
                _check_service(folder, document, (position,), service, read, earlier["territory"])
                read.services[service.id] = (None, service)
        for name in folder.names("services/communes/*.yaml"):
            overrides += _read_commune(folder, name, read, earlier["territory"])
        for document, code, id, local in overrides:
            if id not in read.services:
                folder.fault(
                    file=document.name,
                    line=document.line("override", id),
                    found=f"« {id} »",
                    expected=_("l’id d’un service"),
                )
            read.local[(code, id)] = local
        _read_words(folder, read)
        return read

    def load(self, read: CatalogueRead) -> dict[str, int]:
        return actions.load_catalogue(
            sectors=[
                models.Sector(id=each.id, title=each.title.stored(), icon=each.icon, position=position)
                for position, each in enumerate(read.sectors.values())
            ],
            events=[_event_row(position, kind, each) for position, (kind, each) in enumerate(read.events.values())],
            services=[row_of(position, code, each) for position, (code, each) in enumerate(read.services.values())],
            local_versions=[
                models.LocalVersion(
                    id=f"{code}/{id}", service_id=id, commune_id=code, fields=stored(local, only_given=True)
                )
                for (code, id), local in read.local.items()
            ],
            words=[models.WordFile(name=name, text=text) for name, text in read.words.items()],
        )


def _read_sectors(folder: Folder, read: CatalogueRead) -> None:
    sectors: list[SectorText] | None
    sectors, document = folder.read("sectors.yaml", list[SectorText])
    for position, sector in enumerate(sectors or ()):
        if sector.id in read.sectors and document:
            _twice(folder, document, (position,), sector.id)
        read.sectors[sector.id] = sector


def _read_events(folder: Folder, read: CatalogueRead) -> None:
    events, document = folder.read("events.yaml", EventsText)
    if events is None or document is None:
        return
    for kind, key in (("life", "life_events"), ("business", "business_events")):
        for position, event in enumerate(getattr(events, key)):
            if event.id in read.events:
                _twice(folder, document, (key, position), event.id)
            read.events[event.id] = (kind, event)


def _read_commune(
    folder: Folder, name: str, read: CatalogueRead, territory: Any
) -> list[tuple[Document, str, str, LocalText]]:
    code = re.sub(r"^services/communes/|\.yaml$", "", name)
    if code not in territory.communes:
        folder.fault(file=name, found=_("le nom de fichier « %s »") % code, expected=_("le code INSEE d’une commune"))
        return []
    text, document = folder.read(name, CommuneText)
    if text is None or document is None:
        return []
    for position, service in enumerate(text.add):
        _check_service(folder, document, ("add", position), service, read, territory)
        read.services[service.id] = (code, service)
    return [(document, code, id, local) for id, local in text.override.items()]


def _check_service(
    folder: Folder,
    document: Document,
    at: tuple[str | int, ...],
    service: ServiceText,
    read: CatalogueRead,
    territory: Any,
) -> None:
    def fault(key: str, found: str, expected: str) -> None:
        folder.fault(file=document.name, line=document.line(*at, key), found=found, expected=expected)

    if service.id in read.services:
        _twice(folder, document, at, service.id)
    if service.sector not in read.sectors:
        fault("sector", f"« {service.sector} »", _("un secteur de sectors.yaml"))
    if len(service.summary.fr) > 160:
        fault("summary", _("%d caractères") % len(service.summary.fr), _("une phrase de 160 caractères au plus"))
    if service.featured and service.falc is None:
        fault("featured", _("aucune version facile à lire"), _("« falc » pour un service mis en avant"))
    for key, kind, ids in (
        ("life_events", "life", service.life_events),
        ("business_events", "business", service.business_events),
    ):
        for id in ids:
            if read.events.get(id, ("",))[0] != kind:
                fault(key, f"« {id} »", _("un évènement de events.yaml (%s)") % key)
    for channel in service.channels:
        if channel.at and channel.at not in territory.authorities:
            fault("channels", f"« {channel.at} »", _("une autorité de authorities.yaml"))
    theme = territory.themes.get(service.theme)
    if theme is None:
        fault("theme", f"« {service.theme} »", _("un thème de competences/"))
        return
    source = theme
    for _step in range(20):
        if source.follows in territory.themes:
            source = territory.themes[source.follows]
    for fact, value in service.facts.items():
        known = [each.value for each in territory.facts[fact].values] if fact in territory.facts else []
        if fact not in source.facts or value not in known:
            fault(
                "facts",
                f"« {fact}: {value} »",
                _("un fait dont le thème dépend : %s") % (", ".join(source.facts) or _("aucun")),
            )


def _twice(folder: Folder, document: Document, at: tuple[str | int, ...], id: str) -> None:
    folder.fault(
        file=document.name,
        line=document.line(*at),
        found=_("« %s » une seconde fois") % id,
        expected=_("un id nouveau"),
    )


def _read_words(folder: Folder, read: CatalogueRead) -> None:
    for name in folder.names("words/*.txt"):
        text = folder.text(name)
        if text is None:
            continue
        language = name.removeprefix("words/").removesuffix(".txt")
        if language not in ("fr", "en"):
            folder.fault(file=name, found=_("des mots en « %s »") % language, expected="words/fr.txt, words/en.txt")
            continue
        for fault in WordList.parse(text, lang=language, file=name).faults:
            folder.fault(file=fault.file, line=fault.line, found=fault.found, expected=fault.expected)
        read.words[language] = text


def _event_row(position: int, kind: str, text: EventText) -> models.Event:
    return models.Event(
        id=text.id,
        kind=kind,
        title=text.title.stored(),
        summary=text.summary.stored(),
        words=text.words,
        icon=text.icon,
        position=position,
    )
