"""Every kind of visitor there is, signed in for real, and what each may do at all: said here by hand, once more."""

from collections.abc import Mapping
from typing import Any

from django.test import Client

from lacydon.capabilities.trust.models import Organisation
from tests.capabilities.trust.helping import Help
from tests.capabilities.trust.people import agent, resident, signed_in, visitor

ROLES = (
    "trust.asker", "trust.helper", "trust.manager", "trust.protection", "trust.verifier",
    "requests.agent", "requests.reader", "requests.manager", "requests.editor",
    "data.publisher", "data.steward", "data.reader", "mobility.operator", "mobility.steward",
    "agenda.writer", "agenda.steward", "agenda.decider", "agenda.replicator",
)  # fmt: skip
OF_THE_HOUSE = frozenset({"agenda.steward", "agenda.decider"})
"""Roles that open the agenda of one house: held elsewhere they are refused (tests/capabilities/agenda)."""
HANDLING = frozenset({"requests.agent", "requests.manager"})
PUBLISHING = frozenset({"data.publisher", "data.steward"})
ANYBODY = frozenset({"resident", "agent", "weak", *ROLES})
"""Whoever is signed in, with no mandate in hand."""

MAY: Mapping[str, frozenset[str]] = {
    "session.close": ANYBODY | {"delegated"},
    "agent.see": ANYBODY | {"delegated"},
    "space.enter": ANYBODY | {"delegated"},
    "space.see": ANYBODY,
    "identity.link": ANYBODY,
    "identity.unlink": ANYBODY,
    "security.change": ANYBODY,
    "session.strengthen": ANYBODY,
    "contact.see": ANYBODY | {"delegated"},
    "contact.change": ANYBODY,
    "access.see": ANYBODY,
    "access.contest": ANYBODY,
    "consent.see": ANYBODY | {"delegated"},
    "consent.give": ANYBODY | {"delegated"},
    "consent.withdraw": ANYBODY | {"delegated"},
    "proof.see": ANYBODY | {"delegated"},
    "proof.give": ANYBODY | {"delegated"},
    "proof.remove": ANYBODY,
    "rights.export": ANYBODY,
    "rights.erase": ANYBODY,
    "mandate.see": ANYBODY,
    "mandate.give": ANYBODY,
    "mandate.revoke": ANYBODY,
    "mandate.take": ANYBODY,
    "mandate.prepare": frozenset({"trust.helper"}),
    "mandate.witness": frozenset({"trust.helper"}),
    "mandate.hand-back": ANYBODY | {"delegated"},
    "mandate.choose": ANYBODY | {"delegated"},
    "mandate.renounce": ANYBODY,
    "mandate.stop-at-counter": frozenset({"trust.helper", "trust.manager"}),
    "mandate.declare": ANYBODY,
    "mandate.contest": ANYBODY,
    "mandate.verify": frozenset({"trust.verifier"}),
    "team.see": frozenset({"trust.manager"}),
    "team.change": frozenset({"trust.manager"}),
    "contest.see": frozenset({"trust.protection"}),
    "contest.answer": frozenset({"trust.protection"}),
    "consent.ask": frozenset({"trust.asker"}),
    "contract.see": frozenset({"trust.protection"}),
    "contract.make": frozenset({"trust.protection"}),
    "request.open": ANYBODY | {"delegated"},
    "request.see": ANYBODY | {"delegated"},
    "request.write": ANYBODY | {"delegated"},
    "request.handle": HANDLING,
    "request.decide": HANDLING,
    "request.assign": HANDLING,
    "request.merge": HANDLING,
    "request.transfer": HANDLING,
    "request.export": HANDLING,
    "notifications.change": ANYBODY,
    "desk.see": HANDLING | {"requests.reader"},
    "desk.manage": frozenset({"requests.manager"}),
    "delivery.see": frozenset({"requests.manager"}),
    "delivery.replay": frozenset({"requests.manager"}),
    "form.edit": frozenset({"requests.editor"}),
    "appointment.see": ANYBODY | {"delegated"},
    "appointment.handle": HANDLING,
    "payment.see": ANYBODY | {"delegated"},
    "payment.handle": HANDLING,
    "report.follow": ANYBODY | {"delegated"},
    "dataset.publish": PUBLISHING,
    "dataset.read": PUBLISHING | {"data.reader"},
    "contract.give": frozenset({"data.steward"}),
    "sharing.see": PUBLISHING | {"data.reader"},
    "hook.manage": PUBLISHING | {"data.reader"},
    "harvest.see": PUBLISHING,
    "harvest.run": PUBLISHING,
    "reuse.review": PUBLISHING,
    "timetable.manage": frozenset({"mobility.steward"}),
    "disruption.write": frozenset({"mobility.operator", "mobility.steward"}),
    "view.keep": ANYBODY | {"delegated"},
    "agenda.write": frozenset({"agenda.writer", "agenda.steward"}),
    "agenda.steer": frozenset({"agenda.steward"}),
    "agenda.see": frozenset({"agenda.steward", "agenda.decider"}),
    "experience.write": frozenset({"agenda.writer", "agenda.steward", "agenda.replicator"}),
    "kit.adopt": frozenset({"agenda.replicator"}),
    "kit.export": frozenset({"agenda.replicator"}),
}
"""Action → who gets past the door. Written apart from `plugs.py` on purpose: a permission widened there is seen here."""


def visitors(place: Organisation, *, house: Organisation) -> Mapping[str, Client]:
    """A client for each kind of visitor; agents are of `place`. `weak`: every role, but no second factor shown."""
    found: dict[str, Client] = {"nobody": visitor(), "resident": signed_in(visitor(), resident())}
    found["agent"] = signed_in(visitor(), agent(organisation=place), organisation=place.id)
    for role in ROLES:
        at = house if role in OF_THE_HOUSE else place
        found[role] = signed_in(visitor(), agent(organisation=at, roles=(role,)), organisation=at.id)
    everything: Any = agent(organisation=place, roles=ROLES)
    found["weak"] = signed_in(visitor(), everything, organisation=place.id, strong=False, assurance=1)
    found["delegated"] = with_a_mandate_in_hand()
    return found


def with_a_mandate_in_hand() -> Client:
    """A helper who acts for somebody: their own doors are closed, those of the mandate are open."""
    help_ = Help()
    held = help_.confirmed(themes=["logement"])
    client = signed_in(visitor(), help_.zoe, organisation=help_.body.id)
    client.post(f"/mandats/{held.reference}/prendre")
    return client
