"""The home page: one question, one place, six moments of life."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui.shell import page

MOMENTS = 6


@open_to_all
def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse(rendered(request.get_full_path()))


def rendered(address: str) -> str:
    """The page, in the active language."""
    context = {
        "events": services.events("life")[:MOMENTS],
        "sectors": services.sectors(),
        "territory": territory.territory_name(),
        "tries": [_("ma poubelle jaune est cassée"), _("je déménage"), _("refaire ma carte d’identité")],
    }
    return page(
        "home/home.html",
        context,
        address=address,
        section="home",
        title=_("De quoi avez-vous besoin ?"),
        description=_("Dites votre besoin et votre lieu : le bon service public, et qui s’en occupe chez vous."),
    )
