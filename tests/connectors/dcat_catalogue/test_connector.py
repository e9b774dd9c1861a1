"""DCAT: three serialisations, paging, what would be fetched, and hostile graphs."""

from datetime import UTC, date, datetime

import pytest

from lacydon.capabilities.data.public import NoCatalogue
from lacydon.connectors.dcat_catalogue import graphs
from lacydon.connectors.dcat_catalogue.connector import Dcat
from lacydon.connectors.dcat_catalogue.datasets import datasets_of, record_of
from lacydon.connectors.dcat_catalogue.graphs import format_of, read_graph
from lacydon.kernel.http import OutsideUnavailable
from tests.connectors.visits import answering, sample, visited
from tests.kernel.http.test_client import send

TURTLE = sample("dcat_catalogue", "catalogue.ttl")
JSON_LD = sample("dcat_catalogue", "catalogue.jsonld")
RDF_XML = sample("dcat_catalogue", "catalogue.rdf")
HERE = "https://donnees.anse.example/catalogue.ttl"


def records(content: bytes, *, media_type: str = ""):
    graph = read_graph(content, media_type=media_type, url=HERE)
    return [record_of(graph, node) for node in datasets_of(graph)]


def test_a_dataset_of_dcat_ap():
    [record] = records(TURTLE)
    assert (record.identifier, record.title) == ("quais", {"fr": "Quais", "en": "Quays"})
    assert record.themes == ("http://publications.europa.eu/resource/authority/data-theme/TRAN",)
    assert (record.licence, record.publisher) == ("https://spdx.org/licenses/etalab-2.0", "Métropole de l’Anse")
    assert (record.contact_name, record.contact_email) == ("Pôle données", "mailto:donnees@anse.example")
    assert record.modified == datetime(2026, 5, 6, 5, 8, 9, tzinfo=UTC)
    assert (record.starts_on, record.ends_on) == (date(2020, 1, 1), date(2025, 12, 31))
    assert record.frequency.endswith("/MONTHLY") and record.coverage == ("http://id.insee.fr/geo/commune/97001",)
    assert record.hvd.endswith("c_ac64a52d") and record.keywords == ("mer", "port")
    assert record.url == "https://donnees.anse.example/jeux/quais"
    assert record.schema == "https://schema.data.gouv.fr/schemas/quais.json"
    service, table = record.distributions
    assert (service.title, service.format, service.access_url) == ("Service", "WFS", "https://geo.anse.example/wfs")
    assert table.format.endswith("/CSV") and table.media_type == "text/csv" and table.byte_size == 2048
    assert table.checksum.startswith("sha256:e3b0c442")


def test_blank_nodes_do_not_make_it_look_changed():
    assert records(TURTLE)[0].fingerprint == records(TURTLE)[0].fingerprint


def test_the_context_of_udata_is_known_without_being_fetched():
    [record] = records(JSON_LD, media_type="application/ld+json")
    assert (record.identifier, record.title) == ("53699a0ca3a729239d204631", {"fr": "Bornes de recharge"})
    assert record.frequency == "http://purl.org/cld/freq/quarterly"
    assert record.distributions[0].download_url == "https://portail.example/irve.csv"
    assert record.url == "https://portail.example/datasets/bornes/"


def test_named_graphs_are_read_together():
    prefixes, body = TURTLE.split(b"\n\n", 1)
    [record] = records(prefixes + b"\n<https://g.example/> {\n" + body + b"}", media_type="application/trig")
    assert (record.identifier, len(record.distributions)) == ("quais", 2)


@pytest.mark.parametrize(
    "context",
    [
        '"http://169.254.169.254/latest"',
        '["https://x.example/c.jsonld"]',
        '{"@import": "https://x.example/c"}',
        '{"a": {"@id": "dct:title", "@context": "file:///etc/passwd"}}',
    ],
)
def test_no_other_context_is_fetched(context):
    with pytest.raises(NoCatalogue, match="contexte"):
        records(b'{"@context": %s, "@type": "Dataset"}' % context.encode())


