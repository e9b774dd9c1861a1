"""Pictures tell what they show, and nothing of who took them, where, or what was hidden behind."""

import struct

import pytest

from lacydon.kernel.uploads.formats import UploadRefused
from lacydon.kernel.uploads.heif import clean_heic
from lacydon.kernel.uploads.pictures import clean_jpeg, clean_png, clean_webp
from tests.kernel.uploads import samples
from tests.kernel.uploads.samples import PLACE, box, chunk, exif, heic, jpeg, png, segment, webp

PAGE = b"<html><script>alert(1)</script>"
XMP = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"
TELLING = {
    "png text": (clean_png, png(extra=chunk(b"tEXt", b"Comment\0" + PLACE))),
    "png compressed text": (clean_png, png(extra=chunk(b"zTXt", b"Comment\0\0" + PLACE))),
    "png exif": (clean_png, png(extra=chunk(b"eXIf", PLACE))),
    "png time": (clean_png, png(extra=chunk(b"tIME", PLACE[:7]) + chunk(b"prVt", PLACE))),
    "png, page behind": (clean_png, png(after=PAGE + PLACE)),
    "jpeg exif": (clean_jpeg, jpeg(extra=segment(0xE1, exif()))),
    "jpeg xmp": (clean_jpeg, jpeg(extra=segment(0xE1, XMP + PLACE))),
    "jpeg comment": (clean_jpeg, jpeg(extra=segment(0xFE, PAGE + PLACE))),
    "jpeg iptc": (clean_jpeg, jpeg(extra=segment(0xED, b"Photoshop 3.0\0" + PLACE))),
    "jpeg of a maker": (clean_jpeg, jpeg(extra=segment(0xEC, PLACE) + segment(0xE2, b"MPF\0" + PLACE))),
    "jpeg second head": (clean_jpeg, jpeg(extra=segment(0xE0, b"JFXX\0\x10" + PLACE))),
    "jpeg, page behind": (clean_jpeg, jpeg(after=PAGE + PLACE)),
    "webp exif": (clean_webp, webp(extra=((b"EXIF", PLACE),))),
    "webp xmp": (clean_webp, webp(extra=((b"XMP ", PLACE + b"x"),))),
    "webp unknown": (clean_webp, webp(extra=((b"JUNK", PAGE + PLACE),))),
    "webp, page behind": (clean_webp, webp(after=PAGE + PLACE)),
    "heic exif": (clean_heic, heic()),
    "heic exif, older form": (clean_heic, heic(version=0)),
    "heic, filler": (clean_heic, heic(after=box(b"free", PAGE + PLACE) + box(b"uuid", PLACE))),
    "heic, page behind": (clean_heic, heic(after=b"\xff\xff\xff\xff" + PAGE + PLACE)),
}


@pytest.mark.parametrize("what", TELLING)
def test_nothing_is_told(what):
    clean, picture = TELLING[what]
    assert PLACE[:7] in picture
    cleaned = clean(picture)
    assert PLACE[:7] not in cleaned and PAGE not in cleaned
    assert clean(cleaned) == cleaned, "cleaning twice changes nothing"


def test_pixels_are_not_touched():
    assert clean_png(png(extra=chunk(b"tEXt", b"a\0b"))) == png()
    assert clean_jpeg(jpeg(extra=segment(0xFE, b"hello"), after=b"x")) == samples.JPEG
    assert samples.WEBP[20:] in clean_webp(webp(extra=((b"EXIF", PLACE),)))
    assert b"PIXELS" * 4 in clean_heic(heic()) and len(clean_heic(heic())) == len(heic())


def test_the_flags_of_a_webp_say_what_is_left():
    cleaned = clean_webp(webp(extra=((b"EXIF", PLACE),)))
    assert cleaned[20] == 0
    assert struct.unpack("<I", cleaned[4:8])[0] == len(cleaned) - 8


