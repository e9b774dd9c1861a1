"""The files of a feed: a zip, or a folder. Nothing is unpacked on the disk, and nothing is read beyond its limits."""

import codecs
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
from django.utils.translation import gettext as _

from ...errors import UnreadableFeed
from .remarks import Remarks
from .rows import Table

BLOCK = 1 << 18
"""Bytes read at once."""
MOST_FILES = 1_000
LARGEST = 4 << 30
"""Bytes of all the files, unpacked: five million passages are 250 MB."""
SMALL = 50 << 20
STEEPEST = 200
"""How many times larger than in the archive a file that is not small may be: text never is more than 60."""
LONGEST_ROW = 1 << 20
KNOWN = frozenset(
    "agency stops routes trips stop_times calendar calendar_dates frequencies transfers pathways levels shapes "
    "feed_info translations fare_attributes fare_rules fare_media fare_products fare_leg_rules fare_transfer_rules "
    "areas stop_areas networks route_networks timeframes attributions rider_categories fare_leg_join_rules".split()
)


class Archive:
    """Opens the tables of a feed by their names, wherever they are in the zip. Raises UnreadableFeed."""

    def __init__(self, path: Path, remarks: Remarks) -> None:
        self._path, self.remarks = path, remarks
        self._zip: zipfile.ZipFile | None = None
        if path.is_dir():
            names = [each.name for each in path.iterdir() if each.is_file()]
        else:
            try:
                self._zip = zipfile.ZipFile(path)
            except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
                raise UnreadableFeed(_("Ce fichier n’est pas une archive zip, ou elle est abîmée.")) from error
            try:
                names = _bounded(self._zip)
            except UnreadableFeed:
                self._zip.close()
                raise
        self._names = self._found(names)

    def _found(self, names: list[str]) -> dict[str, str]:
        """Where each table is: when several folders have one of this name, the least deep wins."""
        found: dict[str, str] = {}
        for name in sorted(names, key=lambda each: (each.count("/"), each)):
            folder, _slash, file = name.rpartition("/")
            if file.startswith(".") or "__MACOSX" in folder or not file.lower().endswith((".txt", ".geojson")):
                continue
            if file.lower() not in found:
                found[file.lower()] = name
                if file != file.lower():
                    self.remarks.add("file-name", file)
                if file.lower().removesuffix(".txt") not in KNOWN:
                    self.remarks.add("unknown-file", file)
        if any("/" in each for each in found.values()):
            inside = next(each for each in found.values() if "/" in each)
            self.remarks.add("nested-folder", inside.rpartition("/")[0])
        return found

    def close(self) -> None:
        if self._zip is not None:
            self._zip.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def table(self, name: str) -> Table | None:
        """A table, its header read; None when the feed has no such file."""
        if name not in self._names:
            return None
        return Table(name, lambda: self._rows_of(name), self.remarks, size=self._size(name))

    def _size(self, name: str) -> int:
        inside = self._names[name]
        return (self._path / inside).stat().st_size if self._zip is None else self._zip.getinfo(inside).file_size

    def _opened(self, name: str) -> IO[bytes]:
        inside = self._names[name]
        return (self._path / inside).open("rb") if self._zip is None else self._zip.open(inside)

    def _blocks(self, name: str) -> Iterator[bytes]:
        """What the file holds, as UTF-8, without its mark, its lines ending by \\n."""
        try:
            with self._opened(name) as raw:
                yield from _as_utf8(iter(lambda: raw.read(BLOCK), b""), name=name, remarks=self.remarks)
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
            raise UnreadableFeed(
                _("Le fichier %s de l’archive est abîmé : envoyez-la de nouveau.") % name, file=name
            ) from error
        except Exception as error:
            if type(error).__module__ == "zlib":
                raise UnreadableFeed(
                    _("Le fichier %s de l’archive est abîmé : envoyez-la de nouveau.") % name, file=name
                ) from error
            raise

    def _rows_of(self, name: str) -> Iterator[bytes]:
        """Blocks that each hold whole rows and end by the end of one: quoted ends of lines are inside a row."""
        rest = b""
        for block in self._blocks(name):
            block = rest + block
            cut = block.rfind(b"\n") + 1
            if b'"' in block:
                cut = _end_of_rows(block)
                if not cut and len(block) > LONGEST_ROW:
                    self.remarks.add("quote", name)
                    cut = block.rfind(b"\n") + 1 or len(block)
            elif not cut and len(block) > LONGEST_ROW:
                raise UnreadableFeed(_("Le fichier %s n’est pas un tableau de texte.") % name, file=name)
            rest = block[cut:]
            if cut:
                yield block[:cut]
        if rest.strip(b"\r\n \0\x1a"):
            yield rest + b"\n"


