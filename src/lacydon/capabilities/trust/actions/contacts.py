"""Contact points: what a person corrects (GDPR, art. 16). A new e-mail address is proven, then waits for the old one.

Nobody changes them under a mandate: whoever could would read what is sent to the person, and enter in their name.
"""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import Conflict

from ..errors import AddressTaken
from ..models import ContactKind, ContactPoint, EmailChange, LinkPurpose, LocalAccount, OneTimeLink
from ..queries import policy
from ..queries.accounts import email_hash, email_place
from ..queries.contacts import Contact, change_place, cleaned, contact, contact_place, contacts
from ..queries.keys import seal_for, unseal_of
from ..queries.links import address_of
from ..queries.wall import in_house
from .journal import record
from .links import Sent, ask_link, send_link, use_link
from .notices import addresses_of, tell_owner

DELAY = timedelta(days=3)
"""How long the old address may cancel a change."""
PURPOSE = "rectification"


@transaction.atomic
def change_contact(*, actor: Actor, kind: str, typed: str) -> None:
    """Change a phone number or a postal address; nothing typed removes it. Raises BadInput, NotAllowed."""
    policy.require(actor=actor, action="contact.change")
    if kind == ContactKind.EMAIL:
        raise ValueError("an e-mail address is proven first: ask_email_change")
    value = cleaned(kind, typed)
    if value:
        sealed = seal_for(actor.person, value, place=contact_place(person=actor.person, kind=kind))
        ContactPoint.objects.update_or_create(
            person_id=actor.person, kind=kind, defaults={"sealed": sealed, "verified_at": None, "changed_at": now()}
        )
    else:
        ContactPoint.objects.filter(person_id=actor.person, kind=kind).delete()
    record(actor=actor, action="contact.change", purpose=PURPOSE, object=f"contact:{kind}")


def ask_email_change(*, actor: Actor, typed: str, address: Callable[[str], str], network: str) -> Sent:
    """Send a link to the new address. Raises BadInput, NotAllowed, TooManyRequests. Not in a transaction."""
    policy.require(actor=actor, action="contact.change")
    settle_changes()
    if contact(actor.person, kind=ContactKind.EMAIL).value == cleaned(ContactKind.EMAIL, typed):
        raise Conflict(_("C’est déjà votre adresse."), field="value")
    return ask_link(purpose=LinkPurpose.CONTACT, typed=typed, address=address, network=network, person=actor.person)


@in_house
@transaction.atomic
def confirm_email_change(*, actor: Actor, token: str, cancel: Callable[[str], str]) -> bool:
    """The new address is proven: it replaces the old one after `DELAY`, at once when there is none. Whether at once.

    `cancel`: the page where the old address cancels, by token. Raises LinkSpent, AddressTaken, NotAllowed.
    """
    policy.require(actor=actor, action="contact.change")
    email = address_of(use_link(token, purpose=LinkPurpose.CONTACT, person=actor.person))
    if LocalAccount.objects.filter(email_hash=email_hash(email)).exclude(person_id=actor.person).exists():
        raise AddressTaken(_("Cette adresse ouvre déjà un autre compte : rien n’a été changé."))
    before = addresses_of(actor.person)
    moment = now()
    EmailChange.objects.update_or_create(
        person_id=actor.person,
        defaults={
            "email_hash": email_hash(email),
            "sealed": seal_for(actor.person, email, place=change_place(actor.person)),
            "proven_at": moment,
            "effective_at": moment + (DELAY if before else timedelta()),
        },
    )
    record(actor=actor, action="contact.change", purpose=PURPOSE, object="contact:email")
    OneTimeLink.objects.filter(person_id=actor.person, purpose=LinkPurpose.CANCEL, used_at=None).update(used_at=moment)
    for old in before:
        send_link(purpose=LinkPurpose.CANCEL, email=old, address=cancel, person=actor.person, good_for=DELAY)
    if not before:
        settle_changes()
    return not before


@transaction.atomic
def cancel_email_change(*, actor: Actor) -> None:
    """Give up a change that was not in effect yet."""
    policy.require(actor=actor, action="contact.change")
    _cancel(actor.person)
    record(actor=actor, action="contact.change", purpose=PURPOSE, object="contact:email")


@in_house
@transaction.atomic
def cancel_by_link(*, token: str) -> None:
    """The same, by who reads the old address, without a sign-in. Raises LinkSpent."""
    person = str(use_link(token, purpose=LinkPurpose.CANCEL).person_id)
    _cancel(person)
    actor = Actor(person=person, principal=person, kind="resident")
    record(actor=actor, action="contact.change", purpose=PURPOSE, object="contact:email")


def _cancel(person: str) -> None:
    if not EmailChange.objects.filter(person_id=person, effective_at__gt=now()).delete()[0]:
        raise Conflict(_("Il n’y a plus de changement à annuler."))


@in_house
@transaction.atomic
def settle_changes() -> int:
    """Put the changes whose delay is over in their place: contact point, and address of the local account; how many.

    An address that another account took meanwhile is given up.
    """
    due = list(
        EmailChange.objects.select_for_update(of=("self",)).filter(effective_at__lte=now(), person__erased_at=None)
    )
    for change in due:
        person = str(change.person_id)
        old = addresses_of_before(person)
        email = unseal_of(person, change.sealed, place=change_place(person)).decode()
        taken = LocalAccount.objects.filter(email_hash=change.email_hash).exclude(person_id=person).exists()
        if not taken:
            _put_in_place(person, email=email, change=change)
        change.delete()
        if not taken:
            told = _("Une autre adresse a remplacé celle-ci.")
            tell_owner(person, told, to=[each for each in old if each != email], signed_out=False)
    return len(due)


@in_house
def addresses_of_before(person: str) -> list[str]:
    """Where somebody was reached before a change that is now due."""
    row = ContactPoint.objects.filter(person_id=person, kind=ContactKind.EMAIL).first()
    if row is None or row.verified_at is None:
        return []
    return [unseal_of(person, row.sealed, place=contact_place(person=person, kind=ContactKind.EMAIL)).decode()]


@in_house
def _put_in_place(person: str, *, email: str, change: EmailChange) -> None:
    ContactPoint.objects.update_or_create(
        person_id=person,
        kind=ContactKind.EMAIL,
        defaults={
            "sealed": seal_for(person, email, place=contact_place(person=person, kind=ContactKind.EMAIL)),
            "verified_at": change.proven_at,
            "changed_at": change.effective_at,
            "address_hash": email_hash(email),
        },
    )
    account = LocalAccount.objects.filter(person_id=person).first()
    if account is not None:
        account.email_hash = change.email_hash
        account.email_sealed = seal_for(person, email, place=email_place(str(account.id)))
        account.save(update_fields=["email_hash", "email_sealed"])


@transaction.atomic
def see_contacts(*, actor: Actor) -> list[Contact]:
    """The contact points of whom the actor acts for; under a mandate, their owner sees that they were read."""
    policy.require(actor=actor, action="contact.see")
    if actor.delegated:
        record(actor=actor, action="contact.see", purpose="help", object="contact", subject=actor.principal)
    return contacts(actor.principal)
