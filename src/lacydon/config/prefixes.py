"""Addresses gathered by their first word, so that a request is compared with a few dozens of them, not with all.

Django tries the addresses one after another, at each request. Under `demarches/…` only those that begin so are tried.
"""

from collections.abc import Iterable

from django.urls import URLPattern, URLResolver, include, path
from django.urls.resolvers import RoutePattern

Address = URLPattern | URLResolver


def gathered(addresses: Iterable[Address]) -> list[Address]:
    """The same addresses, with the same names, tried in an order that changes nothing to what is found."""
    made: list[Address] = []
    under: dict[str, list[Address]] = {}
    for each in addresses:
        route = str(each.pattern) if isinstance(each, URLPattern) and isinstance(each.pattern, RoutePattern) else None
        word, slash, rest = route.partition("/") if route is not None else ("", "", "")
        if route is None or "<" in word:
            under = {}  # it might fit what was gathered before as well: what follows it stays behind it
            made.append(each)
        elif not slash or not isinstance(each, URLPattern):
            made.append(each)
        else:
            if word not in under:
                under[word] = []
                made.append(path(f"{word}/", include(under[word])))
            under[word].append(path(rest, each.callback, each.default_args, each.name))
    return made
