"""What no page nor operation should have to read: control characters and endless values."""

import re
import unicodedata
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ..errors import BadInput, Refused
from .problems import refused

LONGEST = 2_000
"""Characters of one value of the query string; ten times the longest question a resident has typed."""
LONGEST_QUESTION = 8_000
"""Of one that is asked of data: ODSQL, SQL, CQL2 with a polygon in it. Each of them says itself what is too long."""
QUESTIONS = re.compile(r"/(en/)?(api/(explore|3|ogc|resources|tiles|v1/data)|donnees)/")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Control characters but tab and line ends, which come with a paste."""
MARKS = 30
"""Marks in a row on one letter: no language has more (Stream-Safe Text, UAX 15). To put them in order takes Python the
square of their number: half a minute for a hundred thousand."""


STREAMED_FORMS = re.compile(r"/(en/)?agent/donnees/[a-z0-9-]+/envoyer$")
STREAMED_BODIES = re.compile(r"/api/v1/data/datasets/[a-z0-9-]+/versions$")
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


class UnreadableInput(BadInput):
    status = 400
    code = "unreadable-input"


class TooLarge(BadInput):
    status = 413
    code = "too-large"


class InputMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            refuse_too_large(request)
            refuse_unreadable(request)
        except Refused as error:
            return refused(request, error)
        return self.get_response(request)


def refuse_too_large(request: HttpRequest) -> None:
    """Raises TooLarge (413) before a byte of the body is read: Django reads no further than Content-Length."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    largest = settings.DATA_LARGEST if is_streamed(request) else settings.LARGEST_BODY
    if length.isdecimal() and int(length) > largest:
        raise TooLarge(_("Cet envoi est trop gros : au plus %d Mo.") % (largest // 1_000_000))


def is_streamed(request: HttpRequest) -> bool:
    """Whether the body goes to the disk piece by piece: a file of data in a form of agents, or alone in a body.

    A form sent to the API is read before anybody asked who sent it: it has the limit of all others.
    """
    if STREAMED_FORMS.match(request.path):
        return True
    return STREAMED_BODIES.match(request.path) is not None and request.content_type not in FORMS


def refuse_unreadable(request: HttpRequest) -> None:
    """Raises UnreadableInput (400) for a control character in the address, or a value nobody can have meant."""
    if CONTROL.search(request.path):
        raise UnreadableInput(_("L'adresse contient un caractère de contrôle."))
    if not request.META.get("QUERY_STRING"):
        return
    try:
        parameters = request.GET.lists()
    except SuspiciousOperation as error:
        raise UnreadableInput(_("L'adresse a trop de paramètres.")) from error
    longest = LONGEST_QUESTION if QUESTIONS.match(request.path) else LONGEST
    for name, values in parameters:
        shown = CONTROL.sub("", name)[:80]
        if CONTROL.search(name) or any(CONTROL.search(value) for value in values):
            raise UnreadableInput(_("« %s » contient un caractère de contrôle.") % shown, field=shown)
        if len(name) > LONGEST or any(len(value) > longest for value in values):
            sentence = _("« %(name)s » est trop long : au plus %(most)d caractères.")
            raise UnreadableInput(sentence % {"name": shown, "most": longest}, field=shown)


def refuse_unreadable_form(request: HttpRequest) -> None:
    """Raises UnreadableInput (400) for a NUL in a form, which PostgreSQL cannot keep nor look for, and for a letter
    under a pile of marks.

    To be called once the visitor is let in: a form is read from here on.
    """
    if request.method != "POST":
        return
    for _name, values in request.POST.lists():
        for value in values:
            if "\0" in value:
                raise UnreadableInput(_("Ce formulaire contient un caractère de contrôle."))
            if not value.isascii() and _piled(value):
                raise UnreadableInput(_("Ce formulaire contient une lettre sous trop de signes."))


def _piled(text: str) -> bool:
    """Whether marks fill one of the pieces of `MARKS` signs: surely when there are twice as many in a row."""
    return any(
        unicodedata.combining(text[at]) and all(map(unicodedata.combining, text[at : at + MARKS]))
        for at in range(0, len(text) - MARKS + 1, MARKS)
    )
