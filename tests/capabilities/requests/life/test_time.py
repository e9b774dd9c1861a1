"""What time does: silence decides when the delay is over and not before, agents are warned, residents reminded."""

from datetime import timedelta

import pytest

from lacydon.capabilities.requests.actions import deadlines, decisions, documents, moving, satisfaction
from lacydon.capabilities.requests.models import Decision, Outcome, Request, RequestState, Step
from lacydon.capabilities.requests.queries.letters_of_decision import pdf
from lacydon.capabilities.trust.models import Entry
from lacydon.kernel import clock
from lacydon.kernel.access import NOBODY
from tests.capabilities.requests import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(monkeypatch):
    """Moves the clock of requests to so long after the start of the test."""
    start = clock.now()

    def move(**later: float) -> None:
        moment = start + timedelta(**later)
        for module in (deadlines, decisions, moving, satisfaction):
            monkeypatch.setattr(module, "now", lambda: moment)

    move()
    return move


def silent(means: str):
    return made.form(f"silence-{means}", silence={"after": "P2M", "means": means, "law": "CRPA, article L. 231-1"})


@pytest.mark.parametrize(("means", "outcome"), [("accept", Outcome.TACIT_ACCEPTED), ("reject", Outcome.TACIT_REFUSED)])
def test_silence_decides_on_the_day_the_delay_is_over_once(at, means, outcome):
    number = made.opened(actor=made.resident(), form=silent(means)).request.number
    at(days=55)
    deadlines.pass_time()
    assert Request.objects.get().open
    at(days=64)
    deadlines.pass_time()
    deadlines.pass_time()
    row = Request.objects.get()
    assert (row.state, row.outcome) == (RequestState.CLOSED, outcome)
    decision = Decision.objects.get()
    assert decision.tacit and decision.takes_effect_at == row.due_at
    assert decision.step.by_kind == "machine" and decision.step.told_at is None
    assert Entry.objects.filter(action="request.lapse", object=f"request:{number}").count() == 1


def test_the_silence_of_a_request_without_a_law_decides_nothing(at):
    made.opened(form=made.form("promesse", promised="P10D"))
    at(days=400)
    deadlines.pass_time()
    assert Request.objects.get().open


def test_while_a_document_is_awaited_the_delay_stands_still(at):
    opened = made.opened(form=silent("accept"))
    agent = made.agent()
    at(days=30)
    row = documents.ask_document(actor=agent, number=opened.request.number, revision=None, what="Acte")
    at(days=100)
    deadlines.pass_time()
    assert Request.objects.get().state == RequestState.WAITING
    documents.give_document(
        actor=NOBODY, number=opened.request.number, secret=opened.secret, document=row.pk, words="voilà"
    )
    deadlines.pass_time()
    assert Request.objects.get().open
    at(days=100 + 33)
    deadlines.pass_time()
    assert Request.objects.get().outcome == Outcome.TACIT_ACCEPTED


def test_agents_are_warned_once_before_and_once_after_inside_only(at):
    made.opened(form=made.form("promesse", promised="P10D"))
    for days in (1, 6, 7, 11, 12):
        at(days=days)
        deadlines.pass_time()
    warned = Step.objects.exclude(kind="opened")
    assert [(each.kind, each.public) for each in warned] == [("due-soon", False), ("overdue", False)]
    assert Request.objects.get().revision == 2


def test_a_resident_is_reminded_once_then_agents_see_that_it_did_not_come(at):
    number = made.opened().request.number
    documents.ask_document(
        actor=made.agent(), number=number, revision=None, what="Acte", until=clock.today() + timedelta(days=20)
    )
    for days in (2, 16, 17, 22, 23):
        at(days=days)
        deadlines.pass_time()
    kinds = list(Step.objects.filter(kind__startswith="document-").values_list("kind", "public"))
    assert kinds == [("document-asked", True), ("document-reminder", True), ("document-late", False)]


def test_a_gracious_appeal_that_nobody_answers_is_rejected_after_two_months(at):
    opened = made.opened()
    number = opened.request.number
    decisions.decide(actor=made.agent(), number=number, revision=None, outcome="refused", reason="Non")
    at(days=10)
    satisfaction.reopen(actor=NOBODY, number=number, secret=opened.secret, reason="Relisez la pièce 2")
    at(days=10 + 63)
    deadlines.pass_time()
    assert Request.objects.get().outcome == Outcome.TACIT_REFUSED
    assert [each.outcome for each in Decision.objects.order_by("step__position")] == ["refused", "tacit-refused"]


@pytest.mark.parametrize(("outcome", "in_time", "too_late"), [("solved", 29, 31), ("unsolved", 29, 31)])
def test_closed_is_not_fixed_for_thirty_days(at, outcome, in_time, too_late):
    opened = made.opened(form=made.form("bac", kind="report"))
    number, agent = opened.request.number, made.agent()
    decisions.close_report(actor=agent, number=number, revision=None, solved=outcome == "solved", words="x")
    at(days=too_late)
    with pytest.raises(moving.NotNow):
        satisfaction.reopen(actor=NOBODY, number=number, secret=opened.secret, reason="Toujours là")
    at(days=in_time)
    satisfaction.reopen(actor=NOBODY, number=number, secret=opened.secret, reason="Toujours là")
    assert Request.objects.get().state == RequestState.IN_PROGRESS


def test_a_tacit_acceptance_has_its_attestation(at):
    made.opened(form=silent("accept"))
    at(days=70)
    deadlines.pass_time()
    assert pdf(Request.objects.get()).startswith(b"%PDF-")
