"""Small files of each kind, made here: honest ones, and ones that somebody tampered with."""

import base64
import io
import struct
import zipfile
import zlib

JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////"
    "////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxD/2Q=="
)
WEBP = base64.b64decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/MediaBox[0 0 3 3]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-" + rb"FILE!$H+H*"
ODT_TYPE = "application/vnd.oasis.opendocument.text"
DOCX_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
    'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.'
    'document.main+xml"/></Types>'
)
PLACE = b"43.2965N 5.3698E"
"""Where a photograph was taken: must not be found after the check."""


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*, width: int = 2, height: int = 2, extra: bytes = b"", after: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\1\2" * 2))
    return b"\x89PNG\r\n\x1a\n" + head + extra + pixels + chunk(b"IEND", b"") + after


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(orientation: int = 6, *, order: str = ">") -> bytes:
    entries = struct.pack(f"{order}HHHIHH", 1, 0x0112, 3, 1, orientation, 0) + struct.pack(f"{order}I", 0)
    start = (b"MM\0\x2a" if order == ">" else b"II\x2a\0") + struct.pack(f"{order}I", 8)
    return b"Exif\0\0" + start + entries + PLACE


def jpeg(*, extra: bytes = b"", after: bytes = b"") -> bytes:
    return JPEG[:2] + extra + JPEG[2:] + after


def riff(*chunks: tuple[bytes, bytes], after: bytes = b"") -> bytes:
    body = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for kind, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body + after


def webp(*, extra: tuple[tuple[bytes, bytes], ...] = (), after: bytes = b"") -> bytes:
    extended = b"\x0c\0\0\0" + b"\0\0\0" + b"\0\0\0"
    return riff((b"VP8X", extended), (b"VP8 ", WEBP[20:]), *extra, after=after)


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def heic(
    *, private: bytes = PLACE, after: bytes = b"", brand: bytes = b"heic", width: int = 64, version: int = 1
) -> bytes:
    """A picture of two items: number 1 the pixels, number 2 the Exif block."""
    ftyp = box(b"ftyp", brand + b"\0\0\0\0mif1heic")
    infe = lambda id, kind: box(b"infe", b"\2\0\0\0" + struct.pack(">HH", id, 0) + kind + b"\0")  # noqa: E731
    iinf = box(b"iinf", b"\0\0\0\0\0\2" + infe(1, b"hvc1") + infe(2, b"Exif"))
    iprp = box(b"iprp", box(b"ipco", box(b"ispe", b"\0\0\0\0" + struct.pack(">II", width, 64))))
    pixels = b"PIXELS" * 4

    def meta(pixels_at: int, private_at: int) -> bytes:
        method = b"\0\0" if version else b""
        items = b"".join(
            struct.pack(">H", id) + method + struct.pack(">HHII", 0, 1, at, length)
            for id, at, length in ((1, pixels_at, len(pixels)), (2, private_at, len(private)))
        )
        iloc = box(b"iloc", bytes([version, 0, 0, 0, 0x44, 0]) + struct.pack(">H", 2) + items)
        return box(b"meta", b"\0\0\0\0" + iinf + iprp + iloc)

    start = len(ftyp) + len(meta(0, 0)) + 8
    return ftyp + meta(start, start + len(pixels)) + box(b"mdat", pixels + private) + after


def archive(entries: dict[str, bytes | str], *, comment: bytes = b"", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as written:
        for name, body in entries.items():
            written.writestr(name, body, zipfile.ZIP_STORED if name == "mimetype" else method)
        written.comment = comment
    return made.getvalue()


def odt(**more: bytes | str) -> bytes:
    manifest = more.pop("manifest", "<manifest/>")
    return archive({"mimetype": ODT_TYPE, "content.xml": "<a/>", "META-INF/manifest.xml": manifest} | more)


def docx(**more: bytes | str) -> bytes:
    types = more.pop("types", DOCX_TYPES)
    return archive({"[Content_Types].xml": types, "word/document.xml": "<w/>"} | more)
