"""Who may ask for a change: our own pages, and machines that show a token. Other sites may not (request forgery).

For a method that changes something:

1. `Sec-Fetch-Site`, which scripts cannot write, decides when it is there: `same-origin` and `none` (the person typed
   the address or reloaded the page) pass; `same-site` and `cross-site` do not, for a neighbouring name is not us.
2. Else `Origin` must be our own (that of the request, or that of PUBLIC_URL); `null` is nobody's.
3. With neither, it is no browser of these years: it passes only with a token in `Authorization` (Bearer, DPoP), which
   no browser adds by itself, as it does cookies and passwords of the Basic kind.

Only machines' own addresses are exempt, which read no cookie (docs/adr/0008): identity providers come back by GET
(response_mode=query), so that no callback is a form of another site. Django's token (CsrfViewMiddleware) stands behind
as a second wall for forms.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ..errors import Forbidden
from .problems import refused

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
"""Methods that change nothing (RFC 9110, section 9.2.1)."""
OURS = frozenset({"same-origin", "none"})
TOKENS = frozenset({"bearer", "dpop"})
EXEMPT = (
    "/open311/v2/requests.",
    "/livraisons/retour/",
    "/paiements/notification/",
    "/donnees/suivi/fin/",
    "/en/donnees/suivi/fin/",
    "/api/3/action/",
    "/api/action/",
    "/api/v1/data/sql",
    "/api/v1/data/validate",
)
"""Beginnings of paths where machines post, with a key or a signature in the body, or only to ask. An ADR to add one."""
PORTS = {"http": 80, "https": 443}


class CrossOrigin(Forbidden):
    code = "cross-origin"


class OriginsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE and not request.path.startswith(EXEMPT) and not is_ours(request):
            sentence = _("Cette demande vient d’un autre site : recommencez depuis une page de celui-ci.")
            return refused(request, CrossOrigin(sentence))
        return self.get_response(request)


def is_ours(request: HttpRequest) -> bool:
    """Whether a page of ours, or a machine with a token, asks."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in OURS
    origin = request.headers.get("Origin")
    if origin is not None:
        return (asked := _origin(origin)) is not None and asked in _our_origins(request)
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() in TOKENS and bool(token.strip())


def _our_origins(request: HttpRequest) -> set[tuple[str, str, int] | None]:
    return {_origin(f"{request.scheme}://{request.get_host()}"), _origin(settings.PUBLIC_URL)} - {None}


def _origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port (RFC 6454); None when it is not the origin of a web page."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname or parts.username is not None:
        return None
    return parts.scheme, parts.hostname, port or PORTS[parts.scheme]
