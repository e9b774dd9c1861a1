"""Files that go with a draft: received whole or in pieces, looked at, made harmless, sealed.

In pieces, as the tus protocol has it (announce, then each piece at its offset, asked again after a cut): each piece is
sealed on its own as it comes, and the whole is looked at when the last one is there. Nothing is in the clear on a disk,
and no more than one file is in memory.
"""

import os
import tempfile
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from lacydon.kernel import sealing, uploads
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, Conflict, NotFound
from lacydon.kernel.forms import Field

from ..models import Attachment
from ..queries.attachments import attachment, name_of
from ..queries.drafts import Opened
from ..queries.sealed import key_of, new_key, seal
from . import files

MOST = 30
"""Files of one draft."""
MOST_BYTES = 150_000_000
LARGEST_PIECE = 5_000_000
LONGEST_NAME = 300


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class WrongOffset(Conflict):
    """A piece that does not begin where the last one ended; `facts["offset"]` says where that is."""

    code = "wrong-offset"


def use_of(field: Field) -> uploads.Use:
    """What a question takes."""
    return uploads.Use(name="request", allowed=frozenset(field.accept), largest=field.largest_mb * 1_000_000)


def attach(*, found: Opened, field: Field, file: Readable, name: str) -> Attachment:
    """A file received whole. Raises UploadRefused, BadInput (too many), Unavailable (the antivirus is silent)."""
    _room(found, field, size=0)
    checked = uploads.check(file, name=name[:LONGEST_NAME], use=use_of(field))
    row = _row(found, field, name=checked.name, size=checked.size)
    _keep(row, checked)
    with transaction.atomic():
        _room(found, field, size=checked.size)
        row.save(force_insert=True)
    return row


def announce(*, found: Opened, field: Field, name: str, size: int) -> Attachment:
    """A file that will come in pieces. Raises BadInput when it is too large or one too many."""
    use = use_of(field)
    if size <= 0:
        raise BadInput(_("Ce fichier est vide."), code="empty")
    if size > use.largest:
        raise BadInput(_("Ce fichier est trop gros : au plus %s Mo.") % field.largest_mb, code="too-large")
    with transaction.atomic():
        _room(found, field, size=size)
        row = _row(found, field, name=name[:LONGEST_NAME], size=size)
        row.save(force_insert=True)
    return row


def receive(*, found: Opened, field: Field, id: str, offset: int, content: bytes) -> Attachment:
    """The next piece of a file; with the last one, the file is looked at and kept.

    Raises NotFound, WrongOffset, BadInput; UploadRefused, and then the file is gone.
    """
    refusal: uploads.UploadRefused | None = None
    with transaction.atomic():
        row = _locked(found, id)
        if row.checked_at is not None or offset != row.received:
            raise WrongOffset(_("Ce morceau n’est pas celui qui suit."), offset=row.received)
        if offset + len(content) > row.size or len(content) > LARGEST_PIECE:
            raise BadInput(_("Ce morceau est trop gros."), code="too-large")
        _write_piece(row, offset, content)
        row.received = offset + len(content)
        if row.received < row.size:
            row.save(update_fields=["received"])
            return row
        try:
            checked = uploads.check(_Pieces(row), name=name_of(row), use=use_of(field))
        except uploads.UploadRefused as error:
            refusal = error
            files.forget(row)
        else:
            _keep(row, checked)
            row.size = row.received = checked.size
            row.name_sealed = seal(checked.name, key=key_of(row), holder=row, field="name_sealed")
            row.save()
            transaction.on_commit(lambda: files.forget_pieces(row))
    if refusal is not None:
        raise refusal
    return row


def remove(*, found: Opened, id: str) -> None:
    """Forget a file of a draft; nothing when it is not there (any more)."""
    with transaction.atomic():
        row = attachment(found.row, id)
        if row is not None:
            files.forget(row)


def _room(found: Opened, field: Field, *, size: int) -> None:
    """Raises BadInput when the draft, or a question outside groups, has all the files it may have."""
    held = Attachment.objects.filter(draft=found.row, request=None)
    sums = held.aggregate(count=Count("pk"), bytes=Sum("size"))
    if sums["count"] >= MOST or (sums["bytes"] or 0) + size > MOST_BYTES:
        raise BadInput(_("Cette demande a déjà tous les fichiers qu’elle peut avoir : retirez-en un d’abord."))
    in_group = field not in tuple(found.held.form.fields())
    if not in_group and held.filter(field=field.id, checked_at__isnull=False).count() >= field.most:
        raise BadInput(_("Cette question a déjà tous ses fichiers : retirez-en un d’abord."))


def _row(found: Opened, field: Field, *, name: str, size: int) -> Attachment:
    row = Attachment(id=uuid4(), draft=found.row, field=field.id, size=size, created_at=now())
    key = new_key(row)
    row.name_sealed = seal(name, key=key, holder=row, field="name_sealed")
    return row


def _keep(row: Attachment, checked: uploads.Checked) -> None:
    files.keep(row, checked.content)
    row.media_type, row.sha256, row.checked_at = checked.media_type, checked.sha256, now()
    row.size = row.received = checked.size


def _locked(found: Opened, id: str) -> Attachment:
    known = attachment(found.row, id)
    row = Attachment.objects.select_for_update().filter(pk=known.pk).first() if known else None
    if row is None:
        raise NotFound(_("Ce fichier n’est plus attendu : envoyez-le de nouveau."))
    return row


def _write_piece(row: Attachment, offset: int, content: bytes) -> None:
    path = files.piece_path(row, offset)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    sealed = sealing.seal(content, key=key_of(row), place=_place(row, offset))
    with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=".new-", delete=False) as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).rename(path)


def _place(row: Attachment, offset: int) -> str:
    return f"requests_attachment:{row.pk}:piece:{offset}"


class _Pieces:
    """The pieces of a file, one after the other."""

    def __init__(self, row: Attachment) -> None:
        self.row, self.at = row, 0

    def read(self, _size: int = -1, /) -> bytes:
        path = files.piece_path(self.row, self.at)
        if self.at >= self.row.received or not path.exists():
            return b""
        content = sealing.unseal(path.read_bytes(), key=key_of(self.row), place=_place(self.row, self.at))
        self.at += len(content)
        return content
