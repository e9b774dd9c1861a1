"""About the platform: help, accessibility, legal notice, plan of the site."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lacydon import __version__
from lacydon.capabilities.mobility import public as mobility
from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui.shell import page

DECLARED = date(2026, 11, 24)
"""The day the accessibility statement was last made (décret n° 2019-768, art. 3: it is kept up to date)."""


@open_to_all
def help_page(request: HttpRequest) -> HttpResponse:
    return _about(request, "home/help.html", _("Aide et contact"))


@open_to_all
def accessibility(request: HttpRequest) -> HttpResponse:
    return _about(request, "home/accessibility.html", _("Déclaration d’accessibilité"))


@open_to_all
def legal(request: HttpRequest) -> HttpResponse:
    return _about(request, "home/legal.html", _("Mentions légales"))


@open_to_all
def sitemap(request: HttpRequest) -> HttpResponse:
    return _about(request, "home/sitemap.html", _("Plan du site"))


def _about(request: HttpRequest, template: str, title: str) -> HttpResponse:
    context = {
        "title": title,
        "territory": territory.territory_name() or "Lacydon",
        "publisher": next((each for each in territory.authorities() if each.kind == "metropole"), None),
        "sectors": services.sectors(),
        "events": services.events(),
        "timetable_known": mobility.known(),
        "declared": DECLARED,
        "version": __version__,
        "editor": settings.PUBLISHER,
        "hosting": settings.HOSTING,
        "contact": settings.CONTACT,
        "contact_link": _link(settings.CONTACT),
    }
    return HttpResponse(page(template, context, address=request.get_full_path(), title=title))


def _link(contact: str) -> str:
    """The link of an e-mail or web address; empty for anything else, which is then only shown."""
    if contact.startswith(("https://", "http://")):
        return contact
    return f"mailto:{contact}" if "@" in contact and " " not in contact else ""
