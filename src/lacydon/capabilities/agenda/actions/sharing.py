"""Sharing the screen of those who decide with who has no account: by a link that ends, and can be taken back."""

from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import record
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput

from ..errors import UnknownObject
from ..models import SharedScreen
from ..queries.sharing import SALT

MOST_DAYS = 90


def share_screen(*, label: str, days: int, actor: Actor) -> SharedScreen:
    """A link that lasts so many days. Raises BadInput. The caller has checked that the actor may."""
    told = label.strip()
    if not 0 < len(told) <= 120:
        raise BadInput(_("Écrivez pour qui est ce lien, en 120 signes au plus : un comité, un conseil."), field="label")
    if not 1 <= days <= MOST_DAYS:
        raise BadInput(_("Choisissez de 1 à %d jours.") % MOST_DAYS, field="days")
    made = SharedScreen(label=told, made_at=now(), expires_at=now() + timedelta(days=days))
    with transaction.atomic():
        entry = record(actor=actor, action="agenda.share", purpose="agenda", object=f"screen:{made.pk}")
        made.entry = entry.pk
        made.save(force_insert=True)
    return made


def take_back(*, id: UUID, actor: Actor) -> None:
    """The link opens nothing any more, from now on. Raises UnknownObject."""
    with transaction.atomic():
        found = SharedScreen.objects.select_for_update().filter(pk=id).first()
        if found is None:
            raise UnknownObject(_("Ce lien n’existe pas."))
        if found.revoked_at is None:
            record(actor=actor, action="agenda.unshare", purpose="agenda", object=f"screen:{found.pk}")
            found.revoked_at = now()
            found.save(update_fields=["revoked_at"])


def token_of(shared: SharedScreen) -> str:
    """What its address ends with: its id, signed by this installation; the same whenever it is asked for."""
    return signing.Signer(salt=SALT).sign_object(str(shared.pk))