def test_xml_and_the_older_paging(partner_server):
    last = RDF_XML.replace(b"cimetieres", b"ecoles").replace(b"<hydra:nextPage>NEXT</hydra:nextPage>", b"")
    first = RDF_XML.replace(b"NEXT", f"{partner_server.url}/catalog.rdf?page=2".encode())
    pages = {"/catalog.rdf": first, "/catalog.rdf?page=2": last}
    partner_server.reply = answering(pages, media_type="application/rdf+xml")
    found, visit = visited(Dcat(), f"{partner_server.url}/catalog.rdf")
    assert [each.identifier for each in found] == [
        f"https://vieux.example/dataset/{n}" for n in ("cimetieres", "ecoles")
    ]
    assert (found[0].starts_on, found[0].ends_on) == (date(2019, 1, 1), date(2020, 6, 30))
    assert visit.whole and visit.kept == {}


def test_a_page_that_leads_to_itself_is_left(partner_server):
    page = RDF_XML.replace(b"NEXT", f"{partner_server.url}/catalog.rdf".encode())
    partner_server.reply = answering({"/": page}, media_type="application/rdf+xml")
    with pytest.raises(OutsideUnavailable, match="déjà lue"):
        visited(Dcat(), f"{partner_server.url}/catalog.rdf")


def test_an_unchanged_feed_is_not_read(partner_server):
    def reply(handler):
        known = handler.headers.get("If-None-Match") == '"a"'
        send(handler, 304) if known else send(handler, body=TURTLE, ETag='"a"', Content_Type="text/turtle")

    partner_server.reply = reply
    found, visit = visited(Dcat(), f"{partner_server.url}/c.ttl")
    assert (len(found), visit.whole, visit.kept) == (1, True, {"etag": '"a"'})
    found, again = visited(Dcat(), f"{partner_server.url}/c.ttl", state=visit.kept)
    assert (found, again.unchanged) == ([], True)


@pytest.mark.parametrize(
    ("content", "media_type", "kind"),
    [
        (b"{}", "text/html", "json-ld"),
        (b"<?xml version='1.0'?>", "text/plain", "xml"),
        (b"@prefix a: <x> .", "text/plain", "turtle"),
        (b"<a> <b> <c> .", "application/n-triples", "nt"),
    ],
)
def test_the_serialisation_is_recognised(content, media_type, kind):
    assert format_of(content, media_type=media_type, url="https://x.example/catalogue") == kind


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE rdf:RDF [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&b;</rdf:RDF>"""
OUTSIDE = LAUGHS.replace(b'"ha"', b'SYSTEM "file:///etc/passwd"')


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (LAUGHS, "entités"),
        (OUTSIDE, "entités"),
        (b"{" + b'"a":{' * 70 + b"}" * 71, "profond"),
        (b'{"a":' * 100_000, "JSON"),
        (b"<a> <b> " + b"[ <p> " * 3_000, "RDF"),
        (b"<?xml version='1.0'?><rdf", "bien form"),
        (b"Bonjour", "bien form"),
        (b"\xff\xfe\x00", "bien form"),
    ],
    ids=["billion laughs", "external entity", "deep json", "deeper json", "deep turtle", "cut xml", "text", "bytes"],
)
def test_hostile_rdf_is_refused_in_a_sentence(content, why):
    with pytest.raises(NoCatalogue, match=why):
        records(content)


def test_a_graph_without_end_is_cut(monkeypatch):
    monkeypatch.setattr(graphs, "MOST_TRIPLES", 50)
    with pytest.raises(OutsideUnavailable, match="triplets"):
        records(b"<a> <b> " + b",".join(b"%d" % each for each in range(100)) + b" .")


def test_a_loop_of_rdf_leads_nowhere():
    loop = (
        TURTLE
        + b"\n<https://donnees.anse.example/jeux/quais> <http://www.w3.org/ns/dcat#distribution> "
        + (b"<https://donnees.anse.example/jeux/quais> .")
    )
    [record] = records(loop)
    assert len(record.distributions) == 3


def test_a_feed_without_datasets_is_none(partner_server):
    partner_server.reply = answering({"/": b"<a> <b> <c> ."}, media_type="text/turtle")
    with pytest.raises(NoCatalogue):
        visited(Dcat(), partner_server.url)
