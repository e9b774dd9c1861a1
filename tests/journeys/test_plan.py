"""A litter bin is shown on the plan of the streets: with a thumb and no script, by keyboard, then with a script."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from lacydon.kernel.ui.plans import HEIGHT, WIDTH, View
from tests.browser import Browser
from tests.capabilities.territory.invented import street
from tests.product import Product

from .visit import HEAVIEST, SIDEWAYS, SMALLEST_TARGET, TARGETS

pytestmark = pytest.mark.browser
START = "/demarches/corbeille-de-rue/commencer?citycode=13005"
SPOT = (5.5720, 43.2930)
"""In the middle of the invented street."""
CLOSE = 3
"""The zoom from which a press does not bring closer."""
GO = "Enregistrer et continuer"


@pytest.fixture(scope="module")
def streets(product: Product, addresses: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two streets more in Aubagne."""
    rows = [
        *street("Chemin des Essaims", lon=5.5700, lat=43.2930, citycode="13005", city="Aubagne"),
        *street("Impasse du Rucher", lon=5.5720, lat=43.2915, citycode="13005", city="Aubagne", turn=90),
    ]
    base = Path(__file__).with_name("adresses.csv").read_text(encoding="utf-8").rstrip("\n")
    columns = base.split("\n", 1)[0].split(";")
    told = [
        {"id": each.ban_id, "numero": each.number, "nom_voie": each.street, "code_postal": "13400", "lon": each.lon,
         "code_insee": "13005", "nom_commune": "Aubagne", "lat": each.lat}
        for each in rows
    ]  # fmt: skip
    file = tmp_path_factory.mktemp("streets") / "rues.csv"
    lines = [";".join(str(each.get(column, "")) for column in columns) for each in told]
    file.write_text("\n".join([base, *lines, ""]), encoding="utf-8")
    imported = product.lacydon("addresses", "import", str(file))
    assert imported.returncode == 0, imported.stdout + imported.stderr


def view_of(page: Page) -> View:
    view = View.named(page.locator("[name=lieu-vue]").input_value())
    assert view is not None
    return view


def press(page: Page, lon: float, lat: float) -> None:
    """Press the image where this point is drawn."""
    x, y = view_of(page).pixel(lon, lat)
    page.locator("input[type=image]").click(position={"x": x, "y": y})


def towards(view: View, lon: float, lat: float) -> str:
    """The arrow that brings a point nearer to the middle."""
    if abs(lon - view.lon) > 5e-4:
        return "Vers l’est" if lon > view.lon else "Vers l’ouest"
    return "Vers le nord" if lat > view.lat else "Vers le sud"


