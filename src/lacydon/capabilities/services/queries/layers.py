"""What one commune offers or says by itself, as a folder would write it: to travel elsewhere, and to stand here."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory

from .. import models
from .catalogue import ServiceView, catalogue
from .written import Details, LocalText, ServiceText, stored


class Wrong(NamedTuple):
    """Why a service could not stand here: the field, what it says, what it may say."""

    field: str
    found: str
    expected: str


def services_of_commune(citycode: str) -> tuple[ServiceView, ...]:
    """The services that this commune alone offers."""
    return tuple(each for each in catalogue().services.values() if each.commune == citycode)


def written_service(id: str) -> dict[str, Any]:
    """A service as a folder writes it (`ServiceText`)."""
    held = catalogue()
    view = held.services[id]
    kinds = {name: [id for id in view.events if id in held.events and held.events[id].kind == kind]
             for name, kind in (("life_events", "life"), ("business_events", "business"))}  # fmt: skip
    told: dict[str, Any] = {
        "id": view.id, "title": view.title, "summary": view.summary, "sector": view.sector, "theme": view.theme,
        "facts": view.facts, "audience": list(view.audience), "keywords": list(view.keywords), **kinds,
    }  # fmt: skip
    told |= {name: value for name in Details.model_fields if (value := getattr(view, name))}
    return {name: value for name, value in told.items() if value}


def overrides_of(citycode: str, *, without: str = "") -> Mapping[str, dict[str, Any]]:
    """What a commune says otherwise of services that others have too: service → fields, as a folder writes them.

    `without`: as if this layer had been lifted.
    """
    found = {row.service_id: dict(row.fields) for row in models.LocalVersion.objects.filter(commune_id=citycode)}
    laid_here = models.Layered.objects.filter(commune_id=citycode, kind=models.LayeredKind.LOCAL)
    for row in laid_here.exclude(layer=without):
        found[row.service] = found.get(row.service, {}) | stored(LocalText.model_validate(row.fields), only_given=True)
    return {id: fields for id, fields in found.items() if id in catalogue().services}


def wrong_with(text: ServiceText) -> Iterator[Wrong]:
    """What a service names that is not loaded here."""
    held = catalogue()
    if text.sector not in held.sectors:
        yield Wrong("sector", text.sector, _("un secteur de ce territoire"))
    for field, ids in (("life_events", text.life_events), ("business_events", text.business_events)):
        for id in ids:
            if id not in held.events:
                yield Wrong(field, id, _("un évènement de ce territoire"))
    for channel in text.channels:
        if channel.at and channel.at not in {each.id for each in territory.authorities()}:
            yield Wrong("channels", channel.at, _("une autorité de ce territoire"))
    theme = {each.id: each for each in territory.themes()}.get(text.theme)
    if theme is None:
        yield Wrong("theme", text.theme, _("un thème des compétences de ce territoire"))
        return
    known = {fact.id: [value.value for value in fact.values] for fact in theme.facts}
    for fact, value in text.facts.items():
        if value not in known.get(fact, ()):
            yield Wrong("facts", f"{fact}: {value}", _("un fait dont le thème dépend : %s") % (", ".join(known) or "–"))