@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize("orientation", range(2, 9))
def test_a_photograph_stays_upright(orientation, order):
    cleaned = clean_jpeg(jpeg(extra=segment(0xE1, exif(orientation, order=order))))
    assert cleaned[2:4] == b"\xff\xe1"
    assert struct.unpack(">H", cleaned[4:6])[0] == 34
    assert cleaned[6:12] == b"Exif\0\0"
    assert struct.unpack(">HHHIH", cleaned[20:32]) == (1, 0x0112, 3, 1, orientation)


@pytest.mark.parametrize(
    "block", [b"Exif\0\0", b"Exif\0\0MM", b"Exif\0\0MM\0\x2a\xff\xff\xff\xff", exif(9), exif(0), exif(1)]
)
def test_an_odd_exif_block_is_no_trouble(block):
    assert clean_jpeg(jpeg(extra=segment(0xE1, block))) == samples.JPEG


def test_colours_are_kept():
    profile = segment(0xE2, b"ICC_PROFILE\0\1\1colours")
    assert profile in clean_jpeg(jpeg(extra=profile))
    assert b"iCCP" in clean_png(png(extra=chunk(b"iCCP", b"colours")))


VAST = {
    "png": (clean_png, png(width=60_000, height=60_000)),
    "jpeg": (clean_jpeg, samples.JPEG.replace(b"\x08\0\x01\0\x01\x01", b"\x08\xff\xff\xff\xff\x01")),
    "webp": (clean_webp, samples.riff((b"VP8X", b"\0\0\0\0\xff\xff\0\xff\xff\0"), (b"VP8 ", samples.WEBP[20:]))),
    "webp without loss": (clean_webp, samples.riff((b"VP8L", b"/" + struct.pack("<I", 0x3FFF | 0x3FFF << 14)))),
    "heic": (clean_heic, heic(width=9_000_000)),
}


@pytest.mark.parametrize("kind", VAST)
def test_a_picture_that_unfolds_without_end_is_refused(kind):
    clean, picture = VAST[kind]
    with pytest.raises(UploadRefused) as refusal:
        clean(picture)
    assert refusal.value.code == "too-many-pixels"


DAMAGED = {
    "png, wrong sum": (clean_png, png().replace(b"IDAT", b"IDAX")),
    "png without pixels": (clean_png, png()[:33] + chunk(b"IEND", b"")),
    "png of nothing": (clean_png, png(width=0)),
    "png without a head": (clean_png, png()[:8] + png()[33:]),
    "png, endless": (clean_png, png()[:8] + b"\xff\xff\xff\xffIHDR"),
    "jpeg without an end": (clean_jpeg, samples.JPEG[:-2]),
    "jpeg without a size": (clean_jpeg, b"\xff\xd8" + segment(0xDA, b"\1\1\0\0\0\0") + b"x\xff\xd9"),
    "jpeg of lies": (clean_jpeg, b"\xff\xd8\xff\xdb\xff\xff\0"),
    "webp longer than itself": (clean_webp, samples.WEBP[:-4]),
    "webp without pixels": (clean_webp, samples.riff((b"ICCP", b"x" * 8))),
    "webp of lies": (clean_webp, samples.WEBP[:16] + b"\xff\xff\xff\x7f" + samples.WEBP[20:]),
    "heic without a list": (clean_heic, heic().replace(b"iinf", b"xxxx")),
    "heic without places": (clean_heic, heic().replace(b"iloc", b"xxxx")),
    "heic whose places are elsewhere": (
        clean_heic,
        heic(private=b"").replace(struct.pack(">I", 24), b"\x7f\xff\xff\xff"),
    ),
    "heic with two lists": (clean_heic, heic() + box(b"meta", b"\0\0\0\0")),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_picture_is_refused(what):
    clean, picture = DAMAGED[what]
    with pytest.raises(UploadRefused) as refusal:
        clean(picture)
    assert refusal.value.code == "damaged"
