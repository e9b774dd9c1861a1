"""Who acts, and what each address needs: every view says it, and what says nothing is refused.

    @open_to_all                         # anybody, without a sign-in
    @needs("mandate.revoke")             # who may do this action; the action itself asks again, with the object
    def revoke(request, reference): ...

`kernel.middleware.access` reads the declaration before a page runs, `kernel.problems` before an operation of the API.
Who may do an action is said by a `Permission`, left by its capability at the extension point `permissions`; the one
policy function is `trust.public.can`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from . import plugs
from .errors import Forbidden

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for whom, as what. `person` and `principal` are pseudonyms; equal unless a mandate is in hand."""

    person: str = ""
    kind: str = "nobody"
    """nobody, resident, agent or machine."""
    assurance: int = 0
    """0 none, 1 low (eidas1), 2 substantial, 3 high."""
    strong: bool = False
    """Whether a second factor was shown."""
    organisation: str = ""
    roles: frozenset[str] = frozenset()
    principal: str = ""
    mandate: str = ""
    scope: frozenset[str] = frozenset()
    """Themes of the mandate in hand."""
    limits: frozenset[str] = frozenset()
    """What the mandate in hand takes away: read, write, history."""
    signed_in_at: datetime | None = None
    session: str = ""

    @property
    def known(self) -> bool:
        return bool(self.person)

    @property
    def delegated(self) -> bool:
        return bool(self.mandate)

    def surer(self, assurance: int) -> "Actor":
        """The same, had they signed in with a second factor and at least this assurance."""
        return replace(self, assurance=max(self.assurance, assurance), strong=True)

    def alone(self) -> "Actor":
        """The same, with no mandate in hand."""
        return replace(self, principal=self.person, mandate="", scope=frozenset(), limits=frozenset())


NOBODY = Actor()
MACHINE = Actor(kind="machine")
"""The platform itself: jobs and commands."""


@dataclass(frozen=True, slots=True)
class Permission:
    """Who may do an action. Several ways in may be open; one is enough.

    `own`: the person the object belongs to. `delegable` (read, write or history): whoever holds a mandate of that
    person, unless the mandate takes this away; the object's themes must be within the mandate's.
    `roles`: an agent of the object's organisation with one of these roles. `anyone`: whoever is signed in.
    `assurance`, `strong`: what the sign-in must be worth, whatever the way in.
    """

    action: str
    own: bool = False
    delegable: str = ""
    roles: frozenset[str] = frozenset()
    anyone: bool = False
    assurance: int = 0
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """A role in a capability: `id` is capability.role."""

    id: str
    title: Any
    meaning: Any


class SignInNeeded(Forbidden):
    """Nobody is signed in: pages lead to the sign-in, machines get 401."""

    status = 401
    code = "sign-in-needed"

    def __init__(self, **facts: Any) -> None:
        super().__init__(_("Il faut se connecter."), **facts)


class StrongerSignInNeeded(Forbidden):
    """Signed in, but not surely enough for this."""

    code = "stronger-sign-in-needed"

    def __init__(self, **facts: Any) -> None:
        super().__init__(_("Il faut une connexion plus sûre : un second facteur, ou FranceConnect."), **facts)


class Undeclared(Forbidden):
    code = "undeclared"


OPEN = ""
"""The declaration of a view that anybody may reach."""
BY_OPERATION = "*"
"""The declaration of an address of the API: each of its operations has its own (`kernel.problems.install`)."""


def open_to_all(view: View) -> View:
    """Mark a view that anybody may reach."""
    view.needs = OPEN  # type: ignore[attr-defined]
    return view


def needs(action: str, *, why: Any = "") -> Callable[[View], View]:
    """Mark a view with the action whose permission it takes. `why`: what the page where one signs in says of it."""

    def mark(view: View) -> View:
        view.needs = action  # type: ignore[attr-defined]
        view.why = why  # type: ignore[attr-defined]
        return view

    return mark


def reason(view: Any) -> Any:
    """Why a view asks for a sign-in, as it was marked; nothing when it does not say."""
    return getattr(view, "why", "")


def declaring(view: Callable[..., Any], action: str) -> Callable[..., Any]:
    """A view of a library that carries this declaration."""

    @wraps(view)
    def carried(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    carried.needs = action  # type: ignore[attr-defined]
    return carried


def declared(view: Any) -> str | None:
    """What a view says it needs; None when it says nothing. Wrappers made with functools.wraps are seen through."""
    found: str | None = getattr(view, "needs", None)
    return found


def visitor(request: Any) -> Actor:
    """Who is behind a request, as the one capability that knows says."""
    for _name, knows in plugs.visitors.items():
        actor: Actor = knows(request)
        return actor
    return NOBODY


def admit(request: Any, action: str | None) -> None:
    """Raises Refused (403, or 401 when a sign-in would help) unless the declaration lets this visitor in."""
    if action is None:
        raise Undeclared(_("Cette adresse ne dit pas à qui elle est ouverte : elle reste fermée."))
    if action in (OPEN, BY_OPERATION):
        return
    request.restricted = True
    gates = list(plugs.gatekeepers.items())
    if not gates:
        raise Forbidden(_("Personne ne garde cette porte : elle reste fermée."))
    for _name, gate in gates:
        gate(request.actor, action)
