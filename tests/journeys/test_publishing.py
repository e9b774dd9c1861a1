"""A clerk publishes a faulty file in a real browser, without JavaScript: reads the report, mends it, sees it in use."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from lacydon.capabilities.data.models import Version
from lacydon.capabilities.data.queries.roles import PUBLISHER
from lacydon.config.commands.folder import load
from tests.browser import Browser
from tests.capabilities.data import harbour
from tests.capabilities.trust import people
from tests.capabilities.trust.helping import named_agent

from .pages import Page
from .visit import STILL, faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCHEMA = {
    "name": "scdl-deliberations",
    "title": "Délibérations",
    "version": "2.1.3",
    "fields": [
        {"name": "COLL_NOM", "type": "string", "constraints": {"required": True}},
        {"name": "COLL_SIRET", "type": "string", "constraints": {"required": True, "pattern": "^\\d{14}$"}},
        {"name": "DELIB_ID", "type": "string", "constraints": {"required": True}},
        {"name": "DELIB_DATE", "type": "date", "constraints": {"required": True}},
        {"name": "DELIB_OBJET", "type": "string", "constraints": {"required": True}},
        {"name": "VOTE_POUR", "type": "integer", "constraints": {"minimum": 0}},
        {"name": "code_insee", "type": "string"},
    ],
    "custom_checks": [{"name": "french-siret-value", "params": {"column": "COLL_SIRET"}}],
}
HEADER = "COLL_NOM;COLL_SIRET;DELIB_ID;DELIB_DATE;DELIB_OBJET;VOTE_POUR;code_insee\n"
GOOD = HEADER + "".join(
    f"Ville d’Olivette;21130005800016;DEL-{n:03};2025-01-{n:02};Cession d’une parcelle;{20 + n};9700{1 + n % 3}\n"
    for n in range(1, 29)
)
FAULTY = (
    GOOD.replace("21130005800016;DEL-004", "21130005800017;DEL-004")
    .replace("2025-01-07", "31/02/2025")
    .replace("DEL-009;2025-01-09;Cession d’une parcelle", "DEL-009;2025-01-09;")
)
WEIGHT = ("bytes", "EcoIndex")
"""The server of the tests compresses nothing: what is sent is weighed on the product's own pages."""


@pytest.fixture
def served(transactional_db, territory_folder, capsys, live_server, chromium, settings):
    """A browser, the cookie of a clerk who publishes, a dataset that names a national schema."""
    assert load(territory_folder) == 0, capsys.readouterr().out
    shelf = Path(settings.HOME) / "schemas"
    shelf.mkdir(parents=True, exist_ok=True)
    (shelf / "scdl-deliberations.json").write_text(json.dumps(SCHEMA))
    harbour.organisation()
    harbour.described(
        "deliberations",
        title={"fr": "Délibérations", "en": "Deliberations"},
        schema="https://schema.data.gouv.fr/schemas/scdl/deliberations/latest/schema.json",
    )
    person = people.agent(organisation=people.organisation("ville"), roles=(PUBLISHER,))
    named_agent(person, organisation="ville", given="Inès", family="Roux")
    client = people.signed_in(people.visitor(), person, organisation="ville")
    browser = Browser(chromium=chromium, url=live_server.url)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    yield browser, cookie | {"url": browser.url}
    (shelf / "scdl-deliberations.json").unlink()


def sent(tab: Any, label: str, content: str) -> None:
    file = {"name": "deliberations.csv", "mimeType": "text/csv", "buffer": content.encode()}
    tab.get_by_label(label).set_input_files(file)


def looked_at(visitor: Any, *paths: str) -> dict[str, list[str]]:
    """What is wrong with these pages, with axe and on a phone."""
    wrong = {}
    folder = os.environ.get("SCREENSHOTS", "")
    for path in paths:
        faults, _title, heading = faults_of(visitor.new_page(), Page(path, path), lang="fr", colours=False)
        faults = [fault for fault in faults if not any(word in fault for word in WEIGHT)]
        if faults or not heading:
            wrong[path] = faults[:6]
        for width in (360, 1280) if folder else ():
            tab = visitor.new_page()
            tab.set_viewport_size({"width": width, "height": 900})
            tab.goto(path)
            name = path.rstrip("/").rpartition("/")[2]
            tab.screenshot(path=f"{folder}/{name if len(name) < 30 else 'colonnes'}-{width}.png", full_page=True)
            tab.close()
    return wrong


def test_a_clerk_publishes_a_faulty_file_once_it_is_mended(served):
    browser, cookie = served
    without: dict[str, Any] = STILL | {"java_script_enabled": False}
    with browser.context(**without) as clerk, browser.context(**STILL) as looking:
        for each in (clerk, looking):
            each.add_cookies([cookie])
        tab = clerk.new_page()
        here = "/agent/donnees/deliberations"
        tab.goto(here)
        sent(tab, "Le fichier", FAULTY)
        tab.get_by_role("button", name="Envoyer", exact=True).click()
        columns = tab.url.removeprefix(browser.url)
        expect(tab.get_by_role("main")).to_contain_text("erreurs par rapport au schéma « Délibérations »")
        tab.get_by_role("button", name="Continuer").click()
        main = tab.get_by_role("main")
        for planted in ("21130005800017", "31/02/2025", "Ligne 10", "une date de la forme 2026-01-31"):
            expect(main).to_contain_text(planted)
        assert looked_at(looking, here, columns, f"{columns}/apercu", f"{columns}/rapport") == {}
        tab.get_by_label("Pourquoi publiez-vous ?").fill("première fois")
        tab.get_by_role("button", name="Publier", exact=True).click()
        expect(main).to_contain_text("cochez « Publier quand même »")
        assert not Version.objects.exists()
        with tab.expect_download() as awaited:
            tab.get_by_role("link", name="Télécharger la copie annotée").click()
        assert "REMARQUES" in awaited.value.path().read_text("utf-8-sig")
        tab.get_by_role("link", name="Voir tout le rapport").click()
        sent(tab, "Le fichier corrigé", GOOD)
        tab.get_by_role("button", name="Envoyer le fichier corrigé").click()
        expect(main).to_contain_text("Conforme")
        tab.get_by_role("button", name="Continuer").click()
        tab.get_by_label("Pourquoi publiez-vous ?").fill("première publication")
        tab.get_by_role("button", name="Publier", exact=True).click()
        expect(tab.get_by_role("heading", level=1)).to_have_text("C’est publié")
        assert Version.objects.get().checks == {"schema": "Délibérations", "valid": True, "faults": 0}
        published = tab.url.removeprefix(browser.url)
        tab.goto("/donnees/deliberations/table?q=DEL-009")
        expect(tab.get_by_role("main")).to_contain_text("DEL-009")
        tab.goto("/donnees/deliberations/graphique")
        expect(tab.get_by_role("main").locator("svg").first).to_be_visible()
        tab.goto("/donnees/deliberations/carte")
        expect(tab.get_by_role("main")).to_contain_text("Olivette")
        tab.goto("/donnees/deliberations")
        expect(tab.get_by_role("main")).to_contain_text("Conforme au schéma")
        tab.goto(f"{here}/versions")
        with tab.expect_download() as awaited:
            tab.get_by_role("link", name="Télécharger la version 1").click()
        assert awaited.value.path().read_text("utf-8-sig").count("DEL-") == 28
        assert looked_at(looking, published, f"{here}/versions") == {}
    assert browser.faults == []
