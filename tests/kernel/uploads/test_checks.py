"""What people send: known by its content, cleaned, or refused in a sentence."""

import hashlib
import io

import pytest

from lacydon.kernel import plugs
from lacydon.kernel.errors import Unavailable
from lacydon.kernel.uploads import FORMATS, UploadRefused, Use, check
from tests.kernel.uploads import samples

ALL = Use(name="test", allowed=frozenset(FORMATS), largest=1_000_000)
HONEST = {
    "pdf": samples.PDF,
    "png": samples.png(),
    "jpeg": samples.jpeg(),
    "webp": samples.WEBP,
    "heic": samples.heic(private=bytes(16)),
    "odt": samples.odt(),
    "docx": samples.docx(),
    "csv": "nom;ville\nÉlodie;Arles\n".encode(),
    "txt": "Bonjour,\nje vous écris.\n".encode("cp1252"),
}
HOSTILE = {
    "nothing": b"",
    "a picture with a program": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a picture with a program, announced": b'<?xml version="1.0"?>\n<svg onload="alert(1)"/>',
    "a page": b"<!DOCTYPE html><script>alert(1)</script>",
    "a page behind a mark": b"\xef\xbb\xbf \n <HTML><body onload=alert(1)>",
    "a page in the middle of a text": b"Bonjour\n<script src=//evil.example></script>\n",
    "a page in utf-16": "<script>alert(1)</script>".encode("utf-16"),
    "a page in front of a pdf": b"<html><script>alert(1)</script>\n" + samples.PDF,
    "a pdf that is not at the beginning": b" \n" + samples.PDF,
    "a pdf without its end": samples.PDF[:-6],
    "a pdf far from its end": samples.PDF + b"x" * 2_000,
    "a program for windows": b"MZ\x90\0" + b"\0" * 200,
    "a program for linux": b"\x7fELF\2\1\1" + b"\0" * 200,
    "a script": b"#!/bin/sh\nrm -rf /\n",
    "a php page": b"<?php system($_GET['c']); ?>",
    "a rich text": b"{\\rtf1\\ansi hello}",
    "an old document with macros": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "an animation": b"GIF89a/*\x01\x00\x01\x00*/=1;alert(1)",
    "a bitmap": b"BM" + b"\0" * 60,
    "an archive": samples.archive({"a.txt": b"x"}),
    "a compressed file": b"\x1f\x8b\x08\0\0\0\0\0\0\xff",
    "a java archive": samples.archive({"META-INF/MANIFEST.MF": b"Main-Class: x"}),
    "an avif": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf",
    "a film": b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
    "a mail": b"From: a@b.fr\r\n\0\r\n",
    "random": bytes(range(256)),
    "zeros": bytes(1_000),
    "a link to a script": b"javascript:alert(1)",
    "a shortcut": b"L\0\0\0\x01\x14\x02\0" + b"\0" * 100,
    "the head of a picture only": b"\x89PNG\r\n\x1a\n",
    "the head of a photograph only": b"\xff\xd8\xff\xe0",
    "the head of a webp only": b"RIFF\x04\0\0\0WEBP",
    "the head of a heic only": b"\0\0\0\x18ftypheic",
    "the head of an archive only": b"PK\x03\x04",
}


def of(content: bytes, *, name: str = "document", use: Use = ALL):
    return check(io.BytesIO(content), name=name, use=use)


@pytest.mark.parametrize("kind", HONEST)
@pytest.mark.parametrize("name", ["photo.jpg", "page.html", "sans", "virus.exe", "../../etc/passwd"])
def test_a_file_is_what_it_holds_whatever_its_name(kind, name):
    checked = of(HONEST[kind], name=name)
    assert (checked.media_type, checked.extension) == (FORMATS[kind].media_type, FORMATS[kind].extension)
    assert checked.name.endswith(f".{FORMATS[kind].extension}") and "/" not in checked.name
    assert checked.size == len(checked.content)
    assert checked.sha256 == hashlib.sha256(checked.content).hexdigest()
    assert checked.scanned is False


@pytest.mark.parametrize("kind", HONEST)
def test_an_honest_file_stays_what_it_is(kind):
    assert of(HONEST[kind]).content == HONEST[kind]


