"""RDF from a stranger, read into a graph of bounded size, without fetching anything.

rdflib would fetch a remote `@context` of JSON-LD, and expand entities of XML: so contexts are replaced or refused
before it sees them, and XML that declares entities is refused by defusedxml first.
"""

import io
import json
import warnings
from collections.abc import Mapping
from typing import Any, Final

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse
from django.utils.translation import gettext as _
from rdflib import Graph
from rdflib.plugins.stores.memory import Memory, SimpleMemory

from lacydon.capabilities.data.public import NoCatalogue
from lacydon.kernel.http import OutsideUnavailable

MOST_TRIPLES: Final = 400_000
"""Of one page: a dataset takes some fifty."""
DEEPEST: Final = 60
MEDIA_TYPES: Final[Mapping[str, str]] = {
    "application/rdf+xml": "xml",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/turtle": "turtle",
    "application/x-turtle": "turtle",
    "text/n3": "turtle",
    "application/n-triples": "nt",
    "application/n-quads": "nquads",
    "application/trig": "trig",
    "application/ld+json": "json-ld",
    "application/json": "json-ld",
}
ENDS: Final[Mapping[str, str]] = {
    ".rdf": "xml", ".xml": "xml", ".ttl": "turtle", ".n3": "turtle", ".nt": "nt", ".nq": "nquads", ".trig": "trig",
    ".jsonld": "json-ld", ".json": "json-ld",
}  # fmt: skip

_DCAT: Final = "http://www.w3.org/ns/dcat#"
_ID: Final = {"@type": "@id"}
PREFIXES: Final[Mapping[str, Any]] = {
    "dcat": _DCAT,
    "dct": "http://purl.org/dc/terms/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "schema": "http://schema.org/",
    "spdx": "http://spdx.org/rdf/terms#",
    "adms": "http://www.w3.org/ns/adms#",
    "org": "http://www.w3.org/ns/org#",
    "locn": "http://www.w3.org/ns/locn#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "dcatap": "http://data.europa.eu/r5r/",
}
CONTEXT: Final[Mapping[str, Any]] = {
    **PREFIXES,
    "@vocab": _DCAT,
    "title": "dct:title",
    "description": "dct:description",
    "identifier": "dct:identifier",
    "issued": "dct:issued",
    "modified": "dct:modified",
    "license": "dct:license",
    "rights": "dct:rights",
    "spatial": "dct:spatial",
    "temporal": "dct:temporal",
    "format": "dct:format",
    "language": "dct:language",
    "accrualPeriodicity": "dct:accrualPeriodicity",
    "conformsTo": {"@id": "dct:conformsTo", **_ID},
    "publisher": {"@id": "dct:publisher", **_ID},
    "downloadURL": {"@id": "dcat:downloadURL", **_ID},
    "accessURL": {"@id": "dcat:accessURL", **_ID},
    "landingPage": {"@id": "dcat:landingPage", **_ID},
    "distribution": {"@id": "dcat:distribution", **_ID},
    "dataset": {"@id": "dcat:dataset", **_ID},
    "theme": {"@id": "dcat:theme"},
    "contactPoint": {"@id": "dcat:contactPoint", **_ID},
    "fn": "vcard:fn",
    "hasEmail": "vcard:hasEmail",
    "name": "foaf:name",
    "label": "rdfs:label",
    "view": {"@id": "hydra:view", **_ID},
    "next": {"@id": "hydra:next", **_ID},
    "totalItems": "hydra:totalItems",
}
"""The words of DCAT in JSON, as udata, ArcGIS Hub (DCAT-US) and DCAT-AP's own context use them."""
KNOWN: Final = (
    "/api/1/site/context.jsonld",
    "//project-open-data.cio.gov/v1.1/schema/catalog.jsonld",
    "//resources.data.gov/resources/dcat-us/",
    "/dcat-ap.jsonld",
    "//www.w3.org/ns/dcat.jsonld",
    "//www.w3.org/ns/dcat",
    "//www.w3.org/ns/hydra/context.jsonld",
    "//www.w3.org/ns/hydra/core",
)
"""Ends of the addresses of contexts whose meaning `CONTEXT` holds: they are never fetched."""


class _Bounded(Memory):
    """A store that takes so many triples and no more."""

    def __init__(self) -> None:
        super().__init__()
        self._taken = 0

    def add(self, triple: Any, context: Any, quoted: bool = False) -> None:
        self._taken += 1
        if self._taken > MOST_TRIPLES:
            raise OutsideUnavailable(
                _("Une page de ce flux RDF a plus de %d triplets : son catalogue doit la couper en pages.")
                % MOST_TRIPLES
            )
        super().add(triple, context, quoted)


