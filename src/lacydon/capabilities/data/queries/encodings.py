"""In which letters a file is written, and whether it is text at all."""

import codecs
import mmap
import re
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from ..errors import UnreadableTable

CHUNK = 1 << 20
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
UNDEFINED = re.compile(b"[\x81\x8d\x8f\x90\x9d]")
"""Bytes that are nothing in Windows-1252."""
SEVERAL = re.compile(b"[\xc2-\xdf][\x80-\xbf]|[\xe1-\xec][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
"""Letters of several bytes in UTF-8: by chance they are rare."""
SPOKEN = {"cp1252": "Windows-1252", "utf-8-sig": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
"""Encodings that people know by another name than Python does."""
CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
LOST = "\ufffd"


@dataclass(frozen=True)
class Encoding:
    """How to decode; `damaged`: some bytes are no letter, and are read as U+FFFD."""

    name: str
    damaged: bool = False

    @property
    def is_utf8(self) -> bool:
        return self.name.startswith("utf-8") and not self.damaged

    @property
    def errors(self) -> str:
        return "replace" if self.damaged else "strict"


def spoken(name: str) -> str:
    """The name of an encoding as a spreadsheet says it: `cp1252` → `Windows-1252`."""
    return SPOKEN.get(name, name.upper())


def encoding_of(path: Path) -> Encoding:
    """Raises UnreadableTable for what is no text."""
    with path.open("rb") as file:
        head = file.read(4096)
    for mark, name in MARKS:
        if head.startswith(mark):
            return Encoding(name) if name != "utf-8-sig" or _is_utf8(path) else Encoding(name, damaged=True)
    if b"\0" in head:
        wide = _wide(head)
        if wide is None:
            raise UnreadableTable(_("Ce fichier n’est pas du texte : enregistrez votre tableau au format CSV (UTF-8)."))
        return Encoding(wide)
    if _is_utf8(path):
        return Encoding("utf-8")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        letters = sum(1 for _each in SEVERAL.finditer(content))
        high = sum(1 for _each in re.finditer(rb"[\x80-\xff]", content))
        if letters * 4 > high:  # most high bytes belong to UTF-8 letters: a UTF-8 file, hurt somewhere
            return Encoding("utf-8", damaged=True)
        return Encoding("iso-8859-1" if UNDEFINED.search(content) else "cp1252")


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK):
                if not chunk.isascii() or decoder.getstate()[0]:  # to look costs a tenth of decoding
                    decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _wide(head: bytes) -> str | None:
    """UTF-16 without its mark: one byte in two is zero, in Western letters."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.7 and odd < half * 0.1 else None


def as_utf8(path: Path, encoding: Encoding, target: Path) -> Path:
    """The same text in UTF-8 without a mark. Raises UnreadableTable when the text stops making sense."""
    try:
        with (
            path.open("r", encoding=encoding.name, errors=encoding.errors, newline="") as source,
            target.open("w", encoding="utf-8", errors="replace", newline="") as copy,
        ):
            while chunk := source.read(CHUNK):
                copy.write(chunk)
    except OSError as error:
        raise UnreadableTable(_("Ce fichier ne peut pas être lu : la place manque sur le serveur.")) from error
    except UnicodeError as error:
        raise UnreadableTable(
            _("Ce fichier se dit écrit en %s mais ne l’est pas jusqu’au bout : enregistrez-le en CSV (UTF-8).")
            % spoken(encoding.name)
        ) from error
    return target
