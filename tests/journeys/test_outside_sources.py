"""What comes from outside: the national address service, silent; contours of the communes, as fine as official ones.

When the service does not answer, the embedded index does and the page says so. With contours, maps stay light.
"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from playwright.sync_api import expect

from tests import product as products
from tests.browser import Browser
from tests.journeys.pages import PAGES, Page
from tests.journeys.visit import check, window

MAPS = [page for page in PAGES if page.name in ("communes", "commune", "who-map", "who-map-here")]

pytestmark = pytest.mark.browser

ADDRESS = "12 rue de la republique aubagne"
TOLD = "Le service national des adresses ne répond pas"


STEP = 0.002
"""Degrees between two points of a contour made here: about 200 m, as in the official ones."""


def contours() -> str:
    """GeoJSON of contours that are not the real ones: what is nearest to each centre, with winding borders."""
    with (products.REAL_TERRITORY / "communes.csv").open(encoding="utf-8") as file:
        centres = {row["code"]: shapely.Point(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)}
    edge = shapely.concave_hull(shapely.MultiPoint(list(centres.values())), ratio=0.4).buffer(0.05)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(list(centres.values())), extend_to=edge))

    def wind(points: np.ndarray) -> np.ndarray:
        """Moves points smoothly, so that what two neighbours share stays shared and nothing is folded."""
        x, y = points[:, 0], points[:, 1]
        return points + 0.0006 * np.column_stack((np.sin(y * 300) + np.sin(y * 700), np.sin(x * 300) + np.sin(x * 700)))

    features = []
    for code, centre in centres.items():
        cell = next(each for each in cells if each.contains(centre)).intersection(edge)
        shape = shapely.transform(shapely.segmentize(cell, STEP), wind)
        geometry = shapely.geometry.mapping(shapely.set_precision(shape, 1e-5))
        features.append({"type": "Feature", "properties": {"code": code}, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.fixture(scope="module")
def without_service(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[products.Product]:
    """A product whose national address service is at an address where nobody answers, with contours."""
    home = tmp_path_factory.mktemp("without-service")
    drawn = home / "contours.geojson"
    drawn.write_text(contours())
    nobody = f"https://127.0.0.1:{products.free_port()}"
    with (
        products.database_of(f"without_service_{worker_id}") as database,
        products.running(home=home, ADDRESS_API_URL=nobody, **database) as running,
    ):
        for what, file in (("addresses", Path(__file__).with_name("adresses.csv")), ("contours", drawn)):
            imported = running.lacydon(what, "import", str(file))
            assert imported.returncode == 0, imported.stdout + imported.stderr
        yield running


@pytest.fixture
def visitor(chromium: Any, without_service: products.Product) -> Iterator[Browser]:
    opened = Browser(chromium=chromium, url=without_service.url)
    yield opened
    assert not opened.faults


def test_the_page_answers_and_says_where_the_answer_comes_from(visitor: Browser):
    with visitor.page(f"/recherche?q=bac+cassé&lieu={ADDRESS}", java_script_enabled=False) as page:
        expect(page.locator(".note", has_text=TOLD)).to_be_visible()
        expect(page.locator(".hit").first).to_contain_text("Qui s’en occupe à Aubagne")


def test_proposals_still_come_while_typing_and_the_reader_is_told(visitor: Browser):
    with visitor.page() as page:
        page.locator("#lieu").press_sequentially(ADDRESS)
        expect(page.get_by_role("option", name="12 Rue de la République 13400 Aubagne")).to_be_visible()
        expect(page.get_by_role("status").filter(has_text=TOLD)).to_be_attached()


def test_a_commune_is_understood_without_any_service(visitor: Browser):
    with visitor.page("/recherche?q=bac+cassé&lieu=Aubagne") as page:
        expect(page.locator(".hit").first).to_contain_text("Qui s’en occupe à Aubagne")
        expect(page.get_by_text(TOLD)).to_have_count(0)


@pytest.mark.parametrize("page", MAPS, ids=lambda page: page.name)
def test_maps_stay_light_with_the_borders_of_the_communes(visitor: Browser, page: Page):
    with window(visitor) as looked_at:
        check(looked_at, page, lang="fr", titles={})
    with visitor.page(page.path) as opened:
        expect(opened.locator("svg.map")).not_to_have_count(0)
        expect(opened.get_by_text("Carte schématique")).to_have_count(0)


def test_a_measured_place_is_in_the_commune_whose_border_holds_it(visitor: Browser):
    aubagne = {"longitude": 5.5706, "latitude": 43.2909}
    with visitor.page(permissions=["geolocation"], geolocation=aubagne) as page:
        page.get_by_role("button", name="Autour de moi").click()
        expect(page.locator("[name=citycode]")).to_have_value("13005")
        page.locator("#q").fill("bac cassé")
        page.get_by_role("button", name="Chercher").click()
        expect(page.locator(".hit").first).to_contain_text("Qui s’en occupe à Aubagne")


def test_without_script_a_measured_place_needs_no_name(visitor: Browser):
    with visitor.page("/recherche?q=bac&lon=5.5706&lat=43.2909", java_script_enabled=False) as page:
        expect(page.locator("#lieu")).to_have_value("Aubagne")
        expect(page.get_by_text("Commune la plus proche du point")).to_have_count(0)