@pytest.mark.parametrize("kind", HONEST)
@pytest.mark.parametrize("asked", HONEST)
def test_only_what_is_asked_for_is_taken(kind, asked):
    use = Use(name="one", allowed=frozenset({asked}), largest=10_000)
    if kind == asked or (kind, asked) == ("csv", "txt"):
        assert of(HONEST[kind], use=use).extension == FORMATS[asked].extension
    else:
        with pytest.raises(UploadRefused) as refusal:
            of(HONEST[kind], use=use)
        assert asked.upper() in refusal.value.sentence


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("name", ["photo.png", "document.pdf"])
def test_what_we_do_not_want_is_refused(what, name):
    with pytest.raises(UploadRefused) as refusal:
        of(HOSTILE[what], name=name)
    assert len(refusal.value.sentence) > 15 and refusal.value.code


@pytest.mark.parametrize("kind", ["pdf", "png", "jpeg", "webp", "heic", "odt", "docx"])
def test_a_file_cut_anywhere_is_refused_or_harmless(kind):
    """Never an error of ours, never another kind than the whole."""
    whole = HONEST[kind]
    for length in range(1, len(whole)):
        try:
            checked = of(whole[:length])
        except UploadRefused:
            continue
        harmless = checked.extension == "txt" and length < 9
        assert harmless or (kind in ("pdf", "heic") and checked.extension == FORMATS[kind].extension)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "heic", "odt", "docx"])
def test_a_file_changed_anywhere_is_never_an_error_of_ours(kind):
    for at in range(len(HONEST[kind])):
        for value in (0, 0x7F, 0xFF):
            changed = bytearray(HONEST[kind])
            changed[at] = value
            try:
                of(bytes(changed))
            except UploadRefused:
                continue


class Endless:
    """A file that has no end; `given` counts what was read of it."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        self.given += size
        return b"x" * size


def test_a_file_too_large_is_not_read_to_its_end():
    endless = Endless()
    with pytest.raises(UploadRefused) as refusal:
        check(endless, name="x", use=Use(name="small", allowed=frozenset({"txt"}), largest=200_000))
    assert refusal.value.code == "too-large" and "0,2 Mo" in refusal.value.sentence
    assert endless.given < 300_000


def test_the_largest_file_is_taken():
    use = Use(name="small", allowed=frozenset({"txt"}), largest=10)
    assert of(b"x" * 10, use=use).size == 10
    with pytest.raises(UploadRefused):
        of(b"x" * 11, use=use)


def test_a_use_names_formats_that_exist():
    with pytest.raises(ValueError, match="exe"):
        Use(name="x", allowed=frozenset({"exe"}), largest=1)


class Scanner:
    def __init__(self, *, on: bool = True, found: str | None = None, down: bool = False) -> None:
        self.on, self.found, self.down, self.seen = on, found, down, []

    def is_on(self) -> bool:
        return self.on

    def scan(self, content: bytes) -> str | None:
        self.seen.append(content)
        if self.down:
            raise Unavailable("down")
        return self.found


class TestAntivirus:
    def test_it_sees_the_file_as_it_was_sent(self):
        scanner, sent = Scanner(), samples.jpeg(after=b"hidden")
        with plugs.antivirus.temporarily("test", lambda: scanner):
            assert of(sent).scanned is True
        assert scanner.seen == [sent]

    def test_what_it_finds_is_refused(self):
        with (
            plugs.antivirus.temporarily("test", lambda: Scanner(found="Eicar")),
            pytest.raises(UploadRefused) as refusal,
        ):
            of(samples.PDF)
        assert refusal.value.code == "virus"

    def test_when_it_does_not_answer_nothing_passes(self):
        with plugs.antivirus.temporarily("test", lambda: Scanner(down=True)), pytest.raises(Unavailable):
            of(samples.PDF)

    def test_switched_off_it_is_not_asked(self):
        scanner = Scanner(on=False, found="Eicar")
        with plugs.antivirus.temporarily("test", lambda: scanner):
            assert of(samples.PDF).scanned is False
        assert scanner.seen == []
