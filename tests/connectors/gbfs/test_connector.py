"""GBFS 2 and 3: stations, what is free, and no vehicle that could be followed."""

import json

import pytest

from lacydon.capabilities.mobility.public import NotWhatWasAsked
from lacydon.connectors.gbfs.connector import feeds_of, parse
from tests.connectors.visits import sample_json
from tests.product import ROOT

SHARED = ROOT.parent / "shared" / "data"


def test_version_2_in_french():
    feeds = feeds_of(sample_json("gbfs", "gbfs_2.json"))
    assert feeds["station_status"] == "https://velos.example/fr/station_status.json" and len(feeds) == 5
    said = parse(sample_json("gbfs", "system_2.json"))
    first, second = said.stations
    assert (first.name, first.free, first.docks, first.electric, first.capacity) == ("Carénage", 7, 13, 3, 20)
    assert (first.open, first.said_at, first.address) == (True, 1795589940, "1 quai du Carénage")
    assert (second.free, second.open, second.returning) == (0, False, True)
    assert said.floating == [(5.3651, 43.2931, True)], "no identifier, a place within ten metres"
    assert {each.code: each.count for each in said.remarks} == {"nowhere": 1, "unknown-station": 1}
    assert (said.operator, said.licence, said.said_at) == ("La Rade", "etalab-2.0", 1795590000)


def test_version_3():
    documents = sample_json("gbfs", "system_3.json")
    assert set(feeds_of(documents["gbfs"])) == {"station_information", "station_status", "vehicle_status"}
    said = parse(documents)
    [station] = said.stations
    assert (station.name, station.free, station.docks) == ("Vieux bassin", 3, 9)
    assert said.said_at - station.said_at == 30 and len(said.floating) == 1


@pytest.mark.parametrize("told", [{"data": {}}, {"data": {"fr": {}}}, {"data": {"fr": {"feeds": 3}}}])
def test_another_document_is_named(told):
    with pytest.raises(NotWhatWasAsked):
        feeds_of(told)


@pytest.mark.parametrize("version", ["2.2", "3.0"])
def test_samples_of_the_national_access_point(version):

    files = {name: SHARED / f"gbfs-{name}.{version}.json" for name in ("station_information", "station_status")}
    if not all(path.exists() for path in files.values()):
        pytest.skip("../shared/data is not here")
    said = parse({name: json.loads(path.read_text()) for name, path in files.items()})
    assert said.stations and said.said_at