def _end_of_rows(block: bytes) -> int:
    """After the last end of line that is not between quotes; 0 when there is none."""
    signs = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(signs == ord("\n"))
    outside = ends[np.searchsorted(np.flatnonzero(signs == ord('"')), ends) % 2 == 0]
    return int(outside[-1]) + 1 if len(outside) else 0


def _bounded(archive: zipfile.ZipFile) -> list[str]:
    """The names of an archive that may be read: neither a bomb, nor locked."""
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise UnreadableFeed(_("L’archive contient plus de %d fichiers : ce n’est pas un GTFS.") % MOST_FILES)
    if sum(each.file_size for each in entries) > LARGEST:
        raise UnreadableFeed(_("L’archive dépliée dépasserait 4 Go : découpez-la par réseau."))
    for each in entries:
        if each.file_size > SMALL and each.file_size > STEEPEST * max(1, each.compress_size):
            raise UnreadableFeed(
                _("Le fichier %s est si comprimé qu’il ressemble à un piège : il n’est pas lu.") % each.filename
            )
        if each.flag_bits & 1:
            raise UnreadableFeed(_("L’archive est protégée par un mot de passe : envoyez-la sans."))
    return [each.filename for each in entries if not each.is_dir()]


def _as_utf8(blocks: Iterator[bytes], *, name: str, remarks: Remarks) -> Iterator[bytes]:
    first = next(blocks, b"")
    codec = _codec(first)
    if codec:
        remarks.add("encoding", name, example=codec.upper())
        decoder = codecs.getincrementaldecoder(codec)(errors="replace")
        yield from _one_end(_encoded(decoder, first, blocks))
        return
    yield from _one_end(_read_as_text(first.removeprefix(codecs.BOM_UTF8), blocks, name=name, remarks=remarks))


def _codec(first: bytes) -> str:
    """UTF-16 by its mark, or by its zeros when it has none."""
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = first[:200]
    if head and head.count(0) > len(head) // 3:
        return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
    return ""


def _encoded(decoder: codecs.IncrementalDecoder, first: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield decoder.decode(first).encode()
    for block in blocks:
        yield decoder.decode(block).encode()


def _read_as_text(first: bytes, blocks: Iterator[bytes], *, name: str, remarks: Remarks) -> Iterator[bytes]:
    """UTF-8 as it is; a block that is not UTF-8 is read as Windows-1252, which French editors write."""
    rest, block = b"", first
    while block or rest:
        whole = rest + block
        last = not block
        rest = b""
        if not whole.isascii():
            try:
                whole.decode()
            except UnicodeDecodeError as error:
                if error.reason == "unexpected end of data" and not last:
                    whole, rest = whole[: error.start], whole[error.start :]
                else:
                    remarks.add("encoding", name, example="Windows-1252")
                    whole = whole.decode("cp1252", errors="replace").encode()
        yield whole
        if last:
            return
        block = next(blocks, b"")


def _one_end(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Lines that end by \\r alone (old spreadsheets) end by \\n."""
    alone = None
    for block in blocks:
        if alone is None and block:
            alone = b"\n" not in block and b"\r" in block
        yield re.sub(rb"\r", b"\n", block) if alone else block
