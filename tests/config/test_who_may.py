"""Who gets in where: all routes × all kinds of visitors × all communes. An address that lets the wrong one in is seen."""

import csv
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.urls import URLPattern, get_resolver
from django.utils import translation

from lacydon.capabilities.trust.models import Organisation
from lacydon.capabilities.trust.public import can
from lacydon.capabilities.trust.queries import policy
from lacydon.kernel.access import BY_OPERATION, OPEN, Actor, declared
from tests.config.routes import _sample
from tests.config.visitors import MAY, ROLES, visitors
from tests.loaded import small
from tests.product import REAL_TERRITORY

SAYS_NO = {"/mandats/fini"}
"""A page whose very purpose is to say no."""


def declarations() -> dict[str, str | None]:
    """What each address of the product declares (French addresses: the English ones are the same views)."""
    found: dict[str, str | None] = {}

    def walk(resolver, prefix):
        for each in resolver.url_patterns:
            here = prefix + _sample(each)
            if isinstance(each, URLPattern):
                found[here] = declared(each.callback)
            else:
                walk(each, here)

    with translation.override("fr"):
        walk(get_resolver(), "/")
    return found


RESTRICTED = {address: action for address, action in declarations().items() if action not in (OPEN, BY_OPERATION, None)}


def test_every_address_says_whom_it_is_open_to():
    silent = [address for address, action in declarations().items() if action is None]
    assert silent == []
    assert len(RESTRICTED) > 8


def test_every_action_is_in_the_table_of_who_may():
    assert set(policy.permissions()) == set(MAY)
    assert set(policy.roles()) == set(ROLES)
    assert set(RESTRICTED.values()) <= set(MAY)


@pytest.fixture
def everybody(db, capsys):
    small()
    capsys.readouterr()
    organisation = Organisation.objects.get
    return visitors(organisation(pk="commune-97001"), house=organisation(pk="metropole-rade-bleue"))


AT_ONCE = 24
"""Addresses that share the same visitors: what one changes is undone before the next."""
SHARES = [sorted(RESTRICTED)[at : at + AT_ONCE] for at in range(0, len(RESTRICTED), AT_ONCE)]


@pytest.mark.parametrize("addresses", SHARES, ids=lambda share: share[0])
def test_each_address_refuses_the_wrong_visitor(everybody, addresses):
    before = {kind: client.cookies.copy() for kind, client in everybody.items()}
    wrong = []
    for address in addresses:
        undone = transaction.atomic()
        undone._from_testcase = True  # what commits on its own (kernel.attempts) may, as in any test
        with undone:
            wrong += [f"{address}: {each}" for each in wrongly_answered(everybody, address)]
            transaction.set_rollback(True)
        for kind, client in everybody.items():
            client.cookies = before[kind].copy()
    assert wrong == []


FEW = {"nobody", "resident", "trust.manager", "requests.manager", "data.steward", "weak", "delegated"}
"""Who comes on PostgreSQL, whose walls make the difference: the code of the doors was seen with each role on SQLite."""


def wrongly_answered(everybody, address: str) -> list[str]:
    """Who gets in that should not, who is kept out that should get in, what breaks."""
    action = RESTRICTED[address]
    wrong = []
    for kind, client in everybody.items():
        if connection.vendor == "postgresql" and kind not in FEW:
            continue
        # What is refused is refused before the method is looked at: a few wrong visitors show it for both.
        for method in ("get", "post") if kind in MAY[action] or kind in FEW else ("get",):
            client.raise_request_exception = False
            answer = getattr(client, method)(address)
            sent_to_sign_in = answer.status_code == 302 and "/connexion?" in answer["Location"]
            to_show_more = answer.status_code == 302 and "/connexion/renforcer" in answer["Location"]
            refused = sent_to_sign_in or to_show_more or answer.status_code in (401, 403)
            allowed = kind in MAY[action] and not (kind == "weak" and policy.permissions()[action].strong)
            if not allowed and not refused:
                wrong.append(f"{kind} gets in by {method}: {answer.status_code}")
            if kind == "nobody" and method == "get" and not sent_to_sign_in:
                wrong.append(f"nobody is not sent to the sign-in: {answer.status_code}")
            if (
                allowed
                and method == "get"
                and address not in SAYS_NO
                and (answer.status_code in (401, 403) or sent_to_sign_in)
            ):
                wrong.append(f"{kind} is kept out: {answer.status_code}")
            if answer.status_code >= 500:
                wrong.append(f"{kind} breaks it by {method}")
    return wrong


@dataclass
class Thing:
    organisation_id: str
    person_id: str = "somebody-else"
    themes: frozenset[str] = frozenset()


def communes() -> list[str]:
    with (REAL_TERRITORY / "communes.csv").open(encoding="utf-8") as rows:
        return [f"commune-{row['code']}" for row in csv.DictReader(rows)]


def leaks(places: list[str]) -> list[str]:
    """What an agent of each commune, with each role, may do to what another commune looks after."""
    found = []
    for here in places:
        for role in ROLES:
            actor = Actor(
                person="a",
                principal="a",
                kind="agent",
                assurance=3,
                strong=True,
                organisation=here,
                roles=frozenset({role}),
            )
            for action in policy.permissions():
                if policy.permissions()[action].anyone:
                    continue
                found += [
                    f"{role} of {here}: {action} in {there}"
                    for there in places
                    if there != here and can(actor, None, action, Thing(there))
                ]
    return found


def test_no_role_of_a_commune_reaches_what_another_looks_after():
    assert len(communes()) == 92
    assert leaks(communes()) == []


def test_without_the_tenant_wall_that_test_is_red(monkeypatch):
    monkeypatch.setattr(policy, "_looked_after_by", lambda _object, _organisation: True)
    assert len(leaks(communes()[:10])) > 10 * 9
