"""About the platform: accessibility, legal notice, plan of the site."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.kernel.ui.shell import page


def accessibility(request: HttpRequest) -> HttpResponse:
    return _about(request, "home/accessibility.html", _("Déclaration d’accessibilité"))


def legal(request: HttpRequest) -> HttpResponse:
    return _about(request, "home/legal.html", _("Mentions légales"))


def sitemap(request: HttpRequest) -> HttpResponse:
    return _about(request, "home/sitemap.html", _("Plan du site"))


def _about(request: HttpRequest, template: str, title: str) -> HttpResponse:
    context = {
        "territory": territory.territory_name(),
        "sectors": services.sectors(),
        "events": services.events(),
    }
    return HttpResponse(page(template, context, address=request.get_full_path(), title=title))
