"""The pages of what went wrong: each says what happened and what to do next. None reads the database."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils.translation import gettext as _

from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shell import framed


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _error(request, 400, _("Nous n’avons pas compris cette demande"), exception)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _error(request, 403, _("Cette page ne vous est pas ouverte"), exception)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _error(request, 404, _("Cette page n’existe pas, ou plus"), exception)


def failure(request: HttpRequest) -> HttpResponse:
    return _error(request, 500, _("Quelque chose s’est cassé de notre côté"), None)


def _error(request: HttpRequest, status: int, title: str, exception: Any) -> HttpResponse:
    advice = {
        400: _("Vérifiez l’adresse, ou repartez de votre besoin."),
        403: _("Repartez de l’accueil."),
        404: _("L’adresse a peut-être changé. Dites-nous de quoi vous avez besoin."),
        500: _("Ce n’est pas votre faute. L’erreur est enregistrée ; réessayez dans quelques minutes."),
    }[status]
    context = {
        "status": status,
        "title": title,
        "sentence": exception.sentence if isinstance(exception, Refused) else "",
        "advice": advice,
        "reference": getattr(request, "request_id", "") if status == 500 else "",
    }
    body = get_template("home/error.html").render(context)
    html = framed(body, address=request.get_full_path(), title=title, head='<meta name="robots" content="noindex">')
    return HttpResponse(html, status=status)
