"""Mandates in any order of events, against a small oracle: who may act for whom, at each step."""

import os
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from lacydon.capabilities.trust.actions import mandates
from lacydon.capabilities.trust.actions.mandates.codes import screen_code, sent_code, stop_code
from lacydon.capabilities.trust.models import Membership, Organisation, Person, RoleGrant
from lacydon.capabilities.trust.queries.mandates import in_hand
from lacydon.kernel import attempts, clock
from lacydon.kernel.errors import Refused
from tests.capabilities.trust import people
from tests.capabilities.trust.helping import HELPER, terms, verified_contact

THEMES = ("logement", "famille")
RESIDENTS, BODIES = 2, 2
people_ = st.integers(0, RESIDENTS - 1)
agents_ = st.integers(0, 3)
"""Two agents in each body: 0 and 1 in the first, 2 and 3 in the second."""
scopes = st.sets(st.sampled_from(THEMES), min_size=1)
LONG = os.environ.get("LACYDON_LONG_TESTS") == "1"


class Oracle:
    """What the rules say, in sets and dates. `allowed` gives the themes an agent may act on under a mandate."""

    def __init__(self) -> None:
        self.at = 0.0
        self.mandates: list[dict] = []
        self.entitled = [set(THEMES) for _ in range(BODIES)]
        self.open = [True] * BODIES
        self.helps = [True] * 4
        self.erased = [False] * RESIDENTS

    def write(self, *, principal, body, named, scope, days, paper_by=None, confirmed):
        self.mandates.append(
            {"principal": principal, "body": body, "named": named, "scope": scope, "until": self.at + days * 24,
             "by": paper_by, "confirmed": confirmed, "code_until": self.at + 1 / 3, "stopped": False}
        )  # fmt: skip

    def can_write(self, *, body, scope, agents):
        return self.open[body] and scope <= self.entitled[body] and all(self.member(a, body) for a in agents)

    def member(self, agent, body):
        return self.helps[agent] and agent // 2 == body

    def can_confirm(self, number, *, coded=True):
        it = self.mandates[number]
        fresh = not it["confirmed"] and not it["stopped"] and self.at < it["until"]
        able = (
            self.open[it["body"]] and bool(it["scope"] & self.entitled[it["body"]]) and not self.erased[it["principal"]]
        )
        return fresh and able and (not coded or self.at < it["code_until"])

    def allowed(self, agent, number):
        it = self.mandates[number]
        holds = it["confirmed"] and not it["stopped"] and self.at < it["until"] and not self.erased[it["principal"]]
        if not (holds and self.open[it["body"]] and self.member(agent, it["body"])):
            return set()
        if it["named"] is not None and agent not in it["named"]:
            return set()
        return it["scope"] & self.entitled[it["body"]]


