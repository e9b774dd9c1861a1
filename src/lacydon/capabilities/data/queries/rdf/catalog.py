"""The whole catalogue, by pages that lead to each other (Hydra), as other catalogues harvest it."""

from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any, Final

from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _
from rdflib import DCTERMS, FOAF, RDF, RDFS, XSD, Graph, Literal, URIRef

from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust.public import organisation as organisation_of
from lacydon.kernel.errors import NotFound
from lacydon.kernel.texts import in_every_language

from .. import addresses
from ..datasets import DatasetView, dataset, shown_to_all, versions
from ..vocabularies.terms import THEME_SCHEME
from .dataset import add_dataset, add_high_value, add_versions, territory_node
from .terms import (
    CONTEXT,
    DCAT,
    FORMATS,
    FRENCH,
    HYDRA,
    VCARD,
    concept_scheme,
    graph,
    licence,
    moment,
    say,
    typed,
)  # fmt: skip

PER_PAGE: Final = 100
TITLE: Final = gettext_noop("Données ouvertes de %s")
DESCRIPTION: Final = gettext_noop("Les jeux de données que publient les organismes du territoire %s.")


def catalog_page(*, base: str, media_type: str, page: int = 1, organisation: str = "", ending: str = "ttl") -> bytes:
    """A page of the catalogue, or of one organisation's, in one of FORMATS; kept until the catalogue changes.

    `base`: the platform's public address, no slash. `ending`: that of the addresses of the other pages. Raises NotFound
    for a page or an organisation that is not there.
    """
    version = shown_to_all.version + territory.version()
    return _catalog(version, base, media_type, page, organisation, ending)


def one_dataset(id: str, *, base: str, media_type: str) -> bytes:
    """A dataset shown to all, with its versions. Raises UnknownDataset."""
    found = dataset(id)
    made = graph()
    subject = add_dataset(made, found, base=base)
    add_versions(made, subject, found, versions(found))
    _add_services(made, [found], base=base)
    return _written(made, media_type)


def _shown(organisation: str) -> list[DatasetView]:
    found = [each for each in shown_to_all().values() if organisation in ("", each.organisation)]
    if organisation and not found:
        raise NotFound(_("Aucun jeu de données de l’organisme « %s ».") % organisation[:80])
    return found


