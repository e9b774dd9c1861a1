"""The catalogue as linked data, by content negotiation and valid against the essentials of CPSV-AP 3.2."""

import warnings

import pytest
from pyshacl import validate
from rdflib import DCTERMS, RDF, Graph, Namespace, URIRef

pytestmark = pytest.mark.usefixtures("small_territory")
CPSV = Namespace("http://purl.org/vocab/cpsv#")
CV = Namespace("http://data.europa.eu/m8g/")
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix cpsv: <http://purl.org/vocab/cpsv#> .
@prefix cv: <http://data.europa.eu/m8g/> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
[] a sh:NodeShape ; sh:targetClass cpsv:PublicService ;
  sh:property [ sh:path dct:identifier ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path dct:title ; sh:minCount 1 ; sh:datatype rdf:langString ] ,
    [ sh:path dct:description ; sh:minCount 1 ; sh:datatype rdf:langString ] ,
    [ sh:path cv:hasCompetentAuthority ; sh:minCount 1 ; sh:class cv:PublicOrganisation ] ,
    [ sh:path cv:hasChannel ; sh:class cv:Channel ] , [ sh:path cpsv:hasInput ; sh:class cv:Evidence ] ,
    [ sh:path cv:thematicArea ; sh:class skos:Concept ] , [ sh:path cpsv:follows ; sh:class cpsv:Rule ] .
[] a sh:NodeShape ; sh:targetClass cv:PublicOrganisation ;
  sh:property [ sh:path skos:prefLabel ; sh:minCount 1 ] , [ sh:path dct:spatial ; sh:minCount 1 ] .
[] a sh:NodeShape ; sh:targetClass cpsv:Rule , cv:Channel , cv:Evidence ;
  sh:property [ sh:path dct:identifier ; sh:minCount 1 ] .
"""


def read(content, form):
    with warnings.catch_warnings():  # rdflib's own JSON-LD reader uses a class it deprecates
        warnings.simplefilter("ignore", DeprecationWarning)
        return Graph().parse(data=content, format=form)


@pytest.mark.parametrize(
    ("accept", "media_type", "reader"),
    [
        ("text/turtle", "text/turtle", "turtle"),
        ("application/ld+json", "application/ld+json", "json-ld"),
        ("application/rdf+xml", "application/rdf+xml", "xml"),
        ("application/ld+json;q=0.5, text/turtle;q=0.9", "text/turtle", "turtle"),
        ("*/*", "text/turtle", "turtle"),
    ],
)
def test_each_form_holds_the_same_catalogue(client, accept, media_type, reader):
    response = client.get("/catalogue", headers={"accept": accept})
    assert response["Content-Type"].split(";")[0] == media_type
    assert "Accept" in response["Vary"]
    graph = read(response.content, reader)
    assert len(set(graph.subjects(RDF.type, CPSV.PublicService))) == 6
    authorities = {str(each).rpartition("/")[2] for each in graph.objects(None, CV.hasCompetentAuthority)}
    assert {"metropole-rade-bleue", "commune-97002", "departement-97", "etat"} <= authorities


def test_it_is_valid(client):
    graph = Graph().parse(data=client.get("/catalogue.ttl").content, format="turtle")
    conforms, _graph, report = validate(graph, shacl_graph=Graph().parse(data=SHAPES, format="turtle"))
    assert conforms, report


def test_the_shapes_would_see_a_service_without_authority(client):
    graph = Graph().parse(data=client.get("/catalogue.ttl").content, format="turtle")
    graph.remove((None, CV.hasCompetentAuthority, None))
    assert not validate(graph, shacl_graph=Graph().parse(data=SHAPES, format="turtle"))[0]


def test_one_service(client):
    graph = Graph().parse(
        data=client.get("/catalogue/services/carte-identite", headers={"accept": "text/turtle"}).content,
        format="turtle",
    )
    assert list(graph.subjects(RDF.type, CPSV.PublicService)) == [URIRef("http://testserver/services/carte-identite")]
    assert {literal.language for literal in graph.objects(None, DCTERMS.title)} >= {"fr", "en"}


def test_a_browser_is_sent_to_the_pages(client):
    response = client.get("/catalogue", headers={"accept": "text/html,application/xhtml+xml"})
    assert (response.status_code, response["Location"]) == (303, "/services")


def test_an_unknown_form_or_service_is_refused(client):
    assert client.get("/catalogue", headers={"accept": "image/png"}).status_code == 406
    assert client.get("/catalogue/services/rien", headers={"accept": "text/turtle"}).status_code == 404
