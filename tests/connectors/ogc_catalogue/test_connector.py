"""Services of OGC: collections, records, capabilities of WFS; hostile XML."""

from datetime import date

import pytest

from lacydon.capabilities.data.public import NoCatalogue
from lacydon.connectors.ogc_catalogue.capabilities import parse_capabilities
from lacydon.connectors.ogc_catalogue.connector import Ogc, capabilities_address, is_wfs, parse_collection, parse_record
from tests.connectors.visits import answering, sample, sample_json, visited

COLLECTIONS = sample_json("ogc_catalogue", "collections.json")
RECORDS = sample_json("ogc_catalogue", "records.json")
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><x>&b;</x>"""


def test_a_collection_is_a_dataset():
    record = parse_collection(
        COLLECTIONS["collections"][0], url="https://geo.olivette.example/ogcapi/collections?f=json"
    )
    assert (record.identifier, record.title) == ("pistes_cyclables", {"fr": "Pistes cyclables"})
    assert (record.starts_on, record.ends_on) == (date(2015, 1, 1), None)
    assert record.url == "https://geo.olivette.example/ogcapi/collections/pistes_cyclables"
    assert record.distributions[1].download_url.endswith("/ogcapi/collections/pistes_cyclables/items?f=json")
    assert "licence-ouverte" in record.licence


def test_a_record_is_a_dataset():
    record = parse_record(RECORDS["features"][0], url="https://geo.anse.example/x")
    assert (record.identifier, record.themes, record.licence) == ("urn:anse:bati", ("REGI",), "etalab-2.0")
    assert (record.starts_on, record.ends_on, record.contact_email) == (date(2010, 1, 1), None, "sig@anse.example")
    assert record.url == "https://geo.anse.example/fiches/bati"
    assert [each.download_url for each in record.distributions] == ["https://geo.anse.example/bati.gpkg"]


def test_a_service_is_walked_from_its_landing_page(partner_server):
    second = RECORDS | {"features": [{"type": "Feature", "properties": {"title": "Sans identifiant"}}]}
    first = RECORDS | {"links": [{"rel": "next", "href": "?deux"}]}
    partner_server.reply = answering(
        {
            "/ogcapi/collections": COLLECTIONS,
            "/ogcapi/collections/fiches/items?limit": first,
            "/ogcapi/collections/fiches/items?deux": second,
        }
    )
    records, visit = visited(Ogc(), f"{partner_server.url}/ogcapi/")
    assert [each.identifier for each in records] == ["pistes_cyclables", "urn:anse:bati"]
    assert visit.whole and visit.nameless == 1


def test_the_types_of_a_wfs():
    [record] = parse_capabilities(sample("ogc_catalogue", "capabilities.xml"), url="https://geo.anse.example/wfs?map=a")
    assert (record.identifier, record.title) == ("anse:zones_inondables", {"fr": "Zones inondables"})
    assert (record.keywords, record.publisher) == (("risque", "eau"), "Métropole de l’Anse")
    assert (record.contact_email, record.rights) == ("sig@anse.example", "")
    assert record.url == "https://geo.anse.example/fiches/zones"
    service, taken = record.distributions
    assert service.access_url == "https://geo.anse.example/wfs?map=a&service=WFS&request=GetCapabilities"
    assert (
        "typeNames=anse%3Azones_inondables" in taken.download_url
        and "outputFormat=application%2Fjson" in taken.download_url
    )


def test_an_older_wfs_without_json():
    [record] = parse_capabilities(sample("ogc_catalogue", "capabilities-1.1.0.xml"), url="https://vieux.example/wfs")
    assert (record.identifier, [each.format for each in record.distributions]) == ("ms:quais", ["WFS"])


def test_a_wfs_is_asked_for_its_capabilities(partner_server):
    partner_server.reply = answering({"/": sample("ogc_catalogue", "capabilities.xml")}, media_type="text/xml")
    records, visit = visited(Ogc(), f"{partner_server.url}/geoserver/wfs?REQUEST=GetFeature&map=x")
    assert (len(records), visit.whole) == (1, True)
    assert partner_server.asked[0][1] == "/geoserver/wfs?map=x&service=WFS&version=2.0.0&request=GetCapabilities"
    assert is_wfs("https://x.example/ows?service=WFS", {}) and not is_wfs("https://x.example/wfs", {"service": "api"})
    assert capabilities_address("https://x.example/ows#a").startswith("https://x.example/ows?service=WFS")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (LAUGHS, "entités"),
        (b"<html><body>Bonjour</body></html>", "html"),
        (b"<ExceptionReport><Exception>pas de service</Exception></ExceptionReport>", "pas de service"),
        (b"{}", "XML bien form"),
        (b"", "XML bien form"),
    ],
)
def test_what_is_no_wfs_is_said(content, why):
    with pytest.raises(NoCatalogue, match=why):
        list(parse_capabilities(content, url="https://x.example/wfs"))


def test_what_is_no_api_is_said(partner_server):
    partner_server.reply = answering({"/": {"title": "Bonjour"}})
    with pytest.raises(NoCatalogue):
        visited(Ogc(), partner_server.url)
