"""What happens to people, and the services it calls for."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shell import page

from ..queries import catalogue
from ..queries.search import in_charge


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
        "services": [(each, in_charge(each, citycode=place.commune.code) if place else None) for each in found],
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
