"""The second wall: PostgreSQL itself shows a connection only the rows of who is behind the request.

Policies (migrations row_security and wall; their SQL is in policies.py) compare each row with five settings of the
connection: the person, the principal of the mandate in hand, the organisation, what was brought, and `house`, which
opens everything. They are said with the statement that follows (kernel/postgresql). A request begins as nobody; the
visitor says who they are when there is a session; at its end the connection is nobody's again, so that the next request
on it sees nothing of this one. Who has no account brings a secret (`bring`): its hash opens the rows that keep that
hash, and no other. Pages for everybody say `bring_public`. Commands and jobs are the house, and say so when they
connect. An action that has to look beyond who asks (to find a draft by its code) says `house()`, after it asked the
policy.

What is read before anybody is known is walled too. The session is found by a function of the database, the house for
that one key (`lacydon_session_of`). The look-ups of signing in (an identity, an address, a link, a passkey, by their
exact hash) are narrow `house()`; a key of somebody else is opened by `key_of` alone (`seeing`).

Not walled: `trust_person` holds pseudonyms only, and every foreign key leads there; organisations, sharing contracts,
checkpoints, tiles and cosignatures are nobody's. A key is seen by every agent with a role: what an organisation treats
is sealed for its people, and the sealed rows have walls of their own; without the ring, a key opens nothing.

SQLite has no such wall. Nor has a database user who is superuser or may bypass it: `bypassed` says so.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.core.signals import request_finished, request_started
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.signals import connection_created

Action = TypeVar("Action", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Standing:
    """Before whom the rows of a connection are shown."""

    person: str = ""
    principal: str = ""
    organisation: str = ""
    brought: tuple[str, ...] = ()
    house: bool = False


PUBLIC = "public"
HASH = re.compile(r"[0-9a-f]{64}")
NOBODY, HOUSE = Standing(), Standing(house=True)
_serving = threading.local()


def enter(*, person: str, organisation: str = "", principal: str = "") -> None:
    """From now on this connection sees what these see."""
    _stand(Standing(person=person, principal=principal, organisation=organisation, brought=_standing().brought))


def bring(*hashes: str) -> None:
    """From now on, until the request ends, this connection also sees the rows that keep one of these hashes.

    `hashes`: of secrets that somebody brought (64 hexadecimal signs). In the house nothing is to be opened.
    """
    if not all(HASH.fullmatch(each) for each in hashes):
        raise ValueError("only the hash of a secret is brought")
    _bring(hashes)


def bring_public() -> None:
    """From now on, until the request ends, this connection also sees what everybody may see."""
    _bring((PUBLIC,))


def _bring(marks: tuple[str, ...]) -> None:
    now = _standing()
    if not now.house:
        _stand(replace(now, brought=(*now.brought, *(each for each in marks if each not in now.brought))))


@contextmanager
def house() -> Iterator[None]:
    """Inside, every row is seen: for what has to look beyond who asks, once the policy was asked."""
    before = _standing()
    if before.house:
        yield
        return
    _stand(replace(before, house=True))
    try:
        yield
    finally:
        _stand(before)


@contextmanager
def seeing(*people: UUID | str, keys: bool = False) -> Iterator[None]:
    """Inside, what belongs to these people is seen: nothing is to be done when it is who stands there; else the house.

    `keys`: only their keys are looked at, which the principal of a mandate in hand, and an organisation, open too.
    """
    now = _standing()
    open_already = {str(each) for each in people} <= ({now.person, now.principal} if keys else {now.person})
    if open_already or (keys and now.organisation):
        yield
        return
    with house():
        yield


def in_house(action: Action) -> Action:
    """Decorator of an action that does its work as the house."""

    @wraps(action)
    def done(*args: Any, **kwargs: Any) -> Any:
        with house():
            return action(*args, **kwargs)

    return done  # type: ignore[return-value]


def bypassed() -> bool:
    """Whether the user of the database walks through the wall: a superuser, or one with BYPASSRLS."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def _standing() -> Standing:
    found: Standing = getattr(connection, "lacydon_standing", NOBODY)
    return found


def _stand(wanted: Standing) -> None:
    if connection.vendor != "postgresql":
        return
    connection.ensure_connection()
    connection.lacydon_standing = wanted  # type: ignore[attr-defined]
    connection.hold(  # type: ignore[attr-defined]
        {
            "lacydon.person": wanted.person,
            "lacydon.principal": wanted.principal,
            "lacydon.organisation": wanted.organisation,
            "lacydon.brought": ",".join(wanted.brought),
            "lacydon.house": "on" if wanted.house else "",
        }
    )


def _connected(connection: Any, **_kwargs: Any) -> None:
    """A new connection: nobody's inside a request, the house's in a command or a job."""
    if connection.vendor == "postgresql" and connection.alias == DEFAULT_DB_ALIAS:
        _stand(NOBODY if getattr(_serving, "request", False) else HOUSE)


def _begin(**_kwargs: Any) -> None:
    _serving.request = True
    _leave()


def _end(**_kwargs: Any) -> None:
    _leave()
    _serving.request = False


def _leave() -> None:
    if _standing() != NOBODY and connection.connection is not None:
        _stand(NOBODY)


def keep_watch() -> None:
    """Follow requests and connections; called once, when the application is ready."""
    connection_created.connect(_connected, dispatch_uid="lacydon.wall")
    request_started.connect(_begin, dispatch_uid="lacydon.wall")
    request_finished.connect(_end, dispatch_uid="lacydon.wall")
