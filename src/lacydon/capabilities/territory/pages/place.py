"""Choosing a place, then going on: `/lieu?lieu=Angers&suite=/services/…` leads to `…?citycode=49007`."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.ui.shell import page

from ..queries import places


@open_to_all
def choose(request: HttpRequest) -> HttpResponse:
    """Leads on when the place is certain; else asks, with what was typed. Only addresses of this site are followed."""
    onward = request.GET.get("suite", "")
    if not onward.startswith("/") or not url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        onward = ""
    typed = " ".join(request.GET.get("lieu", "").split())
    choice, trouble = None, ""
    try:
        found = _found(request, typed)
        if isinstance(found, places.Place):
            return HttpResponseRedirect(_address(onward, found))
        choice = found
    except Refused as refusal:
        trouble = refusal.sentence
    context = {
        "choices": [(each, _address(onward, each)) for each in choice.candidates] if choice else (),
        "sentence": choice.sentence if choice else "",
        "trouble": trouble,
        "here": {"typed": typed},
        "onward": onward,
    }
    return HttpResponse(
        page("territory/place.html", context, address=request.get_full_path(), title=_("Où êtes-vous ?")),
        status=422 if trouble else 200,
    )


def _found(request: HttpRequest, typed: str) -> places.Place | places.PlaceChoice | None:
    code = request.GET.get("citycode", "")
    if code and typed == request.GET.get("connu", typed):
        return places.place_of(code)
    if not typed and "lon" in request.GET:
        try:
            lon, lat = float(request.GET["lon"]), float(request.GET.get("lat", ""))
        except ValueError:
            raise BadInput(_("« lon » et « lat » doivent être des nombres de degrés."), field="lon") from None
        return places.place_at(lon=lon, lat=lat)
    return places.find_place(typed) if typed else None


def _address(onward: str, place: places.Place) -> str:
    code = place.arrondissement.code if place.arrondissement else place.commune.code
    if not onward:
        return reverse("commune", kwargs={"code": place.commune.code, "slug": place.commune.slug})
    joint = "&" if "?" in onward else "?"
    return f"{onward}{joint}{urlencode({'citycode': code})}"
