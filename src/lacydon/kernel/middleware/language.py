"""The language of data: `?lang=en` (or fr) first, then what Accept-Language prefers.

The language of a page is in its address (Django's i18n_patterns); that of data is not.
"""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

DATA = re.compile(r"/(api|catalogue)(/|\.|$)")


class LanguageMiddleware:
    """To be placed just inside Django's LocaleMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.known = {code for code, _ in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if DATA.match(request.path):
            asked = request.GET.get("lang", "") if "lang=" in request.META.get("QUERY_STRING", "") else ""
            language = asked if asked in self.known else translation.get_language_from_request(request)
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)
