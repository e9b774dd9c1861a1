"""The catalogue as linked data: valid DCAT-AP, the same in every form, whole when its pages are followed."""

from datetime import date
from pathlib import Path
from xml.etree import ElementTree as Xml

import pyshacl
import pytest
from rdflib import DCTERMS, RDF, SH, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from lacydon.capabilities.data.models import Dataset, Distribution, Series
from lacydon.capabilities.data.queries.rdf import catalog as pages

from .harbour import described, published

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Dataset\\.:DeprecationWarning"),  # pyshacl on rdflib 7.6
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning"),  # rdflib's own reader of JSON-LD
]
SHAPES = Path(__file__).parent / "shapes" / "dcat-ap.ttl"
DCAT = Namespace("http://www.w3.org/ns/dcat#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
HERE = "http://testserver/donnees"
FORMS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "xml": "xml"}


def read(client, address, form="turtle"):
    response = client.get(address)
    assert response.status_code == 200, response.content
    return Graph().parse(data=response.content, format=form)


def faults(graph):
    """(severity, what is wrong, path) of each thing the shapes say."""
    _conforms, report, _text = pyshacl.validate(graph, shacl_graph=str(SHAPES), advanced=False)
    return {
        (report.value(found, SH.resultSeverity), report.value(found, SH.focusNode), report.value(found, SH.resultPath))
        for found in report.subjects(RDF.type, SH.ValidationResult)
    }


@pytest.fixture
def harbour(db):
    """A rich one with rows, one of a series harvested elsewhere with only links, a restricted and a private one."""
    full = {
        "themes": ["AGRI", "ECON"],
        "keywords": ["marché", "forain"],
        "frequency": "ANNUAL",
        "coverage": ["45234", "200054807"],
        "contact_name": "Service des marchés",
        "contact_email": "marches@exemple.fr",
        "hvd": "mobility",
        "schema": "https://schema.data.gouv.fr/schemas/a/b.json",
        "starts_on": date(2024, 1, 1),
    }
    published("marches", **full)
    Series.objects.create(pk="fetes", title={"fr": "Fêtes"}, description={"fr": "Année par année"})
    described(
        "fetes",
        **{**full, "hvd": ""},
        of="village",
        series="fetes",
        origin={"id": "a b|c", "url": "https://x.example/a b?<c>"},
    )
    Distribution.objects.create(
        dataset_id="fetes", title="Un CSV", access_url="https://x.example/a b.csv", download_url="https://x.example/é.csv",
        format="csv", byte_size=12, checksum="sha256:" + "ab" * 32,
    )  # fmt: skip
    published("comptes", access="restricted", themes=["ECON"])
    published("secret", access="private")
    return full


def test_the_catalogue_is_valid(client, harbour):
    graph = read(client, "/donnees.ttl")
    wrong = {each for each in faults(graph) if each[0] == SH.Violation}
    assert not wrong
    shown = {str(each) for each in graph.objects(None, DCAT.dataset)}
    assert shown == {f"{HERE}/marches", f"{HERE}/fetes", f"{HERE}/comptes"}
    lacking = {(str(node), path) for severity, node, path in faults(graph) if severity == SH.Warning}
    assert {node for node, _path in lacking} == {f"{HERE}/comptes"}, "only what lacks them is told of"


@pytest.mark.parametrize(
    ("subject", "predicate"),
    [(HERE, DCTERMS.publisher), (f"{HERE}/marches", DCTERMS.title), (f"{HERE}/marches#csv", DCAT.accessURL)],
)
def test_the_shapes_see_what_is_missing(client, harbour, subject, predicate):
    graph = read(client, "/donnees.ttl")
    graph.remove((URIRef(subject), predicate, None))
    assert (SH.Violation, URIRef(subject), predicate) in faults(graph)


def test_a_dataset_alone_is_valid_and_tells_its_versions(client, harbour):
    published("marches", "SELECT 'x' AS nom")
    graph = read(client, "/donnees/marches.ttl")
    assert not {each for each in faults(graph) if each[0] == SH.Violation}
    numbers = {
        str(graph.value(each, DCAT.version)) for each in graph.objects(URIRef(f"{HERE}/marches"), DCAT.hasVersion)
    }
    assert numbers == {"1", "2"}
    assert graph.value(URIRef(f"{HERE}/marches"), DCAT.hasCurrentVersion) == URIRef(f"{HERE}/marches?version=2")
    assert client.get("/donnees/secret.ttl").status_code == 404
    assert client.get("/donnees/nulle-part.ttl").status_code == 404


