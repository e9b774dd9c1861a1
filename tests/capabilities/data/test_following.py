"""Following a dataset: by e-mail without an account, by a call to a machine, by a feed; reuses, shown once agreed to."""

import json
import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from lacydon.capabilities.data.actions import following as acts
from lacydon.capabilities.data.actions import reuses as shows
from lacydon.capabilities.data.jobs import following as jobs
from lacydon.capabilities.data.models import Dataset, Hook, Reuse, Subscription
from lacydon.capabilities.data.queries import following, personal, reuses
from lacydon.capabilities.data.queries.requesting import SERVICE
from lacydon.kernel import plugs
from lacydon.kernel.cards import Card
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, NotFound, TooManyRequests
from lacydon.kernel.http import Answer, OutsideUnavailable
from lacydon.kernel.webhooks import proven_id
from tests.capabilities.trust import people
from tests.capabilities.trust.helping import verified_contact
from tests.capabilities.trust.people import signed_in, visitor
from tests.markup import read

from .harbour import MARKETS, published

pytestmark = pytest.mark.django_db
AGAIN = MARKETS.replace("120", "121")


def words(answer):
    """What a page says, read strictly."""
    return read(answer.content.decode()).words


@pytest.fixture
def letters(settings, tmp_path, django_capture_on_commit_callbacks):
    """What was written to whom, once the test says the transaction is over."""
    settings.HOME = Path(settings.HOME)

    def read(act):
        folder = settings.HOME / "mail"
        before = set(folder.glob("*.eml")) if folder.exists() else set()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        found = [each for each in folder.glob("*.eml") if each not in before] if folder.exists() else []
        return [message_from_bytes(each.read_bytes(), policy=policy.default) for each in found]

    return read


def link(letter, name):
    return re.search(rf"/donnees/suivi/{name}/([\w-]+)", letter.get_body(("plain",)).get_content())[1]


@pytest.fixture
def follower(letters):
    published()
    (letter,) = letters(lambda: acts.follow(id="marches", address="Lea@example.org", network="n"))
    secret = link(letter, "confirmer")
    visitor().post(f"/donnees/suivi/confirmer/{secret}")
    return secret


def test_an_address_follows_once_confirmed_and_is_told_once(letters):
    published()
    (letter,) = letters(lambda: acts.follow(id="marches", address="lea@example.org", network="n"))
    assert letter["To"] == "lea@example.org"
    row = Subscription.objects.get()
    assert b"lea@example.org" not in bytes(row.address) and row.confirmed_at is None
    published(sql=AGAIN)
    assert letters(lambda: jobs.tell.func(dataset="marches", number=2)) == []
    secret = link(letter, "confirmer")
    assert "Oui" in words(visitor().get(f"/donnees/suivi/confirmer/{secret}"))
    assert Subscription.objects.get().confirmed_at is None, "looking at a link confirms nothing"
    assert visitor().post(f"/donnees/suivi/confirmer/{secret}").status_code == 200
    (told,) = letters(lambda: jobs.tell.func(dataset="marches", number=2))
    assert "Version 2" in told.get_body(("plain",)).get_content()
    assert letters(lambda: jobs.tell.func(dataset="marches", number=2)) == []


def test_one_click_in_the_mail_program_ends_it(follower, letters):
    published(sql=AGAIN)
    (told,) = letters(lambda: jobs.tell.func(dataset="marches", number=2))
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = told["List-Unsubscribe"].strip("<>")
    path = re.search(r"/donnees/suivi/fin/[\w-]+", address)[0]
    from django.test import Client

    machine = Client()  # a mail program: no cookie, no Sec-Fetch-Site, no Origin
    assert machine.get(path).status_code == 200 and Subscription.objects.exists()
    assert machine.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.exists()
    assert machine.get(path).status_code == 404


