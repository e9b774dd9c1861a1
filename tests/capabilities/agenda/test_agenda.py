"""The agenda keeps every state of every object; a past date and a vote are read back exactly; nothing incoherent enters."""

import threading
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from lacydon.capabilities.agenda.models import Frozen, State
from lacydon.capabilities.agenda.public import (
    AlreadyFrozen,
    ChangedMeanwhile,
    NotCoherent,
    UnknownObject,
    Wanted,
    chart,
    freeze,
    write,
)
from lacydon.capabilities.agenda.queries.nouns import SHAPES, Action, Agenda, Budget, Object
from lacydon.capabilities.trust.models import Entry
from lacydon.kernel import clock
from lacydon.kernel.access import MACHINE

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def what_the_agenda_names(small_territory):
    """The authorities and the communes of the small territory."""


def _object(kind: str, **said: object) -> Object:
    return SHAPES[kind].model_validate({"title": {"fr": "Un titre"}, **said})


def _action(id: str = "portail", **said: object) -> Object:
    base = {
        "agenda": "numerique", "code": "A1", "axes": [{"axis": "services"}], "problem": {"fr": "Un problème."},
        "description": {"fr": "Une action."}, "status": "en-cours", "planned": {"end": date(2027, 1, 1)},
        "owner": "metropole-rade-bleue",
    }  # fmt: skip
    return _object("action", id=id, **(base | said))


def _plan() -> list[Object]:
    return [
        _object("act", id="vote", number="1/19/CM", date=date(2019, 12, 19), body="Conseil"),
        _object(
            "agenda", id="numerique", description={"fr": "…"}, vision={"fr": "…"}, siren="200054807", period={},
            adopted_by="vote",
        ),
        _object("axis", id="services", agenda="numerique", order=1, ambition={"fr": "…"}),
        _object("policy", id="usagers"),
        _action(),
    ]  # fmt: skip


def _kind(each: Object) -> str:
    return next(kind for kind, shape in SHAPES.items() if type(each) is shape)


def _written(*objects: Object, reason: str = "essai", number: int | None = None) -> int:
    wanted = [Wanted(kind=_kind(each), id=each.id, object=each, number=number) for each in objects]
    return write(wanted=wanted, actor=MACHINE, reason=reason)


@pytest.fixture
def at(monkeypatch):
    def hold(when: datetime) -> None:
        class Held(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:
                return when

        monkeypatch.setattr(clock, "datetime", Held)

    hold(NOON)
    return hold


def test_any_past_date_is_read_back(at, settings):
    settings.SNAPSHOT_SECONDS = 0
    assert _written(*_plan()) == 5
    at(NOON + timedelta(days=30))
    assert _written(_action(status="realisee")) == 1
    at(NOON + timedelta(days=60))
    write(wanted=[Wanted(kind="action", id="portail", object=None)], actor=MACHINE, reason="retirée")
    assert chart().get(Action, "portail") is None
    assert chart(NOON + timedelta(days=40)).one(Action, "portail").status == "realisee"
    assert chart(NOON + timedelta(days=1)).one(Action, "portail").status == "en-cours"
    assert not chart(NOON - timedelta(days=1)).objects


def test_each_change_is_in_the_journal_and_the_same_again_changes_nothing(at):
    _written(*_plan())
    before = Entry.objects.count()
    assert _written(*_plan()) == 0
    assert Entry.objects.count() == before
    assert _written(_action(priority=1)) == 1
    state = State.objects.get(kind="action", object="portail", last=True)
    assert (state.number, Entry.objects.get(pk=state.entry).object) == (2, "action:portail")


def test_a_vote_freezes_a_moment_that_can_be_proven_later(at):
    _written(*_plan())
    made = freeze(agenda="numerique", act="vote", actor=MACHINE)
    at(NOON + timedelta(days=1))
    _written(_action(status="abandonnee"))
    assert chart(made.at).content == made.content != chart(NOON + timedelta(days=1)).content
    with pytest.raises(AlreadyFrozen):
        freeze(agenda="numerique", act="vote", actor=MACHINE)
    with pytest.raises(UnknownObject):
        freeze(agenda="numerique", act="another", actor=MACHINE)
    assert Frozen.objects.count() == 1


def test_what_is_to_come_is_not_frozen(at):
    _written(*_plan())
    made = freeze(agenda="numerique", act="vote", actor=MACHINE, at=NOON + timedelta(hours=9))
    at(NOON + timedelta(hours=1))
    _written(_action(status="abandonnee"))
    assert chart(made.at).content == made.content


def test_what_went_may_come_back(at):
    _written(*_plan())
    write(wanted=[Wanted(kind="action", id="portail", object=None)], actor=MACHINE, reason="retirée")
    assert _written(_action(), number=0) == 1
    assert State.objects.get(kind="action", last=True).number == 3


def test_two_people_on_one_action(at):
    _written(*_plan())
    assert _written(_action(priority=1), number=1) == 1
    with pytest.raises(ChangedMeanwhile):
        _written(_action(priority=2), number=1)
    assert State.objects.get(kind="action", last=True).content["priority"] == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite a transaction that writes is alone")
@pytest.mark.django_db(transaction=True)
def test_those_who_write_at_once_see_what_the_others_wrote():
    _written(*_plan())
    ready, refused = threading.Barrier(4), []

    def race(name: str) -> None:
        try:
            ready.wait()
            for turn in range(3):
                _written(_action(code=f"{name}{turn}"))
        except Exception as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=race, args=(name,)) for name in "ABCD"]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not refused
    states = State.objects.filter(kind="action")
    assert sorted(states.values_list("number", flat=True)) == list(range(1, 14))


