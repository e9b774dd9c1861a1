"""CKAN: what a package becomes, pages, what changed, what is not a portal."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from lacydon.capabilities.data.public import NoCatalogue
from lacydon.connectors.ckan_catalogue.connector import Ckan, base_of, parse, record_of
from lacydon.kernel.http import OutsideUnavailable
from tests.connectors.visits import SINCE, answering, sample_json, visited

PACKAGES = sample_json("ckan_catalogue", "package_search.json")["result"]["results"]
BASE = "https://donnees.olivette.example"


def test_a_package_is_a_dataset_with_its_files():
    record = record_of(PACKAGES[0], base=BASE)
    assert (record.identifier, record.title) == ("0a5c1f0e-3b52-4d0a-9a54-6f6a5a2f1c01", {"fr": "Aires de jeux"})
    assert (record.licence, record.frequency, record.coverage) == ("fr-lo", "annuelle", ("97001",))
    assert (record.publisher, record.contact_name) == ("Ville d’Olivette", "Service des espaces verts")
    assert record.contact_email == "espaces-verts@olivette.example"
    assert (record.themes, record.keywords) == (("Culture, sport",), ("jeux", "enfance"))
    assert record.starts_on == date(2020, 1, 1)
    assert record.modified == datetime(2026, 10, 1, 7, 0, 0, 1, tzinfo=UTC)
    assert record.url == f"{BASE}/dataset/aires-de-jeux"
    table, service = record.distributions
    assert (table.format, table.byte_size, table.checksum) == ("CSV", 20480, "md5:9e107d9d372bb6826bd81d3542a419d6")
    assert table.download_url.endswith("/aires.csv")
    assert (service.access_url, service.download_url) == ("https://geo.olivette.example/wfs", "")


def test_what_is_not_shown_to_all_is_left_out():
    assert record_of(PACKAGES[2], base=BASE) is None


@pytest.mark.parametrize("end", ["", "/", "/api/3/action/package_search?q=x", "/dataset/", "/api/3"])
def test_any_address_of_the_portal_does(end):
    assert base_of(f"https://portail.example/donnees{end}") == "https://portail.example/donnees"


def of_pages(*sizes, count=None):
    """A portal whose pages have so many packages."""

    def reply(handler):
        asked = parse_qs(urlsplit(handler.path).query)
        start = int(asked["start"][0])
        total, known = 0, {}
        for size in sizes:
            known[total] = [{"id": f"p{at}", "title": f"Jeu {at}"} for at in range(total, total + size)]
            total += size
        results = known.get(start, [])
        answering({"/": {"success": True, "result": {"count": count or total, "results": results}}})(handler)

    return reply


def test_every_page_is_read_in_an_order_that_no_modification_moves(partner_server):
    partner_server.reply = of_pages(2, 2, 1)
    records, visit = visited(Ckan(), partner_server.url, options={"fq": "organization:o"})
    assert [each.identifier for each in records] == ["p0", "p1", "p2", "p3", "p4"]
    assert visit.whole
    asked = [parse_qs(urlsplit(path).query) for _method, path, _headers in partner_server.asked]
    assert [each["start"] for each in asked] == [["0"], ["2"], ["4"]]
    assert {(each["sort"][0], each["fq"][0]) for each in asked} == {("id asc", "(organization:o)")}


def test_fewer_packages_than_announced_are_not_the_whole(partner_server):
    partner_server.reply = of_pages(2, count=7)
    _records, visit = visited(Ckan(), partner_server.url)
    assert not visit.whole


def test_a_visit_goes_on_from_where_one_was_cut(partner_server):
    partner_server.reply = of_pages(2, 2, 1)
    records, visit = visited(Ckan(), partner_server.url, cursor=4)
    assert ([each.identifier for each in records], visit.whole) == (["p4"], True)


def test_only_what_changed_is_asked_for(partner_server):
    partner_server.reply = of_pages(1)
    _records, visit = visited(Ckan(), partner_server.url, since=SINCE)
    [(_method, path, _headers)] = partner_server.asked
    assert parse_qs(urlsplit(path).query)["fq"] == ["(metadata_modified:[2026-11-01T12:00:00Z TO *])"]
    assert not visit.whole


def test_a_refusal_is_said_with_its_reason():
    with pytest.raises(NoCatalogue, match="Invalid search query"):
        parse(sample_json("ckan_catalogue", "refused.json"))


@pytest.mark.parametrize("answer", [[], {}, {"success": True}, {"success": True, "result": {"results": 3}}, 3, None])
def test_what_is_no_portal_is_said(answer):
    with pytest.raises(NoCatalogue):
        parse(answer)


def test_a_portal_that_is_down_is_unavailable(partner_server):
    partner_server.reply = answering({})
    with pytest.raises(OutsideUnavailable, match="404"):
        visited(Ckan(), partner_server.url)
