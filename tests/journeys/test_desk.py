"""An agent goes through their queue by the keyboard, in a real browser; the pages of the desk have no fault."""

import os
from datetime import timedelta

import pytest
from django.conf import settings

from lacydon.capabilities.requests.actions import assigning, documents, messages, notes, views
from lacydon.capabilities.requests.models import Request, Step
from lacydon.config.commands.folder import load
from lacydon.kernel.clock import now
from tests.browser import Browser
from tests.capabilities.requests import made
from tests.capabilities.trust import people
from tests.capabilities.trust.helping import named_agent

from .pages import Page
from .visit import STILL, faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = (
    "Le bac jaune du 12, rue des Lices n’a pas été vidé depuis deux semaines.",
    "Le lampadaire devant l’école ne s’allume plus.",
    "Un dépôt de gravats bloque le trottoir.",
    "La grille de l’avaloir est cassée.",
)
TITLES = ("Bac non vidé", "Éclairage en panne", "Dépôt sauvage", "Voirie abîmée")


@pytest.fixture
def served(transactional_db, territory_folder, capsys, live_server, chromium):
    """A queue with something of everything; the browser, the agent's cookie, the numbers in the order of the queue."""
    assert load(territory_folder) == 0, capsys.readouterr().out
    body = people.organisation(made.BODY)
    person = people.agent(organisation=body, roles=("requests.agent", "requests.manager"))
    colleague = people.agent(organisation=body, roles=("requests.agent",))
    named_agent(person, organisation=made.BODY, given="Inès", family="Roux")
    named_agent(colleague, organisation=made.BODY, given="Yanis", family="Colin")
    actor = people.actor(person, organisation=made.BODY)
    numbers = []
    for at, (title, words) in enumerate(zip(TITLES, WORDS, strict=True)):
        form = made.form(f"forme-{at}", title={"fr": title, "en": title}, promised="P10D")
        row = made.opened(actor=made.resident(), form=form, words=words).request
        Request.objects.filter(pk=row.pk).update(
            due_at=now() + timedelta(days=3 * at - 4), opened_at=now() - timedelta(days=8 - at)
        )
        numbers.append(row.number)
    assigning.take(actor=actor, number=numbers[1])
    assigning.assign(actor=actor, number=numbers[2], to=str(colleague.pk))
    messages.send_message(actor=actor, number=numbers[1], words="Bonjour, une équipe passe jeudi.")
    notes.add_note(actor=actor, number=numbers[1], words="Prévenir le gardien de l’école.")
    documents.ask_document(
        actor=actor, number=numbers[3], revision=0, what="Une photo", why="", until=now().date() + timedelta(days=9)
    )
    views.save_view(actor=actor, name="Mes retards", query="vue=retard&agent=moi")
    views.save_answer(actor=actor, title="Bien reçu", text="Bonjour,\nvotre demande {numero} est arrivée.\n{agent}")
    client = people.signed_in(people.visitor(), person, organisation=made.BODY)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    browser = Browser(chromium=chromium, url=live_server.url)
    return browser, cookie | {"url": browser.url}, numbers


def test_the_pages_of_the_desk_have_no_fault(served):
    browser, cookie, numbers = served
    folder = os.environ.get("SCREENSHOTS", "")
    paths = (
        "/agent/demandes", "/agent/demandes?source=open311", f"/agent/demandes/{numbers[1]}", "/agent/demandes/vues",
        "/agent/demandes/reponses", "/agent/tableau",
    )  # fmt: skip
    wrong = {}
    with browser.context(**STILL) as visitor:
        visitor.add_cookies([cookie])
        for at, path in enumerate(paths):
            faults, _title, heading = faults_of(visitor.new_page(), Page(path, path), lang="fr")
            # The server of the tests compresses nothing: what is sent is weighed on the product's own pages.
            faults = [fault for fault in faults if "bytes" not in fault]
            if faults or not heading:
                wrong[path] = faults[:6]
            for width in (360, 1280) if folder else ():
                tab = visitor.new_page()
                tab.set_viewport_size({"width": width, "height": 900})
                tab.goto(path)
                tab.screenshot(path=f"{folder}/desk-{at}-{width}.png", full_page=True)
    assert wrong == {}
    assert browser.faults == []


def test_an_agent_goes_through_the_queue_by_the_keyboard(served):
    browser, cookie, numbers = served
    with browser.context(**STILL) as visitor:
        visitor.add_cookies([cookie])
        tab = visitor.new_page()
        tab.goto("/agent/demandes")
        keys = tab.keyboard
        keys.press("?")
        assert tab.locator("dialog").is_visible()
        keys.press("Escape")
        # The first of the queue is the latest; it is taken from the list, without opening it.
        keys.press("j")
        assert numbers[0] in tab.locator("[data-row]:focus-within").inner_text()
        keys.press("a")
        tab.wait_for_url(f"**/agent/demandes/{numbers[0]}*")
        assert Request.objects.get(number=numbers[0]).state == "in-progress"
        # On to the next; what is typed in a field is text, not a shortcut.
        keys.press("j")
        tab.wait_for_url(f"**/agent/demandes/{numbers[1]}*")
        keys.press("n")
        keys.type("jadis, un mot")
        assert tab.locator("#note-words").input_value() == "jadis, un mot"
        tab.get_by_role("button", name="Garder la note").press("Enter")
        tab.get_by_role("status").filter(has_text="La note est gardée").wait_for()
        assert Step.objects.filter(kind="note", request__number=numbers[1]).count() == 2
        # Turned off, letters do nothing; the links are still there.
        keys.press("?")
        tab.get_by_label("Raccourcis actifs").uncheck()
        keys.press("Escape")
        keys.press("u")
        assert numbers[1] in tab.url
        tab.get_by_role("link", name="La file").click()
        tab.wait_for_url("**/agent/demandes")
    assert browser.faults == []
