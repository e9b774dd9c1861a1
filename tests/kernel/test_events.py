"""Events go up, once what they tell is committed."""

from dataclasses import dataclass

import pytest
from django.db import transaction

from lacydon.kernel import events


@dataclass(frozen=True)
class HarbourOpened:
    name: str


@dataclass(frozen=True)
class HarbourClosed:
    name: str


pytestmark = pytest.mark.django_db(transaction=True)


def test_heard_when_the_transaction_commits():
    with events.heard(HarbourOpened) as heard:
        with transaction.atomic():
            events.publish(HarbourOpened(name="Lacydon"))
            assert heard == []
        assert heard == [HarbourOpened(name="Lacydon")]


def test_not_heard_when_it_is_rolled_back():
    with events.heard(HarbourOpened) as heard:
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            events.publish(HarbourOpened(name="Lacydon"))
            raise ZeroDivisionError
        assert heard == []


def test_heard_at_once_outside_of_a_transaction():
    with events.heard(HarbourOpened) as heard:
        events.publish(HarbourOpened(name="Lacydon"))
        assert len(heard) == 1


def test_only_those_who_listen_to_its_kind_hear_it():
    with events.heard(HarbourClosed) as heard:
        events.publish(HarbourOpened(name="Lacydon"))
        assert heard == []


@pytest.fixture
def listeners(monkeypatch):
    """A table of listeners of our own."""
    monkeypatch.setattr(events, "_listeners", type(events._listeners)(list))


def test_listeners_are_called_in_the_order_they_came_and_once(listeners):
    called = []

    def first(event: HarbourOpened) -> None:
        called.append(f"first {event.name}")

    def second(event: HarbourOpened) -> None:
        called.append(f"second {event.name}")

    events.listen(HarbourOpened)(first)
    events.listen(HarbourOpened)(second)
    events.listen(HarbourOpened)(first)
    events.publish(HarbourOpened(name="Lacydon"))
    assert called == ["first Lacydon", "second Lacydon"]


def test_a_listener_that_fails_is_logged_and_the_next_one_hears(listeners, caplog):
    called = []

    @events.listen(HarbourOpened)
    def broken(event: HarbourOpened) -> None:
        raise ValueError("a storm")

    events.listen(HarbourOpened)(called.append)
    events.publish(HarbourOpened(name="Lacydon"))
    assert called == [HarbourOpened(name="Lacydon")]
    (record,) = [record for record in caplog.records if record.name == "lacydon.events"]
    assert record.levelname == "ERROR"
    assert record.exc_info


def test_an_event_cannot_change():
    class Mutable:
        pass

    @dataclass
    class AlsoMutable:
        name: str

    for kind in (Mutable, AlsoMutable):
        with pytest.raises(TypeError, match="frozen"):
            events.listen(kind)
