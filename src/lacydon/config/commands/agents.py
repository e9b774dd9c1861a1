"""`lacydon agents`: who may what in which organisation; the first one in charge is named here."""

import sys

from lacydon.capabilities.trust import public as trust


def list_agents(*, organisation: str) -> int:
    """Members and roles of an organisation, or of all that have members."""
    shown = 0
    for place, name, person, roles in trust.members(organisation=organisation):
        print(f"{place}  {person}  {name}  {', '.join(roles) or '–'}")
        shown += 1
    if not shown:
        print("Aucun agent ne s’est encore connecté pour cet organisme." if organisation else "Aucun agent.")
    return 0


def give_role(*, agent: str, organisation: str, role: str) -> int:
    """The first role of somebody in an organisation: from then on, its « responsable des accès » does it."""
    trust.appoint(agent=agent, organisation=organisation, role=role)
    print(f"{agent} : rôle {role} donné pour {organisation}.", file=sys.stdout)
    return 0
