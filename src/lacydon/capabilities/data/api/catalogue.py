"""The catalogue for machines: DCAT-AP by pages, by organisation and one by one; Atom feeds of what is new.

`/donnees.ttl`, `.jsonld`, `.rdf` and `.xml` (RDF/XML as well, which national harvesters ask for by that name);
`/api/dcat/catalog` answers in the form the client prefers (RFC 9110 §12.5.1), as do the pages themselves.
"""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.cache import patch_vary_headers
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.kernel import site
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import NotFound
from lacydon.kernel.texts import said

from ..queries import news
from ..queries.addresses import page_of
from ..queries.series import series

TURTLE, JSON_LD, RDF_XML = "text/turtle", "application/ld+json", "application/rdf+xml"
ENDINGS = {"ttl": TURTLE, "jsonld": JSON_LD, "rdf": RDF_XML, "xml": RDF_XML}
ATOM = "http://www.w3.org/2005/Atom"


@open_to_all
@require_safe
def catalog(request: HttpRequest, ending: str, organisation: str = "") -> HttpResponse:
    """A page (`page`, from 1) of the whole catalogue, or of what one organisation publishes."""
    return _catalog(request, ENDINGS[ending], ending=ending, organisation=organisation)


@open_to_all
@require_safe
def negotiated(request: HttpRequest) -> HttpResponse:
    """The catalogue in the form the client prefers; Turtle when it does not say."""
    media_type = request.get_preferred_type([TURTLE, JSON_LD, RDF_XML])
    if media_type is None:
        forms = ", ".join((TURTLE, JSON_LD, RDF_XML))
        response = HttpResponse(f"Formats: {forms}\n", status=406, content_type="text/plain; charset=utf-8")
    else:
        ending = next(ending for ending, each in ENDINGS.items() if each == media_type)
        response = _catalog(request, media_type, ending=ending, organisation=request.GET.get("organisation", "")[:120])
    patch_vary_headers(response, ("Accept",))
    return response


@open_to_all
@require_safe
def one(_request: HttpRequest, id: str, ending: str) -> HttpResponse:
    """One dataset."""
    from ..queries import rdf  # heavy: only who asks for linked data pays for it

    body = rdf.one_dataset(id, base=site.address(), media_type=ENDINGS[ending])
    return HttpResponse(body, content_type=f"{ENDINGS[ending]}; charset=utf-8")


@open_to_all
@require_safe
def one_series(_request: HttpRequest, id: str, ending: str) -> HttpResponse:
    """A series and its datasets."""
    from ..queries import rdf  # heavy: only who asks for linked data pays for it

    body = rdf.one_series(series(id), base=site.address(), media_type=ENDINGS[ending])
    return HttpResponse(body, content_type=f"{ENDINGS[ending]}; charset=utf-8")


@open_to_all
@require_safe
def feed(_request: HttpRequest) -> HttpResponse:
    """What was published last (RFC 4287)."""
    with override("fr"):
        title = _("Nouvelles données de %s") % territory.territory_name()
        return _atom(news.latest(), title=title, path="/donnees/nouveautes.atom", page="/donnees")


@open_to_all
@require_safe
def feed_of(_request: HttpRequest, id: str) -> HttpResponse:
    """The versions of one dataset."""
    with override("fr"):
        found = list(news.of_dataset(id))
        title = said(found[0].dataset.title) if found else id
        return _atom(found, title=title, path=f"{page_of(id)}.atom", page=page_of(id))


@open_to_all
@require_safe
def feed_of_series(_request: HttpRequest, id: str) -> HttpResponse:
    """The versions of the datasets of a series."""
    with override("fr"):
        found = series(id)
        address = f"/donnees/series/{found.id}"
        return _atom(news.of_series(found), title=said(found.title), path=f"{address}.atom", page=address)


def _catalog(request: HttpRequest, media_type: str, *, ending: str, organisation: str) -> HttpResponse:
    from ..queries import rdf  # heavy: only who asks for linked data pays for it

    given = request.GET.get("page", "1")
    if not (given.isascii() and given.isdigit() and len(given) < 7):
        raise NotFound(_("Le catalogue n’a pas de page « %s ».") % given[:20])
    body = rdf.catalog_page(
        base=site.address(), media_type=media_type, page=int(given), organisation=organisation, ending=ending
    )
    return HttpResponse(body, content_type=f"{media_type}; charset=utf-8")


def _atom(found: Iterable[news.News], *, title: str, path: str, page: str) -> HttpResponse:
    base = site.address()
    made = Atom1Feed(
        title=_plain(title), link=f"{base}{page}", description=None, language="fr", feed_url=f"{base}{path}",
        feed_guid=f"{base}{path}",
    )  # fmt: skip
    for each in found:
        address = f"{base}{page_of(each.dataset.id)}" + (f"?version={each.number}" if each.number else "")
        name = said(each.dataset.title)
        told = _("%(name)s : version %(number)d") % {"name": name, "number": each.number} if each.number else name
        rows = ngettext("%d ligne", "%d lignes", each.rows) % each.rows if each.number else ""
        summary = " – ".join(text for text in (rows, each.reason) if text) or said(each.dataset.description)
        made.add_item(
            title=_plain(told),
            link=address,
            description=_plain(summary),
            unique_id=address,
            updateddate=each.at,
            author_name=_plain(said(each.dataset.organisation_name) or each.dataset.organisation),
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _plain(text: str) -> str:
    """Without the signs that XML has no way to write."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")


urlpatterns = [
    path("api/dcat/catalog", negotiated, name="dcat-catalog"),
    path("donnees/nouveautes.atom", feed, name="data-feed"),
    path("donnees/series/<slug:id>.atom", feed_of_series, name="series-feed"),
    *(
        path(f"donnees/series/<slug:id>.{each}", one_series, {"ending": each}, name=f"series-{each}")
        for each in ENDINGS
    ),
    path("donnees/<slug:id>.atom", feed_of, name="data-versions-feed"),
    *(path(f"donnees.{ending}", catalog, {"ending": ending}, name=f"data-{ending}") for ending in ENDINGS),
    *(path(f"donnees/<slug:id>.{ending}", one, {"ending": ending}, name=f"dataset-{ending}") for ending in ENDINGS),
    *(path(f"donnees/organismes/<slug:organisation>.{ending}", catalog, {"ending": ending}) for ending in ENDINGS),
]
