"""« My line, on weekdays 7–9 »: confirmed by a letter, told once of each state, stopped in one click, forgotten."""

import json
import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from lacydon.capabilities.mobility.actions import alerts as acts
from lacydon.capabilities.mobility.actions.disruptions import take_in
from lacydon.capabilities.mobility.jobs import alerts as jobs
from lacydon.capabilities.mobility.models import AlertSubscription, AlertTold, Disruption
from lacydon.capabilities.mobility.queries.alerts import subscriptions
from lacydon.capabilities.mobility.queries.live.alerts import Alert, Effect, Named
from lacydon.kernel import clock, plugs
from lacydon.kernel.http import OutsideUnavailable
from lacydon.kernel.webpush import SubscriptionGone
from tests.capabilities.trust import people
from tests.capabilities.trust.people import visitor

from .networks import network_in_force

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 30, 6, 30, tzinfo=UTC)  # 7:30 where the residents live
PAGE = "/transports/alertes"


@pytest.fixture(autouse=True)
def network(tmp_path, settings, monkeypatch):
    settings.HOME = tmp_path
    settings.SNAPSHOT_SECONDS = 0
    made = network_in_force(tmp_path)
    held_at(monkeypatch, MONDAY)
    return made


def held_at(monkeypatch, moment: datetime) -> None:
    for module in (clock, acts, jobs):
        monkeypatch.setattr(module, "now", lambda: moment)


@pytest.fixture
def letters(tmp_path, django_capture_on_commit_callbacks):
    """What was written, once what was enqueued is done and the transaction is over."""

    def read(act=lambda: jobs.tell_what_is_new()):
        folder = tmp_path / "mail"
        before = set(folder.glob("*.eml")) if folder.exists() else set()
        with django_capture_on_commit_callbacks(execute=True):
            act()
            for telling in AlertTold.objects.filter(sent_at=None, due_at__lte=clock.now()):
                jobs.send.func(telling=telling.pk)
        found = sorted(set(folder.glob("*.eml")) - before) if folder.exists() else []
        return [message_from_bytes(each.read_bytes(), policy=policy.default) for each in found]

    return read


def typed(**changes) -> dict:
    facts = {
        "line": ["AMP:2"],
        "days": "semaine",
        "from": "420",
        "until": "540",
        "address": "Lea@example.org",
        "faire": "demander",
    }
    return facts | changes


def secret_in(letter, name: str) -> str:
    return re.search(rf"/transports/alertes/{name}/([\w-]+)", letter.get_body(("plain",)).get_content())[1]


def follow(letters, **changes) -> str:
    (letter,) = letters(lambda: visitor().post(PAGE, typed(**changes)))
    secret = secret_in(letter, "confirmer")
    visitor().post(f"{PAGE}/confirmer/{secret}")
    return secret


def alert(begin: datetime, hours: float = 5, **changes) -> Alert:
    facts = {
        "said_at": int(begin.timestamp()), "effect": Effect.DETOUR, "routes": (Named(id="AMP:2"),),
        "periods": ((int(begin.timestamp()), int((begin + timedelta(hours=hours)).timestamp())),),
        "header": {"fr": "Ligne 2 déviée"},
    }  # fmt: skip
    return Alert(id=changes.pop("id", "a"), source="rt", **(facts | changes))


def heard(*alerts: Alert, at: datetime = MONDAY) -> None:
    take_in(source="rt", alerts=alerts, at=at)


def test_an_address_is_told_once_of_each_state_after_it_was_confirmed(letters) -> None:
    (asked,) = letters(lambda: visitor().post(PAGE, typed()))
    assert asked["To"] == "Lea@example.org" and b"example.org" not in bytes(AlertSubscription.objects.get().sealed)
    heard(alert(MONDAY))
    assert letters() == [], "nobody confirmed"
    secret = secret_in(asked, "confirmer")
    assert "ligne 2, du lundi au vendredi de 7 h 00 à 9 h 00" in visitor().get(
        f"{PAGE}/confirmer/{secret}"
    ).content.decode().replace("\xa0", " ")
    assert AlertSubscription.objects.get().confirmed_at is None, "looking at a link confirms nothing"
    visitor().post(f"{PAGE}/confirmer/{secret}")
    (told,) = letters(lambda: jobs.tell_what_comes.func())
    assert told["Subject"] == "Ligne 2 déviée" and "List-Unsubscribe" in told
    assert letters() == [] and letters(lambda: jobs.tell.func(disruption=Disruption.objects.get().pk)) == []
    heard(alert(MONDAY, effect=Effect.NO_SERVICE))
    assert len(letters()) == 1
    heard()
    (over,) = letters()
    assert over["Subject"].startswith("Terminé")
    assert letters() == []


