"""Pictures without what they tell about a place, a camera or a person, and without what is hidden after their end.

Segments are taken out, pixels are not touched. The orientation of a JPEG is kept, in an Exif block that holds nothing
else. Sources: ITU-T T.81 (JPEG), W3C PNG 3, RFC 9649 (WebP), CIPA DC-008 (Exif).
"""

import struct
import zlib

from django.utils.translation import gettext as _

from .formats import UploadRefused

MOST_PIXELS = 120_000_000
"""More than any telephone takes; a picture that unfolds to more is meant to harm."""
PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs acTL fcTL fdAT cICP mDCV cLLI".split()
)
WEBP_KEPT = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
EXIF, XMP = 0x08, 0x04
"""Flags of a VP8X chunk."""


def damaged() -> UploadRefused:
    return UploadRefused(_("Cette image est abîmée : envoyez-la à nouveau."), code="damaged")


def refuse_vast(width: int, height: int) -> None:
    """Raises UploadRefused for a picture of nothing, or of too many pixels."""
    if not width or not height:
        raise damaged()
    if width * height > MOST_PIXELS:
        sentence = _("Cette image a trop de pixels (%(width)d × %(height)d) : réduisez-la.")
        raise UploadRefused(sentence % {"width": width, "height": height}, code="too-many-pixels")


def clean_png(content: bytes) -> bytes:
    kept, at, seen_pixels = [content[:8]], 8, False
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        kind = content[at + 4 : at + 8]
        body = content[at + 8 : at + 8 + length]
        crc = content[at + 8 + length : at + 12 + length]
        if len(body) != length or crc != zlib.crc32(kind + body).to_bytes(4, "big") or (at == 8) != (kind == b"IHDR"):
            raise damaged()
        if kind == b"IHDR":
            if length != 13:
                raise damaged()
            refuse_vast(*struct.unpack(">II", body[:8]))
        seen_pixels = seen_pixels or kind == b"IDAT"
        if kind in PNG_KEPT:
            kept.append(content[at : at + 12 + length])
        at += 12 + length
        if kind == b"IEND":
            if not seen_pixels:
                break
            return b"".join(kept)
    raise damaged()


def clean_jpeg(content: bytes) -> bytes:
    kept, at, orientation, seen_size = [], 2, 1, False
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == 0xD9:
            break
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        segment = content[at : at + 2 + length]
        if length < 2 or len(segment) != 2 + length or marker < 0xC0 or 0xD0 <= marker <= 0xD8:
            raise damaged()
        at += 2 + length
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            orientation = _orientation(segment[10:])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            if length < 8:
                raise damaged()
            refuse_vast(*struct.unpack(">HH", segment[7:9] + segment[5:7]))
            seen_size = True
        if _kept_of_jpeg(marker, segment):
            kept.append(segment)
        if marker == 0xDA:
            if not seen_size:
                raise damaged()
            end = _end_of_scan(content, at)
            kept.append(content[at:end])
            at = end
    if not seen_size or content[at : at + 2] != b"\xff\xd9":
        raise damaged()
    return b"".join((b"\xff\xd8", _exif_of(orientation), *kept, b"\xff\xd9"))


def _kept_of_jpeg(marker: int, segment: bytes) -> bool:
    """All but comments and the blocks of applications; of these, JFIF, the colour profile and Adobe's colours stay."""
    if marker == 0xFE or 0xF0 <= marker <= 0xFD:
        return False
    if 0xE0 <= marker <= 0xEF:
        body = segment[4:]
        return (
            (marker == 0xE0 and body.startswith(b"JFIF\0") and len(body) == 14)
            or (marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"))
            or (marker == 0xEE and body.startswith(b"Adobe") and len(body) == 12)
        )
    return True


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker stands after coded pixels: an FF that neither 00 nor a restart (D0–D7) follows."""
    while (at := content.find(b"\xff", at)) != -1 and at + 1 < len(content):
        following = content[at + 1]
        if following == 0xFF:
            at += 1
        elif following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        else:
            return at
    raise damaged()


def _orientation(tiff: bytes) -> int:
    """How the camera was held (1–8, tag 0x0112 of the first directory); 1 when it does not say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return 1
    (start,) = struct.unpack(f"{order}I", tiff[4:8])
    entries = tiff[start + 2 :]
    (count,) = struct.unpack(f"{order}H", tiff[start : start + 2].ljust(2, b"\0"))
    for number in range(min(count, 200)):
        entry = entries[number * 12 : number * 12 + 12]
        if len(entry) < 12:
            break
        tag, kind, _many, value = struct.unpack(f"{order}HHIH", entry[:10])
        if tag == 0x0112 and kind == 3 and 1 <= value <= 8:
            return int(value)
    return 1


def _exif_of(orientation: int) -> bytes:
    """An Exif block that tells the orientation and nothing else; none when it is the usual one."""
    if orientation == 1:
        return b""
    body = b"Exif\0\0MM\0\x2a" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def clean_webp(content: bytes) -> bytes:
    end = 8 + int.from_bytes(content[4:8], "little")
    if end > len(content) or end < 20:
        raise damaged()
    kept, at, seen_pixels = [], 12, False
    while at + 8 <= end:
        kind, length = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        body = content[at + 8 : at + 8 + length]
        if len(body) != length or at + 8 + length > end:
            raise damaged()
        if kind == b"VP8X":
            if length != 10:
                raise damaged()
            refuse_vast(1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little"))
            body = bytes([body[0] & ~(EXIF | XMP)]) + body[1:]
        if kind == b"VP8L":
            bits = int.from_bytes(body[1:5], "little")
            refuse_vast(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
        if kind == b"VP8 ":
            refuse_vast(*(each & 0x3FFF for each in struct.unpack("<HH", body[6:10].ljust(4, b"\0"))))
        seen_pixels = seen_pixels or kind in (b"VP8 ", b"VP8L", b"ANMF")
        if kind in WEBP_KEPT:
            kept.append(kind + length.to_bytes(4, "little") + body + b"\0" * (length % 2))
        at += 8 + length + length % 2
    if not seen_pixels:
        raise damaged()
    whole = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(whole).to_bytes(4, "little") + whole
