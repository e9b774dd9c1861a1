"""A person's key: what is sealed with it can be read as long as it is there.

The key is unwrapped when it is needed and not kept between requests: shredding has effect at once in every process.
"""

from uuid import UUID

from django.utils.translation import gettext as _

from lacydon.kernel import sealing

from ..errors import ErasedPerson
from ..models import PersonKey
from .wall import seeing


def place_of_key(person: UUID | str) -> str:
    """Where a wrapped key belongs: the additional data it is bound to."""
    return f"trust_personkey:{person}:wrapped"


def key_of(person: UUID | str) -> bytes:
    """The key of a person. Raises ErasedPerson when it was shredded (or never was)."""
    with seeing(person, keys=True):
        wrapped = PersonKey.objects.filter(person_id=person).values_list("wrapped", flat=True).first()
    if wrapped is None:
        raise ErasedPerson(_("Ces données ont été effacées : plus personne ne peut les lire."))
    return sealing.unwrap(bytes(wrapped), place=place_of_key(person))


def seal_for(person: UUID | str, value: str | bytes, *, place: str) -> bytes:
    """Seal a value with a person's key. `place`: "table:row:field", which binds it to where it is kept."""
    plain = value.encode() if isinstance(value, str) else value
    return sealing.seal(plain, key=key_of(person), place=place)


def unseal_of(person: UUID | str, sealed: bytes | memoryview, *, place: str) -> bytes:
    """What was sealed for this person at this place. Raises ErasedPerson, kernel.sealing.Unsealable."""
    return sealing.unseal(bytes(sealed), key=key_of(person), place=place)
