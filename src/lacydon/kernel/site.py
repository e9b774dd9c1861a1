"""The address residents see, for what is read away from our pages: a message, a receipt.

`settings.PUBLIC_URL` when it is set; else that of the request in hand, whose host was held to ALLOWED_HOSTS; else,
in a job or a command, the address that `lacydon serve` listens on. Never empty: a link of a message is never relative.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings

_asked: ContextVar[Any] = ContextVar("asked", default=None)


def address() -> str:
    """Scheme and host, without a slash at the end."""
    if settings.PUBLIC_URL:
        return str(settings.PUBLIC_URL)
    request = _asked.get()
    return request.build_absolute_uri("/").rstrip("/") if request else str(settings.SERVED_AT)


@contextmanager
def asked(request: Any) -> Iterator[None]:
    """While this request is answered."""
    before = _asked.set(request)
    try:
        yield
    finally:
        _asked.reset(before)
