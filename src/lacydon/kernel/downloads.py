"""Giving back what somebody sent: as a file to keep, which no browser opens in our name."""

from urllib.parse import quote

from django.http import HttpResponse

POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""Even shown by mistake, it can run nothing, load nothing, and is of no origin."""


def as_attachment(content: bytes, *, media_type: str, name: str) -> HttpResponse:
    """An answer that a browser saves under this name (RFC 6266), kept by no cache; never shown in a page of ours."""
    plain = "".join(sign if sign.isascii() and sign.isprintable() and sign not in '"\\%' else "_" for sign in name)
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
