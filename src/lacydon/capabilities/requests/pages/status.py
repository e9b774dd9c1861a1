"""Following a request without an account: its number and the secret of its receipt, then all that its maker may do.

The browser that showed the secret holds it in its session for a while: the secret stands in no address after that.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lacydon.kernel import attempts
from lacydon.kernel.access import NOBODY, open_to_all
from lacydon.kernel.clock import now
from lacydon.kernel.errors import Refused
from lacydon.kernel.middleware.clients import accountable, client_address
from lacydon.kernel.ui.shown import show

from ..actions import notifications, satisfaction
from ..actions.reading import read_by_secret
from ..queries import numbers, timeline
from ..queries.satisfaction import ratable
from . import following
from .following import Reader

FOLLOWED = "followed"
FOLLOWED_FOR = timedelta(minutes=30)
"""How long a browser may go on without showing the secret again."""
MOST_FOLLOWED = 5


@csrf_exempt  # the secret is what opens, not a session; kernel.middleware.origins refuses other sites
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """The number and the secret are asked for; a link of a message fills them in."""
    typed = request.POST if request.method == "POST" else request.GET
    number, code = typed.get("numero", "")[:40], typed.get("code", "")[:40]
    context: dict[str, Any] = {"number": number, "code": code}
    status = 200
    if request.method == "POST":
        try:
            return _opened(request, number, code)
        except Refused as refusal:
            context["error"], status = refusal.sentence, refusal.status
    response = show(
        request,
        "requests/status/follow.html",
        context,
        title=_("Suivre une demande"),
        section="procedures",
        status=status,
    )
    response["Referrer-Policy"] = "same-origin"
    return response


def _opened(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Raises UnknownRequest and TooManyRequests alike for a number that exists and one that does not."""
    network, tidy = accountable(client_address(request)), numbers.tidy_number(number)
    attempts.spend(what="follow", who=network, most=60, per=timedelta(hours=1))
    attempts.spend(what="follow-number", who=tidy, most=100, per=timedelta(hours=1))
    attempts.spend(what="follow-pair", who=f"{network}/{tidy}", most=10, per=timedelta(hours=1))
    file = read_by_secret(number=tidy, secret=code)
    attempts.forgive(what="follow-pair", who=f"{network}/{tidy}")
    held = dict(list(_held(request).items())[-MOST_FOLLOWED + 1 :])
    secret = numbers.secret_of(file.request.submission_key)
    request.session[FOLLOWED] = held | {tidy: [secret, (now() + FOLLOWED_FOR).isoformat()]}
    return HttpResponseRedirect(reverse("followed", kwargs={"number": tidy}))


def _held(request: HttpRequest) -> dict[str, list[str]]:
    found: dict[str, list[str]] = request.session.get(FOLLOWED, {})
    return found


def followed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view of one request in a browser that showed its secret lately; others are asked for it."""

    @wraps(view)
    def shown(request: HttpRequest, number: str, **parts: Any) -> HttpResponse:
        secret, until = _held(request).get(numbers.tidy_number(number), ["", ""])
        if not secret or datetime.fromisoformat(until) < now():
            return HttpResponseRedirect(reverse("follow") + f"?numero={numbers.tidy_number(number)[:20]}")
        return view(request, Reader(NOBODY, numbers.tidy_number(number), secret), **parts)

    return open_to_all(shown)


@csrf_exempt  # the token is what gives the right, as above
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def rate_by_link(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """From the message that told of the end: one mark, one click, without a sign-in. GET changes nothing."""
    row = satisfaction.rated_by_link(number, token=token)
    context: dict[str, Any] = {"what": timeline.title_of(row), "row": row, "ratings": following.ratings()}
    status = 200
    if request.method == "POST":
        try:
            satisfaction.rate_by_link(
                number=number, token=token, rating=following.rating(request), comment=request.POST.get("comment", "")
            )
            context["said"] = {"sentence": following.thanks()}
            row.refresh_from_db()
        except Refused as refusal:
            context["error"], status = refusal.sentence, refusal.status
            context["comment"] = request.POST.get("comment", "")
    context["ratable"] = ratable(row)
    title = _("Votre avis sur la demande %s") % row.number
    return show(request, "requests/status/rate.html", context, title=title, section="", status=status)


@csrf_exempt  # the token is what gives the right, as above
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def stop_by_link(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """No more messages, in one click. GET changes nothing: programs that read mail open every link."""
    row = notifications.holder_by_link(number, token=token)
    context: dict[str, Any] = {"row": row}
    if request.method == "POST":
        everything = request.POST.get("tout") == "1"
        notifications.stop_by_link(number=number, token=token, everything=everything)
        context["done"] = "all" if everything else "some"
    title = _("Ne plus recevoir de messages")
    return show(request, "requests/status/stop.html", context, title=title, section="")


BASE = "suivi/<str:number>"
urlpatterns = [
    path("suivi", follow, name="follow"),
    path(BASE, require_safe(followed(following.page)), name="followed"),
    path(f"{BASE}/message", require_POST(followed(following.message)), name="followed-message"),
    path(f"{BASE}/pieces/<uuid:document>", require_POST(followed(following.document)), name="followed-document"),
    path(
        f"{BASE}/retirer",
        require_http_methods(["GET", "HEAD", "POST"])(followed(following.withdraw)),
        name="followed-withdraw",
    ),
    path(f"{BASE}/avis", require_POST(followed(following.rate)), name="followed-rate"),
    path(f"{BASE}/rouvrir", require_POST(followed(following.reopen)), name="followed-reopen"),
    path(f"{BASE}/decision.pdf", require_safe(followed(following.decision)), name="followed-decision"),
    path(f"{BASE}/fichiers/<uuid:id>", require_safe(followed(following.attachment)), name="followed-file"),
    path(f"{BASE}/avis/<str:token>", rate_by_link, name="request-rate"),
    path(f"{BASE}/arreter/<str:token>", stop_by_link, name="request-stop"),
]