class Machine(RuleBasedStateMachine):
    written = Bundle("written")

    def __init__(self) -> None:
        super().__init__()
        self.oracle, self.rows, self.start = Oracle(), [], datetime(2026, 3, 1, 8, tzinfo=clock.UTC)
        machine = self

        class Moved(datetime):
            @classmethod
            def now(cls, tz=None):
                return machine.start + timedelta(hours=machine.oracle.at)

        self.real, clock.datetime = clock.datetime, Moved
        # Limits against guessing are counted apart from any transaction, which this machine lives in: tested elsewhere.
        self.spend, attempts.spend = attempts.spend, lambda **_: None
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.bodies = [people.organisation(f"m{n}", kind="help", themes=list(THEMES)) for n in range(BODIES)]
        self.agents = [people.agent(organisation=self.bodies[n // 2], roles=(HELPER,)) for n in range(4)]
        self.residents = [people.resident() for _ in range(RESIDENTS)]
        for number, each in enumerate(self.residents):
            verified_contact(each, f"r{number}@example.org")

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        clock.datetime, attempts.spend = self.real, self.spend

    def agent(self, number):
        return people.actor(self.agents[number], organisation=self.bodies[number // 2].id)

    def agree(self, expected: bool, act) -> bool:
        """The act is done exactly when the oracle says so; a refusal leaves nothing."""
        try:
            with transaction.atomic():
                act()
        except Refused as refused:
            assert not expected, f"refused: {refused!r}"
            return False
        assert expected, "done though the oracle refuses"
        return True

    @rule(target=written, who=people_, agent=agents_, scope=scopes, days=st.sampled_from([1, 7]), whole=st.booleans())
    def give(self, who, agent, scope, days, whole):
        body, oracle = agent // 2, self.oracle
        expected = oracle.can_write(body=body, scope=scope, agents=[] if whole else [agent]) and not oracle.erased[who]
        done = self.agree(expected, lambda: self.rows.append(mandates.give(
            actor=people.actor(self.residents[who]), organisation=self.bodies[body].id,
            helper="" if whole else str(self.agents[agent].id), terms=terms(themes=scope, days=days))))  # fmt: skip
        if done:
            oracle.write(
                principal=who, body=body, named=None if whole else {agent}, scope=scope, days=days, confirmed=True
            )
        return len(self.rows) - 1 if done else None

    @rule(
        target=written,
        who=people_,
        agent=agents_,
        scope=scopes,
        evidence=st.sampled_from(["presence", "code", "paper"]),
    )
    def prepare(self, who, agent, scope, evidence):
        body, oracle = agent // 2, self.oracle
        if oracle.erased[who]:
            return None
        done = self.agree(oracle.can_write(body=body, scope=scope, agents=[agent]), lambda: self.rows.append(mandates.prepare(
            actor=self.agent(agent), terms=terms(themes=scope), evidence=evidence, contact=f"r{who}@example.org" if evidence == "code" else "",
            paper="x", name="y")))  # fmt: skip
        if done:
            oracle.write(principal=who, body=body, named={agent}, scope=scope, days=1, confirmed=False, paper_by=agent)
            if evidence == "paper":  # its principal is a new person, who is never erased here
                oracle.erased.append(False)
                oracle.mandates[-1]["principal"] = len(oracle.erased) - 1
        return len(self.rows) - 1 if done else None

    @rule(number=written, other=agents_)
    def confirm(self, number, other):
        if number is None:
            return
        row, it, oracle = self.rows[number], self.oracle.mandates[number], self.oracle
        mine = oracle.member(other, it["body"])
        if row.evidence == "presence":
            expected = oracle.can_confirm(number) and row.code_until is not None
        elif row.evidence == "code":
            expected = oracle.can_confirm(number) and mine
        else:
            expected = oracle.can_confirm(number, coded=False) and mine and other != it["by"]

        def act():
            if row.evidence == "presence":
                resident = people.actor(self.residents[it["principal"]])
                code = screen_code(row) if row.code_until else ""
                return mandates.confirm_in_person(actor=resident, code=code, seen=row.text_hash)
            if row.evidence == "code":
                return mandates.confirm_by_code(actor=self.agent(other), reference=row.reference, code=sent_code(row))
            return mandates.witness(actor=self.agent(other), reference=row.reference)

        if self.agree(expected, act):
            it["confirmed"] = True

    @rule(number=written, way=st.sampled_from(["principal", "code", "counter", "helper"]), agent=agents_)
    def stop(self, number, way, agent):
        if number is None:
            return
        row, it, oracle = self.rows[number], self.oracle.mandates[number], self.oracle
        fresh = not it["stopped"]
        if way == "principal":
            if not it["confirmed"] or it["principal"] >= RESIDENTS:
                return
            self.agree(
                fresh,
                lambda: mandates.revoke(actor=people.actor(self.residents[it["principal"]]), reference=row.reference),
            )
        elif way == "code":
            self.agree(True, lambda: mandates.stop_by_code(code=stop_code(row)))
        elif way == "counter":
            if oracle.erased[it["principal"]]:
                return
            mine = oracle.member(agent, it["body"])
            if not self.agree(
                fresh and mine,
                lambda: mandates.stop_at_counter(actor=self.agent(agent), reference=row.reference, paper="x"),
            ):
                return
        else:
            named = it["named"] is not None and agent in it["named"] and oracle.member(agent, it["body"])
            if not self.agree(
                fresh and named, lambda: mandates.renounce(actor=self.agent(agent), reference=row.reference)
            ):
                return
        it["stopped"] = True

    @rule(hours=st.sampled_from([0.1, 0.4, 5, 30, 200]))
    def wait(self, hours):
        self.oracle.at += hours

    @precondition(lambda self: any(self.oracle.helps))
    @rule(agent=agents_)
    def leave(self, agent):
        self.oracle.helps[agent] = False
        Membership.objects.filter(person=self.agents[agent], until=None).update(until=clock.now())
        RoleGrant.objects.filter(membership__person=self.agents[agent], until=None).update(until=clock.now())

    @rule(body=st.integers(0, BODIES - 1), open_=st.booleans(), entitled=st.sets(st.sampled_from(THEMES)))
    def change_body(self, body, open_, entitled):
        self.oracle.open[body], self.oracle.entitled[body] = open_, entitled
        Organisation.objects.filter(pk=self.bodies[body].pk).update(active=open_, themes=sorted(entitled))

    @rule(who=people_)
    def erase(self, who):
        self.oracle.erased[who] = True
        Person.objects.filter(pk=self.residents[who].pk).update(erased_at=clock.now())

    @invariant()
    def both_say_the_same_of_everybody(self):
        for number, row in enumerate(self.rows):
            for agent in range(4):
                held = in_hand(self.agent(agent), str(row.pk))
                expected = self.oracle.allowed(agent, number)
                assert (set(held.scope) if held else set()) == expected, (agent, number)
                if held:
                    assert held.person == str(self.agents[agent].id) != held.principal
                    assert "history" in held.limits


@pytest.mark.django_db
def test_mandates_do_what_the_oracle_says():
    examples, steps = (400, 40) if LONG else (12, 15)
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=not LONG, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
