"""ClamAV against a server that speaks its protocol: honest, silent, broken, misleading, absent."""

import io
import socket
import socketserver
import threading
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from lacydon.connectors import FOLDER
from lacydon.connectors.clamav import connector
from lacydon.connectors.clamav.connector import EICAR, ScannerUnavailable
from lacydon.kernel.errors import Unavailable
from lacydon.kernel.http import Breaker
from lacydon.kernel.plugs import antivirus
from lacydon.kernel.uploads import FORMATS, UploadRefused, Use, check
from tests.kernel.uploads import samples

SAMPLES = FOLDER / "clamav" / "samples"
ANY = Use(name="any", allowed=frozenset(FORMATS), largest=5_000_000)


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.txt").read_bytes()


def infected(content: bytes, *, depth: int = 0) -> bool:
    """Whether the test virus is in there, unpacked as an antivirus does."""
    if EICAR in content:
        return True
    if depth < 4 and content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(infected(archive.read(name), depth=depth + 1) for name in archive.namelist())
    return any(EICAR in _inflated(part) for part in content.split(b"stream\n")[1:])


def _inflated(part: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(part)
    except zlib.error:
        return b""


class Daemon(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Speaks as clamd: VERSION, and INSTREAM up to `limit` bytes. `answer` replaces its verdicts, whatever the file."""

    daemon_threads = True
    allow_reuse_address = True
    limit = 1_000_000
    answer: bytes | None = None
    silent = False

    def __init__(self, address: object) -> None:
        self.commands: list[str] = []
        self.release = threading.Event()
        super().__init__(address, Handler)

    def handle_error(self, *args: object) -> None:
        """A client that hangs up is part of these tests."""


class UnixDaemon(Daemon):
    address_family = socket.AF_UNIX


class Handler(socketserver.StreamRequestHandler):
    server: Daemon

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        self.server.commands.append(command.decode().strip("\0"))
        if self.server.silent:
            self.server.release.wait(10)
            return
        if command == b"zVERSION\0":
            self.wfile.write(sample("version") + b"\0")
            return
        assert command == b"zINSTREAM\0"
        content = b""
        while length := int.from_bytes(self.rfile.read(4), "big"):
            content += self.rfile.read(length)
            if len(content) > self.server.limit:
                self.wfile.write(sample("limit") + b"\0")
                while self.rfile.read(65_536):
                    pass
                return
        verdict = sample("found") if infected(content) else sample("clean")
        self.wfile.write((self.server.answer if self.server.answer is not None else verdict) + b"\0")


@pytest.fixture(params=["tcp", "unix"])
def daemon(request, settings, tmp_path, monkeypatch) -> Iterator[Daemon]:
    path = Path(tmp_path) / "clamd.ctl"
    running = Daemon(("127.0.0.1", 0)) if request.param == "tcp" else UnixDaemon(str(path))
    settings.CLAMAV_URL = f"tcp://127.0.0.1:{running.server_address[1]}" if request.param == "tcp" else f"unix://{path}"
    monkeypatch.setattr(connector, "breaker", Breaker(failures=3, rest=1_000))
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield running
    running.release.set()
    running.shutdown()
    running.server_close()
    thread.join()


def of(content: bytes):
    return check(io.BytesIO(content), name="document", use=ANY)


EICARS = {
    "alone": EICAR,
    "with a line end": EICAR + b"\r\n",
    "in a pdf": samples.PDF.replace(b"trailer", EICAR + b"\ntrailer"),
    "packed in a pdf": samples.PDF.replace(b"trailer", b"stream\n" + zlib.compress(EICAR) + b"\ntrailer"),
    "in a document": samples.docx(**{"word/media/x.bin": EICAR}),
    "in an archive in a document": samples.docx(**{"word/media/x.zip": samples.archive({"eicar.com": EICAR})}),
    "twice packed": samples.docx(**{"word/x.zip": samples.archive({"y.zip": samples.archive({"eicar.com": EICAR})})}),
    "in an open document": samples.odt(**{"Pictures/eicar.com": EICAR}),
    "behind a photograph": samples.jpeg(after=EICAR),
    "in the comment of a photograph": samples.jpeg(extra=samples.segment(0xFE, EICAR)),
    "in a picture": samples.png(extra=samples.chunk(b"tEXt", b"Comment\0" + EICAR)),
}


@pytest.mark.parametrize("what", EICARS)
def test_the_test_virus_is_refused_wherever_it_hides(daemon, what):
    with pytest.raises(UploadRefused) as refusal:
        of(EICARS[what])
    assert refusal.value.code == "virus"


@pytest.mark.parametrize("content", [samples.PDF, samples.docx(), samples.png(), b"bonjour", b"x" * 500_000])
def test_a_clean_file_passes_and_was_looked_at(daemon, content):
    assert of(content).scanned is True
    assert daemon.commands == ["zINSTREAM"]


def test_check_has_it_find_the_test_virus(daemon):
    told = connector.check()
    assert told.ok is True and "ClamAV 1.4.6" in told.sentence


def test_check_sees_an_antivirus_without_signatures(daemon):
    daemon.answer = sample("clean")
    told = connector.check()
    assert told.ok is False and "freshclam" in told.sentence


def test_check_sees_an_antivirus_that_cries_wolf(daemon):
    daemon.answer = sample("found")
    assert connector.check().ok is False


@pytest.mark.parametrize(
    "answer",
    [b"", b"UNKNOWN COMMAND", b"stream: ", b"stream: FOUND", b" FOUND", b"\xff\xfe", b"OK\nFOUND", b"x" * 9_000],
)
def test_doubt_is_not_clean(daemon, answer):
    daemon.answer = answer
    with pytest.raises(Unavailable):
        of(samples.PDF)


def test_a_file_over_its_limit_is_not_taken(daemon):
    daemon.limit = 1_000
    with pytest.raises(ScannerUnavailable, match="StreamMaxLength"):
        connector.ClamAv().scan(b"x" * 3_000_000)


def test_a_silent_daemon_is_not_waited_for(daemon, monkeypatch):
    daemon.silent = True
    monkeypatch.setattr(connector, "TOTAL", 0.2)
    with pytest.raises(ScannerUnavailable):
        of(samples.PDF)


def test_a_daemon_that_is_down_is_left_alone_after_three_failures(settings, monkeypatch):
    monkeypatch.setattr(connector, "breaker", Breaker(failures=3, rest=1_000))
    settings.CLAMAV_URL = "unix:///nowhere/clamd.ctl"
    tried: list[int] = []
    real = connector.Place.connect
    monkeypatch.setattr(connector.Place, "connect", lambda self: (tried.append(1), real(self))[1])
    for _turn in range(6):
        with pytest.raises(ScannerUnavailable):
            of(samples.PDF)
    assert len(tried) == 3
    assert connector.check().ok is False


@pytest.mark.parametrize("url", ["clamd", "http://127.0.0.1:3310", "tcp://", "unix:", "tcp://h:x", "tcp://[::1"])
def test_an_address_of_another_form_is_said(settings, url):
    settings.CLAMAV_URL = url
    told = connector.check()
    assert told.ok is False and "LACYDON_CLAMAV_URL" in told.sentence


def test_switched_off_files_pass_and_operators_are_told(settings):
    settings.CLAMAV_URL = ""
    assert of(samples.PDF).scanned is False
    told = connector.check()
    assert told.ok is None and "ne sont pas analysés" in told.sentence


def test_it_is_plugged_in():
    assert isinstance(dict(antivirus.items())["clamav"](), connector.ClamAv)
    assert connector.parse(sample("clean").decode()) is None
    assert connector.parse(sample("found").decode()) == "Eicar-Signature"
