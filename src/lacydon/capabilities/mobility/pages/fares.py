"""« Tarifs »: what a ride costs, as each network says it; where passes are bought is in the catalogue of services."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui.shell import page

from ..queries.departures import badge
from ..queries.fares import networks
from ..queries.timetable import known, timetable
from .front import SHORT_WHILE, freshness, head
from .stop import address, maybe


@open_to_all
@require_safe
def fares(request: HttpRequest) -> HttpResponse:
    """Each network, its prices; how to look for passes and reductions among the services."""
    search = maybe("results")
    looked = (_("abonnement de transport"), _("tarif réduit transport"), _("carte de transport scolaire"))
    context: dict[str, Any] = {
        "known": known(),
        "services": [(words, address(search, {"q": words})) for words in looked] if search else [],
    }
    if context["known"]:
        table = timetable()
        context["freshness"] = freshness(table)
        context["networks"] = [
            (each, [(price, [badge(table.routes[n]) for n in price.routes]) for price in each.prices])
            for each in networks(table)
        ]
    html = page(
        "mobility/fares.html", context, address=request.get_full_path(), section="mobility", title=_("Tarifs"),
        description=_("Ce que coûtent un voyage et un abonnement dans les transports de %s.")
        % territory.territory_name(),
        head=head(),
    )  # fmt: skip
    return HttpResponse(html, headers={"Cache-Control": SHORT_WHILE})


urlpatterns = [path("transports/tarifs", fares, name="fares")]
