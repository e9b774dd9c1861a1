"""What a resident does once their request is elsewhere is told there, in order, once, or an agent knows that it was not."""

import pytest

from lacydon.capabilities.requests.actions import decisions, delivery, relaying, satisfaction
from lacydon.capabilities.requests.actions.following import note_status
from lacydon.capabilities.requests.actions.messages import send_message
from lacydon.capabilities.requests.models import Delivery, Request
from lacydon.capabilities.requests.ports import ParcelRefused, Status
from tests.capabilities.requests import made
from tests.capabilities.requests.delivery import handing

pytestmark = pytest.mark.django_db


@pytest.fixture
def resident():
    return made.resident()


@pytest.fixture
def row(theirs, time, resident) -> Delivery:
    """One that was handed over."""
    found = handing.queued(actor=resident)
    handing.work()
    return found


def write(resident, row, words: str) -> None:
    send_message(actor=resident, number=row.request.number, words=words)
    relaying.mark_due(request=str(row.request_id))


def words(theirs) -> list[str]:
    return [news.words for news in theirs.told]


def test_messages_are_told_in_order_and_once(row, theirs, resident):
    for said in ("un", "deux"):
        write(resident, row, said)
    handing.relay()
    write(resident, row, "trois")
    handing.relay()
    handing.relay()
    assert words(theirs) == ["un", "deux", "trois"]
    assert len({news.id for news in theirs.told}) == 3
    row.refresh_from_db()
    assert row.next_at is None and row.state == "accepted"


def test_what_an_agent_here_writes_is_for_the_resident(row, theirs):
    send_message(actor=made.agent(), number=row.request.number, words="Bonjour")
    assert relaying.mark_due(request=str(row.request_id)) == []


def test_what_was_written_before_it_left_is_told_after(theirs, time, resident):
    row = handing.queued(actor=resident)
    send_message(actor=resident, number=row.request.number, words="encore")
    handing.work()
    handing.relay()
    assert words(theirs) == ["encore"]


def test_a_withdrawal_is_told(row, theirs, resident):
    decisions.withdraw(actor=resident, number=row.request.number, reason="Réparé par un voisin.")
    relaying.mark_due(request=str(row.request_id))
    handing.relay()
    assert [(news.kind, news.words) for news in theirs.told] == [("withdrawn", "Réparé par un voisin.")]


def test_while_the_other_side_is_away_news_wait_in_their_order(row, theirs, time, resident):
    theirs.behave = handing.away
    write(resident, row, "un")
    handing.relay()
    write(resident, row, "deux")
    handing.relay()
    assert theirs.told == []
    theirs.behave = lambda: None
    time.later(minutes=16)
    handing.relay()
    assert words(theirs) == ["un", "deux"]


@pytest.mark.parametrize("why", ["deaf", "refuses", "away for a week"])
def test_an_agent_knows_what_could_not_be_told(row, theirs, time, resident, why):
    def refuse() -> None:
        raise ParcelRefused("Trop long.")

    theirs.deaf = why == "deaf"
    write(resident, row, "un")
    if why != "deaf":
        theirs.behave = refuse if why == "refuses" else handing.away
    if why == "away for a week":
        time.later(days=3_000)
    handing.relay()
    step = row.request.steps.get(kind="not-relayed")
    assert not step.public and step.facts["step"] == row.request.steps.get(kind="message").position
    row.refresh_from_db()
    assert row.next_at is None and relaying.mark_due(request=str(row.request_id)) == []


def test_news_that_nobody_announced_are_found_again(row, theirs, resident):
    send_message(actor=resident, number=row.request.number, words="oublié")
    assert relaying.mark_forgotten() == 1
    handing.relay()
    assert words(theirs) == ["oublié"] and relaying.mark_forgotten() == 0


def test_a_request_the_resident_opens_again_is_handed_over_again_with_why(row, theirs, time, resident):
    write(resident, row, "un")
    handing.relay()
    note_status(delivery=row.pk, told=Status(state="closed", outcome="unsolved", words="Non."), message="m")
    time.later(minutes=1)
    satisfaction.reopen(actor=resident, number=row.request.number, reason="Il est toujours là.")
    assert Request.objects.get().state == "in-progress"
    handing.work()
    handing.relay()
    assert [parcel.round for parcel in theirs.tried] == [1, 2]
    assert words(theirs) == ["un", "Il est toujours là."], "what was told the first time is not told again"


def test_an_old_turn_tells_nothing(row, theirs, resident):
    write(resident, row, "un")
    [(id, turn)] = delivery.take_due(most=9, states=delivery.HANDED)
    relaying.relay(delivery=id, turn=turn - 1)
    assert theirs.told == []


def test_it_is_told_by_itself(row, theirs, resident, django_capture_on_commit_callbacks):
    from django_tasks_db.models import DBTaskResult

    with django_capture_on_commit_callbacks(execute=True):
        send_message(actor=resident, number=row.request.number, words="un")
    [job] = DBTaskResult.objects.filter(task_path__endswith="jobs.delivery.relay")
    relaying.relay(delivery=job.args_kwargs["kwargs"]["delivery_id"], turn=job.args_kwargs["kwargs"]["turn"])
    assert words(theirs) == ["un"]
