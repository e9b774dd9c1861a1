"""What a provider of identities must offer to be plugged in, and the registry it is plugged into.

A provider says who somebody is, and how sure it is; it decides nothing of what they may do. Whatever goes wrong it
raises: `kernel.errors.Refused` (nobody is signed in) or `Unavailable` (it does not answer).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, Protocol

Kind = Literal["resident", "agent"]


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where to send the visitor, and what to keep in their session (JSON) until they come back."""

    url: str
    pending: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Proven:
    """Who somebody is. `(issuer, subject)` is the identity, never an e-mail; keep both hashed.

    `assurance`: 0 self-asserted, 1 to 3 as eIDAS low, substantial, high. `strong`: a second factor was used. `claims`
    (JSON) are named as follows, each only when it was given.
    Residents: `given_names` (list), `family_name`, `preferred_username`, `gender`, `birthdate` (as written, may be
    partial: 1962-00-00), `born_from` and `born_until` (ISO days, absent when the year is unknown), `birthplace` and
    `birthcountry` (INSEE codes), `email` (a means of contact, not a proof).
    Agents: `given_name`, `family_name`, `email`, `siret`, `siren`, `organizational_unit`.
    `id_token` is kept on the server until sign-out, and nowhere else.
    """

    issuer: str
    subject: str
    assurance: int
    strong: bool
    claims: Mapping[str, Any]
    id_token: str


class IdentityProvider(Protocol):
    """A way of signing in. `id` is in the addresses: /connexion/<id>/retour; `title` is what visitors read."""

    id: str
    title: str
    kind: Kind

    def is_on(self) -> bool:
        """Whether this installation is meant to use it."""

    def begin(self, *, redirect_uri: str, fresh: bool = False) -> Beginning:
        """`fresh`: the visitor must prove anew who they are, even if they are signed in there already; a provider that
        cannot be told so sends them back as ever. Raises Unavailable."""

    def finish(self, *, pending: object, parameters: Mapping[str, str], redirect_uri: str) -> Proven:
        """`pending`: what `begin` gave, popped from the session (None when there was none); `parameters`: those of
        the address the visitor came back to. Raises Refused, Unavailable."""

    def logout(self, *, id_token: str, redirect_uri: str, state: str) -> str:
        """Where to send the visitor to be signed out there too; they come back to `redirect_uri` with `state`."""


class IdentityProviders:
    """The registry of the port: providers by id, in the order they are plugged in."""

    def __init__(self) -> None:
        self._providers: dict[str, IdentityProvider] = {}

    def plug(self, provider: IdentityProvider) -> None:
        """Plug a provider in; the same id twice replaces it, so that a module can be imported again."""
        self._providers[provider.id] = provider

    def on(self, *, kind: Kind | None = None) -> list[IdentityProvider]:
        """The providers meant to be used, of one kind or of both."""
        return [each for each in self._providers.values() if each.is_on() and kind in (None, each.kind)]

    def get(self, id: str) -> IdentityProvider | None:
        """The provider of that id, when it is meant to be used."""
        return next((each for each in self.on() if each.id == id), None)

    @contextmanager
    def only(self, *providers: IdentityProvider) -> Iterator[None]:
        """For tests: these providers and no other."""
        before = self._providers
        self._providers = {provider.id: provider for provider in providers}
        try:
            yield
        finally:
            self._providers = before


identity_providers = IdentityProviders()
