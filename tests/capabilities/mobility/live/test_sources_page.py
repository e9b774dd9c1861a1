"""The public page of sources: how each is, hour by hour, what was odd; and the folder that describes them."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from lacydon import capabilities
from lacydon.capabilities.mobility.actions.live.sources import save_sources
from lacydon.capabilities.mobility.loader.sources import SourcesReader
from lacydon.capabilities.mobility.models import LiveHour, LiveSource, LiveTurn
from lacydon.capabilities.mobility.public import live_healths
from lacydon.kernel.folder import Folder
from tests.capabilities.mobility.servers.messages import message, update
from tests.capabilities.mobility.servers.source import page_of_a_portal
from tests.product import REAL_TERRITORY

ROOT = Path(capabilities.__file__).parent


def test_everybody_sees_how_a_source_does(network, held, server, asked, client):
    server.pages["/tu"] = message(update("jamais", {"sequence": 1, "late": 0}), at=held())
    for _n in range(3):
        asked(producer="La Rade", licence="Licence Ouverte 2.0")
        held.forward(10)
    server.pages["/tu"] = page_of_a_portal
    asked()
    LiveSource.objects.create(pk="off", name="Éteinte", kind="siri", enabled=False, why_disabled="Il faut un accord.")
    page = client.get("/transports/sources").content.decode()
    assert page.count("<h1>") == 1 and "75.0 % de réponses fraîches" in page.replace("75,0", "75.0")
    assert "page web (HTML)" in page and "La Rade" in page and "Licence Ouverte 2.0" in page
    assert "Courses que nos horaires ne connaissent pas" in page and "jamais" in page
    assert "Il faut un accord." in page and 'class="hours"' in page
    style = (ROOT / "mobility" / "static" / "mobility" / "mobility.css").read_text()
    drawn = set(re.findall(r'<rect class="(\w+)"', page))
    assert drawn == {"wait", "half"} and "mobility/mobility" in page
    assert all(f"svg.hours .{each} " in style for each in (*drawn, "good", "bad")), (
        "a bar says by its colour how it went"
    )
    assert [(each.asked, each.answered, each.failed) for each in LiveHour.objects.all()] == [(4, 3, 1)]
    [(source, ok, sentence)] = live_healths("gtfs_realtime")
    assert (source, ok) == ("essai", True) and len(sentence) > 10


def test_it_is_said_in_english(network, held, server, asked, client):
    asked()
    answer = client.get("/en/transports/sources")
    assert answer.status_code == 200


def read(folder: Path) -> tuple[Any, list[str]]:
    told = Folder(folder)
    rows = SourcesReader().read(folder=told, earlier={})
    return rows, [str(fault) for fault in told.faults]


@pytest.mark.django_db
def test_the_folder_of_the_territory_is_read_and_loaded_twice(tmp_path):
    rows, faults = read(REAL_TERRITORY)
    assert faults == [] and rows and not any(each["enabled"] for each in rows), "nobody is asked without an agreement"
    assert {each["per_minute"] for each in rows if each["kind"] == "siri"} == {8}
    assert SourcesReader().load(rows) == {"live_sources": len(rows)}
    assert SourcesReader().load(rows) == {"live_sources": 0}
    LiveTurn.objects.create(source_id=rows[0]["id"])
    assert save_sources(described=[{**rows[0], "every": 60}]) == len(rows)
    assert LiveSource.objects.get().every == 60


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{id: a, name: A, kind: telepathie, urls: ['https://a.example']}", "telepathie"),
        ("{id: a, name: A, kind: gbfs, urls: ['http://a.example/x']}", "https"),
        ("{id: a, name: A, kind: gbfs, urls: ['https://a.example'], enabled: false}", "sans raison"),
        ("{id: a, name: A, kind: gbfs, urls: []}", "at least 1"),
        ("{id: a, name: A, kind: gbfs, urls: ['https://a.example'], every: 1}", "every|5"),
    ],
)
def test_what_is_wrong_in_it_is_said_with_its_line(tmp_path, text, said):
    shutil.copytree(REAL_TERRITORY / "mobility", tmp_path / "mobility")
    (tmp_path / "mobility" / "sources.yaml").write_text(f"- {text}\n", encoding="utf-8")
    _rows, faults = read(tmp_path)
    assert faults and re.search(said, faults[0]) and "sources.yaml:1" in faults[0]


def test_a_key_may_be_written_in_an_address(tmp_path):
    (tmp_path / "mobility").mkdir()
    (tmp_path / "mobility" / "sources.yaml").write_text(
        "- {id: a, name: A, kind: siri_lite, urls: ['https://a.example/x?k={cle}'], options: {ask: stop}}\n",
        encoding="utf-8",
    )
    rows, faults = read(tmp_path)
    assert faults == [] and rows[0]["per_minute"] == 8
