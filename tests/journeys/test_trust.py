"""The zone of trust from one end to the other, through the real provider of the tests and a real browser.

A resident signs in, gives a helper a mandate; the helper acts; the resident sees the access with a proof that an
independent verifier accepts, stops the mandate, exports everything and erases it.
"""

import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.identity_provider.panva import Panva
from tests.product import ROOT, Product, free_port, running

pytestmark = pytest.mark.browser

PLACE = "maison-des-voisins"
SIRET = "21000001700012"
"""That of Camille's organisation, as the provider says it."""


@dataclass
class Site:
    product: Product
    chromium: Any

    def visitor(self) -> BrowserContext:
        return self.chromium.new_context(base_url=self.product.url, locale="fr-FR", accept_downloads=True)

    def signed_in(self, context: BrowserContext, *, provider: str, account: str, acr: str = "") -> Page:
        """Through the sign-in page and the provider's own form."""
        tab = context.new_page()
        tab.goto("/connexion")
        tab.get_by_role("button", name=f"Se connecter avec {provider}").click()
        tab.wait_for_url("**/interaction/**")
        tab.locator("select[name=account]").select_option(account)
        if acr:
            tab.locator("input[name=acr]").evaluate("(field, value) => field.value = value", acr)
        tab.get_by_role("button", name="Continuer").click()
        tab.wait_for_url(f"{self.product.url}/**")
        return tab


@pytest.fixture
def site(tmp_path: Path, territory_folder: Path, identity_provider: Panva, chromium: Any) -> Iterator[Site]:
    folder = shutil.copytree(territory_folder, tmp_path / "territory")
    with (folder / "organisations.yaml").open("a", encoding="utf-8") as file:
        file.write(
            f'- {{id: {PLACE}, name: {{fr: "Maison des voisins", en: "House"}}, siret: "{SIRET}", themes: [famille, logement, argent]}}\n'
        )
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    told = {"PORT": str(port), "IDENTITY_HOSTS": identity_provider.host, "PUBLIC_URL": url}
    for shape in ("franceconnect", "proconnect"):
        agreed = identity_provider.register(shape, site=url).settings()
        told |= {f"{shape.upper()}_{name}": value for name, value in agreed.items()}
    home = tmp_path / "home"
    home.mkdir()
    with running(home=home, territory=folder, **told) as product:
        yield Site(product, chromium)


def test_a_life_in_the_zone_of_trust(site: Site, tmp_path: Path):
    resident, helper = site.visitor(), site.visitor()

    # The helper signs in once, and the operator names them.
    desk = site.signed_in(helper, provider="ProConnect", account="camille", acr="eidas1-mfa")
    expect(desk.get_by_text("Vous n’avez pas encore de rôle")).to_be_visible()
    number = desk.locator("main code").inner_text()
    named = site.product.lacydon("agents", "--grant", number, PLACE, "trust.helper")
    assert named.returncode == 0, named.stderr

    # The resident signs in and gives a mandate of a day, for one theme.
    mine = site.signed_in(resident, provider="FranceConnect", account="angelique")
    expect(mine.get_by_role("heading", level=1)).to_have_text("Mon espace")
    mine.goto(f"/mon-espace/mandats/nouveau/{PLACE}")
    mine.locator("select[name=helper]").select_option(label="Camille Martin")
    mine.get_by_label("Argent, impôts").check()
    mine.get_by_label("Envoyer des démarches").check()
    mine.get_by_role("button", name="Lire le mandat").click()
    mine.get_by_role("button", name="Oui, je suis d’accord").click()
    expect(mine.get_by_text("Camille Martin").first).to_be_visible()

    # The helper takes it in hand and gives a document: in their own name, for somebody, said on every page.
    desk.goto("/agent/aide")
    desk.get_by_role("button", name="Agir").first.click()
    desk.goto("/services")
    expect(desk.get_by_text("Vous agissez en votre nom, pour")).to_be_visible()
    desk.goto("/mon-espace/justificatifs")
    desk.locator("#kind").select_option("income-tax")
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    desk.locator("#document").set_input_files({"name": "avis.pdf", "mimeType": "application/pdf", "buffer": pdf})
    desk.get_by_role("button", name="Déposer").click()
    expect(desk.get_by_text("avis.pdf").first).to_be_visible()

    # The resident sees by whom, and takes a proof that needs nothing of us to be checked.
    mine.goto("/mon-espace/justificatifs")
    expect(mine.get_by_text("par Camille Martin pour vous")).to_be_visible()
    mine.goto("/mon-espace/acces")
    expect(mine.get_by_text("Camille Martin").first).to_be_visible()
    with mine.expect_download() as taken:
        mine.get_by_role("link", name="Télécharger la preuve").first.click()
    proof = tmp_path / "preuve.json"
    taken.value.save_as(proof)
    assert verified(proof).returncode == 0, verified(proof).stdout + verified(proof).stderr
    forged = json.loads(proof.read_text())
    proof.write_text(json.dumps(forged).replace("proof.give", "proof.keep", 1))
    assert verified(proof).returncode != 0

    # One click stops the mandate; the helper's second tab writes nothing any more.
    second = helper.new_page()
    second.goto("/mon-espace/justificatifs")
    second.locator("#kind").select_option("income-tax")
    second.locator("#document").set_input_files({"name": "tard.pdf", "mimeType": "application/pdf", "buffer": pdf})
    mine.goto("/mon-espace")
    mine.get_by_role("button", name="Arrêter le mandat").click()
    second.get_by_role("button", name="Déposer").click()
    expect(second.get_by_role("heading", level=1)).to_contain_text("n’est plus valable")
    mine.goto("/mon-espace/justificatifs")
    expect(mine.get_by_text("tard.pdf")).to_have_count(0)

    # Everything is taken away, then erased.
    mine.goto("/mon-espace/mes-donnees")
    with mine.expect_download() as taken:
        mine.get_by_role("button", name="Télécharger").first.click()
    copy = tmp_path / "copie.zip"
    taken.value.save_as(copy)
    names = zipfile.ZipFile(io.BytesIO(copy.read_bytes())).namelist()
    assert any(name.endswith(".json") for name in names) and any(name.endswith(".html") for name in names)
    assert any("avis.pdf" in name for name in names)
    mine.goto("/mon-espace/mes-donnees/effacer")
    mine.get_by_role("textbox").fill("EFFACER")
    mine.get_by_role("button", name="Effacer").click()
    mine.goto("/mon-espace")
    assert "/connexion" in mine.url
    checked = site.product.lacydon("journal", "verify")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    resident.close()
    helper.close()


def verified(proof: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "tools" / "verify_journal", "proof", proof]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
