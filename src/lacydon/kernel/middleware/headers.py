"""Headers of every answer: what a browser may do with it, who may read public data, what no cache may keep."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

CSP = "; ".join(
    (
        "default-src 'none'",
        "object-src 'none'",
        "script-src 'self'",
        "worker-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
A_YEAR = 31_536_000
PUBLIC_DATA = ("/api/", "/catalogue", "/donnees.")
"""Where anybody's page may read: public data, no cookie."""
PUBLIC_FILES = re.compile(r"/donnees/[\w/-]+\.(ttl|jsonld|rdf|xml|atom|csv|xlsx|json|jsonl|ndjson|geojson|parquet)")
"""Beside them: what a dataset, a series or an organisation is in other forms than pages. Never anything else."""


def is_public_data(path: str) -> bool:
    """Whether a page of another site may read what is at this path, without a cookie."""
    return path.startswith(PUBLIC_DATA) or PUBLIC_FILES.fullmatch(path) is not None


TOLD = "X-Request-ID, Retry-After, Link, ETag, Accept-Ranges, Content-Range, Content-Disposition"
"""Headers that such a page may read."""
FRAMES = "frame-ancestors 'none'"


def framable(response: HttpResponse) -> HttpResponse:
    """Let any site show this answer in a frame: for pages made for that, that read no session and have no form."""
    response["Content-Security-Policy"] = CSP.replace(FRAMES, "frame-ancestors *").replace(
        "form-action 'self'", "form-action 'none'"
    )
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Frame-Options"] = ""
    return response


class HeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        method = request.method
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if not response.headers["X-Frame-Options"]:  # the policy says who may frame it; the old header cannot
            del response["X-Frame-Options"]
        if request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}; includeSubDomains")
        if is_public_data(request.path) and method in ("GET", "HEAD", "OPTIONS"):
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = TOLD
            response["Cross-Origin-Resource-Policy"] = "cross-origin"
        if is_personal(request):
            response["Cache-Control"] = "private, no-store"
            del response["ETag"], response["Last-Modified"], response["Expires"]
        return response


def is_personal(request: HttpRequest) -> bool:
    """Whether the answer depends on who is signed in: its session was read with the visitor's cookie, or written."""
    session = getattr(request, "session", None)
    if session is None:
        return False
    return session.modified or (session.accessed and settings.SESSION_COOKIE_NAME in request.COOKIES)
