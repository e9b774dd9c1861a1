"""Who writes what: a writer the actions their organisation leads, the steward of the agenda everything."""

from dataclasses import dataclass

from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust.public import can, require
from lacydon.kernel.access import Actor

from ..chart import Chart
from ..nouns import Action
from ..roles import STEWARD, WRITING


@dataclass(frozen=True, slots=True)
class Led:
    """What an organisation looks after, as the policy asks."""

    organisation_id: str


def house_of(chart: Chart) -> str:
    """The organisation whose agenda it is: the authority of its SIREN, else that of the whole territory; or nothing."""
    agenda, authorities = chart.agenda(), territory.authorities()
    siren = agenda.siren if agenda else ""
    found = [each.id for each in authorities if siren and each.siren == siren]
    found += [each.id for each in authorities if each.kind == "metropole"]
    return found[0] if found else ""


def steers(actor: Actor, chart: Chart) -> bool:
    """Whether this is the steward of this agenda: of another organisation, the role opens its own actions only."""
    return STEWARD in actor.roles and can(actor, None, "agenda.steer", Led(house_of(chart)))


def writes(actor: Actor, action: Action, chart: Chart) -> bool:
    return steers(actor, chart) or can(actor, None, "agenda.write", Led(action.owner))


def check_writes(actor: Actor, owner: str, chart: Chart) -> None:
    """Raises NotAllowed (and what `require` raises) unless they may write an action of this organisation."""
    if not steers(actor, chart):
        require(actor=actor, action="agenda.write", object=Led(owner))


def check_steers(actor: Actor, chart: Chart) -> None:
    """Raises NotAllowed (and what `require` raises) for anybody but the steward of this agenda."""
    require(actor=actor, action="agenda.steer", object=Led(house_of(chart)))


def check_of_house(actor: Actor, chart: Chart, permission: str) -> None:
    """Raises NotAllowed for who works elsewhere than where the agenda is kept: a role opens what one's own house keeps.

    Where no authority keeps it (nothing is loaded yet), the role is enough.
    """
    house = house_of(chart)
    if house:
        require(actor=actor, action=permission, object=Led(house))


def actions_of(actor: Actor, chart: Chart) -> tuple[Action, ...]:
    """Those this agent writes, by their code."""
    everything = steers(actor, chart)
    mine = [each for each in chart.all(Action) if everything or each.owner == actor.organisation]
    if WRITING.isdisjoint(actor.roles):
        return ()
    return tuple(sorted(mine, key=lambda each: (each.code, each.id)))
