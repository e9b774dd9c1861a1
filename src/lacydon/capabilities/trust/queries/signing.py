"""The key that signs the journal's checkpoints: a file of the folder of keys, made once.

It holds the journal's name (its origin), fixed when it is made: the public address without its scheme, or a random name
of this machine's own when there is none yet.
"""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from django.conf import settings

from lacydon.kernel.merkle.notes import SigningKey, VerifierKey

FILE = "journal-signing-key"


def signing_key() -> SigningKey:
    """The private key; made at the first use. Raises kernel.merkle.notes.BadNote when the file is damaged."""
    path = Path(settings.KEYS) / FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        where = settings.PUBLIC_URL.partition("://")[2] or f"{secrets.token_hex(8)}.lacydon.invalid"
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".new-") as file:  # mode 0600
            file.write(SigningKey.new(name=f"{where}/journal").secret() + "\n")
            file.flush()
            os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):  # another process was quicker: its key is the one
                path.hardlink_to(file.name)
    return SigningKey.parse(path.read_text(encoding="utf-8"))


def public_key() -> VerifierKey:
    """What anybody verifies the journal with."""
    return signing_key().verifier
