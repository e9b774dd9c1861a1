"""Local accounts: which there is for an address, what a person can sign in with."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from lacydon.kernel import sealing
from lacydon.kernel.errors import BadInput

from ..models import Authenticator, LocalAccount, Passkey, RecoveryCode, Session
from .keys import unseal_of
from .wall import in_house

LONGEST_ADDRESS = 254
"""Of an e-mail address (RFC 5321, 4.5.3.1.3)."""


@dataclass(frozen=True, slots=True)
class WaysIn:
    """What a person has to sign in here. `email` is "" without a local account."""

    email: str
    passphrase: bool
    authenticator: datetime | None
    passkeys: tuple[Passkey, ...]
    recovery_codes: int

    @property
    def second_factor(self) -> bool:
        return bool(self.authenticator or self.passkeys)


def email_address(typed: str, *, field: str = "email") -> str:
    """The address as it is compared and written to: no spaces around, in lower case. Raises BadInput."""
    address = typed.strip().lower()
    try:
        if len(address) > LONGEST_ADDRESS:
            raise ValidationError("too long")
        validate_email(address)
    except ValidationError:
        raise BadInput(_("Écrivez une adresse comme nom@exemple.fr."), field=field) from None
    return address


def email_hash(address: str) -> str:
    """What an account is found by."""
    return sealing.keyed_hash(address, purpose="email")


def email_place(account: UUID | str) -> str:
    return f"trust_localaccount:{account}:email"


@in_house
def account_for(address: str) -> LocalAccount | None:
    """The account an address opens, unless its person was erased."""
    found = LocalAccount.objects.select_related("person").filter(email_hash=email_hash(address)).first()
    return None if found is None or found.person.erased_at else found


def account_of(person: UUID | str) -> LocalAccount | None:
    return LocalAccount.objects.filter(person_id=person).first()


def email_of(account: LocalAccount) -> str:
    """The address an account was made with, or changed to."""
    return unseal_of(account.person_id, account.email_sealed, place=email_place(account.id)).decode()


def has_second_factor(person: UUID | str) -> bool:
    confirmed = Authenticator.objects.filter(person_id=person, confirmed_at__isnull=False)
    return confirmed.exists() or Passkey.objects.filter(person_id=person).exists()


def ways_in(person: UUID | str) -> WaysIn:
    """Everything of this platform's own that a person can sign in with."""
    account = account_of(person)
    confirmed = Authenticator.objects.filter(person_id=person).values_list("confirmed_at", flat=True).first()
    return WaysIn(
        email=email_of(account) if account else "",
        passphrase=bool(account and account.passphrase),
        authenticator=confirmed,
        passkeys=tuple(Passkey.objects.filter(person_id=person).order_by("created_at", "pk")),
        recovery_codes=RecoveryCode.objects.filter(person_id=person, used_at=None).count(),
    )


def sessions_of(person: UUID | str, *, at: datetime) -> list[Session]:
    """Where a person is signed in now, last seen first."""
    return list(Session.objects.filter(person_id=person, expire_date__gt=at).order_by("-seen_at", "pk"))
