"""One dataset as linked data, with its distributions, its publisher, its series and its versions."""

import re
from itertools import pairwise

from rdflib import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, URIRef

from lacydon.capabilities.territory import public as territory

from .. import addresses, shelf
from ..datasets import DatasetView, DistributionView, VersionView
from ..vocabularies import ACCESS_RIGHTS, FREQUENCIES, HVD, THEMES, format_named
from ..vocabularies.formats import Format
from ..vocabularies.terms import AVAILABLE, HVD_REGULATION
from .terms import (
    ADMS,
    DCAT,
    DCATAP,
    ELI,
    FRENCH,
    INSEE,
    SPDX,
    VCARD,
    concept,
    day,
    iri,
    licence,
    moment,
    say,
    typed,
)  # fmt: skip

COMMUNE = re.compile(r"[0-9][0-9AB][0-9]{3}")
HASHES = {
    "sha256": SPDX.checksumAlgorithm_sha256,
    "sha1": SPDX.checksumAlgorithm_sha1,
    "md5": SPDX.checksumAlgorithm_md5,
}


def add_dataset(to: Graph, dataset: DatasetView, *, base: str) -> URIRef:
    """What is said of a dataset; its IRI is the address of its page."""
    subject = URIRef(f"{base}{addresses.page_of(dataset.id)}")
    to.add((subject, RDF.type, DCAT.Dataset))
    to.add((subject, DCTERMS.identifier, Literal(dataset.id)))
    say(to, subject, DCTERMS.title, dataset.title)
    say(to, subject, DCTERMS.description, dataset.description)
    for keyword in dataset.keywords:
        to.add((subject, DCAT.keyword, Literal(keyword, lang="fr")))
    for code in dataset.themes:
        if code in THEMES:
            to.add((subject, DCAT.theme, concept(to, THEMES[code])))
    to.add((subject, DCTERMS.publisher, add_publisher(to, dataset, base=base)))
    to.add((subject, DCTERMS.language, typed(to, FRENCH, DCTERMS.LinguisticSystem)))
    to.add((subject, DCAT.landingPage, typed(to, subject, FOAF.Document)))
    _add_rights(to, subject, dataset)
    _add_coverage(to, subject, dataset, base=base)
    _add_contact(to, subject, dataset)
    if dataset.issued:
        to.add((subject, DCTERMS.issued, moment(dataset.issued)))
    if dataset.modified:
        to.add((subject, DCTERMS.modified, moment(dataset.modified)))
    if dataset.frequency in FREQUENCIES:
        to.add((subject, DCTERMS.accrualPeriodicity, concept(to, FREQUENCIES[dataset.frequency], DCTERMS.Frequency)))
    if dataset.landing_page:
        to.add((subject, FOAF.page, typed(to, dataset.landing_page, FOAF.Document)))
    if schema := dataset.schema and shelf.web_address(dataset.schema):
        to.add((subject, DCTERMS.conformsTo, typed(to, schema, DCTERMS.Standard)))
    if dataset.version:
        to.add((subject, DCAT.version, Literal(str(dataset.version.number))))
    add_high_value(to, subject, dataset)
    if dataset.series:
        to.add((subject, DCAT.inSeries, _add_series(to, dataset, base=base)))
    _add_origin(to, subject, dataset)
    for made in addresses.exports(dataset):
        to.add((subject, DCAT.distribution, _add_export(to, dataset, made, page=subject, base=base)))
    for kept in dataset.distributions:
        to.add((subject, DCAT.distribution, _add_distribution(to, dataset, kept, page=subject)))
    return subject


def add_versions(to: Graph, subject: URIRef, dataset: DatasetView, versions: tuple[VersionView, ...]) -> None:
    """Each version as a dataset of its own, found under the number."""
    for each in versions:
        node = URIRef(f"{subject}?version={each.number}")
        to.add((subject, DCAT.hasVersion, node))
        to.add((node, RDF.type, DCAT.Dataset))
        to.add((node, DCAT.isVersionOf, subject))
        to.add((node, DCAT.version, Literal(str(each.number))))
        to.add((node, DCTERMS.identifier, Literal(f"{dataset.id}@{each.number}")))
        to.add((node, DCTERMS.issued, moment(each.published_at)))
        say(to, node, DCTERMS.title, dataset.title)
        say(to, node, DCTERMS.description, dataset.description)
        if each.reason:
            to.add((node, ADMS.versionNotes, Literal(each.reason, lang="fr")))
        if dataset.version and each.number == dataset.version.number:
            to.add((subject, DCAT.hasCurrentVersion, node))
    ordered = sorted(versions, key=lambda each: each.number)
    for before, after in pairwise(ordered):
        newer, older = (URIRef(f"{subject}?version={each.number}") for each in (after, before))
        to.add((newer, DCAT.previousVersion, older))


