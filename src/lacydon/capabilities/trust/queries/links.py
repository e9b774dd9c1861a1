"""Links sent by e-mail: whether one is still good, and to which address it went. Reading one does not use it."""

import hashlib

import structlog
from django.utils.translation import gettext as _

from lacydon.kernel import sealing
from lacydon.kernel.clock import now

from ..errors import LinkSpent
from ..models import OneTimeLink
from .wall import in_house

log = structlog.get_logger("lacydon.security")


def token_hash(token: str) -> str:
    """What is kept of a link's secret, which has 256 bits: a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def code_hash(link: str, code: str) -> str:
    """What is kept of a code of six digits: keyed, because six digits are soon guessed."""
    return sealing.keyed_hash(f"{link}\x00{code}", purpose="link-code")


def wrapped_place(link: str) -> str:
    return f"trust_onetimelink:{link}:email_wrapped"


def sealed_place(link: str) -> str:
    return f"trust_onetimelink:{link}:email_sealed"


@in_house
def link_by_token(token: str, *, purpose: str) -> OneTimeLink:
    """A link that may still be used for this purpose. Raises LinkSpent, which says why as far as it helps."""
    found = OneTimeLink.objects.filter(pk=token_hash(token), purpose=purpose).first()
    if found is None or found.used_at or found.expires_at <= now():
        why = "unknown" if found is None else "used" if found.used_at else "old"
        log.warning("sign-in.refused", way="link", purpose=purpose, why=why)
    if found is None:
        raise LinkSpent(_("Ce lien n’existe pas, ou plus. Vérifiez qu’il est complet, ou demandez-en un autre."))
    if found.used_at:
        raise LinkSpent(_("Ce lien a déjà servi. Demandez-en un autre."))
    if found.expires_at <= now():
        raise LinkSpent(_("Ce lien est trop ancien. Demandez-en un autre."))
    return found


def address_of(link: OneTimeLink) -> str:
    """The address a link was sent to."""
    key = sealing.unwrap(bytes(link.email_wrapped), place=wrapped_place(link.pk))
    return sealing.unseal(bytes(link.email_sealed), key=key, place=sealed_place(link.pk)).decode()
