"""Residents are told of each step once, by what they chose, at hours they chose, whatever is killed in between."""

import json
import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import translation
from django_tasks_db.models import DBTaskResult

from lacydon.capabilities.requests.actions import decisions, documents, messages, notifications, retention, telling
from lacydon.capabilities.requests.jobs import telling as jobs
from lacydon.capabilities.requests.models import Preferences, PushSubscription, Request, Step, Telling
from lacydon.capabilities.requests.queries.notifications import Choices, stop_token
from lacydon.capabilities.trust.models import ContactKind, ContactPoint
from lacydon.capabilities.trust.queries.contacts import contact_place
from lacydon.capabilities.trust.queries.keys import seal_for
from lacydon.kernel import clock, plugs, webpush
from lacydon.kernel.errors import Unavailable
from lacydon.kernel.http import HttpClient
from lacydon.kernel.texting import TextRefused
from tests.capabilities.requests import made
from tests.capabilities.trust import people
from tests.kernel.http.test_client import send, server  # noqa: F401
from tests.kernel.test_webpush import Browser

pytestmark = pytest.mark.django_db
NADIA, PHONE = "nadia@exemple.fr", "06 12 34 56 78"


@pytest.fixture(autouse=True)
def in_french():
    """As jobs are: the page of another test may have left another language in this thread."""
    with translation.override("fr"):
        yield


@pytest.fixture
def post(settings, tmp_path, django_capture_on_commit_callbacks):
    """What happens after a commit, then the letters that were written, to whom and in plain words."""
    settings.HOME, settings.PUBLIC_URL = tmp_path, "https://lacydon.example"
    read: set[Path] = set()

    def letters(do) -> list[tuple[str, str, str]]:
        with django_capture_on_commit_callbacks(execute=True):
            do()
        new = sorted(set((tmp_path / "mail").glob("*.eml")) - read, key=lambda path: path.stat().st_mtime_ns)
        read.update(new)
        found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in new]
        return [(each["To"], each["Subject"], each.get_body(("plain",)).get_content()) for each in found]

    return letters


def reachable(person, *, phone: str = "") -> None:
    for kind, value in ((ContactKind.EMAIL, NADIA), (ContactKind.PHONE, phone)):
        if value:
            sealed = seal_for(person.pk, value, place=contact_place(person=person.pk, kind=kind))
            ContactPoint.objects.create(
                person=person, kind=kind, sealed=sealed, verified_at=clock.now(), changed_at=clock.now()
            )


@pytest.fixture
def nadia():
    person = people.resident()
    reachable(person, phone=PHONE)
    return people.actor(person)


def tell(number: str, later=lambda telling, moment: None) -> int:
    return telling.tell(Request.objects.get(number=number).pk, later=later)


def test_a_decision_is_told_by_mail_without_saying_what_it_is(nadia, post):
    number = made.opened(actor=nadia, words="canari").request.number
    assert post(lambda: tell(number)) == []  # the receipt tells that it came
    decisions.decide(actor=made.agent(), number=number, revision=None, outcome="refused", reason="secret")
    ((to, subject, words),) = post(lambda: tell(number))
    assert to == NADIA and number in subject and "a sa réponse" in subject
    assert f"https://lacydon.example/mon-espace/demandes/{number}" in words
    assert "/avis/" in words and "/arreter/" in words
    assert not re.search("canari|secret|refus", words + subject, re.IGNORECASE)
    assert post(lambda: tell(number)) == []
    assert not Step.objects.filter(told_at=None).exists()


def test_how_it_went_is_asked_once_by_the_message_that_tells_the_end(nadia, post):
    number, agent = made.opened(actor=nadia).request.number, made.agent()
    messages.send_message(actor=agent, number=number, words="Bonjour")
    assert "/avis/" not in post(lambda: tell(number))[0][2]
    decisions.decide(actor=agent, number=number, revision=None, outcome="accepted", reason="")
    assert "/avis/" in post(lambda: tell(number))[0][2]
    messages.send_message(actor=agent, number=number, words="Encore un mot")
    assert "/avis/" not in post(lambda: tell(number))[0][2]


