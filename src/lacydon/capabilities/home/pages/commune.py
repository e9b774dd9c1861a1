"""A commune: its shape among the others, what the town hall does, what the Métropole does, what the others do."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui import maps
from lacydon.kernel.ui.shell import page

from .subjects import groups_at


@open_to_all
def commune(request: HttpRequest, code: str, slug: str | None = None) -> HttpResponse:
    here = territory.commune(code)
    if code != here.code or slug != here.slug:
        return HttpResponsePermanentRedirect(reverse("commune", kwargs={"code": here.code, "slug": here.slug}))
    shapes = territory.shapes()
    context = {
        "commune": here,
        "departement": _departement(here),
        "contacts": territory.authority(f"commune-{here.code}").channels,
        "groups": groups_at(here.code),
        "drawing": _drawing(here, maps.outline(shapes.by_code)),
        "schematic": shapes.schematic,
    }
    return HttpResponse(
        page(
            "home/commune.html",
            context,
            address=request.get_full_path(),
            section="communes",
            title=here.name,
            description=_("Qui fait quoi %(where)s : la mairie, la Métropole et les autres.") % {"where": here.at},
        )
    )


def _departement(here: territory.CommuneView) -> territory.AuthorityView | None:
    try:
        return territory.authority(f"departement-{here.departement}")
    except territory.UnknownAuthority:
        return None


def _drawing(here: territory.CommuneView, outline: maps.Outline) -> str:
    areas = {each.code: maps.Area(label=each.name) for each in territory.communes() if each.code != here.code}
    areas[here.code] = maps.Area(label=here.name, category=1)
    return maps.drawn(
        outline,
        areas=areas,
        title=_("%s parmi les communes du territoire") % here.name,
        highlight=here.code,
    )