def _budget(**said: object) -> Object:
    base = {
        "id": "credits", "action": "portail", "policy": "usagers", "section": "investissement", "nature": "2051",
        "authorisation": {"kind": "AP", "code": "AP-1", "voted": Decimal(1000), "act": "vote"},
        "years": [{"year": 2026, "voted": 600, "engaged": 500, "paid": 400, "as_of": date(2026, 10, 31)}],
    }  # fmt: skip
    return _object("budget", **(base | said))


YEAR = {"year": 2027, "voted": 100, "engaged": 0, "paid": 0, "as_of": date(2026, 10, 31)}
WRONG = {
    "an axis nobody wrote": _action(axes=[{"axis": "nowhere"}]),
    "an owner nobody knows": _action(owner="nobody"),
    "a commune of elsewhere": _action(communes=[{"citycode": "75056", "role": "pilote"}]),
    "a circle": _action(dependencies=[{"action": "portail"}]),
    "weights over the whole": _action(axes=[{"axis": "services", "weight": 60}, {"axis": "services", "weight": 60}]),
    "more credits than authorised": _budget(years=[YEAR | {"voted": 1001}]),
    "more engaged than authorised": _budget(years=[YEAR | {"engaged": 1001}]),
    "more paid than the credits of the year": _budget(years=[YEAR | {"paid": 101}]),
    "more received than granted": _budget(funding=[{"funder": "Etat", "asked": 9, "granted": 5, "received": 6}]),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_what_is_not_coherent_is_refused_with_a_sentence_and_changes_nothing(at, wrong):
    _written(*_plan(), _budget())
    with pytest.raises(NotCoherent, match=r"trouvé .* attendu"):
        _written(wrong)
    assert set(State.objects.values_list("number", flat=True)) == {1}


def test_all_that_is_wrong_is_told_at_once(at):
    _written(*_plan())
    with pytest.raises(NotCoherent) as refusal:
        _written(_action(owner="nobody", levers=["nowhere"], axes=[{"axis": "services", "weight": 60}]))
    assert {each.path for each in refusal.value.facts["faults"]} == {("owner",), ("levers", 0), ("axes",)}


def test_money_within_what_was_voted_and_revised_is_accepted(at):
    revised = {"kind": "AP", "code": "AP-1", "voted": 1000, "act": "vote"} | {
        "revisions": [{"decided": date(2026, 6, 1), "reason": "Révision", "amount": 1200, "act": "vote"}]
    }
    _written(*_plan(), _budget(authorisation=revised, years=[YEAR | {"voted": 1200, "paid": 1200, "engaged": 1200}]))
    assert chart(NOON).one(Budget, "credits").authorisation.revisions[-1].amount == 1200
    assert chart(NOON).one(Agenda, "numerique").adopted_by == "vote"
