"""ProConnect: how agents sign in. The protocol is kernel.oidc's; here is what is ProConnect's own.

Documentation: https://partenaires.proconnect.gouv.fr/docs. It refuses any parameter that it does not know, tells how
somebody signed in (`amr`) only if asked, and calls the family name `usual_name`. `sub` belongs to the agent's own
provider: an agent who changes employer gets another.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from django.conf import settings
from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import Beginning, Proven, identity_providers
from lacydon.connectors import Check
from lacydon.kernel import oidc

CALLBACK: Final = "/connexion/proconnect/retour"
TEXTS: Final[Mapping[str, str]] = {
    "given_name": "given_name",
    "usual_name": "family_name",
    "email": "email",
    "organizational_unit": "organizational_unit",
}
SIREN: Final = re.compile(r"[0-9]{9}")
SIRET: Final = re.compile(r"[0-9]{14}")
LEVEL: Final = re.compile(r"eidas([0-3])(?:-mfa)?")
LONGEST: Final = 300


class ProConnect:
    """The identity provider of agents."""

    id = "proconnect"
    title = "ProConnect"
    kind: Literal["resident", "agent"] = "agent"

    def is_on(self) -> bool:
        return bool(settings.PROCONNECT["URL"])

    def begin(self, *, redirect_uri: str, fresh: bool = False) -> Beginning:
        url, pending = oidc.begin(_provider(), redirect_uri=redirect_uri, fresh=fresh)
        return Beginning(url=url, pending=pending.as_json())

    def finish(self, *, pending: object, parameters: Mapping[str, str], redirect_uri: str) -> Proven:
        begun = oidc.Pending.from_json(pending)
        found = oidc.finish(_provider(), begun, parameters=parameters, redirect_uri=redirect_uri)
        level = assurance(found.acr)
        return Proven(
            issuer=found.issuer,
            subject=found.subject,
            assurance=level,
            strong="mfa" in found.amr or found.acr.endswith(("-mfa", "-2fa")) or level >= 2,
            claims=parse(found.claims),
            id_token=found.id_token,
        )

    def logout(self, *, id_token: str, redirect_uri: str, state: str) -> str:
        return oidc.logout_url(_provider(), id_token=id_token, redirect_uri=redirect_uri, state=state)


def assurance(acr: str) -> int:
    """0 to 3. The older names of ProConnect are addresses: what the employer checked is 1, what nobody did is 0."""
    if found := LEVEL.fullmatch(acr):
        return int(found[1])
    return int("/consistency-checked" in acr)


def parse(told: Mapping[str, Any]) -> dict[str, Any]:
    """A userinfo as the port names it: only what is known, and what is not as documented is left out."""
    read: dict[str, Any] = {ours: text for theirs, ours in TEXTS.items() if (text := _text(told.get(theirs)))}
    siret = _text(told.get("siret")).replace(" ", "")
    siren = _text(told.get("siren")).replace(" ", "")
    if SIRET.fullmatch(siret):
        read |= {"siret": siret, "siren": siret[:9]}
    elif SIREN.fullmatch(siren):
        read["siren"] = siren
    return read


def check() -> Check:
    """Ask ProConnect whether it knows us, by a code that it must refuse."""
    if not settings.PROCONNECT["URL"]:
        return Check(ok=None, sentence=_("LACYDON_PROCONNECT_URL n’est pas réglé : ProConnect n’est pas proposé."))
    back = f"{settings.PUBLIC_URL}{CALLBACK}"
    try:
        oidc.introduce(_provider(), redirect_uri=back)
    except oidc.ProviderUnavailable as refusal:
        return Check(ok=False, sentence=f"{refusal.sentence} ({refusal.why})")
    return Check(ok=True, sentence=_("ProConnect nous connaît. Adresse de retour à y déclarer : %s") % back)


def _provider() -> oidc.Provider:
    return _agreed(*settings.PROCONNECT.values(), settings.IDENTITY_HOSTS)


@cache
def _agreed(
    url: str, client_id: str, secret: str, key_file: str, scopes: str, acr: str, hosts: tuple[str, ...]
) -> oidc.Provider:
    """One for each agreement: it holds connections, the keys and the state of the circuit."""
    levels = tuple(acr.split())
    try:
        return oidc.Provider(
            issuer=url,
            client_id=client_id,
            client_secret=secret,
            private_key=Path(key_file).read_text(encoding="ascii") if key_file else "",
            scopes=tuple(scopes.split()),
            acr=levels,
            acr_values=False,
            claims={"id_token": {"amr": {"essential": True}, "acr": {"essential": True, "values": levels}}},
            private_hosts=hosts,
        )
    except (ValueError, OSError) as error:
        raise oidc.ProviderMisconfigured(why=f"LACYDON_PROCONNECT_*: {error}") from error


def _text(value: Any) -> str:
    return value.strip()[:LONGEST] if isinstance(value, str) and value.isprintable() else ""


identity_providers.plug(ProConnect())
