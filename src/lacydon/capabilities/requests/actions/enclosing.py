"""Files sent with an act on a request (a message, a document asked for, a decision): looked at, sealed, kept."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.utils.translation import gettext as _

from lacydon.kernel import uploads
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput

from ..models import Attachment, Step
from ..queries.sealed import new_key, seal
from . import files

MOST = 5
"""Files in one act."""
USE = uploads.Use(
    name="request-life", allowed=frozenset({"pdf", "jpeg", "png", "heic", "webp", "odt", "docx"}), largest=10_000_000
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it arrived: its name, never trusted, and its content."""

    name: str
    content: bytes


def looked_at(sent: Iterable[Sent]) -> list[uploads.Checked]:
    """Each file checked and cleaned (format, size, virus, place of a photo), before any row is locked.

    Raises UploadRefused, BadInput (`field="files"`), Unavailable when the antivirus does not answer.
    """
    given = list(sent)
    if len(given) > MOST:
        raise BadInput(_("Joignez cinq fichiers au plus à la fois."), field="files")
    return [uploads.check(io.BytesIO(each.content), name=each.name, use=USE) for each in given]


def enclose(step: Step, checked: Sequence[uploads.Checked], *, field: str) -> list[Attachment]:
    """Keep files as part of a step. To be called in the transaction of the act; durable when it is kept."""
    kept = []
    for each in checked:
        row = Attachment(
            id=uuid4(),
            request=step.request,
            step=step,
            field=field,
            media_type=each.media_type,
            size=each.size,
            received=each.size,
            sha256=each.sha256,
            created_at=now(),
            checked_at=now(),
        )
        key = new_key(row)
        row.name_sealed = seal(each.name, key=key, holder=row, field="name_sealed")
        files.keep(row, each.content)
        row.save(force_insert=True)
        kept.append(row)
    return kept
