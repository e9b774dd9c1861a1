"""A page that is the same for whoever asks alike, kept for a minute as it was made.

For the few pages that many people ask for at the same moment. What somebody typed is no part of what a page is kept by:
only what `of` names, chosen among things of ours. Who has a session gets a page of their own.
"""

import time
from collections.abc import Callable, Hashable
from functools import lru_cache

from django.conf import settings
from django.core.signals import setting_changed
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from .. import clock, site, snapshots

MOST = 256
"""Pages a process keeps: some 3 MB."""
SECONDS = 60


def kept(request: HttpRequest, make: Callable[[], HttpResponse], *, of: Hashable) -> HttpResponse:
    """The answer `make` gives, made again when a minute or the day is over, or any snapshot has moved.

    Not kept: an answer that is no page (another status than 200), one that sets a cookie, one for who has a session.
    """
    if request.method not in ("GET", "HEAD") or settings.SESSION_COOKIE_NAME in request.COOKIES:
        return make()
    when = (int(time.monotonic() // SECONDS), clock.today(), snapshots.versions())
    held = _held(of, translation.get_language(), site.address(), when)
    if not held:
        response = make()
        if response.status_code != 200 or response.cookies or response.streaming:
            return response
        held.append((response.content, tuple(response.headers.items())))
    content, headers = held[0]
    return HttpResponse(content, headers=dict(headers))


@lru_cache(maxsize=MOST)
def _held(*_key: Hashable) -> list[tuple[bytes, tuple[tuple[str, str], ...]]]:
    return []


def _forget(**_kwargs: object) -> None:
    _held.cache_clear()


setting_changed.connect(_forget, dispatch_uid="lacydon.kept")