def test_only_what_meets_the_lines_the_days_and_the_hours_is_told(letters) -> None:
    follow(letters)
    heard(
        alert(MONDAY, id="other line", routes=(Named(id="AMP:1"),)),
        alert(MONDAY.replace(hour=9), 3, id="later in the day"),
        alert(MONDAY + timedelta(days=5), 5, id="saturday"),
    )
    assert letters() == []
    heard(alert(MONDAY + timedelta(days=1, hours=-2), 1.75, id="tomorrow, 5:30 to 7:15", header={"fr": "Demain"}))
    assert [each["Subject"] for each in letters()] == ["Demain"]


def test_works_of_next_month_are_told_a_week_before(letters, monkeypatch) -> None:
    follow(letters)
    begin = MONDAY + timedelta(days=21)
    heard(alert(begin))
    assert letters() == []
    held_at(monkeypatch, begin - timedelta(days=5))
    assert len(letters(lambda: jobs.tell_what_comes.func())) == 1


def test_nothing_leaves_at_night_but_for_a_journey_of_the_night(letters, monkeypatch) -> None:
    follow(letters)
    night = MONDAY.replace(hour=1)
    held_at(monkeypatch, night)
    heard(alert(night, 12), at=night)
    assert letters() == []
    assert AlertTold.objects.get().due_at == MONDAY.replace(hour=5, minute=0)
    held_at(monkeypatch, MONDAY.replace(hour=5, minute=1))
    assert len(letters()) == 1
    AlertSubscription.objects.update(from_minute=150, until_minute=240)
    assert subscriptions.not_before(meets=night + timedelta(minutes=30), when=night) == night


def test_one_click_stops_and_the_address_is_forgotten(letters) -> None:
    first = follow(letters)
    second = follow(letters, line=["AMP:1"])
    page = visitor().get(f"{PAGE}/gerer/{first}").content.decode()
    assert page.count('name="id"') == 2
    visitor().post(f"{PAGE}/fin/{second}")
    assert AlertSubscription.objects.count() == 1
    visitor().post(f"{PAGE}/gerer/{first}", {"faire": "tout"})
    assert not AlertSubscription.objects.exists() and not AlertTold.objects.exists()
    heard(alert(MONDAY))
    assert letters() == [] and visitor().get(f"{PAGE}/fin/{first}").status_code == 404


def test_a_browser_is_told_again_when_its_service_failed_and_forgotten_when_it_is_gone(letters, monkeypatch) -> None:
    told = {"endpoint": "https://push.example/abc", "keys": {"p256dh": KEY, "auth": "AAAAAAAAAAAAAAAAAAAAAA"}}
    visitor().post(PAGE, typed(address="", subscription=json.dumps(told)))
    heard(alert(MONDAY))
    sent = []

    def fails(*_args, **_how):
        raise OutsideUnavailable("non")

    monkeypatch.setattr(acts, "push", fails)
    with pytest.raises(OutsideUnavailable):
        letters()
    monkeypatch.setattr(
        acts, "push", lambda browser, message, *, topic: sent.append((browser.endpoint, message["title"]))
    )
    letters()
    letters()
    assert sent == [("https://push.example/abc", "Ligne 2 déviée")]

    def gone(*_args, **_how):
        raise SubscriptionGone("parti")

    monkeypatch.setattr(acts, "push", gone)
    heard(alert(MONDAY, effect=Effect.NO_SERVICE))
    letters()
    assert not AlertSubscription.objects.exists()


def test_what_was_never_confirmed_is_purged_and_an_account_finds_and_erases_its_own(letters) -> None:
    letters(lambda: visitor().post(PAGE, typed()))
    known = plugs.personal_data["mobility.disruptions"]()
    assert known.purge(MONDAY + timedelta(days=6)) == 0 and known.purge(MONDAY + timedelta(days=8)) == 1
    person = people.resident()
    acts.ask(
        lines=["AMP:2"], places=[], days=31, from_minute=420, until_minute=540, network="n", address="a@example.org",
        person=str(person.id),
    )  # fmt: skip
    (record,) = next(iter(known.export(str(person.id)).values()))
    assert "a@example.org" in record.values()
    known.erase(str(person.id))
    assert not AlertSubscription.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"line": []}, "Choisissez au moins une ligne"),
        ({"address": "nimporte"}, "Écrivez une adresse e-mail"),
        ({"days": ""}, "Choisissez au moins un jour"),
        ({"from": "540", "until": "540"}, "Dites de quelle heure"),
        ({"line": ["AMP:none"]}, "n’existe plus"),
    ],
)
def test_what_cannot_be_asked_is_said(changes, sentence) -> None:
    answer = visitor().post(PAGE, typed(**changes))
    assert answer.status_code == 422 and sentence in answer.content.decode().replace("\xa0", " ")


KEY = "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"
