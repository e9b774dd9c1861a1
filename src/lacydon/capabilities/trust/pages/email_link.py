"""Entering by a link sent by e-mail. Mail scanners open links: opening one shows a page, its button enters."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lacydon.kernel.access import needs, open_to_all
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import done, show

from ..actions import accounts, links
from ..errors import LinkSpent
from ..models import LinkPurpose
from ..queries.accounts import account_for
from ..queries.links import address_of, link_by_token
from .entering import (
    go_on,
    guarded,
    network,
    outside_only,
    page_of_token,
    proven_anew,
    remembered_onward,
    this_session,
)  # fmt: skip
from .session import session_of
from .sign_in import ONWARD

ASKED = "asked"
"""In the session: the link asked for by this browser, and its letter in a demonstration."""


@csrf_exempt  # nobody is signed in yet, so no token: kernel.middleware.origins refuses other sites
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
@outside_only
def ask(request: HttpRequest) -> HttpResponse:
    """One address to type; the same answer for all."""
    context = {"onward": remembered_onward(request), "typed": request.POST.get("email", "")[:254]}
    if request.method == "POST":
        try:
            sent = links.ask_link(
                purpose=LinkPurpose.SIGN_IN,
                typed=request.POST.get("email", ""),
                address=page_of_token("email-link"),
                network=network(request),
            )
        except Refused as error:
            return _asking(request, context | {"error": error.sentence}, status=error.status)
        request.session.update({ASKED: {"link": sent.link, "letter": sent.letter}, ONWARD: context["onward"]})
        return HttpResponseRedirect(reverse("email-sent"))
    return _asking(request, context)


def _asking(request: HttpRequest, context: Mapping[str, object], status: int = 200) -> HttpResponse:
    return show(request, "trust/entering/email.html", context, title=_("Recevoir un lien par courriel"), status=status)


@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def sent(request: HttpRequest) -> HttpResponse:
    """« Regardez vos courriels »; the code of the message can be typed here, in the browser that asked.

    Who is in sees it too, when they are entering again (pages/again.py).
    """
    asked = request.session.get(ASKED) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
    if not asked:
        inside = (remembered_onward(request) or reverse("space")) if session_of(request).known else ""
        return HttpResponseRedirect(inside or reverse("email-sign-in"))
    context = {"letter": asked["letter"] if demonstrated() else ""}
    if request.method == "POST":
        try:
            link = links.use_code(
                asked["link"], request.POST.get("code", ""), purpose=LinkPurpose.SIGN_IN, network=network(request)
            )
            entered = accounts.enter_by_code(link=link)
        except Refused as error:
            return _sent(request, context | {"error": error.sentence}, status=error.status)
        return go_on(request, entered, onward=request.session.get(ONWARD, ""))
    return _sent(request, context)


def _sent(request: HttpRequest, context: Mapping[str, object], status: int = 200) -> HttpResponse:
    return show(request, "trust/entering/email_sent.html", context, title=_("Regardez vos courriels"), status=status)


@csrf_exempt  # opened in any browser, where no page of ours may have been: the secret is the token
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """The page a link leads to, and its button. GET changes nothing."""
    try:
        link = link_by_token(token, purpose=LinkPurpose.SIGN_IN)
        asked = request.session.get(ASKED) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        same_browser = bool(asked and asked["link"] == link.pk)
        if request.method == "POST":
            onward = request.session.get(ONWARD, "") if same_browser else ""
            return go_on(request, accounts.enter_by_link(token=token), onward=onward)
    except LinkSpent as error:
        context = {"sentence": error.sentence}
        title = _("Ce lien n’est plus bon")
        return guarded(show(request, "trust/entering/link_spent.html", context, title=title, status=404))
    email = address_of(link)
    context = {"email": email, "same_browser": same_browser, "is_new": account_for(email) is None}
    return guarded(show(request, "trust/entering/link.html", context, title=_("Vous y êtes presque")))


@needs("security.change")
@require_http_methods(["GET", "HEAD", "POST"])
@proven_anew
def add(request: HttpRequest) -> HttpResponse:
    """Add the way in by e-mail to an account that has others."""
    context = {"typed": request.POST.get("email", "")[:254]}
    status = 200
    if request.method == "POST":
        try:
            asked = links.ask_link(
                purpose=LinkPurpose.ADD,
                typed=request.POST.get("email", ""),
                address=page_of_token("security-email-confirm"),
                network=network(request),
                person=session_of(request).person,
            )
            told = _("Un lien est parti à cette adresse : ouvrez-le dans ce navigateur.")
            return with_demonstration(done(request, told, "security"), request, asked.letter)
        except Refused as error:
            context["error"], status = str(error.sentence), error.status
    title = _("Entrer aussi par courriel")
    return show(request, "trust/security/email.html", context, title=title, here="security", status=status)


@needs("security.change")
@require_http_methods(["GET", "HEAD", "POST"])
@proven_anew
def confirm_added(request: HttpRequest, token: str) -> HttpResponse:
    """The link that proves the address, opened by who is signed in."""
    title = _("Confirmez votre adresse")
    context: dict[str, object] = {"action": _("Confirmer cette adresse"), "back": "security"}
    try:
        if request.method == "POST":
            accounts.add_account(actor=session_of(request), token=token, session=this_session(request))
            return done(request, _("Vous pouvez maintenant entrer par courriel."), "security")
        email = address_of(link_by_token(token, purpose=LinkPurpose.ADD))
        context["lead"] = _("Vous avez demandé à entrer aussi par un lien envoyé à %s.") % email
    except Refused as error:
        context = {"sentence": error.sentence, "back": "security"}
        return guarded(
            show(request, "trust/security/refused.html", context, title=title, here="security", status=error.status)
        )
    return guarded(show(request, "trust/security/sure.html", context, title=title, here="security"))


LETTER = "letter"


def demonstrated() -> bool:
    """Whether this is a demonstration, where mail stays here and may be shown."""
    return bool(getattr(settings, "DEMO", False)) and not settings.MAIL_URL


def with_demonstration(response: HttpResponse, request: HttpRequest, letter: str) -> HttpResponse:
    """The same answer; in a demonstration, the next page shows where the message is."""
    if demonstrated():
        request.session[LETTER] = letter
    return response
