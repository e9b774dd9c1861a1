"""Names and small nodes that every part of the graph shares."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from rdflib import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

from lacydon.kernel.texts import Localised

from ..vocabularies import LICENCES, Term
from ..vocabularies.terms import AUTHORITY

ADMS: Final = Namespace("http://www.w3.org/ns/adms#")
DCAT: Final = Namespace("http://www.w3.org/ns/dcat#")
"""Of version 3: the one of rdflib is older, and warns of terms it does not know."""
DCATAP: Final = Namespace("http://data.europa.eu/r5r/")
ELI: Final = Namespace("http://data.europa.eu/eli/ontology#")
HYDRA: Final = Namespace("http://www.w3.org/ns/hydra/core#")
INSEE: Final = Namespace("http://id.insee.fr/geo/commune/")
SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
FRENCH: Final = URIRef(f"{AUTHORITY}language/FRA")
FORMATS: Final[Mapping[str, str]] = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
}
"""Media type → rdflib's name."""
CONTEXT: Final[Mapping[str, str]] = {
    "adms": str(ADMS),
    "dcat": str(DCAT),
    "dcatap": str(DCATAP),
    "dct": str(DCTERMS),
    "eli": str(ELI),
    "foaf": str(FOAF),
    "hydra": str(HYDRA),
    "rdfs": str(RDFS),
    "skos": str(SKOS),
    "spdx": str(SPDX),
    "vcard": str(VCARD),
    "xsd": str(XSD),
}
AS_IT_IS: Final = frozenset("!#$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_abcdefghijklmnopqrstuvwxyz~")


def graph() -> Graph:
    """An empty graph that knows our prefixes."""
    made = Graph(bind_namespaces="none")
    for prefix, address in CONTEXT.items():
        made.bind(prefix, address)
    return made


def iri(address: str) -> URIRef:
    """An address of somebody else as an IRI: whatever may not stand in one is written in percents."""
    written = "".join(sign if sign in AS_IT_IS or ord(sign) > 159 else _percents(sign) for sign in address.strip())
    return URIRef(written)


def _percents(sign: str) -> str:
    return "".join(f"%{each:02X}" for each in sign.encode("utf-8", "replace"))


def moment(when: datetime) -> Literal:
    return Literal(when.isoformat(), datatype=XSD.dateTime)


def day(when: date) -> Literal:
    return Literal(when.isoformat(), datatype=XSD.date)


def say(to: Graph, subject: Any, predicate: URIRef, text: Localised) -> None:
    """A text in each of its languages."""
    for lang, said in text.items():
        if said:
            to.add((subject, predicate, Literal(said, lang=lang)))


def typed(to: Graph, address: str, kind: URIRef) -> URIRef:
    """A node of somebody else, with its class: who reads this alone (or checks it) need not look it up."""
    node = iri(address)
    to.add((node, RDF.type, kind))
    return node


def concept(to: Graph, term: Term, kind: URIRef = SKOS.Concept) -> URIRef:
    """A term of a controlled vocabulary, with its names."""
    node = typed(to, term.uri, kind)
    say(to, node, SKOS.prefLabel, term.label)
    return node


def concept_scheme(to: Graph, address: str) -> URIRef:
    """A vocabulary as a whole."""
    node = typed(to, address, SKOS.ConceptScheme)
    to.add((node, DCTERMS.title, Literal(address.rsplit("/", 1)[-1])))
    return node


def licence(to: Graph, code: str) -> URIRef | None:
    """The licence as a document; None when there is no address for what was said."""
    known = LICENCES.get(code)
    address = known.uri if known else code if code.startswith(("http://", "https://")) else ""
    if not address:
        return None
    node = typed(to, address, DCTERMS.LicenseDocument)
    if known:
        say(to, node, RDFS.label, known.label)
        if known.eu:
            to.add((node, SKOS.exactMatch, URIRef(known.eu)))
    return node
