"""A parent asks for a place at the canteen, from the sheet of the service to the receipt: by hand, then with a script."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser import Browser
from tests.capabilities.requests.filling.made import PNG

pytestmark = pytest.mark.browser
GO = "Enregistrer et continuer"


def accessible(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    assert [each["id"] for each in found.response["violations"]] == [], page.url


def school(page: Page) -> None:
    page.get_by_label("Nom de l’école").fill("École des Mûriers")
    page.get_by_label("Prénom").fill("Lina")
    page.get_by_label("Nom", exact=True).fill("Martin")
    for label, typed in (("Jour", "4"), ("Mois", "9"), ("Année", "2019")):
        page.get_by_label(label).fill(typed)
    page.get_by_label("Classe").fill("CP")
    page.get_by_role("button", name=GO).click()


def meals(page: Page, document: Path) -> None:
    page.get_by_label("Lundi").check()
    for label, typed in (("Jour", "1"), ("Mois", "9"), ("Année", "2027")):
        page.get_by_label(label, exact=True).fill(typed)
    page.get_by_label("Sans porc").check()
    page.get_by_label("Oui").check()
    if page.locator("#pai").count() == 0:  # without a script the page comes again with the question
        page.get_by_role("button", name=GO).click()
    expect(page.locator("#pai")).to_be_visible()
    page.locator("#pai").set_input_files(document)


def end(page: Page) -> None:
    page.get_by_label("Non").check()
    page.get_by_role("button", name=GO).click()
    page.get_by_label("Prénom").fill("Sofia")
    page.get_by_label("Nom", exact=True).fill("Martin")
    page.get_by_label("Adresse", exact=True).fill("12 rue de la République, Aubagne")
    page.get_by_label("Téléphone").fill("06 12 34 56 78")
    page.get_by_label("J’ai compris").check()
    page.get_by_role("button", name=GO).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifiez vos réponses")


def test_a_form_is_filled_in_without_a_script(browser: Browser, tmp_path: Path):
    document = tmp_path / "projet.png"
    document.write_bytes(PNG)
    with browser.page("/services/cantine-ecole?citycode=13005", width=360, java_script_enabled=False) as page:
        page.get_by_role("link", name="Faire la démarche en ligne").click()
        expect(page.get_by_text("Environ 8 minutes")).to_be_visible()
        page.get_by_role("link", name="Commencer").click()
        page.get_by_role("button", name=GO).click()
        expect(page.get_by_role("alert")).to_contain_text("à revoir")
        page.get_by_role("link", name="Nom de l’école – Remplissez ce champ.").click()
        expect(page.get_by_label("Nom de l’école")).to_be_focused()
        school(page)
        meals(page, document)
        page.get_by_role("button", name="Joindre").click()
        expect(page.locator(".files")).to_contain_text("projet.png")
        page.get_by_role("button", name=GO).click()
        end(page)
        expect(page.locator("main")).to_contain_text("4,00")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.get_by_role("button", name="Envoyer la demande").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Votre demande est envoyée")
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("Votre demande est envoyée")


def test_the_script_follows_and_sends_documents_in_pieces(browser: Browser, tmp_path: Path):
    document = tmp_path / "projet.png"
    document.write_bytes(PNG)
    with browser.page("/demarches/cantine-ecole/commencer?citycode=13005") as page:
        accessible(page)
        page.get_by_role("button", name=GO).click()
        expect(page.get_by_text("Remplissez ce champ.").first).to_be_visible()
        accessible(page)
        school(page)
        meals(page, document)
        expect(page.locator(".files [name=pai]")).to_have_count(1)
        accessible(page)
        page.get_by_role("button", name=GO).click()
        end(page)
        expect(page.locator("main")).to_contain_text("projet.png")
        accessible(page)
        page.get_by_role("button", name="Envoyer la demande").click()
        expect(page.get_by_text("Code secret")).to_be_visible()
        accessible(page)
