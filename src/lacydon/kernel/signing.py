"""The key this installation signs receipts with: Ed25519 (RFC 8032), made at the first use in the folder of keys.

What is signed is canonical JSON: keys sorted, no spaces, UTF-8. Whoever has the public key (published with each
signature, and at /confiance) can check it without the platform.
"""

import base64
import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

FILE = "signing-receipts"


def canonical(value: Any) -> bytes:
    """The one way a value is written before it is signed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def signed(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with its `signature` member: over the canonical form of all the rest."""
    signature = _key().sign(canonical(document))
    told = {"algorithm": "Ed25519", "public_key": public_key(), "value": base64.b64encode(signature).decode()}
    return dict(document) | {"signature": told}


def holds(document: Mapping[str, Any], *, public_key: str) -> bool:
    """Whether the document carries a signature that this public key (base64) made over all the rest."""
    rest = {name: value for name, value in document.items() if name != "signature"}
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(document["signature"]["value"], validate=True), canonical(rest))
    except (InvalidSignature, ValueError, KeyError, TypeError):
        return False
    return True


def public_key() -> str:
    """The public key, base64 of its 32 bytes."""
    return base64.b64encode(_key().public_key().public_bytes_raw()).decode()


def _key() -> Ed25519PrivateKey:
    """The private key. Two processes that make it at once end with the same one."""
    path = Path(settings.KEYS) / FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".new-") as file:  # mode 0600
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
            with suppress(FileExistsError):
                path.hardlink_to(file.name)
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_text(encoding="ascii")))
