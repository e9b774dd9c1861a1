"""The client against real servers on this machine: slow, broken, endless, misleading, and honest ones."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest

from lacydon.kernel.http import AddressRefused, AnswerTooLarge, Breaker, HttpClient, OutsideUnavailable, Timeout


class Server:
    """Answers with `reply(handler)`, whose `body` was read; `asked` keeps (method, path, headers) of each request."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.reply: Callable[[BaseHTTPRequestHandler], None] = lambda handler: send(handler)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def answer(self) -> None:
                self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.asked.append((self.command, self.path, dict(self.headers)))
                outer.reply(self)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *args: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *args: object) -> None:
                """A client that hangs up is what these tests are about."""

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.host = f"127.0.0.1:{self.port}"


def send(handler: BaseHTTPRequestHandler, status: int = 200, body: bytes = b"ok", **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    thread = threading.Thread(target=running.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield running
    running.server.shutdown()
    running.server.server_close()
    thread.join()


@pytest.fixture
def make(server) -> Iterator[Callable[..., HttpClient]]:
    """A client allowed to speak to the local server; the waits between tries are noted, not waited for."""
    made: list[HttpClient] = []

    def client(**options: object) -> HttpClient:
        waits: list[float] = []
        asked = {"name": "test", "allowed": [server.host], "sleep": waits.append} | options
        made.append(HttpClient(**asked))
        made[-1].waits = waits
        return made[-1]

    yield client
    for each in made:
        each.close()


def in_turn(*replies: Callable[[BaseHTTPRequestHandler], None]) -> Callable[[BaseHTTPRequestHandler], None]:
    left = list(replies)
    return lambda handler: (left.pop(0) if len(left) > 1 else left[0])(handler)


def test_an_honest_answer(make, server):
    server.reply = lambda handler: send(handler, body=b'{"a": 1}')
    answer = make().get(server.url + "/x", params={"q": "l'été", "limit": 3})
    assert (answer.status, answer.json()) == (200, {"a": 1})
    [(method, path, headers)] = server.asked
    assert method == "GET"
    assert path == "/x?q=l%27%C3%A9t%C3%A9&limit=3"
    assert headers["User-Agent"].startswith("Lacydon/")
    assert "test" in headers["User-Agent"]


def test_a_refusal_of_the_source_is_for_the_connector_to_read(make, server):
    server.reply = lambda handler: send(handler, 404)
    assert make().get(server.url).status == 404
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
def test_a_passing_trouble_is_tried_again(make, server, status):
    server.reply = in_turn(lambda handler: send(handler, status), lambda handler: send(handler))
    client = make()
    assert client.get(server.url).status == 200
    assert len(server.asked) == 2
    assert 0 <= client.waits[0] <= 0.5


def test_a_lasting_trouble_is_given_up(make, server):
    server.reply = lambda handler: send(handler, 503)
    with pytest.raises(OutsideUnavailable) as refusal:
        make(retries=3).get(server.url)
    assert "127.0.0.1" in str(refusal.value.sentence)
    assert len(server.asked) == 4


def test_the_source_says_how_long_to_wait(make, server):
    server.reply = in_turn(lambda handler: send(handler, 429, Retry_After="3"), lambda handler: send(handler))
    client = make()
    client.get(server.url)
    assert client.waits == [3.0]


def test_nobody_waits_past_the_deadline(make, server):
    server.reply = lambda handler: send(handler, 429, Retry_After="3600")
    client = make()
    with pytest.raises(OutsideUnavailable):
        client.get(server.url)
    assert client.waits == []


def test_what_may_not_be_asked_twice_is_not(make, server):
    server.reply = lambda handler: send(handler, 503)
    with pytest.raises(OutsideUnavailable):
        make().request("POST", server.url, content=b"{}")
    assert len(server.asked) == 1


def test_a_source_that_hangs_up_is_unavailable(make, server):
    server.reply = lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)
    with pytest.raises(OutsideUnavailable):
        make().get(server.url)
    assert len(server.asked) == 3


def test_a_silent_source_is_left(make, server):
    release, answered = threading.Event(), []
    server.reply = lambda handler: answered.append(release.wait(60))
    try:
        with pytest.raises(OutsideUnavailable):
            make(timeout=Timeout(read=0.1, total=0.3), retries=0).get(server.url)
        assert answered == [], "it was waited for to the end"
    finally:
        release.set()


def test_a_source_that_drips_is_left_at_the_deadline(make, server):
    dripped: list[int] = []

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        for drop in range(100):
            dripped.append(drop)
            handler.wfile.write(b"x")
            time.sleep(0.05)

    server.reply = drip
    with pytest.raises(OutsideUnavailable):
        make(timeout=Timeout(read=1, total=0.4), retries=0).get(server.url)
    assert len(dripped) < 50, "it was read long after the deadline"


def test_nobody_listening_is_unavailable(make, server):
    server.server.shutdown()
    server.server.server_close()
    with pytest.raises(OutsideUnavailable):
        make().get(server.url)


@pytest.mark.parametrize("announced", [True, False])
def test_an_answer_too_large_is_not_read_to_the_end(make, server, announced):
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        if announced:
            handler.send_header("Content-Length", str(10**9))
        else:
            handler.send_header("Connection", "close")
        handler.end_headers()
        for _ in range(10_000):
            handler.wfile.write(b"x" * 10_000)

    server.reply = endless
    with pytest.raises(AnswerTooLarge):
        make(largest=100_000, retries=0).get(server.url)


def test_a_small_answer_that_swells_is_refused(make, server):
    bomb = gzip.compress(b"0" * 5_000_000)
    assert len(bomb) < 10_000
    server.reply = lambda handler: send(handler, body=bomb, Content_Encoding="gzip")
    with pytest.raises(AnswerTooLarge):
        make(largest=1_000_000, retries=0).get(server.url)


@pytest.mark.parametrize("coding", ["br", "gzip, gzip", "zstd"])
def test_a_coding_that_swells_without_measure_is_not_read(make, server, coding):
    server.reply = lambda handler: send(handler, body=brotli.compress(b"0" * 5_000), Content_Encoding=coding)
    with pytest.raises(OutsideUnavailable):
        make(retries=0).get(server.url)
    assert "br" not in server.asked[0][2]["Accept-Encoding"]


def test_a_wait_that_is_no_number_is_nothing(make, server):
    server.reply = lambda handler: send(handler, status=503, Retry_After="\xb2")
    with pytest.raises(OutsideUnavailable):
        make(retries=1).get(server.url)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f.1"])
def test_a_private_machine_is_not_asked(server, host):
    with pytest.raises((AddressRefused, OutsideUnavailable)):
        HttpClient(name="test", retries=0).get(f"http://{host}:{server.port}/")
    assert server.asked == []


def test_a_host_is_allowed_with_its_port_only(make, server):
    with pytest.raises(AddressRefused):
        make(allowed=[f"127.0.0.1:{server.port + 1}"]).get(server.url)
    assert make(allowed=["127.0.0.1"]).get(server.url).status == 200


def test_a_name_that_leads_inside_is_refused(server, monkeypatch):
    inside = [(2, 1, 6, "", ("93.184.215.14", 80)), (2, 1, 6, "", ("10.1.2.3", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **kwargs: inside)
    with pytest.raises(AddressRefused):
        HttpClient(name="test").get("http://innocent.example/")


def test_the_machine_checked_is_the_machine_asked(make, server, monkeypatch):
    """A name that answers otherwise the second time (rebinding) is resolved only once."""
    answers = [[(2, 1, 6, "", ("127.0.0.1", server.port))], [(2, 1, 6, "", ("192.0.2.1", server.port))]]
    asked: list[object] = []

    def resolve(host: str, *args: object, **kwargs: object) -> object:
        if host == "127.0.0.1":
            return answers[0]
        asked.append(host)
        return answers[len(asked) - 1]

    monkeypatch.setattr("socket.getaddrinfo", resolve)
    client = make(allowed=["source.example"])
    assert client.get(f"http://source.example:{server.port}/").status == 200
    assert asked == ["source.example"]
    assert server.asked[0][2]["Host"] == f"source.example:{server.port}"


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "file:///etc/passwd", "http:///x", "https://a:b@example.org/", "http://[::1", "x", ""]
)
def test_only_web_addresses_are_asked(url):
    with pytest.raises(AddressRefused):
        HttpClient(name="test").get(url)


def test_a_redirect_is_followed(make, server):
    server.reply = in_turn(lambda handler: send(handler, 302, Location="/there"), lambda handler: send(handler))
    answer = make().get(server.url + "/here")
    assert answer.url == server.url + "/there"
    assert [path for _, path, _ in server.asked] == ["/here", "/there"]


def test_a_redirect_inside_is_refused(make, server):
    server.reply = lambda handler: send(handler, 302, Location="http://169.254.169.254/latest/meta-data/")
    with pytest.raises(AddressRefused):
        make().get(server.url)
    assert len(server.asked) == 1


def test_a_redirect_to_another_host_does_not_carry_secrets(make, server):
    elsewhere = f"http://localhost:{server.port}/there"
    server.reply = in_turn(lambda handler: send(handler, 302, Location=elsewhere), lambda handler: send(handler))
    client = make(allowed=[server.host, f"localhost:{server.port}"])
    client.get(server.url, headers={"Authorization": "Bearer secret", "X-Kept": "yes"})
    first, second = (headers for _, _, headers in server.asked)
    assert first["Authorization"] == "Bearer secret"
    assert "Authorization" not in second
    assert second["X-Kept"] == "yes"


def test_redirects_come_to_an_end(make, server):
    server.reply = lambda handler: send(handler, 302, Location="/again")
    with pytest.raises(OutsideUnavailable):
        make(retries=0).get(server.url)
    assert len(server.asked) == 6


def test_what_has_not_changed_is_not_sent_again(make, server):
    def reply(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("If-None-Match") == '"v1"':
            send(handler, 304, body=b"", ETag='"v1"')
        else:
            send(handler, body=b"first", ETag='"v1"')

    server.reply = reply
    client = make()
    first, second = client.get(server.url), client.get(server.url)
    assert (first.content, first.unchanged) == (b"first", False)
    assert (second.content, second.status, second.unchanged) == (b"first", 200, True)
    other = client.get(server.url, headers={"Accept": "text/csv"})
    assert not other.unchanged


def test_a_source_that_keeps_failing_is_left_alone(make, server):
    now = [0.0]
    breaker = Breaker(failures=2, rest=30, clock=lambda: now[0])
    client = make(breaker=breaker, retries=0)
    server.reply = lambda handler: send(handler, 500)
    for _ in range(4):
        with pytest.raises(OutsideUnavailable):
            client.get(server.url)
    assert len(server.asked) == 2
    assert breaker.open("127.0.0.1")
    now[0] = 31
    server.reply = lambda handler: send(handler)
    assert client.get(server.url).status == 200
    assert not breaker.open("127.0.0.1")


def test_an_answer_that_is_not_json_is_the_fault_of_the_source(make, server):
    with pytest.raises(OutsideUnavailable):
        make().get(server.url).json()


def test_proxies_of_the_environment_are_not_used(make, server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:3128")
    assert make().get(server.url).status == 200


def test_what_is_asked_is_not_logged(make, server, caplog):
    caplog.set_level("DEBUG")
    make().get(server.url + "/search", params={"q": "12 rue secrète"})
    assert "secr" not in caplog.text and "rue" not in caplog.text
