"""Addresses by which somebody would have us ask a machine inside: none of them reaches the canary that listens there."""

import socket
import threading
from collections.abc import Iterator

import pytest

from lacydon.kernel.http import AddressRefused, Breaker, HttpClient, OutsideUnavailable, Timeout
from tests.kernel.http.test_client import Server, send

INSIDE = {
    "localtest.example": "127.0.0.1",
    "127.0.0.1.nip.example": "127.0.0.1",
    "spoofed.example": "10.0.0.1",
    "metadata.google.internal": "169.254.169.254",
    "six.example": "::1",
    "mapped.example": "::ffff:127.0.0.1",
    "unique-local.example": "fd00:ec2::254",
    "nat64.example": "64:ff9b::7f00:1",
    "shared.example": "100.100.100.200",
    "scoped.example": "fe80::1%1",
    "xn--lochst-gwa.example": "127.0.0.1",
}
"""Names of the Internet that lead inside."""

HOSTILE = (
    # as it is, and by its other names
    "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://LOCALHOST:{port}/", "http://localhost.:{port}/",
    "http://127.0.0.1.:{port}/", "http://127.0.1.1:{port}/", "http://127.255.255.254:{port}/", "http://0.0.0.0:{port}/",
    "http://0:{port}/", "http://[::1]:{port}/", "http://[::]:{port}/", "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[0000:0000:0000:0000:0000:0000:0000:0001]:{port}/", "https://127.0.0.1:{port}/",
    # numbers written otherwise
    "http://2130706433:{port}/", "http://0x7f000001:{port}/", "http://0x7f.0x0.0x0.0x1:{port}/", "http://0x7f.1:{port}/",
    "http://0177.0.0.1:{port}/", "http://0177.0.0.01:{port}/", "http://017700000001:{port}/", "http://127.1:{port}/",
    "http://127.0.1:{port}/", "http://00000177.0.0.1:{port}/", "http://127.000.000.001:{port}/",
    "http://425.510.425.510:{port}/", "http://4294967297:{port}/",
    "http://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460:{port}/", "http://\uff11\uff12\uff17.0.0.1:{port}/",
    "http://127\u30020\u30020\u30021:{port}/", "http://\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3:{port}/",
    # IPv4 inside IPv6
    "http://[::ffff:127.0.0.1]:{port}/", "http://[::ffff:7f00:1]:{port}/", "http://[::127.0.0.1]:{port}/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/", "http://[64:ff9b::127.0.0.1]:{port}/", "http://[2002:7f00:1::]:{port}/",
    "http://[64:ff9b:1::7f00:1]:{port}/", "http://[::ffff:0:127.0.0.1]:{port}/", "http://[fe80::1%25lo]:{port}/",
    # where secrets of clouds are, and networks inside
    "http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/latest/", "http://100.100.100.200/latest/",
    "http://10.0.0.1:{port}/", "http://172.16.0.1:{port}/", "http://192.168.0.1:{port}/", "http://192.0.0.192/",
    # parts that parsers disagree about
    "http://public.example@127.0.0.1:{port}/", "http://127.0.0.1:{port}#@public.example/", "http://127.0.0.1:{port}?@public.example/",
    "http://public.example:80@127.0.0.1:{port}/", "http://public.example#@127.0.0.1:{port}/", "http://127.0.0.1:{port}\\@public.example/",
    "http://127.0.0.1%23@public.example:{port}/", "http://127.0.0.1%2f@public.example:{port}/", "http://127.0.0.1\t:{port}/",
    "http://public.example\\\\@127.0.0.1:{port}/", " http://127.0.0.1:{port}/", "http:127.0.0.1:{port}/", "http:/127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/", "//127.0.0.1:{port}/", "127.0.0.1:{port}", "http://127.0.0.1:{port}\r\nHost: public.example/",
    "http://%31%32%37.0.0.1:{port}/", "http://127.0.0.1%00.public.example:{port}/", "http://[::1%2525]:{port}/",
    # other schemes
    "file:///etc/passwd", "file://127.0.0.1:{port}/etc/passwd", "gopher://127.0.0.1:{port}/_GET%20/", "dict://127.0.0.1:{port}/info",
    "ftp://127.0.0.1:{port}/", "ldap://127.0.0.1:{port}/", "tftp://127.0.0.1:{port}/x", "jar:http://127.0.0.1:{port}/!/x",
    "data:text/plain,x", "unix:///run/clamd.sock", "http+unix://%2frun%2fx.sock/", "ws://127.0.0.1:{port}/", "javascript:x",
    # names that lead inside
    *(f"http://{name}:{{port}}/" for name in INSIDE),
)  # fmt: skip


