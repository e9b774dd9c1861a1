"""Who did what a page for everybody tells of: the organisation and the office, never the person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ..models import Entry
from .policy import roles
from .wall import in_house

ASKED = 400
"""Entries read by one statement."""


@dataclass(frozen=True, slots=True)
class Doer:
    """`roles`: titles of the roles held in one capability; other roles of that agent would tell who they are.

    `machine`: the platform itself, or its operator from the command line. `line`: of the published journal, from 1;
    None: not published yet.
    """

    organisation: str
    roles: tuple[Any, ...]
    machine: bool
    line: int | None = None


@in_house
def doers_of(entries: Iterable[UUID], *, capability: str) -> Mapping[UUID, Doer]:
    """Who made these entries of the journal, by entry. The caller says only acts that are public by nature."""
    wanted = list(dict.fromkeys(entries))
    known = {id_: role.title for id_, role in roles().items() if id_.startswith(f"{capability}.")}
    found: dict[UUID, Doer] = {}
    for start in range(0, len(wanted), ASKED):
        rows = Entry.objects.filter(pk__in=wanted[start : start + ASKED])
        for id_, organisation, role, kind, position in rows.values_list(
            "pk", "organisation", "role", "actor_kind", "position"
        ):
            held = tuple(known[each] for each in role.split(",") if each in known)
            line = None if position is None else position + 1
            found[id_] = Doer(organisation=organisation, roles=held, machine=kind == "machine", line=line)
    return found
