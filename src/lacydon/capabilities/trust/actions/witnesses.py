"""Asking others to sign the journal's head: who cannot be us says that it only grew (C2SP tlog-witness)."""

from base64 import b64encode
from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.kernel.http.client import HttpClient
from lacydon.kernel.merkle import notes

from ..errors import WitnessRefused
from ..models import Checkpoint, Cosignature
from ..queries.journal import consistency_proof, latest_checkpoint
from ..queries.signing import public_key
from ..queries.witnesses import Witness


def cosign(*, checkpoint: Checkpoint, line: str, witness: str) -> Cosignature:
    """Keep the signature of a witness (its public key) under a checkpoint; the same twice is one.

    Raises WitnessRefused when it is not the signature of that witness under that checkpoint.
    """
    try:
        key = notes.VerifierKey.parse(witness)
        (signed,) = notes.Note.parse(checkpoint.note + line).verified([key])
    except (notes.BadNote, ValueError) as wrong:
        raise WitnessRefused(_("Ce n’est pas la signature de ce témoin : %s") % wrong) from wrong
    if key.type != notes.WITNESS or key.name == public_key().name:
        raise WitnessRefused(_("Ce n’est pas la clé d’un témoin."))
    at = datetime.fromtimestamp(min(signed.time, 2**33), UTC)
    with transaction.atomic():
        made, _new = Cosignature.objects.get_or_create(
            checkpoint=checkpoint, witness=str(key), defaults={"line": signed.line, "at": at}
        )
    return made


def ask_witness(witness: Witness) -> Cosignature:
    """Ask a witness to sign the latest checkpoint, with the proof that it only added to what it signed before.

    Raises WitnessRefused, kernel.http.client.OutsideUnavailable.
    """
    checkpoint = latest_checkpoint()
    if checkpoint is None:
        raise WitnessRefused(_("Rien n’est encore publié."))
    held = Cosignature.objects.filter(witness=witness.key).order_by("-checkpoint_id").first()
    if held is not None and held.checkpoint_id == checkpoint.size:
        return held
    old = held.checkpoint_id if held else 0
    # The operator named this address, so it may be a private one; the protocol has no redirects.
    client = HttpClient(name="witness", retries=0, largest=100_000, allowed=[witness.host])
    try:
        answer = client.request("POST", witness.address, content=_asked(old, checkpoint))
        if answer.status == 409 and answer.text.strip().isdigit() and int(answer.text) <= checkpoint.size:
            answer = client.request("POST", witness.address, content=_asked(int(answer.text), checkpoint))
    finally:
        client.close()
    if answer.status != 200:
        raise WitnessRefused(_("Le témoin %(name)s refuse (%(status)d).") % {"name": witness, "status": answer.status})
    return cosign(checkpoint=checkpoint, line=_line_of(answer.text, witness.key), witness=witness.key)


def _asked(old: int, checkpoint: Checkpoint) -> bytes:
    proof = consistency_proof(old, size=checkpoint.size)
    lines = [f"old {old}", *(b64encode(each).decode() for each in proof), "", checkpoint.note]
    return "\n".join(lines).encode()


def _line_of(answer: str, witness: str) -> str:
    """The line of that witness among those of an answer; the others are ignored, as the protocol wants."""
    key = notes.VerifierKey.parse(witness)
    try:
        found = notes.signature_lines(answer)
    except notes.BadNote as wrong:
        raise WitnessRefused(_("Ce n’est pas la signature de ce témoin : %s") % wrong) from wrong
    return "".join(each.line for each in found if (each.name, each.key_id) == (key.name, key.id))
