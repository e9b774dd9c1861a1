"""Local accounts: entering by a link or by a passphrase, the passphrase itself."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import structlog
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lacydon.kernel import attempts
from lacydon.kernel.access import MACHINE, Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import Conflict

from ..errors import AddressTaken, IdentityTaken, NotAllowed, UnknownPerson, WrongSecret
from ..models import ContactKind, ContactPoint, LinkPurpose, LocalAccount, OneTimeLink, Person, PersonKind, Session
from ..queries import passphrases, policy
from ..queries.accounts import (
    account_for,
    account_of,
    email_address,
    email_hash,
    email_of,
    email_place,
    has_second_factor,
)
from ..queries.contacts import contact_place
from ..queries.freshness import require_proven
from ..queries.keys import seal_for
from ..queries.links import address_of
from ..queries.wall import in_house
from .contacts import settle_changes
from .journal import Draft, record, record_all
from .links import forgive_links, use_link
from .notices import tell_owner
from .people import sign_in
from .sessions import end_sessions

log = structlog.get_logger("lacydon.security")

PROVIDER = ISSUER = "local"
ASSURANCE = 0
"""Self-declared: nobody has looked at a paper."""
SPELL = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Entered:
    """Somebody who showed a first proof. `complete`: they are signed in; else a second factor is still to show."""

    person: Person
    account: str
    complete: bool
    is_new: bool = False
    """The first time: the space was just made."""


@in_house
@transaction.atomic
def enter_by_link(*, token: str) -> Entered:
    """Sign in with the link of an e-mail. The account is made the first time. Raises LinkSpent."""
    return _enter_by_email(use_link(token, purpose=LinkPurpose.SIGN_IN))


@in_house
@transaction.atomic
def enter_by_code(*, link: OneTimeLink) -> Entered:
    """The same with a link that `use_code` has taken."""
    return _enter_by_email(link)


@in_house
def enter_by_passphrase(*, typed: str, passphrase: str, network: str) -> Entered:
    """The account this address and passphrase open; a second factor is then to be shown.

    Raises WrongSecret, TooManyRequests. An address without an account, or without a passphrase, costs the same work.
    Not to be called in a transaction.
    """
    email = email_address(typed)
    attempts.spend(what="passphrase-here", who=f"{email}|{network}", most=5, per=SPELL)
    attempts.spend(what="passphrase", who=email, most=100, per=timedelta(days=1))
    attempts.spend(what="passphrase-network", who=network, most=100, per=SPELL)
    settle_changes()
    account = account_for(email)
    said = passphrases.normal(passphrase[: passphrases.LONGEST + 1])
    held = account.passphrase if account else ""
    if not held:
        make_password(said)  # as long as a comparison, so that the time tells nothing
    if account is None or not held or not check_password(said, held) or not has_second_factor(account.person_id):
        log.warning("sign-in.refused", way="passphrase")
        raise WrongSecret(
            _("Cette adresse et cette phrase n’ouvrent aucun espace. Vérifiez les deux."), field="passphrase"
        )
    return Entered(account.person, str(account.id), complete=False)


@in_house
def forgive_passphrase(*, account: str, network: str) -> None:
    """Forget the tries of who has now shown everything."""
    found = LocalAccount.objects.get(pk=account)
    attempts.forgive(what="passphrase-here", who=f"{email_of(found)}|{network}")


@in_house
def complete(*, account: str) -> Person:
    """Sign in who has shown a second factor after a first proof, or a passkey, which is both."""
    found = LocalAccount.objects.select_related("person").filter(pk=account, person__erased_at=None).first()
    if found is None:
        raise WrongSecret(_("Ce compte n’existe plus."))
    return _sign_in(found, strong=True)


def _enter_by_email(link: OneTimeLink) -> Entered:
    settle_changes()
    email = address_of(link)
    forgive_links(email)
    known = account_for(email)
    account = known or _new_account(email)
    if has_second_factor(account.person_id):
        return Entered(account.person, str(account.id), complete=False)
    return Entered(_sign_in(account, strong=False), str(account.id), complete=True, is_new=known is None)


def _sign_in(account: LocalAccount, *, strong: bool) -> Person:
    person, _new = sign_in(
        provider=PROVIDER,
        kind=account.person.kind,
        issuer=ISSUER,
        subject=str(account.id),
        assurance=ASSURANCE,
        strong=strong,
        link_to=str(account.person_id),
    )
    return person


def _new_account(email: str) -> LocalAccount:
    """A person and their account; those of somebody quicker when two links are used at once."""
    LocalAccount.objects.filter(email_hash=email_hash(email), person__erased_at__isnull=False).delete()
    try:
        with transaction.atomic():
            id = uuid4()
            person, _new = sign_in(
                provider=PROVIDER, kind=PersonKind.RESIDENT, issuer=ISSUER, subject=str(id), assurance=ASSURANCE
            )
            account = _account(id, person=person, email=email)
            _keep_contact(person, email=email)
            return account
    except IntegrityError:
        return LocalAccount.objects.select_related("person").get(email_hash=email_hash(email))


def _account(id: UUID, *, person: Person, email: str) -> LocalAccount:
    return LocalAccount.objects.create(
        id=id,
        person=person,
        email_hash=email_hash(email),
        email_sealed=seal_for(person.id, email, place=email_place(str(id))),
        created_at=now(),
    )


@in_house
def _keep_contact(person: Person, *, email: str) -> None:
    moment = now()
    sealed = seal_for(person.id, email, place=contact_place(person=person.id, kind=ContactKind.EMAIL))
    ContactPoint.objects.get_or_create(
        person=person,
        kind=ContactKind.EMAIL,
        defaults={
            "sealed": sealed,
            "verified_at": moment,
            "changed_at": moment,
            "address_hash": email_hash(email),
        },
    )


@transaction.atomic
def add_account(*, actor: Actor, token: str, session: str = "") -> None:
    """Add a way in by e-mail to who is signed in otherwise; their other sessions end.

    Raises LinkSpent, AddressTaken, NotAllowed, StrongerSignInNeeded.

    Agents enter through their organisation only: who leaves it must not keep a door of their own.
    """
    policy.require(actor=actor, action="security.change")
    if actor.kind != "resident":
        raise NotAllowed(_("Les agents entrent par leur organisme."))
    require_proven(actor)
    email = address_of(use_link(token, purpose=LinkPurpose.ADD, person=actor.person))
    if account_of(actor.person) is not None:
        raise AddressTaken(_("Vous entrez déjà par courriel."))
    id = uuid4()
    try:
        with transaction.atomic():
            sign_in(
                provider=PROVIDER,
                kind=actor.kind,
                issuer=ISSUER,
                subject=str(id),
                assurance=ASSURANCE,
                link_to=actor.person,
            )
            account = _account(id, person=Person.objects.get(pk=actor.person), email=email)
    except (IntegrityError, IdentityTaken):
        raise AddressTaken(_("Cette adresse ouvre déjà un autre compte : rien n’a été changé.")) from None
    _keep_contact(account.person, email=email)
    end_sessions(person=actor.person, but=session)
    tell_owner(actor.person, _("L’entrée par courriel a été ajoutée."))


def set_passphrase(*, actor: Actor, passphrase: str, session: str, present: str = "") -> None:
    """Set the passphrase, or change the `present` one, which must be shown (who forgot it gives it up first).

    Raises WeakPassphrase, NotAllowed (no local account, no second factor), WrongSecret, TooManyRequests. Not to be
    called in a transaction.
    """
    policy.require(actor=actor, action="security.change")
    held = LocalAccount.objects.filter(person_id=actor.person).values_list("passphrase", flat=True).first() or ""
    if held:
        attempts.spend(what="passphrase-present", who=actor.person, most=5, per=SPELL)
        if not check_password(passphrases.normal(present[: passphrases.LONGEST + 1]), held):
            log.warning("change.refused", way="passphrase")
            raise WrongSecret(_("Ce n’est pas votre phrase actuelle."), field="present")
        attempts.forgive(what="passphrase-present", who=actor.person)
    _set_passphrase(actor, passphrase, over=held, session=session)


@transaction.atomic
def _set_passphrase(actor: Actor, passphrase: str, *, over: str, session: str) -> None:
    account = _own_account(actor)
    if account.passphrase != over:
        raise Conflict(_("Votre phrase vient d’être changée ailleurs : recommencez."))
    if not has_second_factor(actor.person):
        raise NotAllowed(_("Une phrase seule ne suffit pas : ajoutez d’abord un second moyen."))
    require_proven(actor)
    passphrases.check(passphrase, email=email_of(account))
    account.passphrase = make_password(passphrases.normal(passphrase))
    account.save(update_fields=["passphrase"])
    _changed(actor, "passphrase:set", _("La phrase secrète a été changée."), session=session)


@transaction.atomic
def remove_passphrase(*, actor: Actor, session: str) -> None:
    """Give up the passphrase: the link by e-mail and the passkeys stay."""
    account = _own_account(actor)
    account.passphrase = ""
    account.save(update_fields=["passphrase"])
    _changed(actor, "passphrase:removed", _("La phrase secrète a été retirée."), session=session)


def _own_account(actor: Actor) -> LocalAccount:
    policy.require(actor=actor, action="security.change")
    account = LocalAccount.objects.select_for_update().filter(person_id=actor.person).first()
    if account is None:
        raise NotAllowed(_("Ajoutez d’abord l’entrée par courriel."))
    return account


def _changed(actor: Actor, object: str, told: str, *, session: str) -> None:
    record(actor=actor, action="security.change", purpose="account", object=object)
    end_sessions(person=actor.person, but=session)
    tell_owner(actor.person, told)


@transaction.atomic
def end_own_sessions(*, actor: Actor, but: str, only: str = "") -> int:
    """Sign one's other devices out: all of them, or the one whose hashed key is given; how many.

    Raises StrongerSignInNeeded, FreshSignInNeeded: who took a session must not put its owner out.
    """
    policy.require(actor=actor, action="security.change")
    require_proven(actor)
    rows = Session.objects.filter(person_id=actor.person).exclude(session_key=but)
    if only:
        rows = rows.filter(session_key=only)
    ended: int = rows.delete()[0]
    if ended:
        record(actor=actor, action="session.end", purpose="account", object="session")
    return ended


@transaction.atomic
def end_sessions_for_all(*, person: str = "") -> int:
    """The operator signs everybody out, those half-way in too, or one person; how many sessions ended.

    Each person reads it in their journal. Raises UnknownPerson.
    """
    rows = Session.objects.all()
    if person:
        try:
            known = Person.objects.filter(pk=person, erased_at=None).exists()
        except ValidationError:
            known = False
        if not known:
            raise UnknownPerson(_("Cette personne n’est pas connue ici."))
        rows = rows.filter(person_id=person)
    whose = sorted({str(each) for each in rows.exclude(person=None).values_list("person_id", flat=True)})
    ended: int = rows.delete()[0]
    record_all(
        Draft(actor=MACHINE, subject=each, action="session.end", purpose="account", object="session") for each in whose
    )
    return ended
