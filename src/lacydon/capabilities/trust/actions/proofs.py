"""Supporting documents: given once, sealed with the person's key, handed over by consent, removed at will."""

from io import BytesIO
from pathlib import PurePath
from uuid import uuid4

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from lacydon.kernel import uploads
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput

from ..models import Person, Proof
from ..queries import policy
from ..queries.keys import seal_for
from ..queries.proofs import (
    LARGEST,
    LARGEST_SUM,
    TYPES,
    content_of,
    kind_of,
    name_of,
    place,
    proof_of,
    scope_of,
)  # fmt: skip
from .journal import record
from .mandates.notices import tell_act

USE = uploads.Use(name="proof", allowed=frozenset({"pdf", "jpeg", "png"}), largest=LARGEST)


def give_proof(*, actor: Actor, kind: str, name: str, content: bytes) -> Proof:
    """Keep a document for the person the actor acts for. Raises BadInput, NotFound, NotAllowed, Unavailable.

    Its bytes and its name are sealed before they reach the database; its type is what its content says. An antivirus
    looks at it before the transaction, which does not wait for it.
    """
    kind_of(kind)
    policy.require(actor=actor, action="proof.give", object=scope_of(kind, person=actor.principal))
    media_type, cleaned = checked(content)
    return _kept(actor=actor, kind=kind, name=name, media_type=media_type, content=cleaned)


@transaction.atomic
def _kept(*, actor: Actor, kind: str, name: str, media_type: str, content: bytes) -> Proof:
    known = kind_of(kind)
    policy.require(actor=actor, action="proof.give", object=scope_of(kind, person=actor.principal))
    Person.objects.select_for_update().get(pk=actor.principal)
    held = Proof.objects.filter(person_id=actor.principal).aggregate(sum=Sum("size"))["sum"] or 0
    if held + len(content) > LARGEST_SUM:
        raise BadInput(_("Vos justificatifs dépassent 50 Mo : supprimez-en un d’abord."), field="document")
    moment, id = now(), uuid4()
    made = Proof.objects.create(
        id=id,
        person_id=actor.principal,
        kind=kind,
        sealed=seal_for(actor.principal, content, place=place(id, "sealed")),
        name_sealed=seal_for(actor.principal, _name(name, media_type), place=place(id, "name_sealed")),
        media_type=media_type,
        size=len(content),
        given_at=moment,
        given_by_id=actor.person,
        mandate_id=actor.mandate or None,
        kept_until=moment + known.kept,
    )
    record(actor=actor, action="proof.give", purpose="account", object=f"proof:{kind}")
    tell_act(actor, about=_("un justificatif déposé (%s)") % known.title)
    return made


@transaction.atomic
def download_proof(*, actor: Actor, proof: str) -> tuple[str, str, bytes]:
    """Name, media type and bytes of a document of one's own, or of one's principal. Raises NotFound, NotAllowed."""
    found = proof_of(actor, proof)
    policy.require(actor=actor, action="proof.see", object=scope_of(found.kind, person=str(found.person_id)))
    record(actor=actor, action="proof.download", purpose="account", object=f"proof:{found.kind}")
    return name_of(found), found.media_type, content_of(found)


@transaction.atomic
def remove_proof(*, actor: Actor, proof: str) -> None:
    """Remove a document now. Raises NotFound, NotAllowed."""
    found = proof_of(actor, proof)
    policy.require(actor=actor, action="proof.remove", object=found)
    record(actor=actor, action="proof.remove", purpose="account", object=f"proof:{found.kind}")
    found.delete()


def checked(content: bytes) -> tuple[str, bytes]:
    """The media type its content has, one of TYPES, and what to keep of it: a picture loses place, camera and person.

    What is too large, of another type, broken or infected is refused here. Raises BadInput, Unavailable.
    """
    if not content:
        raise BadInput(_("Choisissez un fichier : celui-ci est vide."), field="document")
    if len(content) > LARGEST:
        raise BadInput(_("Ce fichier dépasse 10 Mo : réduisez-le, ou prenez une photo moins grande."), field="document")
    try:
        found = uploads.check(BytesIO(content), name="", use=USE)
    except uploads.UploadRefused as refusal:
        raise BadInput(refusal.sentence, field="document") from None
    return found.media_type, found.content


def _name(name: str, media_type: str) -> str:
    """The name without a path, with the ending its content deserves."""
    stem = PurePath(name.replace("\\", "/")).stem
    clean = "".join(sign for sign in stem if sign.isprintable() and sign not in '"<>|:*?/\\')[:100].strip(" .")
    return f"{clean or _('justificatif')}.{TYPES[media_type]}"
