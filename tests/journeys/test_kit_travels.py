"""A kit goes from one commune to another in the browser: its service answers there at once, then all is as it was."""

import json
import subprocess
import sys

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.browser import Browser
from tests.product import ROOT, Product

pytestmark = pytest.mark.browser
GIVES, TAKES = "13005", "13056"
SERVICE = "/services/velo-cargo-13056?citycode=13056"


@pytest.fixture
def cookies(product: Product) -> dict[str, str]:
    made = subprocess.run(
        [sys.executable, "-m", "tests.journeys.replicators", GIVES, TAKES], env=dict(product.environment), cwd=ROOT,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return dict(json.loads(made.stdout.splitlines()[-1]))


def signed_in(context, browser: Browser, cookie: str) -> Tab:
    context.add_cookies([{"name": "lacydon", "value": cookie, "url": browser.url}])
    return context.new_page()


def test_a_kit_of_aubagne_is_adopted_by_martigues_answers_there_and_is_rolled_back(browser: Browser, cookies):
    with browser.context() as here, browser.context() as there:
        gives = signed_in(here, browser, cookies[GIVES])
        gives.goto("/agents/agenda/kits/exporter")
        gives.get_by_label("Titre du kit").fill("Le vélo cargo en prêt")
        gives.get_by_label("Ce qu’il permet").fill("Prêter des vélos, avec le formulaire.")
        gives.locator("[name=prendre][value^='services:velo-cargo']").check()
        gives.locator("[name=prendre][value^='forms:velo-cargo']").check()
        gives.get_by_role("button", name="Exporter le kit").click()
        expect(gives.locator("main")).to_contain_text("C’est votre kit, version 1")

        takes = signed_in(there, browser, cookies[TAKES])
        assert takes.goto(SERVICE).status == 404
        takes.goto("/agents/agenda/kits")
        takes.get_by_role("link", name="Le vélo cargo en prêt").click()
        expect(takes.locator("main")).to_contain_text("Fait à Aubagne")
        takes.get_by_role("link", name="Voir ce que l’adoption changerait").click()
        takes.get_by_role("button", name="Adopter ce qui est coché").click()
        expect(takes.locator("main")).to_contain_text("En service chez vous")
        takes.locator(f"main a[href='{SERVICE}']").click()
        expect(takes.get_by_role("heading", level=1)).to_contain_text("Emprunter un vélo cargo")
        assert takes.goto("/demarches/velo-cargo-13056?citycode=13056").status == 200

        takes.goto("/agents/agenda/kits/le-velo-cargo-en-pret/retirer")
        takes.get_by_label("Pourquoi").fill("Le local n’est pas prêt.")
        takes.get_by_role("button", name="Remettre comme avant").click()
        expect(takes.locator("main")).to_contain_text("tout est comme avant l’adoption")
        assert takes.goto(SERVICE).status == 404
