"""Every address the product answers to, from its urlconf, with made-up values where the address has some."""

import re
from collections.abc import Iterator

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils import translation

VALUES = {"int": "7", "uuid": "00000000-0000-4000-8000-000000000000", "slug": "mot-de-passe", "path": "a/b"}
EXPRESSIONS = {r"^communes/(?P<code>[0-9][0-9AB][0-9]{3})(?:-(?P<slug>[a-z0-9-]*))?$": "communes/97001-olivette"}
"""An address that fits each route written as a regular expression; a new one needs its line here."""


def routes() -> list[str]:
    """Each of them once, in every language."""
    found: set[str] = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= set(_walk(get_resolver(), "/"))
    return sorted(found)


def _walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        here = prefix + _sample(each)
        if isinstance(each, URLPattern):
            yield here
        else:
            yield from _walk(each, here)


def _sample(each: URLPattern | URLResolver) -> str:
    route = str(each.pattern)
    if isinstance(each.pattern, RoutePattern):
        return re.sub(r"<(?:(\w+):)?\w+>", lambda found: VALUES.get(found[1] or "str", "mot"), route)
    return EXPRESSIONS[route] if re.search(r"[\\(\[*+?|^$]", route) else route
