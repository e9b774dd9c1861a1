"""A clerk checks a faulty file in a real browser, without an account nor JavaScript, and takes the marked copy."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import Browser
from tests.capabilities.data.test_validation import FAULTY, SCHEMA
from tests.journeys.pages import Page
from tests.journeys.visit import STILL, faults_of
from tests.product import Product

pytestmark = pytest.mark.browser


def test_a_clerk_mends_a_file(browser: Browser, product: Product, tmp_path: Path):
    shelf = product.home / "schemas"
    shelf.mkdir(exist_ok=True)
    (shelf / "parcs.json").write_text(json.dumps({"title": "Parcs et plages", "version": "1.2.0", "fields": SCHEMA}))
    (tmp_path / "parcs.csv").write_text(FAULTY + "x,y,z,w\n" * 12)
    still: dict[str, Any] = STILL | {"java_script_enabled": False}
    with browser.context(**still) as visitor:
        tab = visitor.new_page()
        tab.goto("/donnees/verifier")
        tab.get_by_label("Votre fichier").set_input_files(tmp_path / "parcs.csv")
        tab.get_by_label("Le schéma à respecter").select_option(label="Parcs et plages (1.2.0)")
        tab.get_by_role("button", name="Vérifier").click()
        expect(tab.get_by_role("heading", level=1)).to_contain_text("parcs.csv")
        expect(tab.get_by_role("main")).to_contain_text("une date de la forme 2026-01-31")
        address = tab.url.removeprefix(product.url)
        with tab.expect_download() as awaited:
            tab.get_by_role("link", name="Télécharger la copie annotée").click()
        assert "REMARQUES" in awaited.value.path().read_text("utf-8-sig")
        tab.get_by_role("link", name="Voir les 13 lignes").first.click()
        expect(tab.get_by_role("main")).to_contain_text("Ligne")
        tab.close()
    with browser.context(**STILL) as visitor:
        for name, path in (("asked", "/donnees/verifier"), ("report", address), ("one", f"{address}?faute=1")):
            faults, _title, _heading = faults_of(visitor.new_page(), Page(name, path), lang="fr")
            assert not faults, faults
