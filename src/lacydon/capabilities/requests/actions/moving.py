"""Every write to a request goes through `changing`: the row locked, the policy asked, the journal and the clock kept.

    with changing(actor=actor, action="request.decide", number=number, revision=read) as change:
        change.note("decided", facts={"outcome": "accepted"}, words={"reason": "…"})
        change.close(Outcome.ACCEPTED)

Two agents on one request cannot overwrite each other: `revision` is the one that was read, and the second is refused.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel import rows
from lacydon.kernel.access import MACHINE, NOBODY, Actor
from lacydon.kernel.clock import now
from lacydon.kernel.events import publish

from ..errors import ChangedMeanwhile, NotNow
from ..events import RequestMoved
from ..models import ByKind, Outcome, Request, RequestState, Step
from ..queries import numbers
from ..queries.requests import unknown
from ..queries.sealed import key_of, seal

PURPOSE = "requests"
BY_SECRET = frozenset({"request.write", "request.rate"})
"""What the secret of a request opens: what its maker does, never what an agent does."""


@dataclass(slots=True)
class Change:
    """A request being written to. What is noted and moved here is saved at the end, all of it or nothing."""

    request: Request
    actor: Actor
    by_secret: bool = False
    by_kind: str = ""
    steps: list[Step] = field(default_factory=list)

    def note(
        self,
        kind: str,
        *,
        facts: Mapping[str, Any] | None = None,
        words: Any = None,
        public: bool = True,
        told: bool = False,
    ) -> Step:
        """A line of the timeline. `words`: what people wrote (JSON), sealed; `facts`: nothing personal, in the clear.

        `told`: nobody has to be told of this one.
        """
        row, moment = self.request, now()
        row.steps_count += 1
        step = Step(
            request=row,
            position=row.steps_count,
            at=moment,
            kind=kind,
            by_kind=self.by_kind or _by_kind(self.actor, row=row, by_secret=self.by_secret),
            by_id=self.actor.person or None,
            organisation_id=self.actor.organisation or None,
            for_whom=bool(self.actor.mandate),
            public=public,
            facts=dict(facts or {}),
            told_at=moment if told or not public else None,
        )
        if words is not None:
            step.sealed = seal(words, key=key_of(row), holder=step, field="sealed")
        rows.insert(step)
        self.steps.append(step)
        publish(RequestMoved(request=str(row.pk), step=step.pk, kind=kind, told=step.told_at is not None))
        return step

    def move(self, state: RequestState) -> None:
        """Into another open state. While the resident is waited for, the legal clock stands still (CRPA L. 114-5)."""
        row, moment = self.request, now()
        if row.state == RequestState.CLOSED or state == RequestState.CLOSED:
            raise NotNow(_("Cette demande est close : rouvrez-la d’abord."))
        if state == RequestState.WAITING and row.state != RequestState.WAITING:
            row.waiting_since = moment
        elif state != RequestState.WAITING:
            self._start_clock_again()
        row.state = state

    def close(self, outcome: Outcome) -> None:
        if self.request.state == RequestState.CLOSED:
            raise NotNow(_("Cette demande est déjà close."))
        self._start_clock_again()
        self.request.state, self.request.outcome, self.request.closed_at = RequestState.CLOSED, outcome, now()

    def reopen(self) -> None:
        row = self.request
        if row.state != RequestState.CLOSED:
            raise NotNow(_("Cette demande n’est pas close."))
        row.state, row.outcome, row.closed_at = RequestState.IN_PROGRESS, "", None
        row.reopened += 1
        row.rating, row.rated_at = None, None

    def _start_clock_again(self) -> None:
        row = self.request
        if row.waiting_since and row.due_at:
            row.due_at += max(now() - row.waiting_since, timedelta())
        row.waiting_since = None


@contextmanager
def changing(
    *,
    actor: Actor,
    action: str,
    number: str,
    revision: int | None = None,
    secret: str | None = None,
    about: str = "",
    by_kind: str = "",
) -> Iterator[Change]:
    """A write to one request, in one transaction. `secret`: in the place of an account, for what its maker may do.

    `by_kind`: said of a machine that speaks for the authority. Raises UnknownRequest, ChangedMeanwhile, what the policy
    refuses; then nothing is written.
    """
    if secret is not None:
        trust.bring(numbers.hash_of(secret))
    with transaction.atomic():
        if actor.kind == MACHINE.kind and secret is None:
            with trust.house():
                row = _locked(number)
                yield from _changed(Change(row, actor, by_kind=by_kind), revision)
                trust.record(
                    actor=actor, subject=_subject(row), action=action, purpose=PURPOSE, object=named(row),
                    organisation=row.organisation_id,
                )  # fmt: skip
            return
        row = _locked(number)
        if secret is not None:
            if not numbers.opens(secret, kept=row.secret_hash) or action not in BY_SECRET:
                raise unknown()
            yield from _changed(Change(row, NOBODY, by_secret=True, by_kind=by_kind), revision)
            trust.record(actor=NOBODY, subject=_subject(row), action=action, purpose=PURPOSE, object=named(row))
            return
        if not trust.can(actor, None, action, row):
            if not trust.can(actor, None, "request.see", row):
                raise unknown()
            trust.require(actor=actor, action=action, object=row)
        with trust.acting(
            actor=actor, action=action, object=row, named=named(row), purpose=PURPOSE, about=about,
            subject=_subject(row),
        ) as by:  # fmt: skip
            yield from _changed(Change(row, by, by_kind=by_kind), revision)


def _locked(number: str) -> Request:
    """Raises UnknownRequest, for one that the second wall hides too."""
    rows = Request.objects.select_for_update(of=("self",)).select_related("form", "organisation")
    row = rows.filter(number=numbers.tidy_number(number)).first()
    if row is None:
        raise unknown()
    return row


def _changed(change: Change, revision: int | None) -> Iterator[Change]:
    row, charged = change.request, change.request.organisation_id
    if revision is not None and revision != row.revision:
        raise ChangedMeanwhile(
            _("Quelqu’un d’autre a modifié cette demande. Relisez-la : rien de ce que vous avez écrit n’est perdu.")
        )
    yield change
    row.revision += 1
    row.changed_at = now()
    # Who sends a request on to another organisation sees it no more: the wall would refuse the row.
    with trust.house() if row.organisation_id != charged else nullcontext():
        row.save()


def named(row: Request) -> str:
    """How the journal names a request."""
    return f"request:{row.number}"


def _subject(row: Request) -> UUID | str:
    return row.person_id or ""


def _by_kind(actor: Actor, *, row: Request, by_secret: bool) -> str:
    if by_secret:
        return ByKind.RESIDENT
    if actor.kind == "machine":
        return ByKind.MACHINE
    if row.person_id and str(row.person_id) == actor.principal:
        return ByKind.RESIDENT
    return ByKind.AGENT
