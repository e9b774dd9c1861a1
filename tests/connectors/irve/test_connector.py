"""Charging points: gathered by station, only of the communes asked for, never free when nobody says so."""

import pytest

from lacydon.capabilities.mobility.public import NotWhatWasAsked, rows
from lacydon.connectors.irve.connector import chosen, parse
from tests.connectors.visits import sample


def test_points_of_a_station():
    static = chosen(rows.rows_of(sample("irve", "statique.csv")), {"insee": ["13"]})
    said = parse(static, rows.rows_of(sample("irve", "dynamique.csv")))
    [station] = said.stations
    assert (station.capacity, station.free, station.broken, station.power) == (2, 1, 1, 150.0)
    assert station.plugs == ("EF", "Type 2", "Combo CCS") and station.payment == "card"
    assert station.wheelchair_words == "Réservé PMR"
    assert [(each.code, each.count) for each in said.remarks] == [("unknown-station", 1)]


def test_without_the_dynamic_table_nothing_is_free_nor_taken():
    first, second = parse(rows.rows_of(sample("irve", "statique.csv")), None).stations
    assert (first.free, first.broken, first.said_at) == (None, None, 0)
    assert (second.power, second.payment) == (7.0, "free")


def test_another_table_is_named():
    with pytest.raises(NotWhatWasAsked, match="IRVE"):
        chosen(rows.rows_of(b"a,b\n1,2\n"), {})
