"""Envelope encryption: what personal data is sealed with, and the ring of keys that all of it hangs on.

A person has a key of their own (a DEK) that seals their fields; a key of the ring (a KEK) wraps the person's key:

    key = new_key()
    row.wrapped = wrap(key, place=f"trust_person_key:{person}:wrapped")
    row.email = seal(b"...", key=key, place=f"trust_contact:{row.id}:email")
    unseal(row.email, key=unwrap(row.wrapped, place=...), place=...)        # or Unsealable

`place` says where the sealed value stands (table:row:field) and is authenticated with it (AES-256-GCM, NIST SP
800-38D), so that a value copied to another row, table or field does not open there. To destroy a person's wrapped key
is to erase all that it sealed, in backups too (crypto-shredding).

The ring is the folder `settings.KEYS`: one file for each KEK, and the pepper that keyed hashes are derived from
(HKDF, RFC 5869). It is made at the first use, readable by its owner only. Whoever loses it loses the personal data.
Sealed and wrapped values begin with the version of their form.
"""

import base64
import binascii
import contextlib
import fcntl
import hashlib
import hmac
import os
import re
import secrets
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from .clock import now

KEY = 32
"""Bytes of every key (AES-256)."""
NONCE, TAG = 12, 16
"""Bytes of the random nonce and of the tag of AES-GCM."""
FORM = b"\x01"
"""First byte of a sealed or wrapped value: the version of its form."""
ID = re.compile(r"\d{4}-[0-9a-f]{8}")
"""A KEK's id: its number, and a check value of the key, so that a damaged file is seen and two rings never confused."""
ID_LENGTH = 13


class Unsealable(Exception):  # noqa: N818  (what the value is, not what went wrong in us)
    """A value that does not open: wrong key, wrong place, damaged, or wrapped under a key that is not in the ring."""


class RingDamaged(Exception):  # noqa: N818
    """A file of the ring is not as it was written; restore the folder of keys from its backup."""


@dataclass(frozen=True, slots=True)
class Kek:
    """A key of the ring; `made` is when, in UTC."""

    id: str
    made: datetime
    key: bytes


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys of one folder, as they were when it last changed; `keks` by id."""

    folder: Path
    keks: Mapping[str, Kek]
    pepper: bytes
    changed: int

    @property
    def newest(self) -> Kek:
        return self.keks[max(self.keks)]

    @property
    def names(self) -> frozenset[str]:
        """What tells this ring from another, and nothing of its keys."""
        return frozenset(self.keks) | {f"pepper-{_check_value(self.pepper)}"}


def new_key() -> bytes:
    """A person's key: 32 random bytes."""
    return secrets.token_bytes(KEY)


def wrap(key: bytes, *, place: str) -> bytes:
    """The key under the newest KEK, which the output names (`kek_of`). ValueError when it is not a key."""
    if len(key) != KEY:
        raise ValueError(f"a key has {KEY} bytes")
    kek = ring().newest
    return prefix_of(kek.id) + _encrypt(key, key=kek.key, context=_context("wrap", kek.id, place))


def unwrap(wrapped: bytes, *, place: str) -> bytes:
    """The key that `wrap` was given for this place. Raises Unsealable."""
    return unwrap_all([(wrapped, place)])[0]


def unwrap_all(pairs: Iterable[tuple[bytes, str]]) -> list[bytes]:
    """The keys of many (wrapped, place), as `unwrap`, the ring being looked at once. Raises Unsealable."""
    keks, found = ring().keks, []
    openers: dict[bytes, tuple[AESGCM, bytes]] = {}
    for wrapped, place in pairs:
        head, sealed = bytes(wrapped[: 1 + ID_LENGTH]), bytes(wrapped[1 + ID_LENGTH :])
        if head not in openers:
            id = kek_of(wrapped)
            kek = keks.get(id) or ring(afresh=True).keks.get(id)
            if kek is None:
                raise Unsealable(f"the key {id} is not in the ring")
            openers[head] = AESGCM(kek.key), _context("wrap", id)
        cipher, context = openers[head]
        found.append(_opened(cipher, sealed, context=context + _part(place)))
    return found


def kek_of(wrapped: bytes) -> str:
    """The id of the KEK a key is wrapped under. Raises Unsealable when it is no wrapped key."""
    head = bytes(wrapped[: 1 + ID_LENGTH])
    id = head[1:].decode("ascii", errors="replace")
    if head[:1] != FORM or not ID.fullmatch(id):
        raise Unsealable("not a wrapped key")
    return id


def prefix_of(id: str) -> bytes:
    """How every key wrapped under that KEK begins: for the queries of a rotation."""
    return FORM + id.encode("ascii")


def seal(value: bytes, *, key: bytes, place: str) -> bytes:
    """The value, readable with this key and at this place only."""
    return FORM + _encrypt(value, key=key, context=_context("seal", place))


def unseal(sealed: bytes, *, key: bytes, place: str) -> bytes:
    """The value that `seal` was given with this key and place. Raises Unsealable."""
    sealed = bytes(sealed)
    if sealed[:1] != FORM:
        raise Unsealable("not a sealed value, or one of a form this version does not know")
    return _decrypt(sealed[1:], key=key, context=_context("seal", place))


def keyed_hash(value: str, *, purpose: str) -> str:
    """HMAC-SHA-256 (64 hexadecimal signs) under a key of this purpose: to find a value again without storing it.

    Two purposes never give the same hash, and nobody can guess values without the ring.
    """
    return hmac.new(_derived(ring().pepper, purpose), value.encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=256)
