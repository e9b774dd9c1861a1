"""One request is one request: whatever its length pretends, nothing is smuggled behind it to the next visitor."""

import socket

import pytest

from tests import product as products

HIDDEN = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Hidden: yes\r\n\r\n"
AMBIGUOUS = {
    "length and chunks": f"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{HIDDEN}",
    "chunks and length": f"Transfer-Encoding: chunked\r\nContent-Length: {len(HIDDEN) + 5}\r\n\r\n0\r\n\r\n{HIDDEN}",
    "two lengths": f"Content-Length: 0\r\nContent-Length: {len(HIDDEN)}\r\n\r\n{HIDDEN}",
    "two lengths in one": f"Content-Length: 0, {len(HIDDEN)}\r\n\r\n{HIDDEN}",
    "a length with a sign": f"Content-Length: +0\r\n\r\n{HIDDEN}",
    "a length below nothing": f"Content-Length: -1\r\n\r\n{HIDDEN}",
    "a length in hexadecimal": f"Content-Length: 0x0\r\n\r\n{HIDDEN}",
    "a space before the colon": f"Content-Length : 0\r\nTransfer-Encoding : chunked\r\n\r\n{HIDDEN}",
    "another coding": f"Transfer-Encoding: xchunked\r\n\r\n{HIDDEN}",
    "chunked, then another": f"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{HIDDEN}",
    "a vertical tab": f"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n{HIDDEN}",
    "a chunk of no number": f"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n{HIDDEN}",
    "a chunk below nothing": f"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n{HIDDEN}",
    "a folded line": f"X-A: b\r\n Content-Length: 0\r\nTransfer-Encoding:\r\n chunked\r\n\r\n{HIDDEN}",
    "a line end alone": f"X-A: b\nTransfer-Encoding: xchunked\n\n{HIDDEN}",
    "a null byte": f"X-A: b\0c\r\n\r\n{HIDDEN}",
}


def answers(product: products.Product, request: bytes) -> bytes:
    """All that the server writes on one connection before it closes it, or is silent for a second."""
    host, port = product.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as opened:
        opened.sendall(request)
        received = opened.recv(65_536)
        opened.settimeout(1)
        try:
            while piece := opened.recv(65_536):
                received += piece
        except (ConnectionResetError, TimeoutError):
            pass
    return received


@pytest.mark.server
@pytest.mark.parametrize("what", AMBIGUOUS)
def test_an_ambiguous_request_smuggles_nothing(product, what):
    """Refused and the connection closed; or, where the standard gives one reading (RFC 9112, 6.3), read so."""
    told = answers(product, f"POST /healthz HTTP/1.1\r\nHost: localhost\r\n{AMBIGUOUS[what]}".encode("latin-1"))
    statuses = [line for line in told.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
    refused = len(statuses) <= 1 and (not statuses or statuses[0].split()[1] in (b"400", b"403", b"501"))
    assert refused, told[:500]


@pytest.mark.server
def test_two_honest_requests_are_two(product):
    one = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert answers(product, (one * 2).encode()).count(b"HTTP/1.1 200") == 2