def test_every_form_says_the_same(client, harbour):
    plain = read(client, "/donnees/marches.ttl")
    for ending, form in FORMS.items():
        assert isomorphic(plain, read(client, f"/donnees/marches.{ending}", form)), ending


def test_rows_that_are_not_open_have_no_address(client, harbour):
    graph = read(client, "/donnees.ttl")
    closed = list(graph.objects(URIRef(f"{HERE}/comptes"), DCAT.distribution))
    assert closed
    assert not [each for one in closed for each in graph.objects(one, DCAT.downloadURL)]
    assert list(graph.objects(URIRef(f"{HERE}/marches#csv"), DCAT.downloadURL))
    served = set(graph.objects(None, DCAT.servesDataset))
    assert served == {URIRef(f"{HERE}/marches")}


def test_the_pages_followed_give_each_dataset_once(client, harbour, monkeypatch):
    monkeypatch.setattr(pages, "PER_PAGE", 2)
    found, address = [], "/donnees.ttl"
    for _step in range(5):
        graph = read(client, address)
        found += [str(each) for each in graph.objects(None, DCAT.dataset)]
        (view,) = graph.subjects(RDF.type, HYDRA.PartialCollectionView)
        assert graph.value(view, HYDRA.totalItems) == Literal(3)
        following = graph.value(view, HYDRA.next)
        assert following == graph.value(view, HYDRA.nextPage)
        if following is None:
            break
        address = str(following).removeprefix("http://testserver")
    assert sorted(found) == [f"{HERE}/comptes", f"{HERE}/fetes", f"{HERE}/marches"]
    assert client.get("/donnees.ttl?page=3").status_code == 404
    assert client.get("/donnees.ttl?page=-1").status_code == 404


def test_each_organisation_has_a_catalogue(client, harbour):
    graph = read(client, "/donnees/organismes/village.xml", "xml")
    assert {str(each) for each in graph.objects(None, DCAT.dataset)} == {f"{HERE}/fetes"}
    assert not {each for each in faults(graph) if each[0] == SH.Violation}
    assert client.get("/donnees/organismes/personne.ttl").status_code == 404


def test_the_catalogue_moves_with_what_is_published(client, harbour):
    assert URIRef(f"{HERE}/foires") not in set(read(client, "/donnees.ttl").objects(None, DCAT.dataset))
    described("foires")
    assert URIRef(f"{HERE}/foires") in set(read(client, "/donnees.ttl").objects(None, DCAT.dataset))


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("application/ld+json", "application/ld+json"),
        ("text/turtle;q=0.5, application/rdf+xml", "application/rdf+xml"),
        ("*/*", "text/turtle"),
    ],
)
def test_the_form_is_the_one_preferred(client, harbour, accept, given):
    response = client.get("/api/dcat/catalog", HTTP_ACCEPT=accept)
    assert response["Content-Type"].startswith(given)
    assert "Accept" in response["Vary"]
    assert response["Access-Control-Allow-Origin"] == "*"


def test_a_page_sends_programs_to_linked_data(client, harbour):
    response = client.get("/donnees/marches", HTTP_ACCEPT="text/turtle")
    assert (response.status_code, response["Location"]) == (303, "/donnees/marches.ttl")
    assert client.get("/donnees?page=1", HTTP_ACCEPT="application/ld+json")["Location"] == "/donnees.jsonld?page=1"
    assert client.get("/api/dcat/catalog", HTTP_ACCEPT="image/png").status_code == 406


def test_public_address_comes_first(client, harbour, settings):
    settings.PUBLIC_URL = "https://donnees.example"
    assert b"https://donnees.example/donnees/marches" in client.get("/donnees.ttl").content
    assert b"testserver" not in client.get("/donnees/marches.ttl").content


def test_new_versions_are_in_the_feeds(client, harbour):
    published("marches", "SELECT 'x\u0001' AS nom")
    atom = "{http://www.w3.org/2005/Atom}"
    feed = Xml.fromstring(client.get("/donnees/nouveautes.atom").content)
    links = [entry.find(f"{atom}link").get("href") for entry in feed.iter(f"{atom}entry")]
    assert links[0] == f"{HERE}/marches?version=2"
    assert f"{HERE}/fetes" not in links or Dataset.objects.get(pk="fetes").modified
    assert not [each for each in links if "secret" in each]
    own = Xml.fromstring(client.get("/donnees/marches.atom").content)
    assert [entry.find(f"{atom}title").text.replace("\u00a0", " ") for entry in own.iter(f"{atom}entry")] == [
        "Marchés forains : version 2",
        "Marchés forains : version 1",
    ]
