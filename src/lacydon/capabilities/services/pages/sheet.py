"""The sheet of a service: what it is for, how to do it, who decides here and on what legal ground."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.kernel import plugs
from lacydon.kernel.access import open_to_all
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shell import page

from ..queries import catalogue
from ..queries.search import in_charge
from .structured import government_service


@dataclass(frozen=True, slots=True)
class Way:
    """One way to do it: a channel, with what the authority's own channel completes."""

    type: str
    title: str
    url: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    hours: Any = None
    note: Any = None
    label: Any = None

    @property
    def leads(self) -> bool:
        """Whether it says where to go, whom to call or write to."""
        return bool(self.url or self.phone or self.email or self.address)


@open_to_all
def sheet(request: HttpRequest, id: str) -> HttpResponse:
    """Parameters: `citycode`; any fact the theme depends on is a condition (`voie.classe=departementale`)."""
    citycode = request.GET.get("citycode", "")
    place = territory.place_of(citycode) if citycode else None
    service = catalogue.service(id, citycode=citycode or None)
    theme = territory.theme(service.theme)
    conditions = {fact.id: request.GET[fact.id] for fact in theme.facts if fact.id in request.GET}
    resolution = in_charge(service, citycode=place.commune.code, conditions=conditions) if place else None
    same = None if place else everywhere(service)
    authority = resolution.authority if resolution else same.authority if same else None
    ways = list(_ways(service, authority))
    cards = [card for _name, offer in plugs.service_cards.items() if (card := offer(service, citycode))]
    context = {
        "cards": cards,
        "service": service,
        "sector": catalogue.sector(service.sector),
        "place": place,
        "citycode": citycode,
        "resolution": resolution,
        "authority": authority,
        "reason": resolution.because[-1].sentence if resolution and resolution.because else None,
        "action": request.path,
        "kept": [("citycode", citycode), *conditions.items()],
        "answered": list(_answered(theme, conditions)),
        "again": f"{request.path}?{urlencode({'citycode': citycode})}",
        "ways": [each for each in ways if each.leads or each.note] + _directory(ways, authority),
        "other_ways": ", ".join(dict.fromkeys(each.title.lower() for each in ways if not each.leads and not each.note)),
        "everywhere": same,
        "next": request.path,
    }
    head = government_service(
        service, authority=authority, place=place, address=request.build_absolute_uri(request.path)
    )
    return HttpResponse(
        page(
            "services/sheet.html",
            context,
            address=request.get_full_path(),
            section="services",
            title=f"{said(service.title)} – {place.commune.name}" if place else said(service.title),
            description=said(service.summary),
            head=head,
        )
    )


def _answered(theme: territory.ThemeView, conditions: Mapping[str, str]) -> Iterator[tuple[Any, Any]]:
    """What was answered: (question, label of the answer)."""
    for fact in theme.facts:
        for value in fact.values:
            if conditions.get(fact.id) == value.value:
                yield fact, value


def everywhere(service: catalogue.ServiceView) -> territory.Resolution | None:
    """The answer of every commune alike, when there is one: then no place has to be given.

    Its reasons are left out when they are not told in the same words everywhere.
    """
    found: territory.Resolution | None = None
    for commune in territory.communes():
        here = in_charge(service, citycode=commune.code)
        if here.authority is None or (found is not None and here.authority is not found.authority):
            return None
        if found is None:
            found = here
        elif found.because and found.because != here.because:
            found = replace(found, because=())
    return found


def _ways(service: catalogue.ServiceView, authority: territory.AuthorityView | None) -> Iterator[Way]:
    """The channels of the service; those that name no address are completed with the authority's own."""
    for channel in service.channels:
        kind = channel["type"]
        owner = territory.authority(channel["at"]) if channel.get("at") else authority
        own = [each for each in owner.channels if each["type"] == kind] if owner else []
        said_here = any(channel.get(field) for field in ("url", "phone", "email", "address"))
        if said_here:
            yield _way(kind, channel, owner if channel.get("at") else None)
        else:
            for each in own or [{}]:
                yield _way(kind, {**each, **channel}, owner)


def _directory(ways: Sequence[Way], authority: territory.AuthorityView | None) -> list[Way]:
    """When no way of the service leads anywhere: those of the authority itself, whatever their type."""
    if authority is None or any(each.leads for each in ways):
        return []
    return [each for one in authority.channels if (each := _way(str(one["type"]), one, authority)).leads]


def _way(kind: str, source: Mapping[str, Any], owner: territory.AuthorityView | None) -> Way:
    titles = {
        "online": _("En ligne"),
        "phone": _("Par téléphone"),
        "counter": _("Au guichet"),
        "post": _("Par courrier"),
        "email": _("Par courriel"),
    }
    return Way(
        type=kind,
        title=titles[kind],
        url=source.get("url", ""),
        phone=source.get("phone", ""),
        email=source.get("email", ""),
        address=source.get("address", ""),
        hours=source.get("hours"),
        note=source.get("note"),
        label=source.get("label") or (owner.name if owner else None),
    )
