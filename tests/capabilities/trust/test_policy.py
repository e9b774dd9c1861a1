"""The one policy function, by its own words: who, for whom, what, whose."""

from dataclasses import dataclass

import pytest

from lacydon.capabilities.trust.errors import NotAllowed
from lacydon.capabilities.trust.public import can, require
from lacydon.capabilities.trust.queries import policy
from lacydon.kernel import plugs
from lacydon.kernel.access import NOBODY, Actor, Permission, SignInNeeded, StrongerSignInNeeded
from tests.capabilities.trust.helping import Help


@dataclass
class Thing:
    person_id: str = ""
    organisation_id: str = ""
    themes: frozenset[str] = frozenset()


RESIDENT = Actor(person="zoe", principal="zoe", kind="resident", assurance=1)
AGENT = Actor(
    person="ali",
    principal="ali",
    kind="agent",
    assurance=2,
    strong=True,
    organisation="here",
    roles=frozenset({"x.clerk"}),
)
HELPER = Actor(
    person="ali", principal="zoe", kind="agent", assurance=2, strong=True, organisation="here",
    roles=frozenset({"x.clerk"}), mandate="m1", scope=frozenset({"famille"}), limits=frozenset({"history"}),
)  # fmt: skip
RULES = [
    Permission("x.own", own=True),
    Permission("x.delegated", own=True, delegable="read"),
    Permission("x.history", own=True, delegable="history"),
    Permission("x.work", roles=frozenset({"x.clerk"})),
    Permission("x.strong", roles=frozenset({"x.clerk"}), strong=True),
    Permission("x.sure", own=True, assurance=2),
    Permission("x.any", anyone=True),
]


@pytest.fixture(autouse=True)
def rules():
    # Beside those of trust, which the helper of a test needs.
    with plugs.permissions.temporarily("x", lambda: RULES):
        policy.permissions.cache_clear()
        yield
    policy.permissions.cache_clear()


@pytest.mark.parametrize(
    ("actor", "action", "thing", "allowed"),
    [
        (RESIDENT, "x.own", Thing(person_id="zoe"), True),
        (RESIDENT, "x.own", None, True),
        (RESIDENT, "x.own", Thing(person_id="tom"), False),
        (RESIDENT, "x.own", Thing(), False),
        (RESIDENT, "x.work", Thing(organisation_id="here"), False),
        (RESIDENT, "x.any", None, True),
        (RESIDENT, "x.sure", Thing(person_id="zoe"), False),
        (RESIDENT, "x.unheard-of", None, False),
        (NOBODY, "x.any", None, False),
        (NOBODY, "x.own", Thing(person_id=""), False),
        (AGENT, "x.work", Thing(organisation_id="here"), True),
        (AGENT, "x.work", None, True),
        (AGENT, "x.work", Thing(organisation_id="elsewhere"), False),
        (AGENT, "x.work", Thing(organisation_id=""), False),
        (AGENT, "x.work", object(), False),
        (AGENT, "x.own", Thing(person_id="zoe", organisation_id="here"), False),
        (HELPER, "x.delegated", Thing(person_id="zoe"), True),
        (HELPER, "x.delegated", Thing(person_id="zoe", themes=frozenset({"famille", "argent"})), True),
        (HELPER, "x.delegated", Thing(person_id="zoe", themes=frozenset({"argent"})), False),
        (HELPER, "x.delegated", Thing(person_id="tom"), False),
        (HELPER, "x.delegated", Thing(person_id="ali"), False),
        (HELPER, "x.own", Thing(person_id="zoe"), False),
        (HELPER, "x.own", Thing(person_id="ali"), False),
        (HELPER, "x.history", Thing(person_id="zoe"), False),
        (HELPER, "x.work", Thing(organisation_id="here"), False),
    ],
)
def test_who_may(actor, action, thing, allowed):
    assert can(actor, None, action, thing) is allowed


def test_a_helper_acts_for_nobody_else_than_the_mandate_says():
    thing = Thing(person_id="zoe")
    assert can(HELPER, "zoe", "x.delegated", thing)
    assert not can(HELPER, "tom", "x.delegated", Thing(person_id="tom"))
    assert not can(HELPER, "ali", "x.delegated", thing)


def test_a_role_needs_the_second_factor_when_the_rule_says_so():
    weak = Actor(person="ali", principal="ali", kind="agent", organisation="here", roles=frozenset({"x.clerk"}))
    assert can(AGENT, None, "x.strong")
    assert not can(weak, None, "x.strong")
    with pytest.raises(StrongerSignInNeeded):
        require(actor=weak, action="x.strong")


def test_refusals_say_what_to_do():
    with pytest.raises(SignInNeeded):
        require(actor=NOBODY, action="x.own")
    with pytest.raises(NotAllowed):
        require(actor=RESIDENT, action="x.work")


@pytest.mark.django_db
def test_a_helper_is_told_that_the_person_must_do_it():
    help_ = Help()
    with pytest.raises(NotAllowed, match="mandat"):
        require(actor=help_.in_hand(help_.confirmed()), action="x.own")


def test_two_capabilities_cannot_declare_the_same_action():
    with plugs.permissions.temporarily("y", lambda: [Permission("x.own", anyone=True)]):
        policy.permissions.cache_clear()
        with pytest.raises(ValueError, match="two permissions"):
            policy.permissions()


def test_a_mandate_in_hand_can_be_put_aside():
    assert HELPER.alone().principal == "ali"
    assert not HELPER.alone().delegated
