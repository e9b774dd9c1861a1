"""Passkeys (WebAuthn level 3): what a browser is asked for, and what its answer proves."""

import ipaddress
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
import webauthn
from django.utils.translation import gettext as _
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from lacydon.kernel import sealing

from ..errors import PasskeyRefused
from ..models import Passkey

log = structlog.get_logger("lacydon.security")

LONGEST = 20_000
"""Characters of a browser's answer."""
MALFORMED = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Site:
    """Whom a passkey is for: the host, and the origin a browser says the page came from."""

    id: str
    origin: str

    @property
    def named(self) -> bool:
        """Whether passkeys are possible: browsers refuse them to an address in digits."""
        try:
            ipaddress.ip_address(self.id.strip("[]"))
        except ValueError:
            return True
        return False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page gives to the browser (JSON), and the challenge to keep for the answer."""

    options: str
    challenge: bytes


@dataclass(frozen=True, slots=True)
class Proven:
    """A new key, proven."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def handle(person: UUID | str) -> bytes:
    """What an authenticator keeps as the user's id: not the pseudonym itself, which would leave the platform."""
    return bytes.fromhex(sealing.keyed_hash(str(person), purpose="passkey-user"))


def ask_for_new(*, person: UUID | str, site: Site, label: str) -> Asked:
    """Ask a browser to make a key that can be found by itself, and that verifies who holds it (PIN, finger, face)."""
    options = webauthn.generate_registration_options(
        rp_id=site.id,
        rp_name="Lacydon",
        user_id=handle(person),
        user_name=label,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=_keys_of(person),
    )
    return Asked(webauthn.options_to_json(options), options.challenge)


def ask_for_known(*, site: Site, person: UUID | str = "") -> Asked:
    """Ask a browser to sign with a key it has; with one of this person's when it is known who they are."""
    options = webauthn.generate_authentication_options(
        rp_id=site.id,
        allow_credentials=_keys_of(person) if person else None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Asked(webauthn.options_to_json(options), options.challenge)


def proven_new(answer: str, *, challenge: bytes, site: Site) -> Proven:
    """The key a browser made for this challenge, here. Raises PasskeyRefused."""
    try:
        found = webauthn.verify_registration_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except MALFORMED:
        raise refusal() from None
    return Proven(found.credential_id, found.credential_public_key, found.sign_count)


def signed_by(answer: str, *, challenge: bytes, site: Site) -> tuple[Passkey, int]:
    """The key that signed this challenge, here, and its new count. Raises PasskeyRefused.

    A count that does not grow tells a copied key (WebAuthn level 3, 6.1.1): refused.
    """
    try:
        credential = _read(answer)
        found = Passkey.objects.select_related("person").get(credential_id=base64url_to_bytes(credential["id"]))
        told = credential["response"].get("userHandle")
        if found.person.erased_at or (told and base64url_to_bytes(told) != handle(found.person_id)):
            raise refusal()
        checked = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=bytes(found.public_key),
            credential_current_sign_count=found.sign_count,
            require_user_verification=True,
        )
    except (*MALFORMED, Passkey.DoesNotExist):
        raise refusal() from None
    return found, checked.new_sign_count


def refusal() -> PasskeyRefused:
    log.warning("sign-in.refused", way="passkey")
    return PasskeyRefused(_("Cette clé n’a pas pu être vérifiée ici. Réessayez, ou choisissez un autre moyen."))


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST:
        raise ValueError("too long")
    read = json.loads(answer)
    if not isinstance(read, dict):
        raise TypeError("not an object")
    return read


def _keys_of(person: UUID | str) -> list[PublicKeyCredentialDescriptor]:
    rows = Passkey.objects.filter(person_id=person).values_list("credential_id", flat=True)
    return [PublicKeyCredentialDescriptor(id=bytes(each)) for each in rows]
