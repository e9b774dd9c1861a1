"""The catalogue as linked data: CPSV-AP 3.2 (https://semiceu.github.io/CPSV-AP/releases/3.2.0/)."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from rdflib import DCAT, DCTERMS, RDF, SKOS, XSD, Graph, Literal, Namespace, URIRef

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.texts import Localised

from .catalogue import EventView, ServiceView, catalogue, service
from .search import in_charge

CPSV = Namespace("http://purl.org/vocab/cpsv#")
CV = Namespace("http://data.europa.eu/m8g/")
ELI = Namespace("http://data.europa.eu/eli/ontology#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
SCHEMA = Namespace("http://schema.org/")
INSEE = Namespace("http://id.insee.fr/geo/commune/")
LANGUAGES = Namespace("http://publications.europa.eu/resource/authority/language/")
FORMATS: Mapping[str, str] = {"text/turtle": "turtle", "application/ld+json": "json-ld", "application/rdf+xml": "xml"}
"""Media type → rdflib's name."""
EVENT_TYPES = {"life": CV.LifeEvent, "business": CV.BusinessEvent}
CONTEXT = {
    "cpsv": str(CPSV),
    "cv": str(CV),
    "dct": str(DCTERMS),
    "dcat": str(DCAT),
    "skos": str(SKOS),
    "eli": str(ELI),
    "schema": str(SCHEMA),
    "xsd": str(XSD),
}


def serialised(*, base: str, media_type: str, id: str | None = None) -> bytes:
    """The catalogue, or one of its services, in one of FORMATS; `base` is the platform's public address, no slash.

    The whole takes a second or two to write and is then kept until the catalogue changes. Raises UnknownService.
    """
    if id is not None:
        return _written(_graph([service(id)], base=base), media_type)
    return _whole(catalogue.version + territory.version(), base, media_type)


@lru_cache(maxsize=8)
def _whole(version: str, base: str, media_type: str) -> bytes:  # noqa: ARG001  (a part of what is kept under)
    return _written(_graph(catalogue().services.values(), base=base), media_type)


def _written(graph: Graph, media_type: str) -> bytes:
    options: dict[str, Any] = {"context": CONTEXT} if media_type == "application/ld+json" else {}
    return graph.serialize(format=FORMATS[media_type], encoding="utf-8", **options)


def _graph(services: Iterable[ServiceView], *, base: str) -> Graph:
    graph = Graph(bind_namespaces="none")
    for prefix, address in CONTEXT.items():
        graph.bind(prefix, address)
    services = list(services)
    used = {id for each in services for id in each.events}
    for event in catalogue().events.values():
        if event.id in used:
            _add_event(graph, event, services, base=base)
    for each in services:
        _add_service(graph, each, base=base)
    return graph


def _texts(text: Localised | None) -> list[Literal]:
    return [Literal(said, lang=lang) for lang, said in (text or {}).items()]


def _describe(graph: Graph, subject: URIRef, kind: URIRef, *, id: str, title: Localised) -> None:
    graph.add((subject, RDF.type, kind))
    graph.add((subject, DCTERMS.identifier, Literal(id)))
    for text in _texts(title):
        graph.add((subject, DCTERMS.title, text))


def _add_event(graph: Graph, event: EventView, services: Iterable[ServiceView], *, base: str) -> None:
    subject = URIRef(f"{base}/evenements-de-vie/{event.id}")
    _describe(graph, subject, EVENT_TYPES[event.kind], id=event.id, title=event.title)
    for text in _texts(event.summary):
        graph.add((subject, DCTERMS.description, text))
    for each in services:
        if event.id in each.events:
            graph.add((subject, CV.hasRelatedService, URIRef(f"{base}/services/{each.id}")))


def _add_service(graph: Graph, each: ServiceView, *, base: str) -> None:
    subject = URIRef(f"{base}/services/{each.id}")
    _describe(graph, subject, CPSV.PublicService, id=each.id, title=each.title)
    for text in _texts(each.description or each.summary):
        graph.add((subject, DCTERMS.description, text))
    for keyword in each.keywords:
        graph.add((subject, DCAT.keyword, Literal(keyword, lang="fr")))
    graph.add((subject, DCTERMS.language, LANGUAGES.FRA))
    sector = catalogue().sectors[each.sector]
    theme = territory.theme(each.theme)
    for predicate, address, title in (
        (CV.sector, f"{base}/services#{sector.id}", sector.title),
        (CV.thematicArea, f"{base}/qui-fait-quoi?theme={theme.id}", theme.title),
    ):
        graph.add((subject, predicate, URIRef(address)))
        _concept(graph, URIRef(address), title)
    for id in each.events:
        graph.add((subject, CV.isGroupedBy, URIRef(f"{base}/evenements-de-vie/{id}")))
    for audience in each.audience:
        graph.add((subject, DCTERMS.audience, URIRef(f"{base}/catalogue/publics#{audience}")))
        _concept(graph, URIRef(f"{base}/catalogue/publics#{audience}"), {"fr": audience})
    _add_authorities(graph, subject, each, base=base)
    _add_conditions(graph, subject, each)


