"""What was agreed with one provider, as the settings say it: the part that connectors to providers share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from .errors import ProviderMisconfigured, ProviderUnavailable
from .flow import Pending, SignedIn, begin, finish, introduce, logout_url
from .provider import Provider

LONGEST = 300
"""Signs of a claim that are kept."""
Claims = Callable[[tuple[str, ...]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """`name`: of its settings, LACYDON_name_URL and the others; `callback`: where its answers come, to declare there.

    `claims`: given the levels accepted, what is asked in the parameter `claims`, for a provider that does not know
    `acr_values`.
    """

    name: str
    title: str
    callback: str
    claims: Claims | None = None

    def is_on(self) -> bool:
        return bool(getattr(settings, self.name)["URL"])

    def provider(self) -> Provider:
        """One for each agreement. Raises ProviderMisconfigured."""
        return made(self, *getattr(settings, self.name).values(), settings.IDENTITY_HOSTS)

    def begin(self, *, redirect_uri: str, fresh: bool = False) -> tuple[str, dict[str, Any]]:
        """Where to send the visitor, and what to keep meanwhile in their session."""
        url, pending = begin(self.provider(), redirect_uri=redirect_uri, fresh=fresh)
        return url, pending.as_json()

    def finish(self, *, pending: object, parameters: Mapping[str, str], redirect_uri: str) -> SignedIn:
        """Who came back. Raises SignInRefused and its kin."""
        begun = Pending.from_json(pending)
        return finish(self.provider(), begun, parameters=parameters, redirect_uri=redirect_uri)

    def logout(self, *, id_token: str, redirect_uri: str, state: str) -> str:
        return logout_url(self.provider(), id_token=id_token, redirect_uri=redirect_uri, state=state)

    def check(self) -> tuple[bool | None, str]:
        """Ask the provider whether it knows us, by a code that it must refuse; None when it is not switched on."""
        if not self.is_on():
            told = {"name": self.name, "title": self.title}
            return None, _("LACYDON_%(name)s_URL n’est pas réglé : %(title)s n’est pas proposé.") % told
        back = f"{settings.PUBLIC_URL}{self.callback}"
        try:
            introduce(self.provider(), redirect_uri=back)
        except ProviderUnavailable as refusal:
            return False, f"{refusal.sentence} ({refusal.why})"
        told = {"title": self.title, "back": back}
        return True, _("%(title)s nous connaît. Adresse de retour à y déclarer : %(back)s") % told


@cache
def made(
    agreement: Agreement,
    url: str,
    client_id: str,
    secret: str,
    key_file: str,
    scopes: str,
    acr: str,
    hosts: tuple[str, ...],
) -> Provider:
    """Kept, since it holds connections, the keys and the state of the circuit."""
    levels = tuple(acr.split())
    try:
        return Provider(
            issuer=url,
            client_id=client_id,
            client_secret=secret,
            private_key=Path(key_file).read_text(encoding="ascii") if key_file else "",
            scopes=tuple(scopes.split()),
            acr=levels,
            acr_values=agreement.claims is None,
            claims=agreement.claims(levels) if agreement.claims else None,
            private_hosts=hosts,
        )
    except (ValueError, OSError) as error:
        raise ProviderMisconfigured(why=f"LACYDON_{agreement.name}_*: {error}") from error


def text_of(claim: Any) -> str:
    """A claim that is a text, on one line and not too long; empty when it is anything else."""
    return claim.strip()[:LONGEST] if isinstance(claim, str) and claim.isprintable() else ""
