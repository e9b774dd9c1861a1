"""Opendatasoft: what a dataset becomes, pages, what changed, what is not a portal."""

from urllib.parse import parse_qs, urlsplit

import pytest

from lacydon.capabilities.data.public import NoCatalogue
from lacydon.connectors.opendatasoft_catalogue import connector
from lacydon.connectors.opendatasoft_catalogue.connector import Opendatasoft, parse, record_of
from tests.connectors.visits import SINCE, answering, sample_json, visited

DATASETS = sample_json("opendatasoft_catalogue", "datasets.json")
BASE = "https://data.olivette.example"


def test_a_dataset_with_its_exports_and_attachments():
    record = record_of(DATASETS["results"][0], base=BASE)
    assert (record.identifier, record.title) == ("arbres-urbains", {"fr": "Arbres urbains"})
    assert record.licence == "Licence Ouverte v2.0 (Etalab)"
    assert (record.frequency, record.coverage) == ("Annuelle", ("fr_40_97001",))
    assert (record.contact_name, record.contact_email) == ("Direction de la nature", "nature@olivette.example")
    assert record.url == f"{BASE}/explore/dataset/arbres-urbains/"
    assert [each.format for each in record.distributions] == ["CSV", "JSON", "Parquet", "GeoJSON", "application/pdf"]
    where = f"{BASE}/api/explore/v2.1/catalog/datasets/arbres-urbains"
    assert record.distributions[0].download_url == f"{where}/exports/csv"
    assert record.distributions[4].access_url == f"{where}/attachments/lexique_pdf"


def test_a_dataset_without_rows_has_no_export():
    assert record_of(DATASETS["results"][1], base=BASE).distributions == ()


def test_pages_and_what_changed(partner_server, monkeypatch):
    def reply(handler):
        offset = int(parse_qs(urlsplit(handler.path).query)["offset"][0])
        answering({"/": DATASETS | {"results": DATASETS["results"][offset : offset + 1]}})(handler)

    partner_server.reply = reply
    monkeypatch.setattr(connector, "PAGE", 1)
    records, visit = visited(Opendatasoft(), f"{partner_server.url}/explore/?x=1", options={"where": 'publisher="V"'})
    assert [each.identifier for each in records] == ["arbres-urbains", "sans-lignes"]
    assert visit.whole
    _records, visit = visited(Opendatasoft(), partner_server.url, since=SINCE, options={"where": 'publisher="V"'})
    assert not visit.whole
    asked = parse_qs(urlsplit(partner_server.asked[-1][1]).query)
    assert asked["where"] == ["(publisher=\"V\") and (modified>=date'2026-11-01')"]


def test_a_dataset_seen_twice_means_that_another_was_missed(partner_server, monkeypatch):
    partner_server.reply = answering({"/": DATASETS | {"results": DATASETS["results"][:1]}})
    monkeypatch.setattr(connector, "PAGE", 1)
    _records, visit = visited(Opendatasoft(), partner_server.url)
    assert not visit.whole


def test_what_cannot_be_listed_is_said(partner_server, monkeypatch):
    partner_server.reply = answering({"/": DATASETS | {"total_count": 9}})
    monkeypatch.setattr(connector, "FURTHEST", 3)
    _records, visit = visited(Opendatasoft(), partner_server.url)
    assert not visit.whole and "filtre" in visit.faults[0][2]


def test_a_refusal_is_said_with_its_reason():
    with pytest.raises(NoCatalogue, match="malformed"):
        parse(sample_json("opendatasoft_catalogue", "refused.json"))
