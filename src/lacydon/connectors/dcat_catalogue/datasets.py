"""The datasets of a graph, as records: pure. Only what hangs from a dataset is read, so a loop leads nowhere."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, Namespace
from rdflib.term import Node

from lacydon.capabilities.data.public import Record, RecordFile, day_told, moment_told

HYDRA: Final = Namespace("http://www.w3.org/ns/hydra/core#")
VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
SCHEMA: Final = Namespace("http://schema.org/")
SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
DCATAP: Final = Namespace("http://data.europa.eu/r5r/")
PAGING: Final = ((HYDRA.PartialCollectionView, HYDRA.next), (HYDRA.PagedCollection, HYDRA.nextPage))
MOST: Final = 300
"""Values of one property."""


def datasets_of(graph: Graph) -> Iterator[Node]:
    """The dcat:Dataset that a catalogue lists, and those that nothing points to, in the order of their addresses.

    Others are only spoken of: the source or a version of a dataset, what a service serves.
    """
    listed = set(graph.objects(None, DCAT.dataset))
    for node in sorted(set(graph.subjects(RDF.type, DCAT.Dataset)), key=str):
        if node not in listed and next(graph.subjects(None, node), None) not in (None, node):
            continue
        if (node, DCTERMS.title, None) in graph or (node, DCTERMS.identifier, None) in graph:
            yield node


def following_page(graph: Graph) -> str:
    """The address of the next page; empty on the last one."""
    for kind, following in PAGING:
        for view in graph.subjects(RDF.type, kind):
            found = next(graph.objects(view, following), None)
            if found is not None:
                return str(found)
    return ""


def record_of(graph: Graph, node: Node) -> Record:
    """One dataset; `identifier` is empty when it has neither dct:identifier nor an address."""
    period = _first(graph, node, DCTERMS.temporal)
    starts, ends = _period(graph, period)
    contact = _first(graph, node, DCAT.contactPoint)
    page = _address(graph, node, DCAT.landingPage)
    uri = str(node) if isinstance(node, URIRef) else ""
    identifiers = sorted(str(each) for each in graph.objects(node, DCTERMS.identifier))
    files = sorted(_values(graph, node, DCAT.distribution), key=lambda each: _order(graph, each))
    return Record(
        identifier=next(iter(identifiers), "") or uri,
        title=_localised(graph, node, DCTERMS.title),
        description=_localised(graph, node, DCTERMS.description),
        keywords=tuple(sorted(str(each) for each in _values(graph, node, DCAT.keyword))),
        themes=tuple(sorted(_named(graph, each) for each in _values(graph, node, DCAT.theme))),
        licence=_named(graph, _first(graph, node, DCTERMS.license)),
        rights=_named(graph, _first(graph, node, DCTERMS.rights), words=True),
        publisher=_named(graph, _first(graph, node, DCTERMS.publisher), words=True),
        issued=_moment(graph, node, DCTERMS.issued),
        modified=_moment(graph, node, DCTERMS.modified),
        starts_on=starts,
        ends_on=ends,
        coverage=tuple(sorted(_place(graph, each) for each in _values(graph, node, DCTERMS.spatial))),
        frequency=_named(graph, _first(graph, node, DCTERMS.accrualPeriodicity)),
        hvd=min((str(each) for each in _values(graph, node, DCATAP.hvdCategory)), default=""),
        contact_name=_text(graph, contact, VCARD.fn) or _text(graph, contact, FOAF.name),
        contact_email=_address(graph, contact, VCARD.hasEmail) or _text(graph, contact, VCARD.email),
        url=page or uri,
        schema=_schema(graph, node),
        distributions=tuple(_file(graph, each) for each in files),
    )


def _file(graph: Graph, node: Node) -> RecordFile:
    download, access = _address(graph, node, DCAT.downloadURL), _address(graph, node, DCAT.accessURL)
    digest = _first(graph, node, SPDX.checksum)
    algorithm = _address(graph, digest, SPDX.algorithm).rsplit("_", 1)[-1].lower()
    value = _text(graph, digest, SPDX.checksumValue)
    media = _named(graph, _first(graph, node, DCAT.mediaType))
    titles = _localised(graph, node, DCTERMS.title)
    texts = _localised(graph, node, DCTERMS.description)
    return RecordFile(
        title=titles.get("fr") or next(iter(titles.values()), ""),
        description=texts.get("fr") or next(iter(texts.values()), ""),
        access_url=access or download,
        download_url=download,
        format=_named(graph, _first(graph, node, DCTERMS["format"])),
        media_type="/".join(media.split("/")[-2:]) if media else "",
        byte_size=_size(_text(graph, node, DCAT.byteSize)),
        checksum=f"{algorithm}:{value}" if value and algorithm else "",
        modified=_moment(graph, node, DCTERMS.modified),
        licence=_named(graph, _first(graph, node, DCTERMS.license)),
    )


def _order(graph: Graph, node: Node) -> tuple[str, ...]:
    """An order that is the same at each visit: a set of triples has none, and blank nodes change their names."""
    access, download = _address(graph, node, DCAT.accessURL), _address(graph, node, DCAT.downloadURL)
    uri = str(node) if isinstance(node, URIRef) else ""
    return (uri, download, access, min(_localised(graph, node, DCTERMS.title).values(), default=""))


def _values(graph: Graph, node: Node, name: URIRef) -> list[Node]:
    found = []
    for each in graph.objects(node, name):
        found.append(each)
        if len(found) >= MOST:
            break
    return found


def _first(graph: Graph, node: Node, name: URIRef) -> Node | None:
    """One value, the same at each visit: a graph has no order."""
    every = _values(graph, node, name)
    return min(every, key=lambda each: (_named(graph, each, words=True), _order(graph, each)), default=None)


def _localised(graph: Graph, node: Node, name: URIRef) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in sorted(_values(graph, node, name), key=str):
        if isinstance(each, Literal) and str(each).strip():
            found.setdefault((each.language or "fr")[:2].lower(), str(each).strip())
    return found


def _text(graph: Graph, node: Node | None, name: URIRef) -> str:
    found = min((str(each) for each in graph.objects(node, name)), default="") if node is not None else ""
    return found.strip()


def _address(graph: Graph, node: Node | None, name: URIRef) -> str:
    """The address that a property gives, as a node or as a text; that of a blank node is none."""
    if node is None:
        return ""
    return min((str(each).strip() for each in graph.objects(node, name) if not isinstance(each, BNode)), default="")


def _named(graph: Graph, node: Node | None, *, words: bool = False) -> str:
    """What is meant: an address or a text; `words`, or for a blank node: its name."""
    if node is None:
        return ""
    if isinstance(node, Literal) or (isinstance(node, URIRef) and not words):
        return str(node).strip()
    for name in (FOAF.name, SKOS.prefLabel, RDFS.label, DCTERMS.title, VCARD.fn, SKOS.notation):
        if said := _localised(graph, node, name):
            return said.get("fr") or next(iter(said.values()))
    return str(node) if isinstance(node, URIRef) else ""


def _place(graph: Graph, node: Node) -> str:
    """A place by its address or code; a blank one by what it says of itself."""
    for name in (DCTERMS.identifier, SKOS.notation):
        if code := _text(graph, node, name):
            return code
    return _named(graph, node)


def _schema(graph: Graph, node: Node) -> str:
    every = [node, *_values(graph, node, DCAT.distribution)]
    return next((found for each in every if (found := _address(graph, each, DCTERMS.conformsTo))), "")


def _period(graph: Graph, node: Node | None) -> tuple[date | None, date | None]:
    """A dct:PeriodOfTime, or a text as 2020-01-01/2020-12-31, 2020-01, 2020."""
    if node is None:
        return None, None
    if isinstance(node, Literal):
        first, _slash, last = str(node).partition("/")
        return day_told(first), day_told(last or first, end=True)
    starts = _text(graph, node, DCAT.startDate) or _text(graph, node, SCHEMA.startDate)
    ends = _text(graph, node, DCAT.endDate) or _text(graph, node, SCHEMA.endDate)
    return day_told(starts), day_told(ends, end=True)


def _moment(graph: Graph, node: Node, name: URIRef) -> datetime | None:
    return moment_told(_text(graph, node, name))


def _size(written: str) -> int | None:
    try:
        return int(float(written)) if written and len(written) < 20 else None
    except (ValueError, OverflowError):
        return None