def test_several_news_are_one_letter_whose_subject_is_what_matters_most(nadia, post):
    number, agent = made.opened(actor=nadia).request.number, made.agent()
    messages.send_message(actor=agent, number=number, words="a")
    documents.ask_document(
        actor=agent, number=number, revision=None, what="Acte", until=clock.today() + timedelta(days=9)
    )
    ((_to, subject, words),) = post(lambda: tell(number))
    assert "On attend votre réponse" in subject
    assert "vous a écrit" in words and "Dernier jour" in words and "Acte" not in words


def test_nobody_is_told_of_what_they_did_themselves(nadia, post):
    number = made.opened(actor=nadia).request.number
    messages.send_message(actor=nadia, number=number, words="a")
    assert post(lambda: tell(number)) == []


def test_who_has_no_account_is_told_at_the_address_they_left_in_their_language(post):
    opened = made.opened(contact={"email": "sans@exemple.fr", "lang": "en"})
    messages.send_message(actor=made.agent(), number=opened.request.number, words="a")
    ((to, _subject, words),) = post(lambda: tell(opened.request.number))
    assert to == "sans@exemple.fr"
    assert f"/en/suivi?numero={opened.request.number}&code={opened.secret}" in words


def test_a_commit_tells_and_a_step_whose_event_was_lost_is_found_by_the_next(nadia, post, monkeypatch):
    lost, number = (made.opened(actor=nadia).request.number for _turn in range(2))
    messages.send_message(actor=made.agent(), number=lost, words="perdu")  # its process died before the listeners
    Step.objects.update(at=clock.now() - timedelta(hours=1))
    post(lambda: messages.send_message(actor=made.agent(), number=number, words="a"))
    queued = DBTaskResult.objects.filter(task_path__endswith="jobs.telling.tell")
    assert [each.args_kwargs["kwargs"] for each in queued] == [{"request": str(Request.objects.get(number=number).pk)}]
    letters = post(lambda: jobs.tell.func(request=str(Request.objects.get(number=number).pk)))
    assert sorted(re.search(r"R-\d{4}-\w{6}", subject)[0] for _to, subject, _words in letters) == sorted([lost, number])


