"""udata: what a dataset becomes in both versions of the API, pages, what is not a portal."""

from datetime import date

import pytest

from lacydon.capabilities.data.public import NoCatalogue
from lacydon.connectors.udata_catalogue.connector import Udata, first_page, parse, record_of
from lacydon.kernel.http import OutsideUnavailable
from tests.connectors.visits import answering, sample_json, visited

DATASETS = sample_json("udata_catalogue", "datasets.json")


def test_a_dataset_with_its_files():
    [dataset] = DATASETS["data"]
    record = record_of(dataset, files=dataset["resources"])
    assert (record.identifier, record.title) == ("53699a0ca3a729239d204631", {"fr": "Bornes de recharge"})
    assert (record.licence, record.frequency, record.publisher) == ("lov2", "quarterly", "Métropole de l’Anse")
    assert record.coverage == ("fr:commune:97001", "fr:epci:200000001")
    assert (record.starts_on, record.ends_on) == (date(2019, 1, 1), date(2026, 12, 31))
    assert (record.contact_name, record.contact_email) == ("Pôle données", "donnees@anse.example")
    assert record.url == "https://portail.example/datasets/bornes-de-recharge/"
    assert record.schema == "etalab/schema-irve-statique"
    table, page = record.distributions
    assert table.checksum == "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709"
    assert (table.byte_size, table.media_type) == (120345, "text/csv")
    assert page.download_url == ""


@pytest.mark.parametrize("field", [{"private": True}, {"deleted": "2026-01-01"}, {"archived": "2026-01-01"}])
def test_what_is_not_shown_to_all_is_left_out(field):
    assert record_of(DATASETS["data"][0] | field, files=[]) is None


def test_the_pages_follow_one_another(partner_server):
    second = DATASETS | {"data": [{"id": "autre", "title": "Autre"}], "total": 2}
    first = DATASETS | {"next_page": f"{partner_server.url}/deux", "total": 2}
    partner_server.reply = answering({"/api/1/datasets/": first, "/deux": second})
    records, visit = visited(Udata(), f"{partner_server.url}/organizations/o/", options={"organization": "o1"})
    assert [each.identifier for each in records] == ["53699a0ca3a729239d204631", "autre"]
    assert visit.whole
    assert partner_server.asked[0][1] == "/api/1/datasets/?organization=o1&page=1&page_size=100&sort=created"


def test_the_second_version_gives_the_files_elsewhere(partner_server):
    told = sample_json("udata_catalogue", "datasets_v2.json")
    told["data"][0]["resources"]["href"] = f"{partner_server.url}/fichiers?page=1"
    files = [{"title": f"f{at}.csv", "url": f"https://x.example/{at}.csv", "format": "csv"} for at in range(2)]
    pages = {
        "/api/2/datasets/": told,
        "/fichiers?page=1": {"data": files[:1], "next_page": f"{partner_server.url}/fichiers?page=2", "total": 2},
        "/fichiers?page=2": {"data": files[1:], "next_page": None, "total": 2},
    }
    partner_server.reply = answering(pages)
    [record], visit = visited(Udata(), partner_server.url, options={"version": "2"})
    assert [each.title for each in record.distributions] == ["f0.csv", "f1.csv"]
    assert visit.whole


def test_a_loop_of_pages_is_left(partner_server):
    partner_server.reply = answering({"/": DATASETS | {"next_page": f"{partner_server.url}/encore"}})
    with pytest.raises(OutsideUnavailable, match="déjà lue"):
        visited(Udata(), partner_server.url)


def test_the_version_is_read_in_the_address():
    assert first_page("https://p.example/api/2/datasets/", {}).startswith("https://p.example/api/2/datasets/?page=1")


@pytest.mark.parametrize("answer", [[], {}, {"data": {}}, {"message": "Not found"}])
def test_what_is_no_portal_is_said(answer):
    with pytest.raises(NoCatalogue):
        parse(answer)
