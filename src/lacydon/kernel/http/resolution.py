"""Which machine a name leads to, decided once: a connector must not be led inside (server-side request forgery).

The name is resolved here, every address it gives is checked, and the connection is made to a checked address: a name
that changes its answer between the check and the connection (DNS rebinding) gains nothing. TLS still checks the name.
"""

import socket
from collections.abc import Iterable
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from ssl import SSLContext
from urllib.parse import urlsplit

import httpcore
import httpx
from django.utils.translation import gettext as _

from ..errors import Refused

TRANSLATED = IPv6Network("64:ff9b::/96")
"""NAT64 (RFC 6052): the last 32 bits are an IPv4 address."""
TUNNELS = (IPv6Network("2002::/16"), IPv6Network("2001::/32"), IPv6Network("::/96"))
"""6to4, Teredo, IPv4-compatible: an IPv4 address hides inside, and nobody serves data there any more."""

ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})
"""RFC 5214: an interface identifier that begins so ends with an IPv4 address, whatever the network."""
INSIDE = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",  # IETF protocol assignments (RFC 6890); one cloud keeps its metadata there
            "192.88.99.0/24",  # relays of 6to4, deprecated (RFC 7526)
            "168.63.129.16/32",  # the inside of another cloud, under a public number
            "3fff::/20",  # documentation (RFC 9637)
        ),
    )
)
"""Not on the Internet either, though Python 3.11 takes them for global."""
PRIVATE_NAMES = (".internal", ".local", ".lan", ".home.arpa")
"""Names that no public DNS serves: a source there is one of the operator's own machines."""


class AddressRefused(Refused):
    """The address asked for is not one an outside source may have."""

    status = 502
    code = "address-refused"


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is on the Internet: not private, loopback, link-local, multicast, reserved nor shared."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in TRANSLATED:
            return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
        if any(address in tunnel for tunnel in TUNNELS) or address.is_site_local:
            return False
        if int(address) >> 32 & 0xFFFF_FFFF in ISATAP:
            return False
    if any(address in network for network in INSIDE):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to checked addresses only. `allowed` hosts (a name, or name:port) are exempt."""

    def __init__(self, *, allowed: frozenset[str] = frozenset()) -> None:
        self._allowed = allowed
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception | None = None
        for address in self.addresses(host, port):
            try:
                return self._sockets.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"no address for {host}")

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a name, each of them checked. Raises AddressRefused when one is not public."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
        if not self._allowed & {host, f"{host}:{port}"}:
            for address in addresses:
                if not is_public(ip_address(address.split("%")[0])):
                    raise AddressRefused(_("« %s » mène à une machine qui n'est pas sur Internet.") % host)
        return addresses[:4]


def own_machine(base: str) -> frozenset[str]:
    """The host of this address when the operator plainly meant a machine inside: an IP, localhost, a private name.

    Any other name must lead to the Internet, whatever its DNS says, and so must every redirection.
    """
    parts = urlsplit(base)
    host = (parts.hostname or "").rstrip(".")
    try:
        ip_address(host)
    except ValueError:
        if not (host and "." not in host) and not host.endswith(PRIVATE_NAMES):
            return frozenset()
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return frozenset({f"{host}:{port}"})


def connected(host: str, port: int, *, timeout: float, allowed: Iterable[str] = ()) -> socket.socket:
    """A connection to a checked address, for what is not HTTP. Raises AddressRefused, OSError."""
    try:
        addresses = PinnedBackend(allowed=frozenset(allowed)).addresses(host, port)
    except httpcore.ConnectError as error:
        raise OSError(str(error)) from error
    failure: OSError | None = None
    for address in addresses:
        try:
            return socket.create_connection((address, port), timeout=timeout)
        except OSError as error:
            failure = error
    raise failure or OSError(f"no address for {host}")


@cache
def _tls() -> SSLContext:
    """Read once: the list of authorities is long."""
    return httpx.create_ssl_context(trust_env=False)


class PinnedTransport(httpx.HTTPTransport):
    """httpx's transport over a pool whose connections are made by `PinnedBackend`; no proxy, no environment."""

    def __init__(self, *, allowed: frozenset[str] = frozenset(), connections: int = 10) -> None:
        super().__init__(verify=_tls(), trust_env=False)
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(),
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=15.0,
            network_backend=PinnedBackend(allowed=allowed),
        )
