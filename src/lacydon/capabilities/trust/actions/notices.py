"""What the owner of an account is told when a way in changes: at every address that was theirs before."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from lacydon.kernel.mail import Message, post

from ..errors import ErasedPerson
from ..models import ContactKind
from ..queries.accounts import account_of, email_of
from ..queries.contacts import contact
from ..queries.wall import in_house


@in_house
def addresses_of(person: UUID | str) -> list[str]:
    """Where to warn somebody: the address of the local account, and the one they confirmed."""
    try:
        account = account_of(person)
        known = contact(person, kind=ContactKind.EMAIL)
    except ErasedPerson:
        return []
    found = [email_of(account)] if account else []
    return list(dict.fromkeys([*found, *([known.value] if known.verified and known.value else [])]))


@dataclass(frozen=True, slots=True)
class Reach:
    """Where somebody can be told something: e-mail addresses they proved, the telephone number they gave (E.164)."""

    emails: tuple[str, ...] = ()
    phone: str = ""


@in_house
def reach_of(person: UUID | str) -> Reach:
    """Nothing for who was erased."""
    try:
        known = contact(person, kind=ContactKind.PHONE).value
    except ErasedPerson:
        return Reach()
    bare = "".join(sign for sign in known if sign.isdigit() or sign == "+")
    phone = f"+33{bare[1:]}" if len(bare) == 10 and bare.startswith("0") else bare if bare.startswith("+") else ""
    return Reach(emails=tuple(addresses_of(person)), phone=phone)


def tell_owner(person: UUID | str, what: str, *, to: list[str] | None = None, signed_out: bool = True) -> None:
    """Warn the owner. `to`: the addresses of before the change, when it is an address that changes; `signed_out`:
    whether the other sessions were ended, which is said only when it is so."""
    ended = (_("Par précaution, vos autres appareils ont été déconnectés."),) if signed_out else ()
    for address in addresses_of(person) if to is None else to:
        post(
            Message(
                to=address,
                subject=_("La sécurité de votre espace a changé"),
                paragraphs=(
                    what,
                    *ended,
                    _("C’est bien vous ? Vous n’avez rien à faire."),
                    _("Sinon, entrez dans votre espace et changez vos moyens de connexion dès maintenant."),
                ),
            )
        )
