"""The key with which a machine sends versions of one dataset: shown once, kept as a hash, replaced by the next one."""

import hashlib
import hmac
import secrets

from django.db import transaction

from lacydon.capabilities.trust.public import record, require
from lacydon.kernel.access import MACHINE, Actor

from ..models import Dataset

PREFIX = "lcd_"


@transaction.atomic
def make_key(*, dataset: str, actor: Actor) -> str:
    """A new key; the one before opens nothing any more."""
    row = Dataset.objects.select_for_update().get(pk=dataset)
    require(actor=actor, action="dataset.publish", object=row)
    key = PREFIX + secrets.token_urlsafe(32)
    row.key_hash = _hash(key)
    row.save(update_fields=["key_hash"])
    record(
        actor=actor,
        action="dataset.key",
        purpose="publication",
        object=f"dataset:{row.pk}"[:120],
        organisation=row.organisation_id,
    )
    return key


def machine_of(dataset: Dataset, authorization: str) -> Actor | None:
    """The machine that shows the key of this dataset; None for any other."""
    scheme, _space, key = authorization.partition(" ")
    if scheme.lower() != "bearer" or not dataset.key_hash or not key.strip():
        return None
    return MACHINE if hmac.compare_digest(_hash(key.strip()), dataset.key_hash) else None


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
