"""What the other side says goes on the timeline, once, and moves the request where it says."""

from datetime import UTC, datetime, timedelta

import pytest

from lacydon.capabilities.requests.actions import following
from lacydon.capabilities.requests.actions.delivery import queue_delivery
from lacydon.capabilities.requests.actions.following import note_status
from lacydon.capabilities.requests.actions.moving import changing
from lacydon.capabilities.requests.errors import NotNow
from lacydon.capabilities.requests.models import Delivery, Outcome, Request, RequestState, RouteState
from lacydon.capabilities.requests.ports import Receipt, Status
from lacydon.capabilities.requests.queries.sealed import key_of, unseal
from lacydon.kernel.access import MACHINE
from tests.capabilities.requests import made
from tests.capabilities.requests.delivery import handing

pytestmark = pytest.mark.django_db
GOING, DONE = Status(state="in-progress"), Status(state="closed", outcome="solved", words="Bac remplacé.")


@pytest.fixture
def row(theirs, time) -> Delivery:
    """One that was handed over."""
    found = handing.queued()
    handing.work()
    time.later(minutes=5)
    found.refresh_from_db()
    return found


def said(row: Delivery) -> list[tuple[str, str]]:
    """(state, words) of each status on the timeline."""
    return [
        (
            step.facts["state"],
            (unseal(step.sealed, key=key_of(row.request), holder=step, field="sealed") or {}).get("message", ""),
        )
        for step in row.request.steps.filter(kind="status")
    ]


def test_it_is_asked_for_and_comes_back_solved(row, theirs, time):
    assert handing.follow() == 0 and theirs.asked == ["T-1"]
    theirs.status = GOING
    time.later(minutes=6)
    assert handing.follow() == 1
    assert Request.objects.get().state == "in-progress"
    theirs.status = DONE
    time.later(minutes=6)
    assert handing.follow() == 1
    request = Request.objects.get()
    assert (request.state, request.outcome) == ("closed", "solved")
    assert said(row) == [("in-progress", ""), ("closed", "Bac remplacé.")]
    assert {step.by_kind for step in request.steps.filter(kind="status")} == {"authority"}
    time.later(days=1)
    assert handing.follow() == 0 and len(theirs.asked) == 3, "nobody asks about what is over"


def test_words_of_others_do_not_lie_open_in_the_database(row, theirs):
    theirs.status = Status(state="in-progress", words="canari")
    handing.follow()
    row.refresh_from_db()
    assert "canari" not in str(Delivery.objects.values()) + str(list(row.request.steps.values("facts")))


def test_the_same_status_again_changes_nothing(row, theirs, time):
    theirs.status = GOING
    for _time in range(3):
        handing.follow()
        time.later(minutes=6)
    assert said(row) == [("in-progress", "")]
    assert Request.objects.get().revision == 2


def test_another_word_or_another_date_is_news(row, theirs, time):
    theirs.status = Status(state="received")
    assert handing.follow() == 1 and said(row) == [], "that it is received is on the timeline already"
    for words, expected in (("Mardi.", None), ("Mercredi.", None), ("Mercredi.", datetime(2026, 3, 20, tzinfo=UTC))):
        time.later(minutes=6)
        theirs.status = Status(state="received", words=words, expected_at=expected)
        assert handing.follow() == 1
    assert said(row) == [("received", "Mardi."), ("received", "Mercredi."), ("received", "Mercredi.")]
    assert Request.objects.get().state == "sent"


def test_while_the_resident_is_waited_for_the_legal_clock_stands_still(row, theirs):
    theirs.status = Status(state="waiting", words="Quelle taille ?")
    handing.follow()
    request = Request.objects.get()
    assert request.state == "waiting" and request.waiting_since is not None


def test_an_agent_who_moved_it_here_is_not_undone(row, theirs):
    with changing(actor=made.agent(), action="request.handle", number=row.request.number) as change:
        change.move(RequestState.IN_PROGRESS)
    theirs.status = Status(state="received", words="Bien reçu.")
    handing.follow()
    assert (Request.objects.get().state, said(row)) == ("in-progress", [("received", "Bien reçu.")])


