"""Which of the formats we know a file is, by its content."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import puremagic
from django.utils.translation import gettext as _

from ..errors import BadInput


class UploadRefused(BadInput):
    """A file that is not taken; `code` says why in one word, the sentence what to do."""

    code = "upload-refused"


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: the name that uses allow it by, its media type (IANA), its extension."""

    name: str
    media_type: str
    extension: str


FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format("pdf", "application/pdf", "pdf"),
        Format("png", "image/png", "png"),
        Format("jpeg", "image/jpeg", "jpg"),
        Format("webp", "image/webp", "webp"),
        Format("heic", "image/heic", "heic"),
        Format("odt", "application/vnd.oasis.opendocument.text", "odt"),
        Format("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
        Format("csv", "text/csv", "csv"),
        Format("txt", "text/plain", "txt"),
    )
}
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})
"""ISO/IEC 23008-12: still pictures; sequences and AVIF are not among them."""
MARKUP = re.compile(
    r"<\s*(!doctype|\?xml|\?php|%|html|head|body|script|svg|iframe|object|embed|meta|link|style|img|form|base|math)\b"
    r"|<\?|javascript:|^#!|^\{\\rtf|%PDF-\d",
    re.IGNORECASE,
)
"""Text that some program runs or renders, wherever it stands."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
PDF_END = 1_024
"""Bytes from the end where %%EOF must stand (ISO 32000-1, annex H)."""


def candidates(content: bytes) -> tuple[Format, ...]:
    """The formats a file may be taken for, the most precise first; none when we do not know it."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        names = ["png"]
    elif content.startswith(b"\xff\xd8\xff"):
        names = ["jpeg"]
    elif content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        names = ["webp"]
    elif content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        names = ["heic"]
    elif re.match(rb"%PDF-[12]\.\d", content) and b"%%EOF" in content[-PDF_END:]:
        names = ["pdf"]
    elif content.startswith(b"PK\x03\x04"):
        names = ["odt", "docx"]
    elif text(content) is not None:
        names = ["csv", "txt"] if _is_table(content) else ["txt"]
    else:
        names = []
    return tuple(FORMATS[name] for name in names)


def text(content: bytes) -> str | None:
    """The text of a file in UTF-8 or in the Windows alphabet of western Europe; None when it is no plain text."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            read = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if CONTROL.search(read) or MARKUP.search(read) else read
    return None


def known_as(content: bytes) -> str:
    """What a refused file seems to be, for the sentence that says so; empty when nobody knows."""
    try:
        return str(puremagic.from_string(content[:4_096])).lstrip(".").upper()
    except (puremagic.PureError, ValueError):
        return ""


def refuse_unknown(content: bytes, *, allowed: frozenset[str]) -> UploadRefused:
    """The refusal of a format nobody asked for, with those that would do."""
    welcome = ", ".join(name.upper() for name in FORMATS if name in allowed)
    seems = known_as(content)
    if seems:
        sentence = _("Ce fichier semble être du %(seems)s. Formats acceptés : %(welcome)s.")
    else:
        sentence = _("Le format de ce fichier n’est pas reconnu. Formats acceptés : %(welcome)s.")
    return UploadRefused(sentence % {"seems": seems, "welcome": welcome}, code="format-refused")


def _is_table(content: bytes) -> bool:
    """Whether the first lines all have the same number (at least one) of the same separator."""
    lines = [line for line in (text(content) or "").splitlines()[:20] if line.strip()]
    for separator in ";,\t":
        counts = {re.sub(r'"[^"]*"', "", line).count(separator) for line in lines}
        if len(counts) == 1 and counts != {0} and len(lines) > 1:
            return True
    return False
