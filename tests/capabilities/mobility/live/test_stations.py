"""Pages of bicycles, car parks and charging points: near a place, each figure with its age, never an old one."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from lacydon.connectors import FOLDER
from lacydon.kernel import ui
from tests.capabilities.conftest import small_territory  # noqa: F401

GBFS = json.loads((FOLDER / "gbfs" / "samples" / "system_2.json").read_text())


@pytest.fixture
def bicycles(small_territory: Any, held: Any, server: Any, asked: Any) -> Any:  # noqa: F811
    feeds = [{"name": name, "url": f"{server.url}/{name}"} for name in GBFS]
    server.pages["/gbfs.json"] = json.dumps({"data": {"fr": {"feeds": feeds}}}).encode()
    server.pages |= {f"/{name}": json.dumps(told).encode() for name, told in GBFS.items()}
    return lambda: asked("gbfs", path="/gbfs.json", id="velos", stale_after=300, producer="La Rade", prefixes=[])


def test_bicycles_with_their_age(bicycles, client):
    assert bicycles().error == ""
    page = client.get("/transports/velos").content.decode()
    assert "<b>7</b> vélos à prendre" in page and "<b>13</b> places pour le rendre" in page
    assert "dont 3 électriques" in page and "dit il y a 1 minute" in page
    assert "On ne peut pas y prendre de vélo" in page and "La Rade" in page
    assert "never-kept" not in page and "1 véhicule hors station" in page


def test_old_figures_are_taken_away_and_the_reason_is_said(bicycles, client, held, server):
    bicycles()
    server.kill()
    held.forward(301)
    bicycles()
    page = client.get("/transports/velos").content.decode()
    assert "<b>7</b>" not in page and "nombre inconnu" in page and "Carénage" in page
    assert "ne répond pas" in page


def test_names_are_asked_once_an_hour(bicycles, held, server):
    bicycles()
    held.forward(60)
    bicycles()
    assert [path for path, _body in server.asked].count("/station_information") == 1
    held.forward(3_600)
    bicycles()
    assert [path for path, _body in server.asked].count("/station_information") == 2


def test_car_parks_near_a_place(small_territory, held, server, asked, client):  # noqa: F811
    for name in ("parkings.csv", "places.json"):
        server.pages[f"/{name}"] = (FOLDER / "car_parks" / "samples" / name).read_bytes()
    urls = [f"{server.url}/{name}" for name in ("parkings.csv", "places.json")]
    assert asked("car_parks", urls=urls, id="parkings", stale_after=900).error == ""
    page = client.get("/transports/parkings").content.decode()
    assert "<b>42</b> places libres" in page and "parking relais (P+R)" in page and "8 places réservées" in page
    near = client.get("/transports/parkings?citycode=97001").content.decode()
    assert (near.count("<h1>") == 1 and "min à pied" in near) or " m" in near
    assert 'class="map spots"' in near


def test_park_and_ride_alone(small_territory, held, server, asked, client):  # noqa: F811
    for name in ("parkings.csv", "places.json"):
        server.pages[f"/{name}"] = (FOLDER / "car_parks" / "samples" / name).read_bytes()
    urls = [f"{server.url}/{name}" for name in ("parkings.csv", "places.json")]
    asked("car_parks", urls=urls, id="parkings", stale_after=900)
    every = client.get("/transports/parkings").content.decode()
    relays = client.get("/transports/parkings?relais=1").content.decode()
    assert 'href="/transports/parkings?relais=1"' in every
    assert 0 < relays.count("<li id=") < every.count("<li id=")
    assert relays.count("<li id=") == relays.count("parking relais (P+R)") and "dit il y a" in relays
    near = client.get("/transports/parkings?relais=1&citycode=97001").content.decode()
    assert 'name="relais" value="1"' in near and "?citycode=97001" in near


@pytest.mark.django_db
def test_without_park_and_ride_the_page_says_so(client):
    page = client.get("/transports/parkings?relais=1").content.decode()
    assert "Aucun parking relais" in page and "<h1>Parkings relais (P+R)</h1>" in page


def test_charging_points(small_territory, held, server, asked, client):  # noqa: F811
    for name in ("statique.csv", "dynamique.csv"):
        server.pages[f"/{name}"] = (FOLDER / "irve" / "samples" / name).read_bytes()
    urls = [f"{server.url}/{name}" for name in ("statique.csv", "dynamique.csv")]
    assert asked("irve", urls=urls, id="bornes", stale_after=900, options={"insee": ["13"]}).error == ""
    page = client.get("/transports/bornes").content.decode()
    assert "<b>1</b> point libre" in page and "jusqu’à 150 kW" in page and "1 hors service" in page


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["velos", "parkings", "bornes", "sources"])
def test_pages_without_any_source_teach(client, address):
    answer = client.get(f"/transports/{address}")
    assert answer.status_code == 200 and 'class="empty"' in answer.content.decode()


@pytest.mark.django_db
def test_each_of_the_three_pages_has_its_own_drawing(client):
    drawings = [
        re.findall(
            r"icons[^#\"]*#([\w-]+)", client.get(f"/transports/{name}").content.decode().split('class="empty"')[1]
        )[0]
        for name in ("velos", "parkings", "bornes")
    ]
    symbols = (Path(ui.__file__).parent / "static" / "ui" / "icons.svg").read_text()
    assert len(set(drawings)) == 3 and all(f'<symbol id="{each}"' in symbols for each in drawings)
