"""FranceConnect v2: how residents sign in. The protocol is kernel.oidc's; here is what is FranceConnect's own.

Documentation: https://docs.partenaires.franceconnect.gouv.fr. `sub` belongs to this service alone, and changes when the
civil register corrects somebody: trust links the two again, with both proofs. An e-mail is a means of contact.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, Literal

from lacydon.capabilities.trust.public import Beginning, Proven, identity_providers
from lacydon.connectors import Check
from lacydon.kernel.oidc import Agreement, text_of

from . import birthdates

LEVELS: Final[Mapping[str, int]] = {"eidas1": 1, "eidas2": 2, "eidas3": 3}
"""eIDAS: low, substantial, high."""
TEXTS: Final = ("family_name", "preferred_username", "gender", "email")
PLACE: Final = re.compile(r"[0-9][0-9AB][0-9]{3}")
"""Code of a commune or of a country in INSEE's official geographic code (Corsica: 2A, 2B; France: 99100)."""
MOST_NAMES: Final = 20
AGREEMENT: Final = Agreement(name="FRANCECONNECT", title="FranceConnect", callback="/connexion/franceconnect/retour")


class FranceConnect:
    """The identity provider of residents."""

    id = "franceconnect"
    title = "FranceConnect"
    kind: Literal["resident", "agent"] = "resident"

    def is_on(self) -> bool:
        return AGREEMENT.is_on()

    def begin(self, *, redirect_uri: str, fresh: bool = False) -> Beginning:
        url, pending = AGREEMENT.begin(redirect_uri=redirect_uri, fresh=fresh)
        return Beginning(url=url, pending=pending)

    def finish(self, *, pending: object, parameters: Mapping[str, str], redirect_uri: str) -> Proven:
        found = AGREEMENT.finish(pending=pending, parameters=parameters, redirect_uri=redirect_uri)
        level = LEVELS.get(found.acr, 0)
        return Proven(
            issuer=found.issuer,
            subject=found.subject,
            assurance=level,
            strong=level >= 2,
            claims=parse(found.claims),
            id_token=found.id_token,
        )

    def logout(self, *, id_token: str, redirect_uri: str, state: str) -> str:
        return AGREEMENT.logout(id_token=id_token, redirect_uri=redirect_uri, state=state)


def parse(told: Mapping[str, Any]) -> dict[str, Any]:
    """A userinfo as the port names it: only what is known, and what is not as documented is left out."""
    read: dict[str, Any] = {name: text for name in TEXTS if (text := text_of(told.get(name)))}
    several = told.get("given_name_array")
    names = several if isinstance(several, list) else str(told.get("given_name") or "").split()
    if given := [text for each in names[:MOST_NAMES] if (text := text_of(each))]:
        read["given_names"] = given
    if (written := text_of(told.get("birthdate"))) and (birth := birthdates.parse(written)):
        read["birthdate"] = written
        if birth.earliest and birth.latest:
            read |= {"born_from": birth.earliest.isoformat(), "born_until": birth.latest.isoformat()}
    for name in ("birthplace", "birthcountry"):
        if PLACE.fullmatch(code := text_of(told.get(name))):
            read[name] = code
    return read


def check() -> Check:
    """Ask FranceConnect whether it knows us."""
    ok, sentence = AGREEMENT.check()
    return Check(ok=ok, sentence=sentence)


identity_providers.plug(FranceConnect())
