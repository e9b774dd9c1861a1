"""Our catalogue against the SHACL shapes that the authors of DCAT-AP publish: every page, organisation and dataset."""

from datetime import date
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, SH, Graph, Namespace, URIRef

from lacydon.capabilities.data.models import Distribution, Series
from lacydon.capabilities.data.queries.rdf import catalog
from tests.capabilities.data.harbour import described, published

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Dataset\\.:DeprecationWarning"),  # pyshacl on rdflib 7.6
]
SHAPES = Path(__file__).parent / "dcat"
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCATAP = Namespace("http://data.europa.eu/r5r/")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
HERE = "http://testserver/donnees"
SAID = {
    "themes": ["AGRI", "ECON"],
    "keywords": ["marché"],
    "frequency": "ANNUAL",
    "coverage": ["45234", "200054807"],
    "contact_name": "Service des marchés",
    "contact_email": "marches@exemple.fr",
    "schema": "https://schema.data.gouv.fr/schemas/a/b.json",
    "rights": "Citer la source.",
    "landing_page": "https://x.example/marches",
    "starts_on": date(2024, 1, 1),
}


def faults(graph: Graph, profile: str) -> set[tuple[str, str]]:
    """(subject, path) of what the shapes of a profile say."""
    _conforms, report, _text = pyshacl.validate(graph, shacl_graph=str(SHAPES / f"{profile}.ttl"))
    return {
        (str(report.value(each, SH.focusNode)), str(report.value(each, SH.resultPath)))
        for each in report.subjects(RDF.type, SH.ValidationResult)
    }


def pages(client, address: str) -> Graph:
    """A catalogue followed from page to page, as one graph."""
    whole, left = Graph(), [address]
    while left:
        page = Graph().parse(data=client.get(left.pop().removeprefix("http://testserver")).content, format="turtle")
        left += [str(each) for each in page.objects(None, HYDRA.next)]
        whole += page
    return whole


@pytest.fixture
def harbour(db):
    Series.objects.create(pk="fetes", title={"fr": "Fêtes"}, description={"fr": "Année par année"})
    published("marches", hvd="mobility", series="fetes", **SAID)
    described("fetes", of="village", series="fetes", origin={"id": "a b|c", "url": "https://x.example/a b?<c>"}, **SAID)
    Distribution.objects.create(
        dataset_id="fetes", title="Un CSV", access_url="https://x.example/a b.csv", download_url="https://x.example/é.csv",
        format="csv", byte_size=12, checksum="sha256:" + "ab" * 32,
    )  # fmt: skip
    published("comptes", access="restricted")
    described("vide", licence="")


def test_the_paged_catalogue_conforms(client, harbour, monkeypatch):
    monkeypatch.setattr(catalog, "PER_PAGE", 2)
    graph = pages(client, "/donnees.ttl")
    assert len(set(graph.objects(None, DCAT.dataset))) == 4
    assert not faults(graph, "dcat-ap-3.0.1")


@pytest.mark.parametrize("address", ["organismes/village", "marches", "fetes"])
def test_an_organisation_and_a_dataset_conform(client, harbour, address):
    assert not faults(pages(client, f"/donnees/{address}.ttl"), "dcat-ap-3.0.1")


def test_high_value_data_conform_to_their_annex(client):
    Series.objects.create(pk="fetes", title={"fr": "Fêtes"}, description={"fr": "Année par année"})
    published("marches", hvd="mobility", series="fetes", **SAID)
    graph = pages(client, "/donnees.ttl")
    assert not faults(graph, "dcat-ap-hvd-3.0.0")
    graph.remove((URIRef(f"{HERE}/marches"), DCATAP.hvdCategory, None))
    assert faults(graph, "dcat-ap-hvd-3.0.0") == {(f"{HERE}/marches", str(DCATAP.hvdCategory))}
