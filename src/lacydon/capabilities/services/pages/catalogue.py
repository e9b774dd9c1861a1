"""All the services, by family."""

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lacydon.kernel.access import open_to_all
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shell import page

from ..queries import catalogue


@open_to_all
def families(request: HttpRequest) -> HttpResponse:
    """The families, or the services of the one that `secteur` names."""
    asked = request.GET.get("secteur", "")
    if asked:
        return _family(request, catalogue.sector(asked))
    counts = Counter(each.sector for each in catalogue.services() if not each.commune)
    context = {
        "sectors": [(each, counts[each.id]) for each in catalogue.sectors() if counts[each.id]],
        "count": counts.total(),
        "featured": catalogue.featured_services()[:12],
    }
    return HttpResponse(
        page(
            "services/families.html",
            context,
            address=request.get_full_path(),
            section="services",
            title=_("Tous les services"),
            description=_("Les services publics de la vie quotidienne et des entreprises, par sujet."),
        )
    )


def _family(request: HttpRequest, sector: catalogue.SectorView) -> HttpResponse:
    context = {"sector": sector, "services": catalogue.services_of_sector(sector.id)}
    return HttpResponse(
        page(
            "services/family.html",
            context,
            address=request.get_full_path(),
            section="services",
            title=said(sector.title),
        )
    )