def test_who_follows_already_is_told_so_by_mail_alone(follower, letters):
    (letter,) = letters(lambda: acts.follow(id="marches", address="lea@example.org", network="n"))
    assert "déjà" in letter["Subject"]
    assert Subscription.objects.filter(confirmed_at__isnull=False).count() == 1
    page = visitor().post("/donnees/marches/suivre", {"address": "lea@example.org"})
    assert "Un message vient de partir" in words(page)


def test_a_wrong_address_and_too_many_are_refused():
    published()
    answer = visitor().post("/donnees/marches/suivre", {"address": "lea"})
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.content.decode()
    for _turn in range(5):
        acts.follow(id="marches", address="lea@example.org", network="n")
    with pytest.raises(TooManyRequests):
        acts.follow(id="marches", address="lea@example.org", network="n")


def test_an_address_belongs_to_whoever_proved_it(follower):
    person = people.resident()
    verified_contact(person, "lea@example.org")
    assert "lea@example.org" in json.dumps(personal.export(str(person.pk)), default=str).lower()
    assert list(acts.erase(str(person.pk))) == [] and not Subscription.objects.exists()


def test_what_nobody_confirms_is_forgotten(letters):
    published()
    letters(lambda: acts.follow(id="marches", address="lea@example.org", network="n"))
    assert acts.purge(now()) == 0
    assert acts.purge(now() + acts.UNCONFIRMED * 2) == 1 and not Subscription.objects.exists()


# Calls to machines.


@pytest.fixture
def agent():
    return people.agent(organisation=people.organisation("ville"), roles=("data.publisher",))


@pytest.fixture
def machine(monkeypatch):
    """What it was sent, and what it answers."""
    sent, answers = [], []

    def request(method, url, *, headers, content):
        sent.append((url, headers, content))
        answer = answers.pop(0) if answers else 204
        if isinstance(answer, Exception):
            raise answer
        return Answer(url=url, status=answer, headers={}, content=b"")

    monkeypatch.setattr(acts.client, "request", request)
    return sent, answers


@pytest.fixture
def hook(agent):
    published()
    actor = people.actor(agent, organisation="ville")
    row, secret = acts.make_hook(actor=actor, id="marches", url="https://hooks.example/a")
    published(sql=AGAIN)
    return row, secret


def test_a_machine_is_told_once_with_a_signature(hook, machine):
    row, secret = hook
    sent, _answers = machine
    acts.call(hook=row.pk, number=2)
    acts.call(hook=row.pk, number=2)
    ((url, headers, body),) = sent
    assert url == "https://hooks.example/a"
    assert proven_id(body, headers=headers, secret=secret) == "marches@2"
    assert json.loads(body)["data"]["number"] == 2
    row.refresh_from_db()
    assert (row.told, row.failures) == (2, 0) and secret.encode() not in bytes(row.secret)


def test_a_machine_that_fails_is_tried_again_then_left_alone(hook, machine, agent):
    row, _secret = hook
    sent, answers = machine
    answers[:] = [500, OutsideUnavailable("elle ne répond pas"), 204]
    for expected in (1, 2):
        with pytest.raises(acts.CallFailed):
            acts.call(hook=row.pk, number=2)
        assert Hook.objects.get().failures == expected
    acts.call(hook=row.pk, number=2)
    assert (Hook.objects.get().failures, Hook.objects.get().told) == (0, 2)
    Hook.objects.update(told=1, failures=following.STOPPED_AFTER - 1)
    answers[:] = [503]
    acts.call(hook=row.pk, number=2)
    assert Hook.objects.get().stopped_at is not None
    acts.call(hook=row.pk, number=2)
    assert len(sent) == 4, "called no more"
    page = signed_in(visitor(), agent, organisation="ville").get("/agent/appels")
    assert "Arrêté le" in words(page) and "503" in words(page)
    acts.resume_hook(actor=people.actor(agent, organisation="ville"), hook=Hook.objects.get())
    acts.call(hook=row.pk, number=2)
    assert len(sent) == 5 and Hook.objects.get().told == 2


def test_a_machine_that_is_gone_is_not_called_again(hook, machine):
    machine[1][:] = [410]
    acts.call(hook=hook[0].pk, number=2)
    assert Hook.objects.get().stopped_at is not None


