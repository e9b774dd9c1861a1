"""What happens to people, and the services it calls for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.texts import Localised, said
from lacydon.kernel.ui.shell import page

from ..queries import catalogue
from ..queries.search import in_charge


@dataclass(frozen=True, slots=True)
class Group:
    """The services of an event that one authority answers for; without a title when the place is not known."""

    title: Localised | None
    icon: str
    services: Sequence[catalogue.ServiceView]


@open_to_all
def all_events(request: HttpRequest) -> HttpResponse:
    context = {"life": catalogue.events("life"), "business": catalogue.events("business")}
    return HttpResponse(
        page(
            "services/events.html",
            context,
            address=request.get_full_path(),
            section="services",
            title=_("Évènements de vie"),
            description=_(
                "Déménager, avoir un enfant, perdre un proche, créer une entreprise : qui prévenir, que demander."
            ),
        )
    )


@open_to_all
def one_event(request: HttpRequest, id: str) -> HttpResponse:
    """An event; with `citycode`, who is in charge of each service there."""
    event = catalogue.event(id)
    citycode = request.GET.get("citycode", "")
    place = territory.place_of(citycode) if citycode else None
    found = catalogue.services_of_event(id, citycode=citycode or None)
    context = {
        "event": event,
        "place": place,
        "citycode": citycode,
        "next": request.path,
        "groups": _groups(found, place),
    }
    return HttpResponse(
        page(
            "services/event.html",
            context,
            address=request.get_full_path(),
            section="services",
            title=said(event.title),
            description=said(event.summary),
        )
    )


def _groups(found: Iterable[catalogue.ServiceView], place: territory.Place | None) -> list[Group]:
    """The same services by who is in charge there: one door after the other, rather than a list to sort oneself."""
    if place is None:
        return [Group(title=None, icon="", services=tuple(found))]
    groups: dict[str, tuple[Localised, str, list[catalogue.ServiceView]]] = {}
    for each in found:
        resolution = in_charge(each, citycode=place.commune.code)
        if resolution.authority:
            key, name, icon = resolution.authority.id, resolution.authority.name, resolution.authority.kind
        elif resolution.question:
            key, name, icon = "question", _said_here(_("Cela dépend du cas")), "ask"
        else:
            key, name, icon = "nobody", _said_here(_("Aucun service public")), "none"
        groups.setdefault(key, (name, icon, []))[2].append(each)
    return [Group(title=name, icon=icon, services=services) for name, icon, services in groups.values()]


def _said_here(text: str) -> Localised:
    """A sentence of ours in the form of a text of the folder, in the reader's language."""
    return {(get_language() or "fr")[:2]: text}
