"""A manager sees what their system did not take and replays it; a town hall without one answers by its secret link."""

import os

import pytest
from django.conf import settings as installation

from lacydon.capabilities.requests.models import Delivery, Request
from lacydon.capabilities.requests.ports import ParcelRefused, channels
from lacydon.capabilities.requests.queries import returns
from lacydon.kernel import jobs
from tests.browser import Browser
from tests.capabilities.requests import made
from tests.capabilities.requests.delivery import handing
from tests.capabilities.trust import people
from tests.capabilities.trust.helping import named_agent

from .pages import Page
from .visit import STILL, faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def theirs():
    side = handing.Theirs()
    with channels.only(side):
        handing.routes({"id": "olivette-rue"}, {"id": "olivette-ecoles", "services": ["cantine"]})
        yield side


def visit(visitor, path: str, name: str) -> list[str]:
    """The faults of a page, but its weight, which the server of the tests does not compress."""
    faults, _title, heading = faults_of(visitor.new_page(), Page(name, path), lang="fr")
    folder = os.environ.get("SCREENSHOTS", "")
    for width in (360, 1280) if folder else ():
        tab = visitor.new_page()
        tab.set_viewport_size({"width": width, "height": 900})
        tab.goto(path)
        tab.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
        tab.close()
    assert heading
    return [fault for fault in faults if "bytes" not in fault]


def test_what_did_not_pass_is_replayed_and_a_town_hall_answers(theirs, live_server, chromium, settings):
    settings.PUBLIC_URL = live_server.url
    browser = Browser(chromium=chromium, url=live_server.url)

    def refuse() -> None:
        raise ParcelRefused("Le serveur Open311 refuse cette demande : le champ SIZE manque.")

    rows = [
        handing.queued(form=made.form(f"forme-{at}", title={"fr": title, "en": title}))
        for at, title in enumerate(("Bac cassé", "Trou dans la chaussée"))
    ]
    theirs.behave = refuse
    jobs.work(once=True)
    theirs.behave = handing.away
    handing.queued(form=made.form("lampe", title={"fr": "Éclairage en panne", "en": "Broken lamp"}))
    jobs.work(once=True)
    theirs.behave = lambda: None
    person = people.agent(organisation=people.organisation(made.BODY), roles=("requests.manager",))
    named_agent(person, organisation=made.BODY, given="Inès", family="Roux")
    client = people.signed_in(people.visitor(), person, organisation=made.BODY)
    cookie = {"name": installation.SESSION_COOKIE_NAME, "value": client.cookies[installation.SESSION_COOKIE_NAME].value}
    with browser.context(**STILL, java_script_enabled=True) as visitor:
        visitor.add_cookies([cookie | {"url": browser.url}])
        assert visit(visitor, "/agent/livraisons", "deliveries") == []
        tab = visitor.new_page()
        tab.goto("/agent/livraisons")
        tab.get_by_role("button", name=f"Traiter {rows[0].request.number} ici").click()
        tab.get_by_role("status").filter(has_text="dans votre file").wait_for()
        tab.get_by_role("button", name=f"Rejouer {rows[1].request.number}").click()
        tab.get_by_role("status").filter(has_text="Elle repart maintenant").wait_for()
        tab.get_by_role("heading", name="Rien à décider").wait_for()
    jobs.work(once=True)
    assert [Delivery.objects.get(pk=row.pk).state for row in rows] == ["kept", "accepted"]

    page = returns.ways_back(Delivery.objects.get(pk=rows[1].pk)).page.removeprefix(live_server.url)
    with browser.context(**STILL, java_script_enabled=True) as visitor:
        assert visit(visitor, page, "answer") == []
    with browser.context(**STILL, java_script_enabled=False) as visitor:
        tab = visitor.new_page()
        tab.goto(page)
        tab.get_by_label("Nous ne pouvons pas le faire").check()
        tab.get_by_role("button", name="Répondre").click()
        tab.get_by_role("alert").filter(has_text="Dites pourquoi").wait_for()
        tab.get_by_label("C’est fait").check()
        tab.get_by_label("Un mot pour l’habitant").fill("Rebouché ce matin.")
        tab.get_by_role("button", name="Répondre").click()
        tab.get_by_role("status").filter(has_text="l’habitant le voit").wait_for()
    request = Request.objects.get(pk=rows[1].request_id)
    assert (request.state, request.outcome) == ("closed", "solved")
    assert [fault for fault in browser.faults if "422" not in fault] == []
