"""What people sent is given back as a file to keep, whatever is hidden in it."""

import io

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from lacydon.kernel.access import open_to_all
from lacydon.kernel.downloads import as_attachment
from lacydon.kernel.uploads import FORMATS, Use, check
from tests.kernel.uploads import samples

POLYGLOTS = {
    "pdf": samples.PDF.replace(b"%PDF-1.4\n", b"%PDF-1.4\n<html><script>alert(1)</script>\n"),
    "jpeg": samples.jpeg(extra=samples.segment(0xDB, b"\0" + b"<script>alert(1)</script>".ljust(64))),
    "png": samples.png(extra=samples.chunk(b"iCCP", b"<script>alert(1)</script>")),
}
ANY = Use(name="any", allowed=frozenset(FORMATS), largest=100_000)


@open_to_all
def give(request: HttpRequest, kind: str) -> HttpResponse:
    checked = check(io.BytesIO(POLYGLOTS[kind]), name='é"\r\nX: y.pdf', use=ANY)
    return as_attachment(checked.content, media_type=checked.media_type, name=checked.name)


urlpatterns = [path("<kind>", give)]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("kind", POLYGLOTS)
def test_a_file_that_is_two_things_is_never_opened_by_a_browser(client, kind):
    response = client.get(f"/{kind}")
    assert b"<script>" in response.content
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert response["Content-Type"] == FORMATS[kind].media_type
    assert response["Cache-Control"] == "private, no-store"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("name", "plain", "encoded"),
    [
        ("été 2025.pdf", "_t_ 2025.pdf", "%C3%A9t%C3%A9%202025.pdf"),
        ('a"; filename=x.exe', "a_; filename=x.exe", "a%22%3B%20filename%3Dx.exe"),
        ("a\r\nSet-Cookie: b", "a__Set-Cookie: b", "a%0D%0ASet-Cookie%3A%20b"),
    ],
)
def test_the_name_cannot_change_the_header(name, plain, encoded):
    told = as_attachment(b"x", media_type="text/plain", name=name)["Content-Disposition"]
    assert told == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
