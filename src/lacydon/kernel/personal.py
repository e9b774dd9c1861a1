"""What the house knows about people: what each capability leaves at the extension point `personal_data`.

    @plugs.personal_data.plug("requests")
    def personal() -> PersonalData:
        return PersonalData(activities=(...), export=..., erase=..., purge=...)

From these declarations come the register of processing activities (GDPR art. 30), the export of all one's data (art.
15 and 20), the erasure (art. 17), the daily purge, and the sentences that tell a resident who looked at what and why. A
test walks the models: a field that leads to a person, or is named like something personal, and is in no declaration
fails it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

CONSENT = "consent"
"""The person agreed (GDPR art. 6.1.a): each read needs a consent that holds at that moment."""
CONTRACT = "contract"
"""Two organisations agreed (CRPA L. 114-8): each read needs a sharing contract that holds at that moment."""
PUBLIC_TASK = "public-task"
"""A task of public interest (art. 6.1.e): each read names the case it is for."""
OBLIGATION = "obligation"
"""A legal obligation (art. 6.1.c)."""
GROUNDS = (CONSENT, CONTRACT, PUBLIC_TASK, OBLIGATION)


@dataclass(frozen=True, slots=True)
class Activity:
    """One processing activity: a line of the register (GDPR art. 30.1), words for people, fields for the machine.

    `fields`: every personal field it holds, "app.Model.field". `retention` says in words how long; `rule` names what
    the purge goes by, for who reads the code.
    """

    id: str
    name: Any
    purpose: Any
    legal_basis: Any
    people: Any
    data: Any
    recipients: Any
    retention: Any
    rule: str
    security: Any
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why data are looked at, in words a resident reads; `ground` is one of GROUNDS, `law` its text.

    `themes`: what a mandate must cover to say yes for somebody.
    """

    id: str
    words: Any
    ground: str
    law: Any
    themes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Kept:
    """What an erasure leaves, on which ground, until when (in words)."""

    what: Any
    ground: Any
    until: Any


def nothing(_person: str) -> Mapping[str, Any]:
    return {}


def nothing_kept(_person: str) -> Iterable[Kept]:
    return ()


def nothing_purged(_now: datetime) -> int:
    return 0


def no_files(_person: str) -> Iterable[tuple[str, bytes]]:
    return ()


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What a capability knows about people. One that knows nothing leaves an empty one, which says so.

    `not_personal`: "app.Model.field" → why it is not, for fields that look personal. `actions`: what an action of the
    journal is, as the end of « L’organisme … » (« a lu votre adresse »). `export(person)`: labels → values JSON can
    hold; `files(person)`: (name, bytes) that go with it. `kept(person)`: what an erasure would leave; `erase(person)`:
    does it, inside the caller's transaction. `purge(now)`: how many records went.
    """

    activities: tuple[Activity, ...] = ()
    not_personal: Mapping[str, str] = field(default_factory=dict)
    purposes: tuple[Purpose, ...] = ()
    actions: Mapping[str, Any] = field(default_factory=dict)
    export: Callable[[str], Mapping[str, Any]] = nothing
    files: Callable[[str], Iterable[tuple[str, bytes]]] = no_files
    kept: Callable[[str], Iterable[Kept]] = nothing_kept
    erase: Callable[[str], Iterable[Kept]] = nothing_kept
    purge: Callable[[datetime], int] = nothing_purged
