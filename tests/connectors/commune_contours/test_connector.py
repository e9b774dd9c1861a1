"""Contours from a file or from an address, whole or not at all."""

import gzip

import pytest

from lacydon.capabilities.territory import public as territory
from lacydon.config.commands.contours import contours_import
from lacydon.connectors import FOLDER
from lacydon.connectors.commune_contours import connector
from lacydon.kernel.errors import NotFound
from lacydon.kernel.folder import FaultyFolder
from lacydon.kernel.http import AddressRefused, HttpClient, OutsideUnavailable
from tests.kernel.http.test_client import send

SAMPLE = FOLDER / "commune_contours" / "samples" / "communes.geojson"
pytestmark = pytest.mark.usefixtures("small_territory")


@pytest.fixture
def allowed(server, monkeypatch):
    """The connector may speak to the server of this machine."""
    client = HttpClient(name="contours", allowed=[server.host], retries=0)
    monkeypatch.setattr(connector, "client", client)
    yield
    client.close()


def test_a_file_is_imported_then_changes_nothing():
    assert connector.check().ok is False
    first = connector.import_source(str(SAMPLE))
    assert (first.read, first.changed, first.ignored, first.missing) == (4, 4, (), ())
    assert connector.import_source(str(SAMPLE)).changed == 0
    assert connector.check().ok is True
    assert territory.place_at(lon=5.1, lat=43.1).how == "contour"


def test_a_compressed_file_is_imported_but_not_a_broken_one(tmp_path):
    whole = gzip.compress(SAMPLE.read_bytes())
    (tmp_path / "c.geojson.gz").write_bytes(whole[:-20])
    with pytest.raises(FaultyFolder):
        connector.import_source(str(tmp_path / "c.geojson.gz"))
    (tmp_path / "c.geojson.gz").write_bytes(whole)
    assert connector.import_source(str(tmp_path / "c.geojson.gz")).changed == 4


def test_an_address_is_imported(server, allowed):
    server.reply = lambda handler: send(handler, body=SAMPLE.read_bytes())
    assert connector.import_source(f"{server.url}/communes?format=geojson").changed == 4


@pytest.mark.parametrize("status", [404, 503])
def test_an_address_that_has_nothing_imports_nothing(server, allowed, status):
    server.reply = lambda handler: send(handler, status)
    with pytest.raises(OutsideUnavailable):
        connector.import_source(server.url)
    assert territory.place_at(lon=5.1, lat=43.1).how == "centre"


def test_an_address_may_not_lead_inside(server):
    with pytest.raises(AddressRefused):
        connector.import_source(server.url)
    assert server.asked == []


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b'{"type":\n "FeatureCollection",\n x}', 3),
        (b'{"a":\n"\xff"}', 2),
        (b'{"type": "FeatureCollection", "features": [NaN]}', 0),
        (b"[" * 100_000, 0),
        (b'{"type": "Topology"}', 0),
        (b'{"type": "FeatureCollection", "features": []}', 0),
        (b"[]", 0),
    ],
)
def test_what_is_no_geojson_is_told_with_its_line(tmp_path, content, line, capsys):
    (tmp_path / "c.json").write_bytes(content)
    with pytest.raises(FaultyFolder) as refusal:
        connector.import_source(str(tmp_path / "c.json"))
    [fault] = refusal.value.faults
    assert (fault.file, fault.line) == ("c.json", line)
    assert contours_import(str(tmp_path / "c.json")) == 1
    assert "c.json" in capsys.readouterr().out


def test_a_file_too_large_or_missing_is_told(monkeypatch):
    with pytest.raises(NotFound):
        connector.import_source("/nulle/part.geojson")
    monkeypatch.setattr(connector, "LARGEST", 100)
    with pytest.raises(FaultyFolder):
        connector.import_source(str(SAMPLE))
