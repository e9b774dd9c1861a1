"""Opening a request's file: each time an agent or a helper does, the journal keeps it, and the resident sees it."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import MACHINE, Actor

from ..models import Request
from ..queries.requests import request_by_number, request_by_secret
from ..queries.sealed import key_of, unseal
from .moving import PURPOSE, named


@dataclass(frozen=True, slots=True)
class File:
    """A request with what it says: `answers` as the form's version reads them, `contact` of who has no account."""

    request: Request
    key: bytes
    answers: dict[str, Any]
    contact: dict[str, str]


def read_request(*, actor: Actor, number: str) -> File:
    """What a request says. Somebody else's access is in the journal before anything is shown. Raises UnknownRequest."""
    with transaction.atomic():
        row = request_by_number(number, actor=actor)
        if str(row.person_id) != actor.principal or actor.mandate:
            with trust.house():
                trust.record(
                    actor=actor, subject=row.person_id or "", action="request.read", purpose=PURPOSE, object=named(row)
                )
    return _opened(row)


def read_by_secret(*, number: str, secret: str) -> File:
    """The same for who made it without an account. Raises UnknownRequest."""
    return _opened(request_by_secret(number, secret=secret))


def read_own(row: Request) -> File:
    """The same for who has just shown that it is theirs, by the draft it was made of."""
    return _opened(row)


def read_for_machine(*, request: Request, purpose: str = "delivery") -> File:
    """The same for the platform itself, which hands it to the authority in charge; in the journal too.

    To be called in a transaction.
    """
    with trust.house():
        trust.record(
            actor=MACHINE, subject=request.person_id or "", action="request.deliver", purpose=purpose,
            object=named(request), organisation=request.organisation_id,
        )  # fmt: skip
    return _opened(request)


def _opened(row: Request) -> File:
    key = key_of(row)
    return File(
        request=row,
        key=key,
        answers=unseal(row.sealed, key=key, holder=row, field="sealed") or {},
        contact=unseal(row.contact_sealed, key=key, holder=row, field="contact_sealed") or {},
    )