class Canary(Server):
    """A server inside: whatever connects to it is noted, be it only to open a connection."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        super().__init__()
        self.touched: list[object] = []
        accept = self.server.get_request

        def noted() -> object:
            request, client = accept()
            self.touched.append(client)
            return request, client

        self.server.get_request = noted  # type: ignore[method-assign]


def served(running: Server) -> Iterator[Server]:
    thread = threading.Thread(target=running.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield running
    running.server.shutdown()
    running.server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    yield from served(Canary())


@pytest.fixture(scope="module")
def outside() -> Iterator[Server]:
    """A source that the operator allowed, and that turned bad."""
    yield from served(Server())


@pytest.fixture(autouse=True)
def names(monkeypatch):
    """The name servers of the Internet, some of them hostile; nothing of these tests leaves the machine."""
    real = socket.getaddrinfo

    def resolve(host: str | bytes, port: object, *args: object, **kwargs: object) -> object:
        name = host.decode() if isinstance(host, bytes) else host
        if name in INSIDE:
            address = INSIDE[name]
            return [(socket.AF_INET6 if ":" in address else socket.AF_INET, 1, 6, "", (address, port))]
        if any(sign.isalpha() for sign in name.replace("0x", "")) and ":" not in name and "localhost" not in name:
            raise socket.gaierror(f"unknown name {name}")
        return real(host, port, *args, **kwargs)

    monkeypatch.setattr("socket.getaddrinfo", resolve)


def speaking(**options: object) -> HttpClient:
    """A client that does not wait; each costs a context of TLS, so they are shared."""
    quick = Timeout(connect=0.5, read=0.5, total=1)
    return HttpClient(name="test", retries=0, timeout=quick, breaker=Breaker(failures=10_000), **options)


@pytest.fixture(scope="module")
def client() -> Iterator[HttpClient]:
    made = speaking()
    yield made
    made.close()


@pytest.fixture(scope="module")
def misled(outside) -> Iterator[HttpClient]:
    """A client that may speak to the bad source."""
    made = speaking(allowed=[outside.host])
    yield made
    made.close()


def test_the_canary_sings_when_it_is_touched(canary):
    before = len(canary.touched)
    allowed = speaking(allowed=[canary.host])
    assert allowed.get(canary.url).status == 200
    allowed.close()
    assert len(canary.touched) == before + 1


@pytest.mark.parametrize("url", HOSTILE)
def test_asked_directly_nothing_reaches_the_inside(client, canary, url):
    before = len(canary.touched)
    with pytest.raises((AddressRefused, OutsideUnavailable)):
        client.get(url.format(port=canary.port))
    assert len(canary.touched) == before


@pytest.mark.parametrize("url", [url for url in HOSTILE if "\r" not in url])
def test_led_there_by_a_redirect_nothing_reaches_the_inside(canary, outside, misled, url):
    before = len(canary.touched)
    target = url.format(port=canary.port).encode().decode("latin-1")
    outside.reply = lambda handler: send(handler, 302 if handler.path == "/start" else 404, Location=target)
    try:
        answer = misled.get(outside.url + "/start")
    except (AddressRefused, OutsideUnavailable):
        pass
    else:  # read as a path of the source itself: it was asked again, and nobody else
        assert answer.url.startswith(outside.url)
    assert len(canary.touched) == before


def test_a_name_that_changes_its_answer_gains_nothing(canary, client, monkeypatch):
    """The first answer is public, all others lead inside: it is resolved once for each connection, and checked then."""
    asked: list[str] = []

    def rebinding(host: str, port: object, *args: object, **kwargs: object) -> object:
        asked.append(host)
        address = "198.51.100.7" if host != "rebind.example" else ("8.8.8.8" if len(asked) == 1 else "127.0.0.1")
        return [(socket.AF_INET, 1, 6, "", (address, port))]

    connected: list[str] = []

    def connect(self: object, host: str, *args: object) -> object:
        connected.append(host)
        raise OSError("nothing leaves the machine")

    monkeypatch.setattr("socket.getaddrinfo", rebinding)
    monkeypatch.setattr("httpcore.SyncBackend.connect_tcp", connect)
    for _turn in range(3):
        with pytest.raises((AddressRefused, OutsideUnavailable, OSError)):
            client.get(f"http://rebind.example:{canary.port}/")
    assert connected == ["8.8.8.8"], "what was checked is what was asked"
    assert asked == ["rebind.example"] * 3


def test_one_bad_address_among_good_ones_is_enough(canary, client, monkeypatch):
    both = [(2, 1, 6, "", ("8.8.8.8", canary.port)), (2, 1, 6, "", ("127.0.0.1", canary.port))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **kwargs: both)
    before = len(canary.touched)
    with pytest.raises(AddressRefused):
        client.get(f"http://both.example:{canary.port}/")
    assert len(canary.touched) == before


def test_the_list_is_long_enough():
    assert len(set(HOSTILE)) == len(HOSTILE) >= 80
