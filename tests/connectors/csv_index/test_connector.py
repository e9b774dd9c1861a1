"""A CSV that lists datasets: SCDL columns, other names, encodings, faults by line."""

from datetime import UTC, date, datetime

import pytest

from lacydon.capabilities.data.public import NoCatalogue
from lacydon.connectors.csv_index.connector import CsvIndex, parse
from tests.connectors.visits import sample, visited
from tests.kernel.http.test_client import send

CATALOGUE = sample("csv_index", "catalogue.csv")


def test_the_lines_of_one_id_are_files_of_one_dataset():
    [minutes, grants], faults = parse(CATALOGUE)
    assert minutes.identifier == "deliberations" and minutes.title == {"fr": "Délibérations"}
    assert [each.access_url[-8:] for each in minutes.distributions] == ["2025.csv", "2026.csv"]
    assert (minutes.starts_on, minutes.ends_on) == (date(2020, 1, 1), date(2026, 6, 30))
    assert (minutes.licence, minutes.frequency, minutes.coverage) == ("Licence Ouverte v2.0", "mensuelle", ("97001",))
    assert grants.identifier == "https://www.olivette.example/subventions.html"
    assert grants.issued == datetime(2024, 1, 15, tzinfo=UTC)
    assert [line for line, _sentence in faults] == [5]


def test_other_encodings_separators_and_names_are_understood():
    [record], faults = parse("Name,Lien,Licence\nÉcoles,https://x.example/ecoles.csv,ODbL\n".encode("cp1252"))
    assert (record.title, record.licence, faults) == ({"fr": "Écoles"}, "ODbL", [])


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"<html></html>", b"a;b\n1;2\n"])
def test_what_is_no_list_is_said(content):
    with pytest.raises(NoCatalogue, match="TITRE"):
        parse(content)


def test_a_list_that_has_not_changed_is_not_read_again(partner_server):
    def reply(handler):
        if handler.headers.get("If-None-Match") == '"v1"':
            send(handler, 304)
        else:
            send(handler, body=CATALOGUE, ETag='"v1"')

    partner_server.reply = reply
    records, visit = visited(CsvIndex(), f"{partner_server.url}/catalogue.csv")
    assert (len(records), visit.whole, visit.kept) == (2, True, {"etag": '"v1"'})
    assert visit.nameless == 1
    records, visit = visited(CsvIndex(), f"{partner_server.url}/catalogue.csv", state=visit.kept)
    assert (records, visit.unchanged) == ([], True)


def test_one_dataset_has_so_many_files_and_no_more():
    lines = "".join(f"un;Titre;https://x.example/{at}.csv\n" for at in range(600))
    [record], faults = parse(f"id;titre;url\n{lines}".encode())
    assert (len(record.distributions), len(faults)) == (500, 100)
