"""The check of one file, from its bytes to what may be stored."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import structlog
from django.utils.translation import gettext as _

from .. import plugs
from .archives import kind_of
from .formats import FORMATS, Format, UploadRefused, candidates, refuse_unknown
from .heif import clean_heic
from .names import clean_name
from .pictures import clean_jpeg, clean_png, clean_webp

PIECE = 65_536
"""Bytes read at a time."""
CLEANERS: Mapping[str, Callable[[bytes], bytes]] = {
    "png": clean_png,
    "jpeg": clean_jpeg,
    "webp": clean_webp,
    "heic": clean_heic,
}
log = structlog.get_logger("lacydon.uploads")


class Antivirus(Protocol):
    """What a connector plugs into `plugs.antivirus`, behind a function without arguments."""

    def is_on(self) -> bool:
        """Whether the operator switched it on; when not, files are not looked at."""

    def scan(self, content: bytes) -> str | None:
        """The name of what was found, None when the file is clean. Raises Unavailable."""


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Use:
    """What is asked for: which formats (names of FORMATS), of how many bytes at most."""

    name: str
    allowed: frozenset[str]
    largest: int

    def __post_init__(self) -> None:
        if unknown := self.allowed - set(FORMATS):
            raise ValueError(f"{self.name}: unknown formats {sorted(unknown)}")


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be stored: `content` is what to store, `size` and `sha256` are of that; `name` to show it by."""

    media_type: str
    extension: str
    size: int
    sha256: str
    name: str
    content: bytes
    scanned: bool


def check(file: Readable, *, name: str, use: Use) -> Checked:
    """Read a file and tell what it is. Raises UploadRefused, and Unavailable when the antivirus does not answer."""
    try:
        content = _read(file, largest=use.largest)
        found = _format(content, allowed=use.allowed)
        scanned = _scan(content)
        cleaned = CLEANERS.get(found.name, lambda whole: whole)(content)
    except UploadRefused as refusal:
        log.info("upload-refused", use=use.name, why=refusal.code)
        raise
    return Checked(
        media_type=found.media_type,
        extension=found.extension,
        size=len(cleaned),
        sha256=hashlib.sha256(cleaned).hexdigest(),
        name=clean_name(name, extension=found.extension),
        content=cleaned,
        scanned=scanned,
    )


def _read(file: Readable, *, largest: int) -> bytes:
    """The content, never more than `largest` bytes of it in memory."""
    pieces, size = [], 0
    while piece := file.read(PIECE):
        size += len(piece)
        if size > largest:
            most = f"{largest / 1_000_000:.3g}".replace(".", ",")
            raise UploadRefused(_("Ce fichier est trop gros : au plus %s Mo.") % most, code="too-large")
        pieces.append(piece)
    if not size:
        raise UploadRefused(_("Ce fichier est vide."), code="empty")
    return b"".join(pieces)


def _format(content: bytes, *, allowed: frozenset[str]) -> Format:
    possible = candidates(content)
    if len({each.name for each in possible} & {"odt", "docx"}) and allowed & {"odt", "docx"}:
        possible = (kind_of(content),)
    for each in possible:
        if each.name in allowed:
            return each
    raise refuse_unknown(content, allowed=allowed)


def _scan(content: bytes) -> bool:
    """Have every antivirus that is on look at the file; whether one did."""
    scanned = False
    for _name, offer in plugs.antivirus.items():
        scanner: Antivirus = offer()
        if scanner.is_on():
            if found := scanner.scan(content):
                log.warning("virus", found=found)
                raise UploadRefused(_("Ce fichier contient un virus : il est refusé."), code="virus")
            scanned = True
    return scanned
