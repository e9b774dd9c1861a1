"""The proof of an access that a resident takes away."""

from django.db import transaction

from lacydon.kernel.access import Actor

from ..queries import policy
from ..queries.accesses import entry_of
from ..queries.journal import proof_file
from ..queries.proofs import Of
from .journal import record
from .publication import publish_checkpoint


def access_proof(*, actor: Actor, entry: str) -> bytes:
    """The proof of one entry about the person the actor acts for, as a file; published first when it was not yet.

    Raises NotFound, NotAllowed, ErasedPerson, JournalDamaged.
    """
    found = entry_of(actor, entry)
    with transaction.atomic():
        policy.require(actor=actor, action="access.see", object=Of(person_id=str(found.subject_id)))
        record(actor=actor, action="access.prove", purpose="rights", object=f"entry:{found.pk}")
    if found.position is None:
        publish_checkpoint()
        found.refresh_from_db()
    return proof_file(found)
