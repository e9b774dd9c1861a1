"""Documents that are archives: no bomb, no macro, no path that leads out, no second face."""

import io
import stat
import struct
import tracemalloc
import zipfile

import pytest

from lacydon.kernel.uploads.archives import kind_of
from lacydon.kernel.uploads.formats import UploadRefused
from tests.kernel.uploads import samples
from tests.kernel.uploads.samples import DOCX_TYPES, archive, docx, odt

PAGE = b"<script>alert(1)</script>"


def link() -> bytes:
    made = io.BytesIO(docx())
    with zipfile.ZipFile(made, "a") as written:
        entry = zipfile.ZipInfo("word/link")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        written.writestr(entry, "/etc/passwd")
    return made.getvalue()


def locked() -> bytes:
    """The flag of a password on the first entry, in both places that tell it."""
    content = bytearray(docx())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def twice() -> bytes:
    made = io.BytesIO(docx())
    with zipfile.ZipFile(made, "a") as written:
        written.writestr("WORD/document.xml", "<other/>")
    return made.getvalue()


def overlapping() -> bytes:
    """Many entries that unfold the same bytes: each small, together vast."""
    content = docx(**{"word/media": b"0" * 900_000})
    start = content.index(b"PK\x01\x02")
    directory, end = content[start:-22], content[-22:]
    last = directory[directory.rindex(b"PK\x01\x02") :]
    more = b"".join(last.replace(b"word/media", b"word/m%04d" % number) for number in range(90))
    directory += more
    return content[:start] + directory + end[:8] + struct.pack("<HHII", 93, 93, len(directory), start) + b"\0\0"


def lying() -> bytes:
    """An entry that says it is small."""
    content = bytearray(docx(**{"word/media": b"0" * 5_000_000}))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(content)


HOSTILE = {
    "bomb": (docx(**{"word/bomb.xml": b"0" * 50_000_000}), "bomb"),
    "bomb in many parts": (docx(**{f"word/{n}": bytes(900_000) for n in range(120)}), "bomb"),
    "many entries": (docx(**{f"word/{n}": b"" for n in range(2_100)}), "bomb"),
    "overlapping entries": (overlapping(), "bomb"),
    "an entry that lies": (lying(), "damaged"),
    "macros": (docx(**{"word/vbaProject.bin": b"x"}), "macros"),
    "macros under another case": (docx(**{"word/VBAPROJECT.BIN": b"x"}), "macros"),
    "macros told": (docx(types=DOCX_TYPES.replace("document.main", "macroEnabled.main")), "macros"),
    "active parts": (docx(**{"word/activeX/activeX1.xml": b"x"}), "macros"),
    "macros of an odt": (odt(**{"Basic/Standard/Module1.xml": b"x"}), "macros"),
    "scripts of an odt": (odt(**{"Scripts/python/x.py": b"x"}), "macros"),
    "a way out": (docx(**{"../../etc/cron.d/x": b"x"}), "damaged"),
    "a way from the root": (docx(**{"/etc/passwd": b"x"}), "damaged"),
    "a way of windows": (docx(**{"C:/x": b"x"}), "damaged"),
    "a link": (link(), "damaged"),
    "a password": (locked(), "locked"),
    "a password of an odt": (odt(manifest="<manifest:encryption-data/>"), "locked"),
    "the same twice": (twice(), "damaged"),
    "a page in front": (PAGE + docx(), "second-face"),
    "a page behind": (docx() + PAGE, "second-face"),
    "a page as a comment": (archive({"[Content_Types].xml": DOCX_TYPES, "word/document.xml": "x"}, comment=PAGE), "second-face"),
    "an archive": (archive({"a.exe": b"MZ"}), "format-refused"),
    "an archive of nothing": (archive({}), "second-face"),
    "a workbook": (docx(types=DOCX_TYPES.replace("wordprocessingml.document", "spreadsheetml.sheet")), "format-refused"),
    "another kind of open document": (odt(mimetype="application/vnd.oasis.opendocument.graphics"), "format-refused"),
    "packed so as to take four gigabytes": (
        archive({"[Content_Types].xml": DOCX_TYPES, "word/document.xml": "x"}, method=zipfile.ZIP_LZMA), "damaged"
    ),
    "half": (docx()[: len(docx()) // 2], "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_it_is_refused(what):
    content, code = HOSTILE[what]
    with pytest.raises(UploadRefused) as refusal:
        kind_of(content)
    assert refusal.value.code == code


def test_documents_are_told_apart():
    assert kind_of(samples.odt()).name == "odt"
    assert kind_of(samples.docx()).name == "docx"


def test_a_document_with_pictures_is_welcome():
    noise = bytes(n * 7919 % 251 for n in range(300_000))
    assert kind_of(docx(**{"word/media/image1.png": noise, "word/styles.xml": "<a>" + " <b/>" * 20_000})).name == "docx"


@pytest.mark.parametrize("what", ["bomb", "bomb in many parts", "overlapping entries", "an entry that lies"])
def test_a_bomb_does_not_fill_the_memory(what):
    tracemalloc.start()
    try:
        with pytest.raises(UploadRefused):
            kind_of(HOSTILE[what][0])
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()
