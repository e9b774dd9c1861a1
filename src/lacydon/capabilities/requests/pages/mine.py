"""« Mes demandes »: what waits for me first, then what goes on, then what is over; each with all that can be done."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lacydon.kernel.access import needs
from lacydon.kernel.ui.shown import show

from ..queries.mine import overview
from . import following
from .following import Reader

OVER = 20
"""Closed requests of one page."""


@needs("request.see")
@require_safe
def list_requests(request: HttpRequest) -> HttpResponse:
    after = request.GET.get("page", "1")
    page = int(after) if after.isdigit() and len(after) < 5 else 1
    found = overview(request.actor, page=max(page, 1), size=OVER)  # type: ignore[attr-defined]
    return show(request, "requests/mine/list.html", {"found": found}, title=_("Mes demandes"), here="requests")


def _mine(view: Callable[..., HttpResponse], action: str) -> Callable[..., HttpResponse]:
    """The view of one request of who is signed in."""

    @wraps(view)
    def shown(request: HttpRequest, number: str, **parts: Any) -> HttpResponse:
        return view(request, Reader(request.actor, number), **parts)  # type: ignore[attr-defined]

    return needs(action)(shown)


see, write = "request.see", "request.write"
BASE = "mon-espace/demandes/<str:number>"
urlpatterns = [
    path("mon-espace/demandes", list_requests, name="my-requests"),
    path(BASE, require_safe(_mine(following.page, see)), name="my-request"),
    path(f"{BASE}/message", require_POST(_mine(following.message, write)), name="my-request-message"),
    path(f"{BASE}/pieces/<uuid:document>", require_POST(_mine(following.document, write)), name="my-request-document"),
    path(
        f"{BASE}/retirer",
        require_http_methods(["GET", "HEAD", "POST"])(_mine(following.withdraw, write)),
        name="my-request-withdraw",
    ),
    path(f"{BASE}/avis", require_POST(_mine(following.rate, write)), name="my-request-rate"),
    path(f"{BASE}/rouvrir", require_POST(_mine(following.reopen, write)), name="my-request-reopen"),
    path(f"{BASE}/decision.pdf", require_safe(_mine(following.decision, see)), name="my-request-decision"),
    path(f"{BASE}/fichiers/<uuid:id>", require_safe(_mine(following.attachment, see)), name="my-request-file"),
]
