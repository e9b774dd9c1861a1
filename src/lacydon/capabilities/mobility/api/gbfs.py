"""GBFS passed on: /api/gbfs/<source>/gbfs.json and the files it names, so that one question serves every reuser."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel import clock, site
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import NotFound

from ..errors import UnknownSource
from ..queries.departures.bikes import FILES, TTL, document
from ..queries.live.stations import stations
from .answering import json_answer


@open_to_all
@require_safe
def gbfs(request: HttpRequest, source: str, name: str) -> HttpResponse:
    """`source`: the id of a source of bicycles."""
    if name != "gbfs" and name not in FILES:
        raise NotFound(_("Il n’y a rien à cette adresse."))
    now = int(clock.now().timestamp())
    found = next((each for each in stations("gbfs", when=now) if each.source.pk == source), None)
    if found is None:
        raise UnknownSource(_("Aucune source de vélos de ce nom."))
    return json_answer(
        request, document(name, found, now=now, address=f"{site.address()}/api/gbfs/{source}"), max_age=TTL
    )


urlpatterns = [path("api/gbfs/<slug:source>/<slug:name>.json", gbfs, name="gbfs")]
