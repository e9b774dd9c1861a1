"""ProConnect: how agents sign in. The protocol is kernel.oidc's; here is what is ProConnect's own.

Documentation: https://partenaires.proconnect.gouv.fr/docs. It refuses any parameter that it does not know, tells how
somebody signed in (`amr`) only if asked, and calls the family name `usual_name`. `sub` belongs to the agent's own
provider: an agent who changes employer gets another.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, Literal

from lacydon.capabilities.trust.public import Beginning, Proven, identity_providers
from lacydon.connectors import Check
from lacydon.kernel.oidc import Agreement, text_of

TEXTS: Final[Mapping[str, str]] = {
    "given_name": "given_name",
    "usual_name": "family_name",
    "email": "email",
    "organizational_unit": "organizational_unit",
}
SIREN: Final = re.compile(r"[0-9]{9}")
SIRET: Final = re.compile(r"[0-9]{14}")
LEVEL: Final = re.compile(r"eidas([0-3])(?:-mfa)?")


def asked(levels: tuple[str, ...]) -> Mapping[str, Any]:
    """What the `claims` parameter asks for: it refuses `acr_values`."""
    return {"id_token": {"amr": {"essential": True}, "acr": {"essential": True, "values": levels}}}


AGREEMENT: Final = Agreement(
    name="PROCONNECT", title="ProConnect", callback="/connexion/proconnect/retour", claims=asked
)


class ProConnect:
    """The identity provider of agents."""

    id = "proconnect"
    title = "ProConnect"
    kind: Literal["resident", "agent"] = "agent"

    def is_on(self) -> bool:
        return AGREEMENT.is_on()

    def begin(self, *, redirect_uri: str, fresh: bool = False) -> Beginning:
        url, pending = AGREEMENT.begin(redirect_uri=redirect_uri, fresh=fresh)
        return Beginning(url=url, pending=pending)

    def finish(self, *, pending: object, parameters: Mapping[str, str], redirect_uri: str) -> Proven:
        found = AGREEMENT.finish(pending=pending, parameters=parameters, redirect_uri=redirect_uri)
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
        return AGREEMENT.logout(id_token=id_token, redirect_uri=redirect_uri, state=state)


def assurance(acr: str) -> int:
    """0 to 3. The older names of ProConnect are addresses: what the employer checked is 1, what nobody did is 0."""
    if found := LEVEL.fullmatch(acr):
        return int(found[1])
    return int("/consistency-checked" in acr)


def parse(told: Mapping[str, Any]) -> dict[str, Any]:
    """A userinfo as the port names it: only what is known, and what is not as documented is left out."""
    read: dict[str, Any] = {ours: text for theirs, ours in TEXTS.items() if (text := text_of(told.get(theirs)))}
    siret = text_of(told.get("siret")).replace(" ", "")
    siren = text_of(told.get("siren")).replace(" ", "")
    if SIRET.fullmatch(siret):
        read |= {"siret": siret, "siren": siret[:9]}
    elif SIREN.fullmatch(siren):
        read["siren"] = siren
    return read


def check() -> Check:
    """Ask ProConnect whether it knows us."""
    ok, sentence = AGREEMENT.check()
    return Check(ok=ok, sentence=sentence)


identity_providers.plug(ProConnect())
