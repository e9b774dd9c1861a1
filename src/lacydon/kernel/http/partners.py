"""Speaking to the systems of other authorities: their addresses come from a folder of text, not from our operators.

So they lead to the Internet over TLS, whatever the folder says, unless the operator named the machine in
`LACYDON_PARTNER_HOSTS` (host or host:port): it may then be on a private network, and do without TLS.
"""

import socket
import threading
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from .breaker import Breaker
from .client import HttpClient, Timeout
from .resolution import AddressRefused, connected

PATIENCE = Timeout(connect=5.0, read=20.0, total=45.0)
"""Seconds. Nobody waits in front of a page; but a job holds its delivery meanwhile, and no more than a minute."""
LARGEST = 2_000_000


_clients: dict[tuple[str, frozenset[str]], HttpClient] = {}
_lock = threading.Lock()


def partner(
    name: str,
    *,
    largest: int = LARGEST,
    retries: int = 0,
    patience: Timeout | None = None,
    readable: Iterable[int] = (),
) -> HttpClient:
    """The client of this name, kept with what it was first asked with (`largest`: bytes of an answer).

    Nothing that it sends is asked again by itself, unless `retries` says so: the caller knows what it risks.
    `readable`: answers from 500 on that say something.
    """
    key = name, frozenset(settings.PARTNER_HOSTS)
    with _lock:
        if key not in _clients:
            breaker = Breaker(failures=10, rest=30.0)
            _clients[key] = HttpClient(
                name=name,
                timeout=patience or PATIENCE,
                retries=retries,
                largest=largest,
                allowed=key[1],
                breaker=breaker,
                readable=readable,
            )
        return _clients[key]


def hang_up() -> None:
    """Close every connection, and forget who failed: for tests."""
    with _lock:
        while _clients:
            _clients.popitem()[1].close()


def partner_socket(host: str, port: int, *, timeout: float) -> socket.socket:
    """A connection to such a system by another protocol. Raises AddressRefused, OSError."""
    return connected(host, port, timeout=timeout, allowed=settings.PARTNER_HOSTS)


def partner_address(url: str) -> str:
    """The address without its last stroke. Raises AddressRefused unless it is https, or of a machine that was named."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise AddressRefused(_("L’adresse « %s » est mal formée.") % url[:200]) from error
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not host or parts.username is not None or parts.fragment:
        raise AddressRefused(_("L’adresse « %s » doit être de la forme https://nom/chemin.") % url[:200])
    if parts.scheme != "https" and not {host, f"{host}:{port}"} & set(settings.PARTNER_HOSTS):
        sentence = _("« %s » n’est pas protégée par https : ce qui partirait pourrait être lu en chemin.")
        raise AddressRefused(sentence % url[:200])
    return url.rstrip("/")
