"""Documents that are archives (OpenDocument, Office Open XML): no bomb, no macro, no way out, no second face."""

import io
import stat
import zipfile
import zlib
from collections.abc import Sequence

from django.utils.translation import gettext as _

from .formats import FORMATS, Format, UploadRefused

MOST_ENTRIES = 2_000
MOST_BYTES = 100_000_000
"""Of all entries together, unfolded."""
MOST_RATIO = 200
"""Bytes unfolded for one stored; text in XML reaches some tens."""
PACKED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""How documents are packed. LZMA says itself how much memory it takes, up to four gigabytes."""
ODT = FORMATS["odt"].media_type.encode()
DOCX = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACROS = ("vbaproject.bin", "vbadata.xml", "activex/", "basic/", "scripts/", "macrosheets/")
"""Parts that hold programs, by the end or the beginning of their path."""


def kind_of(content: bytes) -> Format:
    """Which of the two it is. Raises UploadRefused for what is neither, or harms."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _refuse_second_face(content, archive, entries)
            _refuse_bomb(content, entries)
            _refuse_paths(entries)
            _unfold(archive, entries)
            return _document(archive, [entry.filename for entry in entries])
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, OSError, ValueError) as error:
        raise _refused(_("Ce document est abîmé : enregistrez-le à nouveau."), "damaged") from error
    except RuntimeError as error:  # what zipfile says of an entry locked by a password
        raise _locked() from error


def _refused(sentence: str, code: str) -> UploadRefused:
    return UploadRefused(sentence, code=code)


def _locked() -> UploadRefused:
    return _refused(_("Ce document est protégé par un mot de passe : ôtez-le."), "locked")


def _refuse_second_face(content: bytes, archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> None:
    """Nothing before the first entry nor after the end: a file that is also something else is refused."""
    first = min((entry.header_offset for entry in entries), default=-1)
    if first != 0 or archive.comment or content[-22:-18] != b"PK\x05\x06":
        raise _refused(_("Ce document contient autre chose que lui-même : enregistrez-le à nouveau."), "second-face")


def _refuse_bomb(content: bytes, entries: Sequence[zipfile.ZipInfo]) -> None:
    unfolded = sum(entry.file_size for entry in entries)
    stored = sum(entry.compress_size for entry in entries)
    vast = any(entry.file_size > 1_000_000 and entry.file_size > MOST_RATIO * entry.compress_size for entry in entries)
    # Entries that share their bytes take together more than the file has.
    if len(entries) > MOST_ENTRIES or unfolded > MOST_BYTES or stored > len(content) or vast:
        raise _refused(_("Ce document se déplie en une masse démesurée : il est refusé."), "bomb")


def _refuse_paths(entries: Sequence[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    for entry in entries:
        name = entry.filename
        steps = name.split("/")
        if "\\" in name or ":" in name or "\0" in name or name.startswith("/") or ".." in steps:
            raise _refused(_("Ce document est abîmé : enregistrez-le à nouveau."), "damaged")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise _refused(_("Ce document est abîmé : enregistrez-le à nouveau."), "damaged")
        if entry.compress_type not in PACKED:
            raise _refused(_("Ce document est abîmé : enregistrez-le à nouveau."), "damaged")
        if entry.flag_bits & 0x41:
            raise _locked()
    if len({name.casefold() for name in names}) != len(names):
        raise _refused(_("Ce document est abîmé : enregistrez-le à nouveau."), "damaged")


def _unfold(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> None:
    """Read each entry, a piece at a time: sizes and checksums are as the directory says."""
    for entry in entries:
        with archive.open(entry) as opened:
            while opened.read(65_536):
                pass


def _document(archive: zipfile.ZipFile, names: Sequence[str]) -> Format:
    lower = [name.casefold() for name in names]
    if any(name.endswith(MACROS[:2]) or part in f"/{name}" for name in lower for part in map("/{}".format, MACROS[2:])):
        raise _refused(_("Ce document contient des macros : enregistrez-le sans elles."), "macros")
    if names[0] == "mimetype" and archive.read("mimetype") == ODT and "content.xml" in names:
        if b"manifest:encryption-data" in archive.read("META-INF/manifest.xml"):
            raise _locked()
        return FORMATS["odt"]
    if "[Content_Types].xml" in names and "word/document.xml" in names:
        types = archive.read("[Content_Types].xml")
        if b"macroEnabled" in types:
            raise _refused(_("Ce document contient des macros : enregistrez-le sans elles."), "macros")
        if DOCX in types:
            return FORMATS["docx"]
    raise _refused(_("Cette archive n’est pas un document : envoyez les fichiers un par un."), "format-refused")