def add_high_value(to: Graph, subject: URIRef, dataset: DatasetView) -> None:
    """Its law and its category, when the dataset is of high value: on it, its series and what serves it."""
    if dataset.hvd in HVD:
        to.add((subject, DCATAP.applicableLegislation, typed(to, HVD_REGULATION, ELI.LegalResource)))
        to.add((subject, DCATAP.hvdCategory, concept(to, HVD[dataset.hvd])))


def add_publisher(to: Graph, dataset: DatasetView, *, base: str) -> URIRef:
    """The organisation as an agent."""
    agent = URIRef(f"{base}/donnees/organismes/{dataset.organisation}")
    to.add((agent, RDF.type, FOAF.Agent))
    to.add((agent, DCTERMS.identifier, Literal(dataset.organisation)))
    say(to, agent, FOAF.name, dataset.organisation_name or {"fr": dataset.organisation})
    return agent


def territory_node(to: Graph, *, base: str) -> URIRef:
    """The whole territory as a place."""
    node = typed(to, f"{base}/donnees#territoire", DCTERMS.Location)
    to.add((node, SKOS.prefLabel, Literal(territory.territory_name(), lang="fr")))
    return node


def _add_rights(to: Graph, subject: URIRef, dataset: DatasetView) -> None:
    if dataset.access in ACCESS_RIGHTS:
        to.add((subject, DCTERMS.accessRights, concept(to, ACCESS_RIGHTS[dataset.access], DCTERMS.RightsStatement)))
    if node := licence(to, dataset.licence):
        to.add((subject, DCTERMS.license, node))
    if dataset.rights:
        rights = BNode()
        to.add((rights, RDF.type, DCTERMS.RightsStatement))
        to.add((rights, RDFS.label, Literal(dataset.rights, lang="fr")))
        to.add((subject, DCTERMS.rights, rights))


def _add_coverage(to: Graph, subject: URIRef, dataset: DatasetView, *, base: str) -> None:
    names = {each.code: each.name for each in territory.communes()}
    for code in dataset.coverage:
        commune = COMMUNE.fullmatch(code)
        node: URIRef | BNode = typed(to, INSEE[code], DCTERMS.Location) if commune else BNode()
        to.add((node, RDF.type, DCTERMS.Location))
        to.add((node, DCTERMS.identifier, Literal(code)))
        if code in names:
            to.add((node, SKOS.prefLabel, Literal(names[code], lang="fr")))
        to.add((subject, DCTERMS.spatial, node))
    if not dataset.coverage:
        to.add((subject, DCTERMS.spatial, territory_node(to, base=base)))
    if dataset.starts_on or dataset.ends_on:
        period = BNode()
        to.add((subject, DCTERMS.temporal, period))
        to.add((period, RDF.type, DCTERMS.PeriodOfTime))
        if dataset.starts_on:
            to.add((period, DCAT.startDate, day(dataset.starts_on)))
        if dataset.ends_on:
            to.add((period, DCAT.endDate, day(dataset.ends_on)))


def _add_contact(to: Graph, subject: URIRef, dataset: DatasetView) -> None:
    if not (dataset.contact_name or dataset.contact_email):
        return
    contact = URIRef(f"{subject}#contact")
    to.add((subject, DCAT.contactPoint, contact))
    to.add((contact, RDF.type, VCARD.Kind))
    to.add((contact, RDF.type, VCARD.Organization))
    to.add((contact, VCARD.fn, Literal(dataset.contact_name or dataset.contact_email)))
    if dataset.contact_email:
        to.add((contact, VCARD.hasEmail, typed(to, f"mailto:{dataset.contact_email}", RDFS.Resource)))


def _add_series(to: Graph, dataset: DatasetView, *, base: str) -> URIRef:
    node = URIRef(f"{base}/donnees/series/{dataset.series}")
    to.add((node, RDF.type, DCAT.DatasetSeries))
    say(to, node, DCTERMS.title, dataset.series_title or {"fr": dataset.series})
    say(to, node, DCTERMS.description, dataset.series_title or {"fr": dataset.series})
    to.add((node, DCTERMS.identifier, Literal(dataset.series)))
    add_high_value(to, node, dataset)
    return node