def _derived(pepper: bytes, purpose: str) -> bytes:
    info = b"lacydon keyed-hash 1\0" + purpose.encode()
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=info).derive(pepper)


def _context(*parts: str) -> bytes:
    """What is authenticated beside the value; lengths are told so that no two lists of parts look alike."""
    return b"".join([_part("lacydon 1"), *map(_part, parts)])


def _part(part: str) -> bytes:
    encoded = part.encode()
    return len(encoded).to_bytes(4, "big") + encoded


def _encrypt(value: bytes, *, key: bytes, context: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, value, context)


def _decrypt(sealed: bytes, *, key: bytes, context: bytes) -> bytes:
    if len(key) != KEY:
        raise Unsealable("too short")
    return _opened(AESGCM(key), sealed, context=context)


def _opened(cipher: AESGCM, sealed: bytes, *, context: bytes) -> bytes:
    if len(sealed) < NONCE + TAG:
        raise Unsealable("too short")
    try:
        return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], context)
    except InvalidTag:
        raise Unsealable("wrong key, wrong place, or damaged") from None


# The ring: files of one folder.

_held: dict[Path, Ring] = {}


def ring(*, afresh: bool = False) -> Ring:
    """The ring of this installation, made when there is none; read again when its folder has changed.

    Raises RingDamaged.
    """
    folder = Path(settings.KEYS)
    held = _held.get(folder)
    if held is not None and not afresh:
        with contextlib.suppress(FileNotFoundError):
            if folder.stat().st_mtime_ns == held.changed:
                return held
    found = _read(folder)
    if found is None:
        with _locked(folder):
            found = _read(folder) or _made(folder)
    _held[folder] = found
    return found


def add_kek() -> Kek:
    """Put a new KEK in the ring: from now on, `wrap` uses it, in every process."""
    folder = ring().folder
    with _locked(folder):
        before = ring(afresh=True)
        made = _written_kek(folder, number=1 + max(int(id[:4]) for id in before.keks))
    ring(afresh=True)
    return made


def remove_kek(id: str) -> None:
    """Destroy a KEK: what is still wrapped under it is lost. ValueError for the newest, or one that is not there."""
    current = ring(afresh=True)
    if id == current.newest.id or id not in current.keks:
        raise ValueError(f"{id} cannot be removed")
    (current.folder / f"kek-{id}").unlink()
    ring(afresh=True)


def _read(folder: Path) -> Ring | None:
    """The ring in this folder; None when it was never made, or not to the end."""
    if not (folder / "pepper").exists():
        if len(list(folder.glob("kek-*"))) > 1:
            raise RingDamaged(f"{folder}/pepper is missing")
        return None
    changed = folder.stat().st_mtime_ns
    keks = {}
    for path in sorted(folder.glob("kek-*")):
        id = path.name.removeprefix("kek-")
        if not ID.fullmatch(id):
            continue
        with contextlib.suppress(FileNotFoundError):  # retired between the listing and the reading
            made, key = _parsed(path)
            if id[5:] != _check_value(key):
                raise RingDamaged(f"{path} does not hold the key it is named after")
            keks[id] = Kek(id=id, made=made, key=key)
    if not keks:
        raise RingDamaged(f"{folder} holds no kek")
    return Ring(folder=folder, keks=keks, pepper=_parsed(folder / "pepper")[1], changed=changed)


def _made(folder: Path) -> Ring:
    """A new ring. The pepper is written last: a ring without it was not finished, and nothing was sealed under it."""
    if not any(folder.glob("kek-*")):
        _written_kek(folder, number=1)
    _write(folder / "pepper", secrets.token_bytes(KEY), made=now())
    finished = _read(folder)
    assert finished is not None
    return finished


def _written_kek(folder: Path, *, number: int) -> Kek:
    kek = Kek(id="", made=now(), key=secrets.token_bytes(KEY))
    id = f"{number:04d}-{_check_value(kek.key)}"
    _write(folder / f"kek-{id}", kek.key, made=kek.made)
    return Kek(id=id, made=kek.made, key=kek.key)


def _check_value(key: bytes) -> str:
    """Eight signs that tell one key from another and tell nothing of the key."""
    return hmac.new(key, b"lacydon check value", hashlib.sha256).hexdigest()[:8]


def _write(path: Path, key: bytes, *, made: datetime) -> None:
    """The file appears whole or not at all, on the disk before anything depends on it."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".new-") as file:  # mode 0600
        file.write(f"lacydon-key-1 {made.isoformat(timespec='seconds')} {base64.b64encode(key).decode()}\n")
        file.flush()
        os.fsync(file.fileno())
        path.hardlink_to(file.name)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _parsed(path: Path) -> tuple[datetime, bytes]:
    """When the key of a file was made, and the key. Raises RingDamaged, FileNotFoundError."""
    try:
        form, made, encoded = path.read_text(encoding="ascii").split()
        key = base64.b64decode(encoded, validate=True)
        moment = datetime.fromisoformat(made)
    except (ValueError, binascii.Error) as error:
        raise RingDamaged(f"{path} cannot be read") from error
    if form != "lacydon-key-1" or len(key) != KEY or moment.tzinfo is None:
        raise RingDamaged(f"{path} is not a key of this version")
    return moment, key


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time changes the ring; the folder is made when it is missing."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
