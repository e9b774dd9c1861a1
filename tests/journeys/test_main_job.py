"""The main job: a need and a place in, the right public service of the competent authority out, and why."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Browser

pytestmark = pytest.mark.browser

METROPOLE = "Métropole Aix-Marseille-Provence"
BINS = "Remplacer ou réparer un bac à déchets"
REASON = "La Métropole ramasse les déchets dans les 92 communes"
scripts = pytest.mark.parametrize("java_script_enabled", [True, False], ids=["js", "no-js"])


def ask(page: Page, *, need: str, place: str) -> None:
    page.locator("#q").fill(need)
    page.locator("#lieu").fill(place)
    page.get_by_role("button", name=re.compile("^(Chercher|Search)$")).click()
    page.wait_for_url("**/recherche?*")


@scripts
def test_my_yellow_bin_is_broken_in_aubagne(browser: Browser, java_script_enabled: bool):
    with browser.page(java_script_enabled=java_script_enabled) as page:
        ask(page, need="ma poubelle jaune est cassée", place="Aubagne")
        first = page.locator(".hit").first
        expect(first.get_by_role("heading")).to_have_text(BINS)
        expect(first).to_contain_text(METROPOLE)
        expect(first).to_contain_text(REASON)
        first.get_by_role("link", name="Voir comment faire").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(BINS)
        expect(page.locator(".who")).to_contain_text(METROPOLE)
        expect(page.locator(".who")).to_contain_text(REASON)
        expect(page).to_have_url(re.compile(r"/services/bac-casse-ou-vole\?citycode=13005$"))


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 740)])
def test_the_answer_and_its_reason_stand_in_one_screen(browser: Browser, width: int, height: int):
    with browser.page("/recherche?q=ma+poubelle+jaune+est+cassée&lieu=Aubagne", width=width, height=height) as page:
        first = page.locator(".hit").first
        for seen in (
            first.get_by_role("heading", name=BINS),
            first.get_by_text(METROPOLE, exact=True),
            first.get_by_text(REASON),
        ):
            box = seen.bounding_box()
            assert box is not None
            assert box["y"] >= 0 and box["y"] + box["height"] <= height, f"{seen} ends at {box['y'] + box['height']}"


@scripts
def test_a_postal_code_of_several_communes_is_asked_about(browser: Browser, java_script_enabled: bool):
    with browser.page(java_script_enabled=java_script_enabled) as page:
        ask(page, need="un bac cassé", place="13100")
        asked = page.get_by_role("heading", name="partagé par plusieurs communes")
        expect(asked).to_be_visible()
        page.get_by_role("link", name="Beaurecueil", exact=True).click()
        expect(asked).not_to_be_visible()
        expect(page.locator("#lieu")).to_have_value("Beaurecueil")
        expect(page.locator(".hit").first).to_contain_text(METROPOLE)


@scripts
def test_even_the_postal_code_of_one_commune_is_confirmed(browser: Browser, java_script_enabled: bool):
    """13400 is Aubagne here; elsewhere a code crosses the border: nothing is settled by a postal code."""
    with browser.page(java_script_enabled=java_script_enabled) as page:
        ask(page, need="un bac cassé", place="13400")
        page.locator(".pill", has_text="Aubagne").click()
        expect(page.locator(".hit").first).to_contain_text(METROPOLE)


@scripts
def test_the_question_that_decides_is_asked_then_the_answer_can_be_changed(browser: Browser, java_script_enabled: bool):
    with browser.page("/services/nid-de-poule?citycode=13001", java_script_enabled=java_script_enabled) as page:
        expect(page.locator(".who")).to_contain_text("Cela dépend")
        page.get_by_role("button", name="Une route départementale (D)").click()
        expect(page.locator(".who .badge")).to_have_text("Département")
        page.get_by_role("link", name="changer la réponse").click()
        page.get_by_role("button", name="Une rue, une place ou un chemin de la commune").click()
        expect(page.locator(".who .badge")).to_have_text("Mairie")
        expect(page.locator(".who")).to_contain_text("Aix-en-Provence")


@scripts
def test_the_question_can_be_answered_from_the_results(browser: Browser, java_script_enabled: bool):
    with browser.page(java_script_enabled=java_script_enabled) as page:
        ask(page, need="un trou dans la rue", place="Aix-en-Provence")
        first = page.locator(".hit").first
        expect(first).to_contain_text("Cela dépend")
        first.get_by_role("button", name="Une route départementale (D)").click()
        expect(page.locator(".who .badge").first).to_have_text("Département")


@scripts
def test_a_sheet_asks_where_and_answers(browser: Browser, java_script_enabled: bool):
    with browser.page("/services/nid-de-poule", java_script_enabled=java_script_enabled) as page:
        expect(page.get_by_role("button", name="Voir qui s’en occupe")).to_be_visible()
        page.locator("#lieu").fill("Martigues")
        page.locator("#lieu").press("Enter")  # by mouse, the proposals would stand over the button
        expect(page).to_have_url(re.compile(r"/services/nid-de-poule\?citycode=13056$"))
        expect(page.locator(".who")).to_contain_text("Martigues")


@scripts
def test_another_place_typed_over_the_first_is_understood(browser: Browser, java_script_enabled: bool):
    with browser.page("/recherche?q=bac+cassé&lieu=Aubagne", java_script_enabled=java_script_enabled) as page:
        ask(page, need="inscrire mon enfant à l’école", place="La Ciotat")
        expect(page.locator(".place")).to_contain_text("La Ciotat")
        expect(page.locator(".hit").first).to_contain_text("La Ciotat")


@scripts
def test_a_place_outside_of_the_territory_is_told(browser: Browser, java_script_enabled: bool):
    with browser.page("/recherche?q=bac&lon=4.8357&lat=45.7640", java_script_enabled=java_script_enabled) as page:
        told = page.get_by_role("alert")
        expect(told).to_be_visible()
        expect(told).to_contain_text("hors d")


@scripts
def test_the_language_changes_and_the_page_stays(browser: Browser, java_script_enabled: bool):
    address = "/recherche?q=ma+poubelle+jaune+est+cassée&lieu=Aubagne"
    with browser.page(address, java_script_enabled=java_script_enabled) as page:
        page.get_by_role("link", name="English").click()
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("#q")).to_have_value("ma poubelle jaune est cassée")
        expect(page.locator("#lieu")).to_have_value("Aubagne")
        first = page.locator(".hit").first
        expect(first.get_by_role("heading")).to_have_text("Replace or repair a waste bin")
        expect(first).to_contain_text("Who is in charge in Aubagne")
        first.get_by_role("link", name="See how to do it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Replace or repair a waste bin")
        page.get_by_role("link", name="Français").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(BINS)
        expect(page).to_have_url(re.compile(r"/services/bac-casse-ou-vole\?citycode=13005$"))


def test_an_english_question_finds_the_service(browser: Browser):
    with browser.page("/en/", locale="en-GB") as page:
        ask(page, need="my yellow bin is broken", place="Aubagne")
        expect(page.locator(".hit").first.get_by_role("heading")).to_have_text("Replace or repair a waste bin")


def test_going_back_finds_each_page_as_it_was(browser: Browser):
    with browser.page() as page:
        ask(page, need="ma poubelle jaune est cassée", place="Aubagne")
        page.get_by_role("link", name="Voir comment faire").first.click()
        page.wait_for_url("**/services/*")
        page.go_back()
        expect(page.locator("#q")).to_have_value("ma poubelle jaune est cassée")
        expect(page.locator("#lieu")).to_have_value("Aubagne")
        expect(page.locator(".hit").first).to_contain_text(METROPOLE)
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("De quoi avez-vous besoin"))
        page.go_forward()
        expect(page.locator(".hit").first).to_contain_text(METROPOLE)


def test_a_sheet_prints_what_matters_and_nothing_else(browser: Browser):
    with browser.page("/services/bac-casse-ou-vole?citycode=13005") as page:
        page.emulate_media(media="print")
        for kept in (page.get_by_role("heading", level=1), page.locator(".who"), page.locator("#faire")):
            expect(kept).to_be_visible()
        for left in ("nav", ".foot", ".tongue", "form"):
            assert not page.locator(left).filter(visible=True).all(), left
        pdf = page.pdf(format="A4")
        assert pdf.startswith(b"%PDF") and pdf.count(b"/Type /Page\n") <= 3
