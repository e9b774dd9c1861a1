"""Links to the screen of those who decide."""

from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from lacydon.kernel.clock import now

from ..errors import UnknownObject
from ..models import SharedScreen

SALT = "agenda.screen"


def shared_screen(token: str) -> SharedScreen:
    """The link that this token opens. Raises UnknownObject: forged, ended or taken back are told alike."""
    try:
        id_ = UUID(signing.Signer(salt=SALT).unsign_object(token[:200]))
    except (signing.BadSignature, ValueError, TypeError):
        raise UnknownObject(_ended()) from None
    found = SharedScreen.objects.filter(pk=id_, revoked_at=None, expires_at__gt=now()).first()
    if found is None:
        raise UnknownObject(_ended())
    return found


def _ended() -> str:
    return _("Ce lien n’ouvre rien : il est fini, ou il a été repris. Demandez-en un autre à qui vous l’a envoyé.")


def links() -> list[SharedScreen]:
    """Those that still open, the last made first, then the others."""
    found = list(SharedScreen.objects.order_by("-made_at")[:50])
    return sorted(found, key=lambda each: each.revoked_at is not None or each.expires_at <= now())
