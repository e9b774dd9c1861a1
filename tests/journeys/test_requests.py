"""Démarches from one end to the other, in a real browser without JavaScript, on a product that is killed on the way.

Somebody reports a bin in Aubagne with a photo; it reaches the commune's own system, and comes back solved. Somebody else
asks for a place at the canteen, is asked for a document, gives it, is accepted, and says how it went. Each agent sees the
requests of their own authority only.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests import open311_server
from tests.capabilities.requests.filling.made import PNG
from tests.journeys.test_requests_filling import GO, end, meals, school
from tests.product import REAL_TERRITORY, ROOT, Product, free_port, running

pytestmark = pytest.mark.browser

ROUTE = """
- id: aubagne-rue
  authority: commune-13005
  channel: open311
  services: [corbeille-de-rue]
  settings: {{url: "{url}", services: {{corbeille-de-rue: BIN-BROKEN}}}}
"""


@dataclass
class Site:
    """The product, the commune's system beside it, and who visits."""

    product: Product
    theirs: open311_server.Open311Server
    chromium: Any

    def visitor(self, *, cookie: str = "") -> Page:
        """A telephone without JavaScript; signed in when there is a cookie."""
        context = self.chromium.new_context(
            base_url=self.product.url, locale="fr-FR", java_script_enabled=False, viewport={"width": 360, "height": 740}
        )
        if cookie:
            context.add_cookies([{"name": "lacydon", "value": cookie, "url": self.product.url}])
        return context.new_page()

    def process(self, *arguments: str) -> Any:
        """Something done in a process of its own, on this product; what it told."""
        paths = filter(None, (str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH")))
        done = subprocess.run(
            [sys.executable, "-m", *arguments], env={**self.product.environment, "PYTHONPATH": os.pathsep.join(paths)},
            cwd=ROOT, capture_output=True, text=True, timeout=180, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def kill(self) -> None:
        """Every process that answers is killed (SIGKILL); the server starts others."""
        for child in _children(self.product.pid):
            os.kill(child, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.product.url}/readyz", timeout=5, verify=False).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise AssertionError("the server did not come back")


def _children(pid: int) -> list[int]:
    """The processes of the server that hold its listening socket: the workers, not what multiprocessing needs."""
    found = []
    for line in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        command = Path(f"/proc/{line}/cmdline").read_bytes()
        if b"spawn_main" in command:
            found.append(int(line))
    return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Site]:
    folder = shutil.copytree(REAL_TERRITORY, tmp_path_factory.mktemp("territory") / "folder")
    with open311_server.running() as theirs:
        (folder / "deliveries.yaml").write_text(ROUTE.format(url=theirs.url), encoding="utf-8")
        port = str(free_port())
        settings = {
            "PORT": port,
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "PARTNER_HOSTS": f"127.0.0.1:{theirs.port}",
            "ROUTE_SECRETS": f"aubagne-rue.api_key={theirs.api_key}",
            "JOBS": "0",
        }
        with running(home=tmp_path_factory.mktemp("home"), territory=folder, **settings) as product:
            imported = product.lacydon("addresses", "import", str(Path(__file__).with_name("adresses.csv")))
            assert imported.returncode == 0, imported.stdout + imported.stderr
            yield Site(product, theirs, chromium)


def receipt(page: Page) -> tuple[str, str]:
    """The number and the code of the receipt that is shown."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("est envoyé")
    number, code = page.locator(".ticket b.mono").all_inner_texts()
    return number, code


def followed(site: Site, number: str, code: str) -> Page:
    """The page of a request, opened with its number and code by who has no account."""
    page = site.visitor()
    page.goto("/suivi")
    page.get_by_label("Numéro de la demande").fill(number)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Voir ma demande").click()
    expect(page.locator("main")).to_contain_text(number)
    return page


def test_a_broken_bin_reaches_the_communes_own_system_and_comes_back_solved(site: Site, tmp_path: Path):
    photo = tmp_path / "corbeille.png"
    photo.write_bytes(PNG)
    page = site.visitor()
    page.goto("/signaler?citycode=13005")
    page.get_by_role("link", name="Signaler une corbeille de rue").click()
    page.get_by_role("link", name="Commencer").click()
    page.locator("#lieu").fill("12 rue de la République, Aubagne")
    page.get_by_label("Elle est cassée").check()
    page.locator("input[type=file]").first.set_input_files(photo)
    page.get_by_role("button", name=GO).click()
    site.kill()
    page.get_by_role("button", name=GO).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vérifiez vos réponses")
    page.get_by_role("button", name="Envoyer le signalement").click()
    number, code = receipt(page)
    site.kill()

    site.process("tests.faults.deliveries", "work")
    ((id, sent),) = site.theirs.sent.items()
    assert sent["service_code"] == ["BIN-BROKEN"]
    seen = httpx.get(sent["media_url"][0])
    assert (seen.status_code, seen.headers["content-type"].partition("/")[0]) == (200, "image")
    there = followed(site, number, code)
    expect(there.locator("main")).to_contain_text("Transmise")
    expect(there.locator("main")).to_contain_text(id)

    site.theirs.solve(id, "Corbeille remplacée.")
    site.process("tests.faults.deliveries", "work")
    there.reload()
    expect(there.locator("main")).to_contain_text("Résolue")
    expect(there.locator("main")).to_contain_text("Corbeille remplacée.")
    public = site.visitor()
    public.goto(f"/signalements/{number}")
    expect(public.locator("main")).to_contain_text("Résolue")


def test_a_place_at_the_canteen_is_asked_for_completed_given_and_rated(site: Site, tmp_path: Path):
    document = tmp_path / "livret.png"
    document.write_bytes(PNG)
    page = site.visitor()
    page.goto("/demarches/cantine-ecole?citycode=13005")
    page.get_by_role("link", name="Commencer").click()
    school(page)
    meals(page, document)
    page.get_by_role("button", name=GO).click()
    end(page)
    page.get_by_role("button", name="Envoyer la demande").click()
    number, code = receipt(page)

    cookies = site.process("tests.journeys.clerks")
    elsewhere = site.visitor(cookie=cookies["commune-13055"])
    elsewhere.goto("/agent/demandes")
    expect(elsewhere.locator("main")).not_to_contain_text(number)
    assert elsewhere.goto(f"/agent/demandes/{number}").status == 404

    clerk = site.visitor(cookie=cookies["commune-13005"])
    clerk.goto("/agent/demandes")
    clerk.locator(f"a[href*='/agent/demandes/{number}']").first.click()
    clerk.get_by_role("button", name="Prendre en charge").click()
    clerk.locator("summary", has_text="Demander un document").click()
    clerk.get_by_label("Quel document").fill("La page du livret de famille où figure l’enfant")
    clerk.get_by_role("button", name="Demander", exact=True).click()
    site.kill()

    parent = followed(site, number, code)
    expect(parent.locator("main")).to_contain_text("On vous demande : La page du livret de famille")
    parent.locator(".wanted input[type=file]").set_input_files(document)
    parent.get_by_role("button", name="Donner ce document").click()
    expect(parent.locator("main")).to_contain_text("livret.png")

    clerk.reload()
    clerk.get_by_role("button", name="Accepter", exact=True).click()
    clerk.locator("summary", has_text="Décider").click()
    clerk.locator("#outcome-accepted").check()
    clerk.get_by_role("button", name="Décider et prévenir l’habitant").click()
    expect(clerk.locator("main")).to_contain_text("Acceptée")

    parent.reload()
    expect(parent.locator("main")).to_contain_text("Acceptée")
    parent.locator("label[for=mark-5]").click()
    parent.get_by_role("button", name="Envoyer mon avis").click()
    expect(parent.get_by_role("button", name="Envoyer mon avis")).to_have_count(0)
    assert parent.evaluate("document.documentElement.scrollWidth") <= 360
