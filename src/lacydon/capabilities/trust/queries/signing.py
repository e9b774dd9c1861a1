"""The keys that sign the journal's checkpoints: files of the folder of keys, and which was in charge when.

The first key, made once, holds the journal's name (its origin), fixed from then on: the public address without its
scheme, or a random name of this machine's own when there is none yet. A key that follows keeps the name.

`journal-signing-key` is the key in charge. The database has the notes by which each key named the next; a key just made
waits as `journal-signing-key.new` until its note is committed, and an old one goes on signing as
`journal-signing-key-<id>` until it is retired. Whoever is killed in between leaves what the next one puts in order.
"""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from lacydon.kernel.merkle.notes import BadNote, SigningKey, VerifierKey
from lacydon.kernel.merkle.succession import Succession

from ..errors import JournalDamaged
from ..models import KeyNote

FILE = "journal-signing-key"


def signing_key() -> SigningKey:
    """The private key in charge; made at the first use. Raises kernel.merkle.notes.BadNote when the file is damaged."""
    path = _path()
    if not path.exists():
        where = settings.PUBLIC_URL.partition("://")[2] or f"{secrets.token_hex(8)}.lacydon.invalid"
        _keep(SigningKey.new(name=f"{where}/journal"), path)
    return _read(path)


def public_key() -> VerifierKey:
    """What anybody verifies the journal with."""
    return signing_key().verifier


def next_key() -> SigningKey:
    """A key to follow the one in charge: that of a change that was interrupted, or a new one."""
    path = _path(".new")
    if not path.exists():
        _keep(SigningKey.new(name=public_key().name), path)
    return _read(path)


def key_notes() -> list[str]:
    """What the keys said of one another, in order."""
    return list(KeyNote.objects.order_by("number").values_list("note", flat=True))


def published_keys() -> str:
    """`key_notes` as they are published, with an empty line between two."""
    return "\n".join(key_notes())


def succession() -> Succession:
    """Every key of the journal and what it was in charge of. Raises JournalDamaged when the folder has other keys."""
    for _again in range(3):  # another process may be changing the key between our two looks
        said, held = key_notes(), public_key()
        try:
            found = Succession.read(said, known=held)
        except BadNote as wrong:
            refused: BadNote | None = wrong
            continue
        refused = None
        if found.newest != held:
            _put_in_charge(found.newest)
        if found.newest == public_key():
            _drop_retired(found)
            return found
    raise JournalDamaged(_("Les clés du journal ne sont pas celles du dossier de clés.")) from refused


def signing_keys() -> tuple[Succession, list[SigningKey]]:
    """Who signs the next head: the key in charge, then those that still sign along and are here. Raises as above."""
    found = succession()
    along = [_path(f"-{key.id.hex()}") for key in found.signing[1:]]
    return found, [signing_key(), *(_read(path) for path in along if path.exists())]


def _put_in_charge(key: VerifierKey) -> None:
    """The key that was waiting, if it is that one, takes the place of the one in charge, which is kept beside it."""
    path, waiting = _path(), _path(".new")
    with contextlib.suppress(FileNotFoundError):  # another process did it
        if _read(waiting).verifier != key:
            return
        with contextlib.suppress(FileExistsError):
            _path(f"-{public_key().id.hex()}").hardlink_to(path)
        waiting.replace(path)
        _sync(path.parent)


def _drop_retired(found: Succession) -> None:
    for term in found.terms:
        if term.until is not None:
            _path(f"-{term.key.id.hex()}").unlink(missing_ok=True)


def _path(suffix: str = "") -> Path:
    return Path(settings.KEYS) / f"{FILE}{suffix}"


def _read(path: Path) -> SigningKey:
    return SigningKey.parse(path.read_text(encoding="utf-8"))


def _keep(key: SigningKey, path: Path) -> None:
    """Durably, unless another process was quicker: its key is the one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".new-") as file:  # mode 0600
        file.write(key.secret() + "\n")
        file.flush()
        os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(file.name)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """The names in a folder outlive a power cut once the folder itself is written."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
