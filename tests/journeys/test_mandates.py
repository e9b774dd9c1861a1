"""The pages of mandates in a real browser: axe in light and dark, focus, small screens, large text, weight."""

import os

import pytest
from django.conf import settings

from lacydon.capabilities.trust.actions import mandates
from lacydon.capabilities.trust.actions.mandates.codes import stop_code
from lacydon.config.commands.folder import load
from tests.browser import Browser
from tests.capabilities.trust import people
from tests.capabilities.trust.helping import Help, named_agent, terms

from .pages import Page
from .visit import STILL, faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def served(transactional_db, territory_folder, capsys, live_server, chromium):
    """A place of help with mandates in every state; (browser, cookies of the resident and of the helper, addresses)."""
    assert load(territory_folder) == 0, capsys.readouterr().out
    help_ = Help()
    named_agent(help_.zoe, organisation="maison", given="Zoé", family="Martin")
    held, old = help_.confirmed(themes=["logement", "famille"]), help_.given()
    mandates.revoke(actor=help_.me, reference=old.reference)
    with mandates.acting(actor=help_.in_hand(held), action="proof.give", named="proof:1", purpose="logement"):
        pass
    written = mandates.propose(actor=help_.me, organisation="maison", terms=terms(easy=True))
    draft = help_.drafted()
    paper = mandates.prepare(actor=help_.colleague, terms=terms(), evidence="paper", paper="D1", name="Mme Roux")
    visitors = {
        "resident": people.signed_in(people.visitor(), help_.resident),
        "helper": people.signed_in(people.visitor(), help_.zoe, organisation="maison"),
    }
    pages = {
        "resident": (
            "/mon-espace/mandats", "/mon-espace/mandats/nouveau", "/mon-espace/mandats/nouveau/maison",
            "/mon-espace/mandats/code", "/mon-espace/mandats/declarer/enfant",
            f"/mon-espace/mandats/{held.reference}", f"/mon-espace/mandats/{written.reference}/lire",
            "/mandats/stop", f"/mandats/stop/{stop_code(held)}", "/mandats/fini",
        ),
        "helper": (
            "/agent/aide", "/agent/aide/preparer", "/agent/aide/guichet", f"/agent/aide/{draft.reference}",
            f"/agent/aide/{paper.reference}",
        ),
    }  # fmt: skip
    return Browser(chromium=chromium, url=live_server.url), visitors, pages


@pytest.mark.parametrize("who", ["resident", "helper"])
def test_the_pages_have_no_fault(served, who):
    browser, visitors, pages = served
    value = visitors[who].cookies[settings.SESSION_COOKIE_NAME].value
    folder = os.environ.get("SCREENSHOTS", "")
    wrong = {}
    with browser.context(**STILL) as visitor:
        visitor.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": browser.url}])
        for number, path in enumerate(pages[who]):
            faults, _title, heading = faults_of(visitor.new_page(), Page(path, path), lang="fr")
            # The server of the tests compresses nothing: what is sent is weighed on the product's own pages.
            faults = [fault for fault in faults if "bytes" not in fault]
            if faults or not heading:
                wrong[path] = faults[:6]
            for width in (360, 1280) if folder else ():
                tab = visitor.new_page()
                tab.set_viewport_size({"width": width, "height": 900})
                tab.goto(path)
                tab.screenshot(path=f"{folder}/{who}-{number}-{width}.png", full_page=True)
    assert wrong == {}
    assert browser.faults == []
