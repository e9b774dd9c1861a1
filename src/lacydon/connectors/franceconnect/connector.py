"""FranceConnect v2: how residents sign in. The protocol is kernel.oidc's; here is what is FranceConnect's own.

Documentation: https://docs.partenaires.franceconnect.gouv.fr. `sub` belongs to this service alone, and changes when the
civil register corrects somebody: trust links the two again, with both proofs. An e-mail is a means of contact.
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

from . import birthdates

CALLBACK: Final = "/connexion/franceconnect/retour"
LEVELS: Final[Mapping[str, int]] = {"eidas1": 1, "eidas2": 2, "eidas3": 3}
"""eIDAS: low, substantial, high."""
TEXTS: Final = ("family_name", "preferred_username", "gender", "email")
PLACE: Final = re.compile(r"[0-9][0-9AB][0-9]{3}")
"""Code of a commune or of a country in INSEE's official geographic code (Corsica: 2A, 2B; France: 99100)."""
LONGEST: Final = 300
MOST_NAMES: Final = 20


class FranceConnect:
    """The identity provider of residents."""

    id = "franceconnect"
    title = "FranceConnect"
    kind: Literal["resident", "agent"] = "resident"

    def is_on(self) -> bool:
        return bool(settings.FRANCECONNECT["URL"])

    def begin(self, *, redirect_uri: str, fresh: bool = False) -> Beginning:
        url, pending = oidc.begin(_provider(), redirect_uri=redirect_uri, fresh=fresh)
        return Beginning(url=url, pending=pending.as_json())

    def finish(self, *, pending: object, parameters: Mapping[str, str], redirect_uri: str) -> Proven:
        begun = oidc.Pending.from_json(pending)
        found = oidc.finish(_provider(), begun, parameters=parameters, redirect_uri=redirect_uri)
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
        return oidc.logout_url(_provider(), id_token=id_token, redirect_uri=redirect_uri, state=state)


def parse(told: Mapping[str, Any]) -> dict[str, Any]:
    """A userinfo as the port names it: only what is known, and what is not as documented is left out."""
    read: dict[str, Any] = {name: text for name in TEXTS if (text := _text(told.get(name)))}
    several = told.get("given_name_array")
    names = several if isinstance(several, list) else str(told.get("given_name") or "").split()
    if given := [text for each in names[:MOST_NAMES] if (text := _text(each))]:
        read["given_names"] = given
    if (written := _text(told.get("birthdate"))) and (birth := birthdates.parse(written)):
        read["birthdate"] = written
        if birth.earliest and birth.latest:
            read |= {"born_from": birth.earliest.isoformat(), "born_until": birth.latest.isoformat()}
    for name in ("birthplace", "birthcountry"):
        if PLACE.fullmatch(code := _text(told.get(name))):
            read[name] = code
    return read


def check() -> Check:
    """Ask FranceConnect whether it knows us, by a code that it must refuse."""
    if not settings.FRANCECONNECT["URL"]:
        return Check(
            ok=None, sentence=_("LACYDON_FRANCECONNECT_URL n’est pas réglé : FranceConnect n’est pas proposé.")
        )
    back = f"{settings.PUBLIC_URL}{CALLBACK}"
    try:
        oidc.introduce(_provider(), redirect_uri=back)
    except oidc.ProviderUnavailable as refusal:
        return Check(ok=False, sentence=f"{refusal.sentence} ({refusal.why})")
    return Check(ok=True, sentence=_("FranceConnect nous connaît. Adresse de retour à y déclarer : %s") % back)


def _provider() -> oidc.Provider:
    return _agreed(*settings.FRANCECONNECT.values(), settings.IDENTITY_HOSTS)


@cache
def _agreed(
    url: str, client_id: str, secret: str, key_file: str, scopes: str, acr: str, hosts: tuple[str, ...]
) -> oidc.Provider:
    """One for each agreement: it holds connections, the keys and the state of the circuit."""
    try:
        return oidc.Provider(
            issuer=url,
            client_id=client_id,
            client_secret=secret,
            private_key=Path(key_file).read_text(encoding="ascii") if key_file else "",
            scopes=tuple(scopes.split()),
            acr=tuple(acr.split()),
            private_hosts=hosts,
        )
    except (ValueError, OSError) as error:
        raise oidc.ProviderMisconfigured(why=f"LACYDON_FRANCECONNECT_*: {error}") from error


def _text(value: Any) -> str:
    return value.strip()[:LONGEST] if isinstance(value, str) and value.isprintable() else ""


identity_providers.plug(FranceConnect())
