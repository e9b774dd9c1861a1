"""Changing the key that signs the journal, and having an old one sign no more.

The note by which the old key names the new one is committed with an entry of the journal, under the sequencer's lock.
Nothing of the folder of keys is changed before: killed at any moment, either nothing happened or the next signature
puts the folder in order (queries/signing.py).
"""

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.kernel.access import MACHINE
from lacydon.kernel.clock import now
from lacydon.kernel.errors import Conflict, NotFound
from lacydon.kernel.merkle import notes
from lacydon.kernel.merkle.succession import NEXT, RETIRED, Change, Succession
from lacydon.kernel.merkle.tree import EMPTY_ROOT

from ..errors import JournalDamaged
from ..models import Checkpoint, KeyNote
from ..queries.signing import next_key, signing_key, succession
from ..queries.wall import in_house
from .journal import record
from .publication import alone, publish_checkpoint

PURPOSE = "security"


@in_house
def renew_key() -> Succession:
    """Put a new key in charge of the heads to come; the old one signs along until it is retired.

    The entry that tells it is published at once, so that a head signed by both is there. Raises JournalDamaged.
    """
    publish_checkpoint()
    with transaction.atomic():
        alone()
        keys, old, new = succession(), signing_key(), next_key()
        change = Change(NEXT, _head(keys), old.verifier, new.verifier)
        _say(change.signed(old, new), action="journal-key.renew", key=new.verifier)
    after = succession()
    publish_checkpoint()
    return after


@in_house
def retire_key(id: str) -> Succession:
    """An old key signs no more, and its private half is destroyed. Raises NotFound, Conflict, JournalDamaged."""
    publish_checkpoint()
    with transaction.atomic():
        alone()
        keys = succession()
        term = next((term for term in keys.terms if term.key.id.hex() == id), None)
        if term is None:
            raise NotFound(_("Le journal n’a jamais eu de clé « %s ».") % id[:40])
        if term.key == keys.newest:
            raise Conflict(_("Cette clé est la plus récente : faites d’abord « lacydon journal renew-key »."))
        if term.until is not None:
            raise Conflict(_("Cette clé ne signe déjà plus."))
        change = Change(RETIRED, _head(keys), term.key, keys.newest)
        _say(change.signed(signing_key()), action="journal-key.retire", key=term.key)
    after = succession()  # the file goes once the note is committed
    publish_checkpoint()
    return after


def _head(keys: Succession) -> notes.Checkpoint:
    """The head last signed, believed only with the signature it must have."""
    last = Checkpoint.objects.order_by("-size").first()
    if last is None:
        return notes.Checkpoint(keys.newest.name, 0, EMPTY_ROOT)
    try:
        head, _by = keys.opened(last.note)
    except notes.BadNote as wrong:
        raise JournalDamaged(_("Le dernier point de contrôle n’est pas signé par la clé du journal.")) from wrong
    return head


def _say(note: str, *, action: str, key: notes.VerifierKey) -> None:
    number = KeyNote.objects.count() + 1
    KeyNote.objects.create(number=number, note=note, signed_at=now())
    record(actor=MACHINE, action=action, purpose=PURPOSE, object=f"journal-key:{key.id.hex()}")