def _add_origin(to: Graph, subject: URIRef, dataset: DatasetView) -> None:
    """What was harvested says where from, so that nobody counts it twice."""
    if dataset.origin.get("id"):
        other = BNode()
        to.add((other, RDF.type, ADMS.Identifier))
        to.add((other, SKOS.notation, Literal(str(dataset.origin["id"]))))
        to.add((subject, ADMS.identifier, other))
    address = str(dataset.origin.get("url") or "")
    if address.startswith(("http://", "https://")):
        to.add((subject, DCTERMS.source, typed(to, address, DCAT.Dataset)))
        say(to, iri(address), DCTERMS.title, dataset.title)
        say(to, iri(address), DCTERMS.description, dataset.description)


def _add_export(to: Graph, dataset: DatasetView, made: addresses.Export, *, page: URIRef, base: str) -> URIRef:
    node = URIRef(f"{page}#{made.ending}")
    version = dataset.version
    assert version is not None
    _distribution(to, node, dataset, title=f"{made.format.label}", known=made.format)
    to.add((node, DCAT.accessURL, typed(to, page, RDFS.Resource)))
    if dataset.open:
        to.add((node, DCAT.downloadURL, typed(to, f"{base}{made.path}", RDFS.Resource)))
        to.add((node, DCAT.accessService, URIRef(f"{base}{addresses.EXPLORE}")))
    to.add((node, DCTERMS.modified, moment(version.published_at)))
    if made.bytes is not None:
        to.add((node, DCAT.byteSize, Literal(made.bytes, datatype=XSD.nonNegativeInteger)))
        _checksum(to, node, f"sha256:{version.content}")
    return node


def _add_distribution(to: Graph, dataset: DatasetView, kept: DistributionView, *, page: URIRef) -> URIRef:
    node = URIRef(f"{page}#distribution-{kept.id}")
    _distribution(to, node, dataset, title=kept.title, known=format_named(kept.format or kept.media_type))
    if kept.description:
        to.add((node, DCTERMS.description, Literal(kept.description, lang="fr")))
    to.add((node, DCAT.accessURL, typed(to, kept.access_url or kept.download_url, RDFS.Resource)))
    if kept.download_url:
        to.add((node, DCAT.downloadURL, typed(to, kept.download_url, RDFS.Resource)))
    if kept.byte_size is not None and kept.byte_size >= 0:
        to.add((node, DCAT.byteSize, Literal(kept.byte_size, datatype=XSD.nonNegativeInteger)))
    if kept.modified:
        to.add((node, DCTERMS.modified, moment(kept.modified)))
    _checksum(to, node, kept.checksum)
    return node


def _distribution(to: Graph, node: URIRef, dataset: DatasetView, *, title: str, known: Format | None) -> None:
    """What every distribution says."""
    to.add((node, RDF.type, DCAT.Distribution))
    to.add((node, DCTERMS.title, Literal(title, lang="fr")))
    to.add((node, DCATAP.availability, concept(to, AVAILABLE)))
    if term := licence(to, dataset.licence):
        to.add((node, DCTERMS.license, term))
    if known:
        to.add((node, DCTERMS.format, typed(to, known.uri, DCTERMS.MediaTypeOrExtent)))
        if known.media_uri:
            to.add((node, DCAT.mediaType, typed(to, known.media_uri, DCTERMS.MediaType)))
    if dataset.hvd in HVD:
        to.add((node, DCATAP.applicableLegislation, typed(to, HVD_REGULATION, ELI.LegalResource)))


def _checksum(to: Graph, node: URIRef, said: str) -> None:
    """`sha256:…`; what is not a hash in hexadecimal is left out."""
    algorithm, _colon, value = said.partition(":")
    if algorithm not in HASHES or not value or set(value.lower()) - set("0123456789abcdef") or len(value) % 2:
        return
    checksum = BNode()
    to.add((node, SPDX.checksum, checksum))
    to.add((checksum, RDF.type, SPDX.Checksum))
    to.add((checksum, SPDX.algorithm, typed(to, HASHES[algorithm], SPDX.ChecksumAlgorithm)))
    to.add((checksum, SPDX.checksumValue, Literal(value.lower(), datatype=XSD.hexBinary)))
