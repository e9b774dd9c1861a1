"""A DCAT feed: **fetch** its pages, **parse** their RDF, pure, and hand its datasets to the harvest.

Any serialisation (RDF/XML, Turtle, N-Triples, TriG, JSON-LD), of DCAT-AP, DCAT-US or udata's own; Hydra paging, both
`hydra:PartialCollectionView` and the older `hydra:PagedCollection`. Nothing else is fetched: neither contexts of
JSON-LD nor the terms that records point to. A feed of one page that its server says unchanged (ETag, Last-Modified) is
not read again.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.capabilities.data.public import NoCatalogue, Record, Visit, catalogues, source_healths
from lacydon.connectors import Check, check_of
from lacydon.kernel.http import Answer

ACCEPT: Final = (
    "text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8, application/n-triples;q=0.7, */*;q=0.1"
)


class Dcat:
    """The kind of catalogue."""

    id = "dcat_catalogue"
    title = _l("Flux DCAT (RDF ou JSON-LD)")
    example = "https://donnees.example.fr/catalogue.ttl"
    options: Mapping[str, Any] = {}

    def records(self, visit: Visit) -> Iterator[Record]:
        # Late: rdflib is long to import, and only a worker that harvests needs it.
        from .datasets import datasets_of, following_page, record_of
        from .graphs import read_graph

        resumed = isinstance(visit.cursor, str)
        address = visit.cursor if resumed else visit.url
        first = fetch(visit, address, known={} if resumed else visit.state)
        if first.status == 304:
            visit.unchanged = True
            return
        answer, found = first, 0
        while True:
            graph = read_graph(answer.content, media_type=answer.headers.get("content-type", ""), url=answer.url)
            for node in datasets_of(graph):
                found += 1
                record = record_of(graph, node)
                if record.identifier:
                    yield record
                else:
                    title = next(iter(record.title.values()), "")
                    sentence = _("Ce jeu n’a ni dct:identifier ni adresse : son catalogue doit lui en donner un.")
                    visit.fault(sentence, title=title)
            following = following_page(graph)
            if not following:
                break
            visit.at(following)
            answer = fetch(visit, following)
        if not found and not resumed:
            raise NoCatalogue(_("Ce flux RDF ne contient aucun dcat:Dataset."))
        visit.whole = True
        if answer is first:  # one page: what proves it unchanged proves the whole
            visit.keep(**{name: first.headers[name] for name in ("etag", "last-modified") if name in first.headers})


def fetch(visit: Visit, address: str, *, known: Mapping[str, Any] | None = None) -> Answer:
    """One page, or 304 when what is known of it still holds. Raises OutsideUnavailable, AddressRefused, VisitOver."""
    headers = {"Accept": ACCEPT}
    if known and known.get("etag"):
        headers["If-None-Match"] = str(known["etag"])
    elif known and known.get("last-modified"):
        headers["If-Modified-Since"] = str(known["last-modified"])
    return visit.get(address, headers=headers)


def check() -> Check:
    """Each source that uses it."""
    return check_of(source_healths(Dcat.id), nothing=_("Aucun flux DCAT n’est moissonné."))


catalogues.plug(Dcat())
