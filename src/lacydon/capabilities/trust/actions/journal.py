"""Recording in the journal: the one way for a capability to note an access or an act, in the act's transaction."""

import hashlib
import json
from uuid import uuid4

from django.db import transaction

from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now

from ..models import Entry


def record(
    *,
    actor: Actor,
    action: str,
    purpose: str,
    object: str = "",
    subject: str | None = None,
    basis: str = "",
    organisation: str = "",
) -> Entry:
    """Note who did what, for whom, why. RuntimeError outside of a transaction: the act and its entry stand together.

    `subject`: the person whose data it was (the actor's principal when absent). A machine acts for `organisation`.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs in the transaction of the act it tells")
    entry = Entry(
        id=uuid4(),
        at=now(),
        action=action,
        purpose=purpose,
        basis=basis,
        organisation=organisation or actor.organisation,
        role=",".join(sorted(actor.roles)),
        actor_kind=actor.kind,
        actor_id=actor.person or None,
        subject_id=(actor.principal or None) if subject is None else subject,
        mandate=actor.mandate,
        object=object,
    )
    leaf = {"id": str(entry.id), "at": entry.at.isoformat(), "action": action, "purpose": purpose}
    entry.leaf_hash = hashlib.sha256(b"\0" + json.dumps(leaf, sort_keys=True).encode()).digest()
    entry.save(force_insert=True)
    return entry
