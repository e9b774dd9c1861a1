"""Choosing a place, then going on: `/lieu?lieu=Angers&suite=/services/…` leads to `…?citycode=49007`."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from lacydon.kernel.access import open_to_all
from lacydon.kernel.ui.shell import page

from ..queries.asked import asked_place
from ..queries.places import Place


@open_to_all
def choose(request: HttpRequest) -> HttpResponse:
    """Leads on when the place is certain; else asks, with what was typed. Only addresses of this site are followed."""
    onward = request.GET.get("suite", "")
    if not onward.startswith("/") or not url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
        onward = ""
    asked = asked_place(request.GET)
    if asked.place:
        return HttpResponseRedirect(_address(onward, asked.place))
    choice = asked.choice
    context = {
        "choices": [(each, _address(onward, each)) for each in choice.candidates] if choice else (),
        "sentence": choice.sentence if choice else "",
        "trouble": asked.trouble,
        "here": asked,
        "onward": onward,
    }
    return HttpResponse(
        page("territory/place.html", context, address=request.get_full_path(), title=_("Où êtes-vous ?")),
        status=422 if asked.trouble else 200,
    )


def _address(onward: str, place: Place) -> str:
    code = place.arrondissement.code if place.arrondissement else place.commune.code
    if not onward:
        return reverse("commune", kwargs={"code": place.commune.code, "slug": place.commune.slug})
    joint = "&" if "?" in onward else "?"
    return f"{onward}{joint}{urlencode({'citycode': code})}"
