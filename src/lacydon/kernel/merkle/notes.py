"""What a log signs: notes (C2SP signed-note), checkpoints (tlog-checkpoint), cosignatures (tlog-cosignature), Ed25519.

A note is a text, an empty line, then one line for each signature: `— name base64(key id, signature)`. A checkpoint is
a note of three lines: the log's origin, the size of its tree, its root. A witness that saw the log only grow adds its
own line, with the time at which it says so.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG, WITNESS = 1, 4
"""Types of signature: plain Ed25519, and Ed25519 with a time (cosignature/v1)."""
MOST_SIGNATURES = 100
LARGEST = 1_000_000
_NAME = re.compile(r"[^\s+]+")


class BadNote(Exception):  # noqa: N818  (says what is wrong with somebody else's text)
    """A text that is not a note, or that is not signed by whom it should be."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key and whose it is."""

    name: str
    type: int
    public: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or self.type not in (LOG, WITNESS) or len(self.public) != 32:
            raise BadNote("not a key of a log or of a witness")

    @property
    def id(self) -> bytes:
        """Four bytes that tell, with the name, which key signed."""
        return sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_text(bytes([self.type]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """From `name+id+base64`. Raises BadNote."""
        name, id, key = _three(text)
        made = cls(name, key[0] if key else 0, key[1:])
        if made.id.hex() != id:
            raise BadNote("the id of the key is not that of its name and bytes")
        return made

    def verifies(self, text: str, signature: bytes) -> int | None:
        """The time a signature of this key was made (0 for a log's own); None when it is none of `text`."""
        message, time = text.encode(), 0
        if self.type == WITNESS:
            time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = _cosigned(text, time)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return None
        return time


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A private key and whose it is."""

    name: str
    type: int
    seed: bytes

    @classmethod
    def new(cls, *, name: str, type: int = LOG) -> "SigningKey":
        return cls(name, type, Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def verifier(self) -> VerifierKey:
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return VerifierKey(self.name, self.type, public)

    def secret(self) -> str:
        """As it is kept in a file: `PRIVATE+KEY+name+id+base64`."""
        return f"PRIVATE+KEY+{self.name}+{self.verifier.id.hex()}+{_text(bytes([self.type]) + self.seed)}"

    @classmethod
    def parse(cls, secret: str) -> "SigningKey":
        """From what `secret()` gave. Raises BadNote."""
        head, _, rest = secret.strip().partition("PRIVATE+KEY+")
        name, id, key = _three(rest)
        if head or len(key) != 33:
            raise BadNote("not a private key")
        made = cls(name, key[0], key[1:])
        if made.verifier.id.hex() != id:
            raise BadNote("the id of the key is not that of its name and bytes")
        return made

    def sign(self, text: str, *, time: int = 0) -> str:
        """The line of this key's signature of a note's `text`. `time`: seconds since 1970, for a witness only."""
        message, stamp = text.encode(), b""
        if self.type == WITNESS:
            message, stamp = _cosigned(text, time), time.to_bytes(8, "big")
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)
        return f"— {self.name} {_text(self.verifier.id + stamp + signature)}\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        return f"— {self.name} {_text(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that was verified: by whom, and when a witness says it made it (seconds since 1970)."""

    key: VerifierKey
    time: int
    line: str


@dataclass(frozen=True, slots=True)
class Note:
    """A text (with its last newline) and the signatures it came with, none of them verified yet."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, note: str) -> "Note":
        """Raises BadNote."""
        text, empty, lines = note.rpartition("\n\n")
        if len(note) > LARGEST or not empty or any(sign < " " and sign != "\n" for sign in note):
            raise BadNote("not a signed note")
        return cls(text + "\n", tuple(signature_lines(lines)))

    def verified(self, keys: Iterable[VerifierKey]) -> list[Signed]:
        """What the given keys signed here. Raises BadNote when that is nothing, or when one of theirs is false."""
        known = {(key.name, key.id): key for key in keys}
        found = []
        for each in self.signatures:
            key = known.get((each.name, each.key_id))
            if key is None:
                continue
            time = key.verifies(self.text, each.signature)
            if time is None:
                raise BadNote(f"the signature of {each.name} is false")
            found.append(Signed(key, time, each.line))
        if not found:
            raise BadNote("no signature by a known key")
        return found


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log's tree."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{_text(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """From the text of a note; lines after the third are left aside. Raises BadNote."""
        lines = text.split("\n")
        if len(lines) < 4 or not all(lines[:-1]) or not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):
            raise BadNote("not a checkpoint")
        root = _bytes(lines[2])
        if len(root) != 32:
            raise BadNote("the root of a checkpoint is 32 bytes")
        return cls(lines[0], int(lines[1]), root)


def signature_lines(lines: str) -> list[Signature]:
    """Signatures as they stand under a note, or as a witness answers them. Raises BadNote."""
    found = []
    if not lines.endswith("\n") or lines.count("\n") > MOST_SIGNATURES:
        raise BadNote("no signature, or too many")
    for line in lines[:-1].split("\n"):
        dash, name, signature = [*line.split(" "), "", ""][:3]
        raw = _bytes(signature)
        if dash != "—" or line.count(" ") != 2 or not _NAME.fullmatch(name) or len(raw) < 5:
            raise BadNote("not a signature line")
        found.append(Signature(name, raw[:4], raw[4:]))
    return found


def opened(note: str, *, log: VerifierKey, witnesses: Iterable[VerifierKey] = ()) -> tuple[Checkpoint, list[Signed]]:
    """A checkpoint signed by its log, and every signature on it by a known key. Raises BadNote."""
    parsed = Note.parse(note)
    signed = parsed.verified([log, *witnesses])
    if not any(each.key == log for each in signed):
        raise BadNote("not signed by its log")
    checkpoint = Checkpoint.parse(parsed.text)
    if checkpoint.origin != log.name:
        raise BadNote("signed by its log for another log")
    return checkpoint, signed


def _cosigned(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _three(text: str) -> tuple[str, str, bytes]:
    name, id, key = [*text.strip().split("+", 2), "", ""][:3]
    return name, id, _bytes(key)


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    """Strict base64: one text for one value. Raises BadNote."""
    try:
        raw = b64decode(text, validate=True)
    except (NotBase64, ValueError) as error:
        raise BadNote("not base64") from error
    if _text(raw) != text:
        raise BadNote("not base64")
    return raw