def accessible(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert [each["id"] for each in found.response["violations"]] == []


def test_a_place_is_pointed_at_without_a_script_by_thumb_and_by_keyboard(browser: Browser, streets: None):
    with browser.page(START, width=360, java_script_enabled=False) as page:
        page.get_by_role("button", name="Montrer sur un plan").click()
        told = page.locator(".told")
        while view_of(page).zoom < CLOSE:
            press(page, *SPOT)
        press(page, *SPOT)
        expect(told).to_contain_text("Chemin des Essaims 13400 Aubagne. C’est là que répond : Mairie d’Aubagne.")
        assert page.evaluate("document.getElementById('lieu-plan').getBoundingClientRect().top") < 100, "it is in sight"
        assert page.evaluate(SIDEWAYS) == [] and page.evaluate(TARGETS, SMALLEST_TARGET) == []
        for _step in range(2):
            page.get_by_role("button", name="Vers le sud").press("Enter")
        expect(told).to_contain_text("La croix au milieu : près de")
        middle = view_of(page)
        page.get_by_role("button", name="Mettre le repère au centre").press("Enter")
        expect(page.get_by_label("Où est-elle ?")).to_have_value(
            told.inner_text().split("près de ")[1].split(". C’est")[0]
        )
        assert page.locator("[name=lieu-lat]").input_value() == f"{middle.lat:.6f}"
        page.locator("input[type=image]").press("Enter")
        assert page.locator("[name=lieu-lat]").input_value() == f"{middle.lat:.6f}"
        page.get_by_label("Elle déborde").check()
        page.get_by_role("button", name=GO).click()
        expect(page.locator(".progress")).to_contain_text("Page 2")


def test_with_a_script_the_same_plan_is_dragged_and_pressed_in_place(browser: Browser, streets: None):
    with browser.page(START, has_touch=True) as page:
        weight: list[int] = []
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.on("Network.loadingFinished", lambda event: weight.append(int(event["encodedDataLength"])))
        page.get_by_role("button", name="Montrer sur un plan").click()
        page.wait_for_load_state("networkidle")
        assert sum(weight) < HEAVIEST
        accessible(page)
        page.evaluate("window.same = true")
        while view_of(page).zoom < CLOSE:
            page.get_by_role("button", name="Plus près").click()
        before, image = view_of(page), page.locator("input[type=image]")
        box = image.bounding_box()
        assert box is not None and (round(box["width"]), round(box["height"])) == (WIDTH, HEIGHT)
        page.mouse.move(box["x"] + 300, box["y"] + 200)
        page.mouse.down()
        page.mouse.move(box["x"] + 340, box["y"] + 260, steps=4)
        page.mouse.up()
        expect(page.locator(".told")).to_contain_text("La croix au milieu : près de")
        assert before.pixel(view_of(page).lon, view_of(page).lat) == pytest.approx(
            (WIDTH / 2 - 40, HEIGHT / 2 - 60), abs=6
        )
        expect(page.get_by_label("Où est-elle ?")).to_have_value("")
        while not view_of(page).shows(*SPOT):
            page.get_by_role("button", name=towards(view_of(page), *SPOT)).click()
        x, y = view_of(page).pixel(*SPOT)
        page.touchscreen.tap(box["x"] + x, box["y"] + y)
        expect(page.locator(".told")).to_contain_text("C’est là que répond : Mairie d’Aubagne.")
        label = page.get_by_label("Où est-elle ?").input_value()
        assert label.endswith("Chemin des Essaims 13400 Aubagne")
        assert page.locator(".pin").get_attribute("transform") is not None
        assert page.evaluate("window.same") is True, "the page was not asked for again"
        page.get_by_label("Elle déborde").check()
        page.get_by_role("button", name=GO).click()
        expect(page.locator(".progress")).to_contain_text("Page 2")
        page.get_by_role("link", name="Page précédente").click()
        expect(page.get_by_label("Où est-elle ?")).to_have_value(label)


def test_questions_come_and_go_while_one_types(browser: Browser):
    """The rules of form.js, those of the server: a choice asks for a number, which asks for a warning."""
    with browser.page("/demarches/benne-ou-echafaudage/commencer?citycode=13005") as page:
        page.get_by_label("Adresse des travaux").fill("12 rue de la République, Aubagne")
        for each in page.locator("fieldset.q").all():
            for part, typed in (("Jour", "1"), ("Mois", "9"), ("Année", "2027")):
                each.get_by_label(part, exact=True).fill(typed)
        page.get_by_role("button", name=GO).click()
        width, warning = (
            page.get_by_label("Largeur laissée aux piétons"),
            page.get_by_text("Un fauteuil roulant a besoin"),
        )
        expect(page.get_by_role("heading", level=1)).to_have_text("L’installation")
        expect(width).to_be_hidden()
        page.get_by_label("Sur le trottoir").check()
        expect(width).to_be_visible()
        expect(warning).to_be_hidden()
        width.press_sequentially("1,2")
        expect(warning).to_be_visible()
        width.press_sequentially("5")
        expect(warning).to_be_visible()
        width.fill("1,4")
        expect(warning).to_be_hidden()
        width.fill("1,3")
        page.get_by_label("Sur la chaussée").check()
        expect(width).to_be_hidden()
        expect(warning).to_be_hidden()
        assert width.is_disabled(), "what is not asked is not sent"