@lru_cache(maxsize=32)
def _catalog(_version: str, base: str, media_type: str, page: int, organisation: str, ending: str) -> bytes:
    found = _shown(organisation)
    last = max(1, -(-len(found) // PER_PAGE))
    if not 1 <= page <= last:
        raise NotFound(_("Le catalogue n’a pas de page %d.") % page)
    made = graph()
    path = f"/donnees/organismes/{organisation}" if organisation else "/donnees"
    subject = URIRef(f"{base}{path}")
    here = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    _add_catalog(made, subject, found, base=base, organisation=organisation)
    for each in here:
        made.add((subject, DCAT.dataset, add_dataset(made, each, base=base)))
    for service in _add_services(made, here, base=base):
        made.add((subject, DCAT.service, service))
    _add_pages(made, subject, f"{subject}.{ending}", page=page, last=last, count=len(found))
    return _written(made, media_type)


def _written(made: Graph, media_type: str) -> bytes:
    options: dict[str, Any] = {"context": CONTEXT} if media_type == "application/ld+json" else {}
    return made.serialize(format=FORMATS[media_type], encoding="utf-8", **options)


def _add_catalog(to: Graph, subject: URIRef, found: Sequence[DatasetView], *, base: str, organisation: str) -> None:
    named = organisation_of(organisation) if organisation else None
    here = territory.territory_name() or base
    names = dict(named.name) if named else {"fr": here, "en": here}
    to.add((subject, RDF.type, DCAT.Catalog))
    for predicate, sentence in ((DCTERMS.title, TITLE), (DCTERMS.description, DESCRIPTION)):
        texts = in_every_language(partial(gettext, sentence))
        say(to, subject, predicate, {lang: text % (names.get(lang) or names["fr"]) for lang, text in texts.items()})
    to.add((subject, DCTERMS.identifier, Literal(str(subject))))
    publisher = URIRef(f"{subject}#editeur")
    to.add((subject, DCTERMS.publisher, publisher))
    to.add((publisher, RDF.type, FOAF.Agent))
    say(to, publisher, FOAF.name, names)
    to.add((subject, FOAF.homepage, typed(to, subject, FOAF.Document)))
    to.add((subject, DCTERMS.language, typed(to, FRENCH, DCTERMS.LinguisticSystem)))
    to.add((subject, DCAT.themeTaxonomy, concept_scheme(to, THEME_SCHEME)))
    to.add((subject, DCTERMS.spatial, territory_node(to, base=base)))
    if node := licence(to, "lov2"):
        to.add((subject, DCTERMS.license, node))
    moments = [each.modified for each in found if each.modified]
    if moments:
        to.add((subject, DCTERMS.modified, moment(max(moments))))
    first = [each.issued for each in found if each.issued]
    if first:
        to.add((subject, DCTERMS.issued, moment(min(first))))


def _add_services(to: Graph, found: Sequence[DatasetView], *, base: str) -> list[URIRef]:
    """The interfaces that answer for these datasets; one that serves none of them is left out."""
    made: dict[str, URIRef] = {}
    for each in found:
        for interface in addresses.interfaces(each) if each.open else ():
            node = URIRef(f"{base}{interface.endpoint}")
            if interface.id not in made:
                made[interface.id] = node
                to.add((node, RDF.type, DCAT.DataService))
                say(to, node, DCTERMS.title, in_every_language(interface.title.__str__))
                to.add((node, DCTERMS.identifier, Literal(str(node))))
                to.add((node, DCAT.endpointURL, typed(to, node, RDFS.Resource)))
                to.add((node, DCAT.endpointDescription, typed(to, f"{base}/api/v1/docs", RDFS.Resource)))
                to.add((node, FOAF.page, typed(to, f"{base}/api/v1/docs", FOAF.Document)))
                to.add((node, DCAT.contactPoint, _contact(to, base=base)))
                if interface.conforms_to:
                    to.add((node, DCTERMS.conformsTo, typed(to, interface.conforms_to, DCTERMS.Standard)))
            to.add((node, DCAT.servesDataset, URIRef(f"{base}{addresses.page_of(each.id)}")))
            add_high_value(to, node, each)
    return list(made.values())


def _contact(to: Graph, *, base: str) -> URIRef:
    node = URIRef(f"{base}/aide#contact")
    to.add((node, RDF.type, VCARD.Kind))
    to.add((node, VCARD.fn, Literal(territory.territory_name())))
    to.add((node, VCARD.hasURL, typed(to, f"{base}/aide", RDFS.Resource)))
    return node


def _add_pages(to: Graph, subject: URIRef, address: str, *, page: int, last: int, count: int) -> None:
    """The same pages in the two ways harvesters follow: Hydra's today, and the one it had first."""

    def at(number: int) -> URIRef:
        return URIRef(f"{address}?page={number}")

    view = at(page)
    to.add((subject, HYDRA.view, view))
    to.add((subject, HYDRA.totalItems, Literal(count, datatype=XSD.integer)))
    to.add((view, RDF.type, HYDRA.PartialCollectionView))
    to.add((view, RDF.type, HYDRA.PagedCollection))
    to.add((view, HYDRA.totalItems, Literal(count, datatype=XSD.integer)))
    to.add((view, HYDRA.itemsPerPage, Literal(PER_PAGE, datatype=XSD.integer)))
    links = [("first", 1), ("last", last)]
    links += [("previous", page - 1)] if page > 1 else []
    links += [("next", page + 1)] if page < last else []
    for name, number in links:
        to.add((view, HYDRA[name], at(number)))
        to.add((view, HYDRA[f"{name}Page"], at(number)))
