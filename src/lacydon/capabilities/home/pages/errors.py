"""The pages of what went wrong: each says what happened and what to do next. None reads the database."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import gettext as _

from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shell import framed


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _error(request, 400, exception)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _error(request, 403, exception)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _error(request, 404, exception)


def failure(request: HttpRequest) -> HttpResponse:
    return _error(request, 500, None)


def _error(request: HttpRequest, status: int, exception: Any) -> HttpResponse:
    """The page of a status; a refusal says its own status and its own sentence."""
    if isinstance(exception, Refused):
        status = exception.status
    title, advice = _words(status)
    context = {
        "status": status,
        "title": title,
        "sentence": exception.sentence if isinstance(exception, Refused) else "",
        "advice": advice,
        "sign_in": _sign_in(request) if status == 401 else "",
        "reference": getattr(request, "request_id", "") if status >= 500 else "",
    }
    body = get_template("home/error.html").render(context)
    html = framed(body, address=request.get_full_path(), title=title, head='<meta name="robots" content="noindex">')
    return HttpResponse(html, status=status)


def _sign_in(request: HttpRequest) -> str:
    """Where to sign in again, then back to the page of the form that was sent."""
    onward = urlsplit(request.headers.get("Referer", "")).path
    return reverse(settings.LOGIN_URL) + (f"?{urlencode({'suite': onward})}" if onward else "")


def _words(status: int) -> tuple[str, str]:
    """What happened, and what to do."""
    if status == 401:
        return _("Vous n’êtes plus connecté"), _("Rien n’a été enregistré. Connectez-vous, puis recommencez.")
    if status == 403:
        return _("Cette page ne vous est pas ouverte"), _("Repartez de l’accueil, ou de votre besoin.")
    if status == 404:
        return (
            _("Cette page n’existe pas, ou plus"),
            _("L’adresse a peut-être changé. Dites-nous de quoi vous avez besoin."),
        )
    if status == 429:
        return _("Trop de demandes en peu de temps"), _("Attendez un instant, puis rechargez la page.")
    if status == 503:
        return (
            _("Ce service ne répond pas pour l’instant"),
            _("Ce n’est pas votre faute. Réessayez dans quelques minutes."),
        )
    if status >= 500:
        return (
            _("Quelque chose s’est cassé de notre côté"),
            _("Ce n’est pas votre faute. L’erreur est enregistrée ; réessayez dans quelques minutes."),
        )
    return _("Nous n’avons pas compris cette demande"), _("Vérifiez l’adresse, ou repartez de votre besoin.")
