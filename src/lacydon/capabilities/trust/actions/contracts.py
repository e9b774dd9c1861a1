"""Sharing contracts: the provider's data protection proposes, the recipient's accepts, either ends."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, Conflict
from lacydon.kernel.personal import CONTRACT

from ..errors import NotAllowed
from ..models import Organisation, SharingContract
from ..queries import contracts, policy
from ..queries.words import purposes
from .consents import CATEGORIES
from .journal import record

LONGEST = 3 * 366
"""Days a contract lasts at most, before it is looked at again."""


@transaction.atomic
def propose_contract(
    *,
    actor: Actor,
    recipient: str,
    purpose: str,
    words: str,
    legal_basis: str,
    categories: Iterable[str],
    until: datetime,
) -> SharingContract:
    """The actor's organisation offers some kinds of data to another. Raises BadInput, NotAllowed."""
    policy.require(actor=actor, action="contract.make")
    known = purposes().get(purpose)
    if known is None or known.ground != CONTRACT:
        raise BadInput(_("Choisissez la finalité du partage."), field="purpose")
    other = Organisation.objects.filter(pk=recipient, active=True).exclude(pk=actor.organisation).first()
    if other is None:
        raise BadInput(_("Choisissez l’organisme destinataire."), field="recipient")
    wanted = sorted(set(categories))
    if not wanted or not set(wanted) <= set(CATEGORIES):
        raise BadInput(_("Choisissez au moins une donnée à partager."), field="categories")
    if len(words.strip()) < 10:
        raise BadInput(_("Dites en une phrase à quoi sert ce partage, pour les habitants."), field="words")
    if len(legal_basis.strip()) < 10:
        raise BadInput(_("Citez le texte qui fonde ce partage."), field="legal_basis")
    moment = now()
    if not 0 < (until - moment).days <= LONGEST:
        raise BadInput(_("Choisissez une date de fin, dans trois ans au plus."), field="until")
    made = SharingContract.objects.create(
        provider_id=actor.organisation,
        recipient=other,
        purpose=purpose,
        words=words.strip()[:1000],
        legal_basis=legal_basis.strip()[:1000],
        categories=wanted,
        since=moment,
        until=until,
        made_by_id=actor.person,
    )
    record(actor=actor, subject="", action="contract.propose", purpose=purpose, object=f"contract:{made.pk}")
    return made


@transaction.atomic
def accept_contract(*, actor: Actor, contract: str) -> SharingContract:
    """The recipient's yes: from now on the contract holds. Raises NotFound, NotAllowed, Conflict."""
    policy.require(actor=actor, action="contract.make")
    found = contracts.contract_of(actor.organisation, contract)
    if found.recipient_id != actor.organisation:
        raise NotAllowed(_("C’est au destinataire d’accepter ce contrat."))
    changed = SharingContract.objects.filter(pk=found.pk, accepted_at=None, ended_at=None, until__gt=now())
    if not changed.update(accepted_at=now(), accepted_by_id=actor.person):
        raise Conflict(_("Ce contrat n’attend plus d’accord."))
    record(actor=actor, subject="", action="contract.accept", purpose=found.purpose, object=f"contract:{found.pk}")
    found.refresh_from_db()
    return found


@transaction.atomic
def end_contract(*, actor: Actor, contract: str) -> None:
    """Either side ends it, with effect on the next read. Raises NotFound, NotAllowed."""
    policy.require(actor=actor, action="contract.make")
    found = contracts.contract_of(actor.organisation, contract)
    if SharingContract.objects.filter(pk=found.pk, ended_at=None).update(ended_at=now()):
        record(actor=actor, subject="", action="contract.end", purpose=found.purpose, object=f"contract:{found.pk}")