def read_graph(content: bytes, *, media_type: str, url: str) -> Graph:
    """The graph of a page. Raises NoCatalogue when it cannot be read, OutsideUnavailable when it is too large."""
    kind = format_of(content, media_type=media_type, url=url)
    if kind == "json-ld":
        content = json.dumps(_with_known_contexts(content)).encode()
    elif kind == "xml":
        _refuse_entities(content)
    graph = Graph(store=_Bounded())
    try:
        with warnings.catch_warnings():  # rdflib's own use of what it has deprecated
            warnings.simplefilter("ignore", DeprecationWarning)
            graph.parse(data=content, format=kind, publicID=url)
    except OutsideUnavailable:
        raise
    except RecursionError as error:
        raise NoCatalogue(_("Ce flux RDF est emboîté trop profondément pour être lu.")) from error
    except Exception as error:  # each parser of rdflib has its own, and what a stranger wrote is never our fault
        raise _unreadable(kind, str(error) or type(error).__name__) from error
    if kind not in ("trig", "nquads", "json-ld"):
        return graph
    every = Graph(store=SimpleMemory())  # these name graphs: what is said in any of them is read
    for triple, _contexts in graph.store.triples((None, None, None)):
        every.add(triple)
    return every


def format_of(content: bytes, *, media_type: str, url: str) -> str:
    """The serialisation: what its server says, else its ending, else how it begins."""
    told = MEDIA_TYPES.get(media_type.split(";")[0].strip().lower(), "")
    start = content[:400].lstrip(b"\xef\xbb\xbf \t\r\n")
    if told in ("xml", "json-ld", "") or not told:
        # Many servers say text/plain, text/html or application/xml of anything: the first sign tells more.
        if start.startswith((b"{", b"[")) and not start.startswith(b"[]"):
            return "json-ld"
        if start.startswith((b"<?xml", b"<rdf:RDF", b"<!--", b"<!DOCTYPE")):
            return "xml"
    if told:
        return told
    path = url.split("?")[0].lower()
    return next((kind for end, kind in ENDS.items() if path.endswith(end)), "turtle")


def _unreadable(kind: str, why: str) -> NoCatalogue:
    return NoCatalogue(
        _("Ce flux n’est pas du RDF bien formé (%(kind)s) : %(why)s")
        % {"kind": kind, "why": " ".join(why.split())[:200]}
    )


def _refuse_entities(content: bytes) -> None:
    """Raises NoCatalogue for XML that declares entities (billion laughs, external files), or is broken."""
    try:
        for _event, element in iterparse(io.BytesIO(content)):
            element.clear()
    except DefusedXmlException as error:
        raise NoCatalogue(
            _("Ce flux XML déclare des entités : il est refusé, car elles servent à des attaques.")
        ) from error
    except (ParseError, ValueError) as error:
        raise _unreadable("xml", str(error)) from error


def _with_known_contexts(content: bytes) -> Any:
    """The JSON with each address of a context replaced by what we know of it.

    Raises NoCatalogue when it is no JSON, or for a context that would have to be fetched.
    """
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NoCatalogue(_("Ce flux n’est pas du JSON bien formé.")) from error
    left: list[tuple[Any, int]] = [(told, 0)]
    while left:
        value, depth = left.pop()
        if depth > DEEPEST:
            raise NoCatalogue(_("Ce flux RDF est emboîté trop profondément pour être lu."))
        if isinstance(value, list):
            left += [(each, depth + 1) for each in value if isinstance(each, dict | list)]
        elif isinstance(value, dict):
            if "@import" in value:
                raise _remote(str(value["@import"]))
            if "@context" in value:
                value["@context"] = _local(value["@context"])
            left += [(each, depth + 1) for each in value.values() if isinstance(each, dict | list)]
    return told


def _local(context: Any) -> Any:
    if isinstance(context, str):
        if context.split("#")[0].rstrip("/").endswith(tuple(each.rstrip("/") for each in KNOWN)):
            return dict(CONTEXT)
        raise _remote(context)
    if isinstance(context, list):
        return [_local(each) for each in context if each is not None]
    return context


def _remote(address: str) -> NoCatalogue:
    return NoCatalogue(
        _("Ce flux JSON-LD renvoie à un contexte (« %s ») qui n’est pas connu ici : rien n’est cherché ailleurs.")
        % address[:200]
    )
