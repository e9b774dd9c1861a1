"""Car parks: two tables joined, the names of columns that portals use, figures that cannot be."""

import pytest

from lacydon.capabilities.mobility.public import NotWhatWasAsked, rows
from lacydon.connectors.car_parks.connector import columns_of, parse
from tests.connectors.visits import sample


def test_a_table_and_its_free_places():
    static, now = rows.rows_of(sample("car_parks", "parkings.csv")), rows.rows_of(sample("car_parks", "places.json"))
    said = parse(static, now, columns=columns_of({}))
    first, relay = said.stations
    assert (first.name, first.free, first.capacity, first.open, first.wheelchair) == (
        "Parking du Carénage",
        42,
        300,
        True,
        8,
    )
    assert (first.height, first.citycode, first.operator) == (1.9, "13055", "La Rade")
    assert (relay.free, relay.open, relay.park_and_ride) == (150, False, True)
    assert {each.code: each.count for each in said.remarks} == {"nowhere": 1, "impossible": 1, "unknown-station": 1}
    assert said.said_at == first.said_at


def test_records_of_a_portal():
    [park] = parse(rows.rows_of(sample("car_parks", "records_ods1.json")), [], columns=columns_of({})).stations
    assert (park.name, park.free, park.capacity, park.lon, park.lat) == ("Parking de la Gare", 12, 90, 5.38, 43.303)


def test_columns_that_a_source_names():
    table = rows.rows_of("Numéro;Nom;Restant;Position\n1;Ici;7;43.3, 5.4\n".encode())
    [park] = parse(table, [], columns=columns_of({"id": "numéro", "free": "Restant"})).stations
    assert (park.id, park.free, park.lon) == ("1", 7, 5.4)


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"{}", b"[", b"rien", b"\x00\x01,\x02"])
def test_another_answer_is_named(content):
    with pytest.raises(NotWhatWasAsked):
        rows.rows_of(content)