def _concept(graph: Graph, subject: URIRef, label: Localised) -> None:
    graph.add((subject, RDF.type, SKOS.Concept))
    for text in _texts(label):
        graph.add((subject, SKOS.prefLabel, text))


def _add_authorities(graph: Graph, subject: URIRef, each: ServiceView, *, base: str) -> None:
    """Every authority that is in charge somewhere today, with the rules that say so."""
    places = [territory.commune(each.commune)] if each.commune else territory.communes()
    for commune in places:
        resolution = in_charge(each, citycode=commune.code)
        graph.add((subject, DCTERMS.spatial, INSEE[commune.code]))
        answers = [resolution]
        if resolution.question:
            facts = [{resolution.question.id: each.value} for each in resolution.question.values]
            answers = [in_charge(each, citycode=commune.code, conditions=fact) for fact in facts]
        found = [one for answer in answers for one in (answer.authority, answer.handled_by) if one]
        for authority in found:
            organisation = URIRef(f"{base}/catalogue/autorites/{authority.id}")
            graph.add((subject, CV.hasCompetentAuthority, organisation))
            if (organisation, RDF.type, CV.PublicOrganisation) not in graph:
                _add_organisation(graph, organisation, authority, INSEE[commune.code])
        for reason in resolution.because:
            rule = URIRef(f"{base}/catalogue/regles/{reason.rule}")
            graph.add((subject, CPSV.follows, rule))
            if (rule, RDF.type, CPSV.Rule) not in graph:
                _describe(graph, rule, CPSV.Rule, id=reason.rule, title={"fr": reason.legal_basis})
                for text in _texts(reason.sentence):
                    graph.add((rule, DCTERMS.description, text))


def _add_organisation(graph: Graph, subject: URIRef, authority: territory.AuthorityView, spatial: URIRef) -> None:
    graph.add((subject, RDF.type, CV.PublicOrganisation))
    graph.add((subject, DCTERMS.identifier, Literal(authority.siren or authority.id)))
    graph.add((subject, DCTERMS.spatial, spatial))
    for text in _texts(authority.name):
        graph.add((subject, SKOS.prefLabel, text))
    for position, channel in enumerate(authority.channels):
        point = URIRef(f"{subject}#contact-{position}")
        graph.add((subject, CV.contactPoint, point))
        graph.add((point, RDF.type, CV.ContactPoint))
        if channel.get("phone"):
            graph.add((point, CV.telephone, Literal(channel["phone"])))
        if channel.get("email"):
            graph.add((point, CV.email, Literal(channel["email"])))
        if channel.get("url"):
            graph.add((point, CV.contactPage, URIRef(str(channel["url"]))))


def _add_conditions(graph: Graph, subject: URIRef, each: ServiceView) -> None:
    """What it takes: channels, documents, cost, delay, law, result."""
    for position, channel in enumerate(each.channels):
        node = URIRef(f"{subject}#channel-{position}")
        graph.add((subject, CV.hasChannel, node))
        graph.add((node, RDF.type, CV.Channel))
        graph.add((node, DCTERMS.identifier, Literal(f"{each.id}-{position}")))
        graph.add((node, DCTERMS.type, Literal(channel["type"])))
        if channel.get("url"):
            graph.add((node, SCHEMA.url, URIRef(channel["url"])))
    for position, evidence in enumerate(each.evidence):
        node = URIRef(f"{subject}#evidence-{position}")
        graph.add((subject, CPSV.hasInput, node))
        _describe(graph, node, CV.Evidence, id=f"{each.id}-evidence-{position}", title=evidence["name"])
    if each.cost:
        node = URIRef(f"{subject}#cost")
        graph.add((subject, CV.hasCost, node))
        graph.add((node, RDF.type, CV.Cost))
        graph.add((node, DCTERMS.identifier, Literal(f"{each.id}-cost")))
        if each.cost.get("amount") is not None:
            graph.add((node, CV.hasValue, Literal(float(each.cost["amount"]), datatype=XSD.double)))
            graph.add((node, CV.currency, URIRef("http://publications.europa.eu/resource/authority/currency/EUR")))
        for text in _texts(each.cost.get("note")):
            graph.add((node, DCTERMS.description, text))
    if each.delay and each.delay.get("duration"):
        graph.add((subject, CV.processingTime, Literal(each.delay["duration"], datatype=XSD.duration)))
    for position, law in enumerate(each.legal):
        node = URIRef(f"{subject}#law-{position}")
        graph.add((subject, CV.hasLegalResource, node))
        graph.add((node, RDF.type, ELI.LegalResource))
        graph.add((node, DCTERMS.title, Literal(law, lang="fr")))
    if each.output:
        node = URIRef(f"{subject}#output")
        graph.add((subject, CPSV.produces, node))
        _describe(graph, node, CV.Output, id=f"{each.id}-output", title=each.output)
