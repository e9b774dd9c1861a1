"""Whose request it is, behind the proxies one trusts and no others."""

import pytest
from django.test import RequestFactory

from lacydon.kernel.middleware.clients import accountable, client_address, shortened


@pytest.mark.parametrize(
    ("trusted", "forwarded", "remote", "expected"),
    [
        (0, "198.51.100.7", "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.7", "10.0.0.1", "198.51.100.7"),
        (1, "203.0.113.9, 198.51.100.7", "10.0.0.1", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7, 10.0.0.2", "10.0.0.1", "198.51.100.7"),
        (2, "198.51.100.7", "10.0.0.1", "10.0.0.1"),
        (1, "not an address", "10.0.0.1", "10.0.0.1"),
        (1, "", "10.0.0.1", "10.0.0.1"),
        (0, "", "", "0.0.0.0"),
        (0, "", "::ffff:192.0.2.1", "192.0.2.1"),
    ],
)
def test_the_client_is_the_one_the_trusted_proxies_saw(settings, trusted, forwarded, remote, expected):
    settings.TRUSTED_PROXIES = trusted
    request = RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert str(client_address(request)) == expected


def test_a_subscriber_is_an_address_or_a_network_of_ipv6():
    request = RequestFactory().get("/", REMOTE_ADDR="2001:db8:1:2:3:4:5:6")
    assert accountable(client_address(request)) == "2001:db8:1:2::"
    assert shortened(client_address(request)) == "2001:db8:1::"
