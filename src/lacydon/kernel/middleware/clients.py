"""Who asks: the client's address behind the reverse proxies one trusts, and as little of it as each use needs."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = IPv4Address("0.0.0.0")  # noqa: S104 (a placeholder, nothing listens there)


def client_address(request: HttpRequest) -> IPv4Address | IPv6Address:
    """The address of the client: each trusted proxy added one X-Forwarded-For entry, at the right.

    Entries further left were written by the client and prove nothing. Without trusted proxies the header is not read.
    """
    trusted = settings.TRUSTED_PROXIES
    if trusted > 0:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= trusted and (address := _parsed(hops[-trusted])) is not None:
            return address
    return _parsed(request.META.get("REMOTE_ADDR", "")) or UNKNOWN


def shortened(address: IPv4Address | IPv6Address) -> str:
    """The network the address belongs to (/24 or /48): for logs, which keep no personal data."""
    host = 32 - 24 if address.version == 4 else 128 - 48
    return str(type(address)(int(address) >> host << host))


def accountable(address: IPv4Address | IPv6Address) -> str:
    """What one subscriber holds: an IPv4 address, or a /64 of IPv6."""
    return str(address) if address.version == 4 else str(ip_network((address, 64), strict=False).network_address)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip("[]").split("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address