def test_a_machine_learns_nothing_of_what_became_private(agent, machine):
    published()
    other = people.agent(organisation=people.organisation("autre"), roles=("data.reader",))
    row, _secret = acts.make_hook(
        actor=people.actor(other, organisation="autre"), id="marches", url="https://hooks.example/b"
    )
    published(sql=AGAIN)
    Dataset.objects.update(access="private")
    acts.call(hook=row.pk, number=2)
    assert machine[0] == []


@pytest.mark.parametrize("url", ["http://x.example", "https://a:b@x.example", "ftp://x", "https://"])
def test_only_a_plain_https_address_is_called(agent, url):
    published()
    with pytest.raises(BadInput):
        acts.make_hook(actor=people.actor(agent, organisation="ville"), id="marches", url=url)


# Reuses.

PROPOSED = {
    "title": "Carte des marchés", "description": "Une carte des marchés, mise à jour chaque semaine.",
    "url": "https://carte.example/", "author": "Léa", "kind": "visualisation", "datasets": ["marches"],
}  # fmt: skip


def test_a_reuse_is_shown_once_an_agent_agreed(agent):
    published()
    assert visitor().get("/donnees/reutilisations/proposer?jeu=marches").status_code == 200
    answer = visitor().post("/donnees/reutilisations/proposer", PROPOSED)
    assert "Un agent va la relire" in words(answer)
    assert reuses.reuses_of("marches") == [] and "Carte des marchés" not in words(
        visitor().get("/donnees/reutilisations")
    )
    client = signed_in(visitor(), agent, organisation="ville")
    page = client.get("/agent/reutilisations")
    assert "Carte des marchés" in words(page)
    token = page.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    address = f"/agent/reutilisations/{Reuse.objects.get().pk}"
    client.post(address, {"faire": "montrer", "csrfmiddlewaretoken": token})
    assert [each.title for each in reuses.reuses_of("marches")] == ["Carte des marchés"]
    assert "Carte des marchés" in words(visitor().get("/donnees/reutilisations?type=visualisation"))
    assert "Carte des marchés" in words(visitor().get("/donnees/marches/reutilisations"))
    assert "Carte des marchés" not in words(visitor().get("/donnees/reutilisations?type=article"))


def test_the_agents_of_others_neither_see_nor_decide(agent):
    published()
    made = shows.propose_reuse(**PROPOSED, network="n")
    other = people.agent(organisation=people.organisation("autre"), roles=("data.publisher",))
    actor = people.actor(other, organisation="autre")
    assert reuses.proposed(actor) == []
    with pytest.raises(NotFound):
        shows.review_reuse(actor=actor, id=made.pk, show=True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"), ({"description": "court"}, "description"), ({"url": "javascript:alert(1)"}, "url"),
        ({"author": ""}, "author"), ({"kind": "autre"}, "kind"), ({"datasets": ["inconnu"]}, "datasets"),
    ],
)  # fmt: skip
def test_a_proposal_says_everything(changes, field):
    published()
    answer = visitor().post("/donnees/reutilisations/proposer", PROPOSED | changes)
    assert answer.status_code == 422 and f'id="{field}"' in answer.content.decode()
    assert not Reuse.objects.exists()


def test_proposals_are_counted():
    published()
    for turn in range(5):
        shows.propose_reuse(**(PROPOSED | {"title": f"Carte {turn}"}), network="n")
    with pytest.raises(TooManyRequests):
        shows.propose_reuse(**PROPOSED, network="n")


def test_missing_data_is_asked_for_by_a_procedure_of_the_territory():
    published()
    assert visitor().get("/donnees/marches/demander").status_code == 404
    card = Card(label="x", address="/demarches/x", form="x")
    with plugs.service_cards.temporarily("test", lambda service, _place: card if service.id == SERVICE else None):
        assert visitor().get("/donnees/marches/demander")["Location"] == "/demarches/x"
        assert visitor().get("/donnees/demander").status_code == 302
