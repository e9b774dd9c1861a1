"""Who writes what: a writer the actions their organisation leads, the steward of the agenda everything."""

from dataclasses import dataclass

from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust.public import can, require
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import today

from ..chart import Chart
from ..learning.followup import standing
from ..nouns import Action, Evaluation, Experience, Object, Profile
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


def place_of(each: Object | None) -> str:
    """The organisation of the commune that an experience or a profile speaks of; empty for anything else."""
    return f"commune-{each.commune}" if isinstance(each, Experience | Profile) else ""


def check_tells(actor: Actor, place: str, chart: Chart) -> None:
    """Raises NotAllowed (and what `require` raises) unless they may tell what this commune tried, and what it is."""
    if not steers(actor, chart):
        require(actor=actor, action="experience.write", object=Led(place))


def answers(actor: Actor, evaluation: Evaluation, id: str, chart: Chart) -> bool:
    """Whether this agent answers for a recommendation: the steward, or a writer of an organisation it falls to."""
    asked = next((each for each in evaluation.recommendations if each.id == id), None)
    if asked is None or steers(actor, chart):
        return asked is not None
    leads = standing(chart, evaluation, asked, today=today()).leads
    return any(can(actor, None, "agenda.write", Led(each)) for each in leads)


def check_answers(actor: Actor, before: Object | None, after: Object | None, chart: Chart) -> None:
    """Raises NotAllowed unless the steward writes it, or nothing differs but answers this agent answers for."""
    if isinstance(before, Evaluation) and isinstance(after, Evaluation):
        given = {each.id: each for each in after.recommendations}
        moved = [each.id for each in before.recommendations if given.get(each.id, each) != each]
        allowed = [id for id in moved if answers(actor, before, id, chart)]
        kept = tuple(
            each.model_copy(update={"answer": given[each.id].answer}) if each.id in allowed else each
            for each in before.recommendations
        )
        if after == before.model_copy(update={"recommendations": kept}):
            return
    check_steers(actor, chart)


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