def test_what_the_resident_withdrew_stays_withdrawn(row, theirs):
    with changing(actor=MACHINE, action="request.follow", number=row.request.number) as change:
        change.close(Outcome.WITHDRAWN)
    theirs.status = DONE
    handing.follow()
    assert Request.objects.get().outcome == "withdrawn" and said(row) == [("closed", "Bac remplacé.")]


def test_a_provisional_reference_becomes_theirs(theirs, time):
    theirs.receipt = Receipt(state="sent", reference="token:1")
    row = handing.queued()
    handing.work()
    time.later(minutes=5)
    theirs.status = Status(state="received", reference="77")
    handing.follow()
    row.refresh_from_db()
    assert (row.state, row.reference) == ("accepted", "77")
    assert row.request.steps.get(kind="acknowledged").facts["reference"] == "77"
    time.later(minutes=6)
    handing.follow()
    assert theirs.asked == ["token:1", "77"]


def test_documents_follow_once_they_are_wanted(row, theirs, time):
    theirs.status = Status(state="received", takes_files=True)
    for _time in range(2):
        handing.follow()
        time.later(minutes=6)
    assert theirs.files == ["T-1"]


def test_what_is_young_is_asked_about_more_often(row, theirs, time):
    asked = {"day": 0, "week": 0, "later": 0}
    began = time.moment
    while time.moment - began < timedelta(days=9):
        age = time.moment - began
        asked["day" if age < timedelta(days=1) else "week" if age < timedelta(days=7) else "later"] += len(
            following.take_pulls(most=9)
        )
        time.later(hours=2)
    assert asked["day"] == 12 and asked["week"] == 72 and asked["later"] <= 9


def test_a_system_that_does_not_answer_keeps_nobody_waiting(theirs, time):
    for _each in range(6):
        handing.queued()
    handing.work()
    time.later(minutes=5)
    theirs.behave = handing.away
    assert handing.follow() == 0
    assert len(theirs.asked) == following.PATIENCE
    assert RouteState.objects.get().failing_since is not None
    theirs.behave, theirs.status = lambda: None, GOING
    time.later(minutes=6)
    assert handing.follow() == 6
    assert RouteState.objects.get().failing_since is None


def test_the_ones_asked_least_lately_come_first(theirs, time):
    for _each in range(3):
        handing.queued()
    handing.work()
    time.later(minutes=5)
    first = following.take_pulls(most=2)
    [last] = following.take_pulls(most=2)
    assert last not in first


class TestTold:
    """Not asked for: called back, clicked or mailed, under the id of a message."""

    def test_a_message_is_noted_once(self, row):
        assert note_status(delivery=row.pk, told=GOING, message="m1") is True
        assert note_status(delivery=row.pk, told=GOING, message="m1") is False
        assert note_status(delivery=row.pk, told=DONE, message="m2") is True
        assert said(row) == [("in-progress", ""), ("closed", "Bac remplacé.")]
        assert row.callbacks.count() == 2

    def test_news_of_what_we_thought_was_not_there_says_that_it_is(self, theirs, time):
        row = handing.queued()
        theirs.lose = handing.away
        handing.work()
        note_status(delivery=row.pk, told=Status(state="in-progress", reference="T-9"), message="m1")
        row.refresh_from_db()
        assert (row.state, row.reference) == ("accepted", "T-9")
        time.later(hours=2)
        assert handing.work() == 0, "it is not sent again"
        kinds = list(row.request.steps.values_list("kind", flat=True))
        assert kinds == ["opened", "sent", "acknowledged", "status"]

    def test_news_of_a_request_that_went_elsewhere_is_refused(self, row):
        made.opened(organisation=made.OTHER)
        with changing(actor=MACHINE, action="request.follow", number=row.request.number) as change:
            change.request.organisation_id = made.OTHER
            queue_delivery(request=change.request)
        with pytest.raises(NotNow):
            note_status(delivery=row.pk, told=DONE, message="m1")
        assert Request.objects.get(pk=row.request_id).state == "sent" and not row.callbacks.exists()

    def test_a_word_after_the_end_is_not_lost(self, row):
        note_status(delivery=row.pk, told=DONE, message="m1")
        note_status(delivery=row.pk, told=Status(state="in-progress", words="Nous revenons."), message="m2")
        assert Request.objects.get().state == "closed" and said(row)[-1] == ("in-progress", "Nous revenons.")