def test_killed_before_its_commit_it_tells_again_once(nadia, post, monkeypatch):
    number = made.opened(actor=nadia).request.number
    messages.send_message(actor=made.agent(), number=number, words="a")
    with monkeypatch.context() as patch:
        patch.setattr(telling.trust, "record", lambda **_kwargs: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            tell(number)
    assert Step.objects.filter(told_at=None).exists()
    assert len(post(lambda: tell(number))) == 1


class Gateway:
    def __init__(self) -> None:
        self.sent: list = []
        self.fails: list[Exception] = []

    def is_on(self) -> bool:
        return True

    def send(self, text) -> str:
        if self.fails:
            raise self.fails.pop()
        self.sent.append(text)
        return "1"


@pytest.fixture
def gateway():
    made_ = Gateway()
    with plugs.texters.temporarily("sms_http", lambda: made_):
        yield made_


def chosen(actor, *wanted: str, quiet=(0, 0)) -> None:
    notifications.choose(actor=actor, wanted=wanted, quiet_from=quiet[0], quiet_until=quiet[1])


def test_a_text_goes_to_who_asked_for_it_and_says_nothing_of_their_life(nadia, post, gateway):
    chosen(nadia, "sms:waiting")
    number, agent = made.opened(actor=nadia).request.number, made.agent()
    messages.send_message(actor=agent, number=number, words="a")
    assert post(lambda: tell(number)) == [] and not Telling.objects.exists()
    documents.ask_document(actor=agent, number=number, revision=None, what="Acte de divorce")
    tell(number)
    row = Telling.objects.get()
    telling.send(row.pk)
    telling.send(row.pk)
    (text,) = gateway.sent
    assert (text.to, text.reference) == ("+33612345678", str(row.pk))
    assert number in text.words and "divorce" not in text.words and "https://lacydon.example/mon-espace" in text.words


def test_a_gateway_that_is_down_is_asked_again_with_the_same_reference(nadia, gateway):
    chosen(nadia, "sms:message")
    number = made.opened(actor=nadia).request.number
    messages.send_message(actor=made.agent(), number=number, words="a")
    tell(number)
    row = Telling.objects.get()
    gateway.fails = [Unavailable("down")]
    with pytest.raises(Unavailable):
        telling.send(row.pk)
    telling.send(row.pk)
    assert [each.reference for each in gateway.sent] == [str(row.pk)]
    row.refresh_from_db()
    assert row.outcome == "sent"


def test_what_a_gateway_refuses_or_comes_too_late_is_not_tried_again(nadia, gateway, monkeypatch):
    chosen(nadia, "sms:message")
    for age, fails, outcome in ((timedelta(), [TextRefused("no")], "refused"), (timedelta(days=3), [], "too-late")):
        number = made.opened(actor=nadia).request.number
        messages.send_message(actor=made.agent(), number=number, words="a")
        tell(number)
        row = Telling.objects.get(sent_at=None)
        Telling.objects.filter(pk=row.pk).update(made_at=clock.now() - age)
        gateway.fails = fails
        telling.send(row.pk)
        row.refresh_from_db()
        assert row.outcome == outcome
    assert gateway.sent == []


def test_texts_and_notifications_wait_for_the_morning(nadia, gateway):
    chosen(nadia, "sms:message", quiet=(21, 8))
    number = made.opened(actor=nadia).request.number
    messages.send_message(actor=made.agent(), number=number, words="a")
    when = []
    tell(number, later=lambda _telling, moment: when.append(moment))
    here = clock.now().astimezone(clock.LOCAL)
    assert (when[0] is None) == (8 <= here.hour < 21)


@pytest.mark.parametrize(
    ("hours", "utc", "expected"),
    [
        ((21, 8), datetime(2026, 11, 28, 20, 0, tzinfo=UTC), "2026-11-29T08:00"),
        ((21, 8), datetime(2026, 11, 28, 3, 0, tzinfo=UTC), "2026-11-28T08:00"),
        ((21, 8), datetime(2026, 11, 28, 7, 0, tzinfo=UTC), None),
        ((12, 14), datetime(2026, 7, 1, 10, 30, tzinfo=UTC), "2026-07-01T14:00"),
        ((12, 12), datetime(2026, 7, 1, 10, 30, tzinfo=UTC), None),
    ],
)
def test_quiet_hours_are_those_of_the_place(hours, utc, expected):
    found = Choices(quiet_from=hours[0], quiet_until=hours[1]).not_before(utc)
    assert (found.isoformat()[:16] if found else None) == expected


@pytest.fixture
def browser(server, monkeypatch):  # noqa: F811
    client = HttpClient(name="web-push", allowed=[server.host], retries=0)
    monkeypatch.setattr(webpush, "client", client)
    monkeypatch.setattr(
        webpush, "urlsplit", lambda url: urlsplit(url.replace("http:", "https:"))
    )  # a server without TLS
    server.bodies = []

    def reply(handler):
        server.bodies.append(handler.body)
        send(handler, 201, b"")

    server.reply = reply
    made_ = Browser(f"{server.url}/push/one")
    made_.server = server
    yield made_
    client.close()


def told(browser) -> dict:
    sub = browser.subscription
    return {"endpoint": sub.endpoint, "keys": {"p256dh": sub.p256dh, "auth": sub.auth}}


def test_a_browser_that_signed_up_is_told_and_forgotten_when_it_is_gone(nadia, browser):
    number = made.opened(actor=nadia).request.number
    row = notifications.subscribe(actor=nadia, told=told(browser), browser="Firefox, Linux")
    notifications.subscribe(actor=nadia, told=told(browser))
    assert PushSubscription.objects.count() == 1 and browser.subscription.endpoint.encode() not in bytes(row.sealed)
    messages.send_message(actor=made.agent(), number=number, words="secret")
    tell(number)
    made_ = Telling.objects.get()
    telling.send(made_.pk)
    (body,) = browser.server.bodies
    shown = browser.open(body)
    assert shown["tag"] == number and shown["url"] == f"/mon-espace/demandes/{number}" and "secret" not in str(shown)
    assert browser.server.asked[0][2]["Topic"] == made_.pk.hex
    browser.server.reply = lambda handler: send(handler, 410, b"")
    messages.send_message(actor=made.agent(), number=number, words="b")
    tell(number)
    telling.send(Telling.objects.get(sent_at=None).pk)
    assert not PushSubscription.objects.exists()


def test_the_page_of_preferences_is_what_is_told(nadia, post):
    person = nadia.person
    client = people.signed_in(people.visitor(), people.Person.objects.get(pk=person))
    page = client.get("/mon-espace/notifications").content.decode()
    assert page.count("checked") == 4 and "SMS" not in page
    client.post("/mon-espace/notifications", {"wanted": ["email:decision"], "quiet_from": "22", "quiet_until": "7"})
    row = Preferences.objects.get()
    pushes = [each for each in row.wanted if each.startswith("push:")]  # not offered on this page: kept
    assert (row.wanted, row.quiet_from, str(row.person_id)) == (["email:decision", *pushes], 22, person)
    assert client.post("/mon-espace/notifications", {"wanted": ["fax:decision"]}).status_code == 422
    assert client.post("/mon-espace/notifications", {"quiet_from": "99"}).status_code == 422
    number = made.opened(actor=nadia).request.number
    messages.send_message(actor=made.agent(), number=number, words="a")
    assert post(lambda: tell(number)) == []


def test_a_browser_signs_up_by_the_page_and_nonsense_is_refused(nadia, browser):
    client = people.signed_in(people.visitor(), people.Person.objects.get(pk=nadia.person))
    address = "/mon-espace/notifications/appareils"
    assert client.post(address, {"subscription": json.dumps(told(browser))}).status_code == 204
    for wrong in ("", "{", "[]", '{"endpoint": "https://127.0.0.1/"}', " " * 5000):
        assert client.post(address, {"subscription": wrong}).status_code == 422
    row = PushSubscription.objects.get()
    assert "Par courriel" in client.get("/mon-espace/notifications").content.decode()
    stranger = people.signed_in(people.visitor(), people.resident())
    stranger.post(f"{address}/{row.pk}/oublier")
    assert PushSubscription.objects.exists()
    client.post(f"{address}/{row.pk}/oublier")
    assert not PushSubscription.objects.exists()


def test_one_click_of_a_message_stops_all_but_what_may_cost_a_right_and_a_second_all(nadia, post, client):
    number, agent = made.opened(actor=nadia).request.number, made.agent()
    link = f"/suivi/{number}/arreter/{stop_token(Request.objects.get())}"
    assert client.get(link).status_code == 200 and not Preferences.objects.exists()
    client.post(link)
    messages.send_message(actor=agent, number=number, words="a")
    assert post(lambda: tell(number)) == []
    documents.ask_document(actor=agent, number=number, revision=None, what="Acte")
    assert len(post(lambda: tell(number))) == 1
    client.post(link, {"tout": "1"})
    decisions.decide(actor=agent, number=number, revision=None, outcome="accepted", reason="")
    assert post(lambda: tell(number)) == []
    assert client.post(f"/suivi/{number}/arreter/{'0' * 32}").status_code == 404


def test_who_has_no_account_chooses_for_one_request(client, post):
    opened = made.opened(contact={"email": "sans@exemple.fr"})
    number = opened.request.number
    client.post("/suivi", {"numero": number, "code": opened.secret})
    assert client.get(f"/suivi/{number}/prevenir").status_code == 200
    client.post(f"/suivi/{number}/prevenir", {"wanted": ["email:waiting"]})
    assert Preferences.objects.get().request_id == opened.request.pk
    messages.send_message(actor=made.agent(), number=number, words="a")
    assert post(lambda: tell(number)) == []


def test_what_was_chosen_goes_with_the_person_and_what_was_sent_after_a_month(nadia, browser):
    notifications.subscribe(actor=nadia, told=told(browser))
    chosen(nadia, "push:message")
    number = made.opened(actor=nadia).request.number
    messages.send_message(actor=made.agent(), number=number, words="a")
    tell(number)
    row = Telling.objects.get()
    Telling.objects.update(made_at=clock.now() - timedelta(days=31))
    retention.purge(clock.now())
    assert not Telling.objects.filter(pk=row.pk).exists() and PushSubscription.objects.exists()
    retention.erase(nadia.person)
    assert not PushSubscription.objects.exists() and not Preferences.objects.exists()
