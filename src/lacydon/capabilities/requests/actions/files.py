"""The content of attachments: sealed files of HOME/files, one each; gone with their row.

A file is written whole and on the disk before its row says so, and removed after the transaction that forgets it: a
process killed in between leaves at worst a file that nobody can read and that the daily sweep removes.
"""

import io
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from lacydon.kernel import sealing
from lacydon.kernel.clock import now
from lacydon.kernel.uploads import Use, check

from ..models import Attachment
from ..queries.sealed import key_of, new_key, seal, unseal


def folder() -> Path:
    return Path(settings.HOME) / "files"


def path_of(attachment: Attachment) -> Path:
    name = str(attachment.pk)
    return folder() / name[:2] / name


def keep(attachment: Attachment, content: bytes) -> None:
    """Write the content of an attachment, sealed, durable when this returns. Raises OSError (a full disk)."""
    path = path_of(attachment)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    sealed = sealing.seal(content, key=key_of(attachment), place=_place(attachment))
    with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=".new-", delete=False) as file:
        try:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).rename(path)
        except OSError:
            Path(file.name).unlink(missing_ok=True)
            raise


def content_of(attachment: Attachment) -> bytes:
    """Raises FileNotFoundError, kernel.sealing.Unsealable."""
    return sealing.unseal(path_of(attachment).read_bytes(), key=key_of(attachment), place=_place(attachment))


def forget(attachment: Attachment) -> None:
    """Remove an attachment: its row now, its file once the transaction is kept."""
    path, begun = path_of(attachment), pieces_of(attachment)
    attachment.delete()
    transaction.on_commit(lambda: _unlink([path, *begun]))


def piece_path(attachment: Attachment, offset: int) -> Path:
    """Where a piece of a file that is still coming is kept."""
    return path_of(attachment).with_name(f"{attachment.pk}.{offset}")


def pieces_of(attachment: Attachment) -> list[Path]:
    return list(path_of(attachment).parent.glob(f"{attachment.pk}.*"))


def forget_pieces(attachment: Attachment) -> None:
    """The whole is kept: its pieces are not needed any more."""
    _unlink(pieces_of(attachment))


def _unlink(paths: Iterable[Path]) -> None:
    for each in paths:
        each.unlink(missing_ok=True)


def _place(attachment: Attachment) -> str:
    return f"requests_attachment:{attachment.pk}:content"


def attach(content: bytes, *, name: str, field: str, use: Use) -> Attachment:
    """A file received whole: checked, made harmless (kernel.uploads), sealed and kept; of no request yet.

    Raises UploadRefused, Unavailable (the antivirus), OSError.
    """
    checked = check(io.BytesIO(content), name=name, use=use)
    made = Attachment(field=field, media_type=checked.media_type, size=checked.size, sha256=checked.sha256)
    key = new_key(made)
    made.name_sealed = seal(checked.name, key=key, holder=made, field="name_sealed")
    made.received, made.created_at, made.checked_at = checked.size, now(), now()
    keep(made, checked.content)
    made.save(force_insert=True)
    return made


def name_of(attachment: Attachment) -> str:
    """The name it was sent with, tidied."""
    name = unseal(attachment.name_sealed, key=key_of(attachment), holder=attachment, field="name_sealed")
    return str(name or attachment.pk)
