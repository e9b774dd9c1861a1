"""One series as linked data: its members in their order (DCAT 3, §6.7)."""

from itertools import pairwise
from typing import Any

from rdflib import DCTERMS, FOAF, RDF, Literal, URIRef

from ..series import SeriesView
from .dataset import add_dataset
from .terms import CONTEXT, DCAT, FORMATS, graph, moment, say, typed


def one_series(found: SeriesView, *, base: str, media_type: str) -> bytes:
    """A series and its datasets, the latest being the last."""
    made = graph()
    subject = URIRef(f"{base}/donnees/series/{found.id}")
    members = [add_dataset(made, each, base=base) for each in reversed(found.datasets)]
    for predicate in (DCTERMS.title, DCTERMS.description):
        made.remove((subject, predicate, None))
    made.add((subject, RDF.type, DCAT.DatasetSeries))
    say(made, subject, DCTERMS.title, found.title)
    say(made, subject, DCTERMS.description, found.description or found.title)
    made.set((subject, DCTERMS.identifier, Literal(found.id)))
    made.add((subject, DCAT.landingPage, typed(made, subject, FOAF.Document)))
    made.add((subject, DCAT.first, members[0]))
    made.add((subject, DCAT.last, members[-1]))
    for before, after in pairwise(members):
        made.add((after, DCAT.prev, before))
    for each in members:
        made.add((subject, DCAT.seriesMember, each))
        for publisher in made.objects(each, DCTERMS.publisher):
            made.add((subject, DCTERMS.publisher, publisher))
    moments = [each.modified for each in found.datasets if each.modified]
    if moments:
        made.add((subject, DCTERMS.modified, moment(max(moments))))
    options: dict[str, Any] = {"context": CONTEXT} if media_type == "application/ld+json" else {}
    return made.serialize(format=FORMATS[media_type], encoding="utf-8", **options)
