"""The catalogue in the memory of a process: services, sectors, events; with what each commune says otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog
from django.utils.translation import gettext as _
from pydantic import ValidationError

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.snapshots import Snapshot
from lacydon.kernel.texts import Localised

from .. import models
from ..errors import UnknownEvent, UnknownSector, UnknownService
from .written import LocalText, ServiceText, row_of, stored

SNAPSHOT = "services"
log = structlog.get_logger()
AUDIENCES = ("particulier", "professionnel", "association", "famille", "jeune", "senior", "handicap", "etranger")


@dataclass(frozen=True, slots=True)
class SectorView:
    id: str
    title: Localised
    icon: str


@dataclass(frozen=True, slots=True)
class EventView:
    """A life event (kind `life`) or a business event (`business`)."""

    id: str
    kind: str
    title: Localised
    summary: Localised
    words: Sequence[str]
    icon: str


@dataclass(frozen=True)
class ServiceView:
    """A public service, as one commune offers it when `local_to` is set. Mappings keep the shape of the folder:

    evidence: [{name, note, url}], cost: {amount (euros), note}, delay: {duration (ISO 8601), note},
    channels: [{type, at, url, phone, email, address, hours, label, note}].
    """

    id: str
    title: Localised
    summary: Localised
    sector: str
    theme: str
    facts: Mapping[str, str]
    audience: Sequence[str]
    events: Sequence[str]
    keywords: Sequence[str]
    featured: bool
    description: Localised | None = None
    concerned: Localised | None = None
    evidence: Sequence[Mapping[str, Any]] = ()
    cost: Mapping[str, Any] | None = None
    delay: Mapping[str, Any] | None = None
    channels: Sequence[Mapping[str, Any]] = ()
    legal: Sequence[str] = ()
    output: Localised | None = None
    falc: Localised | None = None
    commune: str | None = None
    local_to: str | None = None


@dataclass(frozen=True)
class Catalogue:
    """Everything by id, in the order of the folder. `local`: INSEE code → service id → replaced fields."""

    services: Mapping[str, ServiceView]
    sectors: Mapping[str, SectorView]
    events: Mapping[str, EventView]
    local: Mapping[str, Mapping[str, ServiceView]]
    words: Mapping[str, str]


def _build() -> Catalogue:
    services = {row.id: _view(row) for row in models.PublicService.objects.all()}
    local: dict[str, dict[str, ServiceView]] = {}
    for row in models.LocalVersion.objects.all():
        service = services[row.service_id]
        local.setdefault(row.commune_id, {})[service.id] = replace(service, **row.fields, local_to=row.commune_id)
    sectors = {row.id: SectorView(row.id, row.title, row.icon) for row in models.Sector.objects.all()}
    _lay_over(services, local, sectors=frozenset(sectors))
    return Catalogue(
        services=services,
        sectors=sectors,
        events={
            row.id: EventView(row.id, row.kind, row.title, row.summary, row.words, row.icon)
            for row in models.Event.objects.all()
        },
        local=local,
        words=dict(models.WordFile.objects.values_list("name", "text")),
    )


def _lay_over(
    services: dict[str, ServiceView], local: dict[str, dict[str, ServiceView]], *, sectors: frozenset[str]
) -> None:
    """What was laid over the folder since. What does not stand on it any more is left out, until it does again."""
    themes = {each.id for each in territory.themes()}
    for row in models.Layered.objects.all():
        here = local.setdefault(row.commune_id, {})
        try:
            if row.kind == models.LayeredKind.SERVICE:
                text = ServiceText.model_validate(row.fields)
                if text.sector not in sectors or text.theme not in themes:
                    raise ValueError("sector or theme gone")
                services[row.service] = _view(row_of(len(services), row.commune_id, text))
                here.pop(row.service, None)
            else:
                fields = stored(LocalText.model_validate(row.fields), only_given=True)
                under = here.get(row.service) or services.get(row.service)
                if under is None:
                    raise ValueError("service gone")
                here[row.service] = replace(under, **fields, local_to=row.commune_id)
        except (ValidationError, ValueError) as error:  # written for an older grammar, or over what is gone
            log.error("service layer unreadable", layer=row.layer, service=row.service, why=type(error).__name__)


def _view(row: models.PublicService) -> ServiceView:
    return ServiceView(
        id=row.id,
        title=row.title,
        summary=row.summary,
        sector=row.sector_id,
        theme=row.theme_id,
        audience=row.audience,
        events=row.events,
        keywords=row.keywords,
        featured=row.featured,
        commune=row.commune_id,
        local_to=row.commune_id,
        **({"facts": {}} | row.details),
    )


catalogue: Snapshot[Catalogue] = Snapshot(SNAPSHOT, _build)


def services() -> tuple[ServiceView, ...]:
    """Every service, also those of one commune only."""
    return tuple(catalogue().services.values())


def service(id: str, *, citycode: str | None = None) -> ServiceView:
    """A service, as the commune of `citycode` offers it. Raises UnknownService, UnknownCommune.

    A service that only one commune offers is unknown elsewhere.
    """
    held = catalogue()
    found = held.services.get(id)
    code = territory.commune(citycode).code if citycode else None
    if found is None or (found.commune and code and found.commune != code):
        raise UnknownService(_("Le service « %s » n’existe pas ici.") % id[:80])
    return held.local.get(code, {}).get(id, found) if code else found


def sectors() -> tuple[SectorView, ...]:
    return tuple(catalogue().sectors.values())


def sector(id: str) -> SectorView:
    """Raises UnknownSector."""
    found = catalogue().sectors.get(id)
    if found is None:
        raise UnknownSector(_("La famille de services « %s » n’existe pas.") % id[:80])
    return found


def services_of_sector(id: str) -> tuple[ServiceView, ...]:
    """The services of a sector that every commune has, in the order of the folder."""
    return tuple(each for each in services() if each.sector == id and not each.commune)


def events(kind: str | None = None) -> tuple[EventView, ...]:
    """Life events (`life`), business events (`business`), or all."""
    return tuple(each for each in catalogue().events.values() if kind in (None, each.kind))


def event(id: str) -> EventView:
    """Raises UnknownEvent."""
    found = catalogue().events.get(id)
    if found is None:
        raise UnknownEvent(_("L’évènement « %s » n’existe pas.") % id[:80])
    return found


def services_of_event(id: str, *, citycode: str | None = None) -> tuple[ServiceView, ...]:
    """The services of an event, as the commune offers them; the most used first."""
    code = territory.commune(citycode).code if citycode else None
    local = catalogue().local.get(code or "", {})
    found = [
        local.get(each.id, each)
        for each in services()
        if id in each.events and (not each.commune or each.commune == code)
    ]
    return tuple(sorted(found, key=lambda each: not each.featured))


def featured_services() -> tuple[ServiceView, ...]:
    """The most used ones: those with an easy-to-read version."""
    return tuple(each for each in services() if each.featured)
