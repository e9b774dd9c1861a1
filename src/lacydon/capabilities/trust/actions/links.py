"""Links sent by e-mail: made, used once. A link proves that who uses it reads that mailbox, and nothing more.

Whether an address has an account is told to nobody but to who reads its mail: asking does the same work and gives the
same answer for every address.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.kernel import attempts, sealing
from lacydon.kernel.clock import now
from lacydon.kernel.errors import TooManyRequests
from lacydon.kernel.mail import Link, Message, post

from ..errors import LinkSpent, WrongSecret
from ..models import LinkPurpose, OneTimeLink
from ..queries.accounts import email_address, email_hash
from ..queries.links import code_hash, link_by_token, sealed_place, token_hash, wrapped_place
from ..queries.wall import in_house

log = structlog.get_logger("lacydon.security")

GOOD_FOR = timedelta(minutes=10)
"""The life of a link; that of `cancel` is the delay it can cancel in."""
CODE_TRIES = 5
CODE_TRIES_HERE = 60
"""Codes one network types in a spell, whatever the number of links it asks for."""
SPELL = timedelta(minutes=15)
MANY = 100
"""Links a day for one address, whoever asks, before they are slowed down."""
SLOW = timedelta(minutes=5)
"""Shorter than `GOOD_FOR`."""
KEPT = timedelta(days=1)
"""How long a link that is over stays, to be told from one that never was."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A link that was sent: its id (not its secret), and the number of the letter (kernel.mail)."""

    link: str
    letter: str


def ask_link(
    *,
    purpose: str,
    typed: str,
    address: Callable[[str], str],
    network: str,
    person: str = "",
    own: bool = False,
) -> Sent:
    """Send a link to this address. `address`: the page of a token; `network`: where it was asked from; `own`: asked in
    a session of the person whose address this is.

    Nobody can keep somebody out by asking in their name: one network asks little for one address, and once a whole day
    of many networks was `MANY`, a link leaves every `SLOW`, which is shorter than its life: the mailbox always holds
    one that opens, whoever asked for it. Raises BadInput when this is no e-mail address, TooManyRequests. Not to be
    called in a transaction.
    """
    email = email_address(typed)
    attempts.spend(what="link-here", who=f"{email}|{network}", most=5, per=SPELL)
    attempts.spend(what="link-network", who=network, most=60, per=SPELL)
    if not own:
        _slowly(email)
    with transaction.atomic():
        return send_link(purpose=purpose, email=email, address=address, person=person)


def _slowly(email: str) -> None:
    """Count what all networks ask for one address. Raises TooManyRequests, for `SLOW` at most."""
    try:
        attempts.spend(what="link", who=email, most=MANY, per=timedelta(days=1))
    except TooManyRequests:
        try:
            attempts.spend(what="link-slow", who=email, most=1, per=SLOW)
        except TooManyRequests as early:
            wait = early.retry_after
            told = _("Beaucoup de liens partent vers cette adresse : ouvrez le dernier reçu, ou réessayez dans %d s.")
            raise TooManyRequests(told % wait, retry_after=wait) from None


def forgive_links(email: str) -> None:
    """Somebody has just shown that they read this mailbox: what strangers asked for it counts no more."""
    attempts.forgive(what="link", who=email)


@in_house
def send_link(
    *, purpose: str, email: str, address: Callable[[str], str], person: str = "", good_for: timedelta = GOOD_FOR
) -> Sent:
    """Make a link and post it. To be called in a transaction, with an address that was cleaned."""
    token, code, moment = secrets.token_urlsafe(32), f"{secrets.randbelow(10**6):06d}", now()
    id, key = token_hash(token), sealing.new_key()
    OneTimeLink.objects.filter(expires_at__lt=moment - KEPT).delete()
    OneTimeLink.objects.create(
        token_hash=id,
        purpose=purpose,
        email_hash=email_hash(email),
        email_wrapped=sealing.wrap(key, place=wrapped_place(id)),
        email_sealed=sealing.seal(email.encode(), key=key, place=sealed_place(id)),
        code_hash=code_hash(id, code),
        person_id=person or None,
        created_at=moment,
        expires_at=moment + good_for,
    )
    letter = post(_message(purpose, email=email, link=address(token), code=code), good_for=good_for)
    return Sent(link=id, letter=letter)


@in_house
def use_link(token: str, *, purpose: str, person: str = "") -> OneTimeLink:
    """Take a link, once; of this person when one is given. In the transaction of what it allows. Raises LinkSpent."""
    found = link_by_token(token, purpose=purpose)
    if person and str(found.person_id) != person:
        raise LinkSpent(_("Ce lien a été demandé depuis un autre compte que celui où vous êtes."))
    return _take(found)


@in_house
def use_code(link: str, code: str, *, purpose: str, network: str) -> OneTimeLink:
    """Take a link by its code, in the browser that asked for it. Raises WrongSecret, LinkSpent, TooManyRequests.

    Not to be called in a transaction: tries are counted whatever happens.
    """
    attempts.spend(what="link-code", who=link, most=CODE_TRIES, per=SPELL)
    attempts.spend(what="link-code-network", who=network, most=CODE_TRIES_HERE, per=SPELL)
    found = OneTimeLink.objects.filter(pk=link, purpose=purpose).first()
    typed = "".join(code.split())
    if found is None or not compare_digest(found.code_hash, code_hash(link, typed)):
        log.warning("sign-in.refused", way="link-code", purpose=purpose)
        raise WrongSecret(_("Ce code n’est pas celui du message. Vérifiez ses six chiffres."), field="code")
    with transaction.atomic():
        return _take(found)


def _take(link: OneTimeLink) -> OneTimeLink:
    """Two uses at once: one has it."""
    moment = now()
    free = OneTimeLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=moment)
    if not free.update(used_at=moment):
        raise LinkSpent(_("Ce lien a déjà servi, ou il est trop ancien. Demandez-en un autre."))
    link.used_at = moment
    return link


def _message(purpose: str, *, email: str, link: str, code: str) -> Message:
    unasked = _("Si vous n’avez rien demandé, n’ouvrez pas ce lien : il ne se passera rien.")
    short = _("Ce lien sert une fois, pendant 10 minutes.")
    if purpose == LinkPurpose.SIGN_IN:
        asked = _("Vous avez demandé à entrer dans votre espace Lacydon.")
        spoken = _("Personne ne vous demandera ce code au téléphone : ne le donnez pas.")
        return Message(
            to=email,
            subject=_("Votre lien pour entrer"),
            paragraphs=(asked, short),
            action=Link(_("Entrer dans mon espace"), link),
            code=code,
            after=(spoken, unasked),
        )
    if purpose == LinkPurpose.CANCEL:
        asked = _("Une autre adresse va remplacer celle-ci dans votre espace Lacydon, dans trois jours.")
        return Message(
            to=email,
            subject=_("Votre adresse va changer"),
            paragraphs=(asked, _("C’est bien vous ? Vous n’avez rien à faire. Sinon, annulez ce changement.")),
            action=Link(_("Annuler le changement"), link),
        )
    asked = _("Vous avez demandé à utiliser cette adresse dans votre espace Lacydon.")
    return Message(
        to=email,
        subject=_("Confirmez votre adresse"),
        paragraphs=(asked, short),
        action=Link(_("Confirmer cette adresse"), link),
        after=(unasked,),
    )
