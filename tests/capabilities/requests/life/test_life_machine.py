"""The life of a request against a small model of it: whatever is done in whatever order, the same state, the same end.

The model knows states, outcomes and the clock; what it forbids is refused and changes nothing, and no step is ever lost.
"""

import os
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from lacydon.capabilities.requests.actions import deadlines, decisions, documents, messages, moving, satisfaction
from lacydon.capabilities.requests.errors import NotNow
from lacydon.capabilities.requests.models import AskedDocument, Request, RequestState
from lacydon.kernel import clock
from tests.capabilities.requests import made

LONG = os.environ.get("LACYDON_LONG_TESTS") == "1"
MODULES = (deadlines, decisions, moving, satisfaction)


class Life(RuleBasedStateMachine):
    """The oracle: `state`, `outcome`, `asked` documents, `left` of the delay while it runs, `steps` so far."""

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.moment = clock.now()
        self.patch = pytest.MonkeyPatch()
        for module in MODULES:
            self.patch.setattr(module, "now", lambda: self.moment)
        self.resident, self.agent = made.resident(), made.agent()
        form = made.form("vie", silence={"after": "P60D", "means": "accept", "law": "L. 231-1"})
        self.row = made.opened(actor=self.resident, form=form).request
        self.number = self.row.number
        self.state, self.outcome, self.asked, self.given = "received", "", [], []
        self.left, self.silence = self.row.due_at - self.moment, "accept"
        self.reopened, self.rated, self.closed_at, self.steps = 0, False, None, 1

    def teardown(self) -> None:
        self.patch.undo()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def act(self, allowed: bool, do, *, steps: int = 1) -> bool:
        """Do it; refused when the model forbids it, and then nothing moved."""
        if not allowed:
            before = Request.objects.get(number=self.number).revision
            with pytest.raises(NotNow):
                do()
            assert Request.objects.get(number=self.number).revision == before
            return False
        do()
        self.steps += steps
        return True

    @property
    def open(self) -> bool:
        return self.state != "closed"

    def end(self, outcome: str) -> None:
        self.state, self.outcome, self.asked, self.closed_at, self.rated = "closed", outcome, [], self.moment, False

    @rule()
    def take(self) -> None:
        if self.act(self.state == "received", lambda: decisions.take_in_charge(actor=self.agent, number=self.number)):
            self.state = "in-progress"

    @rule(by_agent=st.booleans())
    def write(self, by_agent: bool) -> None:
        actor = self.agent if by_agent else self.resident
        self.act(True, lambda: messages.send_message(actor=actor, number=self.number, words="mot"))

    @rule()
    def ask(self) -> None:
        made_: list = []
        if self.act(
            self.open,
            lambda: made_.append(
                documents.ask_document(actor=self.agent, number=self.number, revision=None, what="Acte")
            ),
        ):
            self.asked.append(made_[0].pk)
            self.state = "waiting"

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def give(self, data) -> None:
        document = data.draw(st.sampled_from(self.asked))
        self.act(
            True,
            lambda: documents.give_document(actor=self.resident, number=self.number, document=document, words="voilà"),
        )
        self.asked.remove(document)
        self.given.append(document)
        if not self.asked:
            self.state = "in-progress"

    @precondition(lambda self: self.given)
    @rule(fine=st.booleans())
    def judge(self, fine: bool) -> None:
        document = self.given[-1]
        if fine:
            done = self.act(
                self.open,
                lambda: documents.accept_document(
                    actor=self.agent, number=self.number, revision=None, document=document
                ),
            )
        else:
            made_: list = []
            done = self.act(
                self.open,
                lambda: made_.append(
                    documents.refuse_document(
                        actor=self.agent, number=self.number, revision=None, document=document, why="flou"
                    )
                ),
                steps=2,
            )
            if done:
                self.asked.append(made_[0].pk)
                self.state = "waiting"
        if done:
            self.given.pop()

    @rule(outcome=st.sampled_from(["accepted", "partly", "refused"]))
    def decide(self, outcome: str) -> None:
        if self.act(
            self.open,
            lambda: decisions.decide(
                actor=self.agent, number=self.number, revision=None, outcome=outcome, reason="motif"
            ),
        ):
            self.end(outcome)

    @rule()
    def withdraw(self) -> None:
        if self.act(self.open, lambda: decisions.withdraw(actor=self.resident, number=self.number)):
            self.end("withdrawn")

    @rule()
    def rate(self) -> None:
        allowed = not self.open and not self.rated and self.outcome != "withdrawn"
        if self.act(allowed, lambda: satisfaction.rate(actor=self.resident, number=self.number, rating=3)):
            self.rated = True

    @rule()
    def reopen(self) -> None:
        unfavourable = self.outcome in ("partly", "refused", "tacit-refused")
        within = timedelta(days=59 if unfavourable else 30)  # two months are 59 days at least
        allowed = (
            not self.open and self.outcome != "withdrawn" and self.reopened < 3
            and self.moment - self.closed_at <= within
        )  # fmt: skip
        if not allowed and not self.open and unfavourable and self.moment - self.closed_at < timedelta(days=63):
            return  # in the few days that depend on the month
        if self.act(allowed, lambda: satisfaction.reopen(actor=self.resident, number=self.number, reason="non")):
            self.state, self.outcome, self.rated = "in-progress", "", False
            self.reopened += 1
            self.silence = "reject" if unfavourable else ""
            self.left = Request.objects.get(number=self.number).due_at - self.moment

    @rule(days=st.integers(1, 40))
    def wait(self, days: int) -> None:
        self.moment += timedelta(days=days)
        if self.state not in ("waiting", "closed"):
            self.left -= timedelta(days=days)
        before = Request.objects.get(number=self.number).steps_count
        deadlines.pass_time()
        row = Request.objects.get(number=self.number)
        self.steps += row.steps_count - before  # warnings come when they are due: test_time.py holds them
        if self.state not in ("waiting", "closed") and self.silence and self.left < timedelta():
            self.end("tacit-accepted" if self.silence == "accept" else "tacit-refused")

    @invariant()
    def the_request_is_what_the_model_says(self) -> None:
        row = Request.objects.get(number=self.number)
        assert (row.state, row.outcome, row.reopened) == (self.state, self.outcome, self.reopened)
        assert (row.rating is not None) == self.rated
        assert (row.waiting_since is not None) == (self.state == "waiting")
        if self.state not in ("waiting", "closed"):
            assert abs(row.due_at - self.moment - self.left) < timedelta(seconds=1)
        asked = AskedDocument.objects.filter(request=row, state="asked").values_list("pk", flat=True)
        assert set(asked) == set(self.asked)
        positions = list(row.steps.values_list("position", flat=True))
        assert positions == list(range(1, self.steps + 1)) and row.steps_count == self.steps
        assert row.state in RequestState.values


@pytest.mark.django_db
def test_a_life():
    examples, steps = (300, 40) if LONG else (14, 22)
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=not LONG, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
