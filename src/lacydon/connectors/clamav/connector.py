"""ClamAV's daemon, over TCP or a Unix socket: **fetch** its verdict on a file (INSTREAM), **parse** it, say so.

Protocol: https://docs.clamav.net/manual/Usage/Scanning.html#clamd and clamd(8). A file is sent in pieces, each after
its length in four bytes, then a length of zero; the answer is one line.
"""

import socket
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from lacydon.connectors import Check
from lacydon.kernel.errors import Refused, Unavailable
from lacydon.kernel.http import Breaker
from lacydon.kernel.plugs import antivirus

CONNECT: Final = 3.0
"""Seconds to reach the daemon."""
TOTAL: Final = 30.0
"""Seconds for one file, its answer included; a person waits."""
PIECE: Final = 65_536
LONGEST_ANSWER: Final = 4_096
EICAR: Final = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-" + rb"FILE!$H+H*"
"""EICAR's test virus, harmless, that every antivirus finds; in two parts, so that this file is not taken for it."""
breaker = Breaker(failures=3, rest=15.0)


class ScannerUnavailable(Unavailable):
    """The antivirus does not answer, or not as it should: files are not taken meanwhile."""

    code = "antivirus-unavailable"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the daemon listens: a path, or a host and a port."""

    path: str = ""
    host: str = ""
    port: int = 3310

    def connect(self) -> socket.socket:
        if self.path:
            opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            opened.settimeout(CONNECT)
            try:
                opened.connect(self.path)
            except OSError:
                opened.close()
                raise
            return opened
        return socket.create_connection((self.host, self.port), timeout=CONNECT)


class ClamAv:
    """The antivirus that asks the daemon."""

    def is_on(self) -> bool:
        return bool(settings.CLAMAV_URL)

    def scan(self, content: bytes) -> str | None:
        """The name of the signature that was found, or None. Raises ScannerUnavailable."""
        return parse(ask("INSTREAM", content))


def place() -> Place:
    """Where LACYDON_CLAMAV_URL leads. Raises ScannerUnavailable when it is not of a known form."""
    try:
        parts = urlsplit(settings.CLAMAV_URL)
        if parts.scheme == "unix" and parts.path:
            return Place(path=parts.path)
        if parts.scheme == "tcp" and parts.hostname:
            return Place(host=parts.hostname, port=parts.port or 3310)
    except ValueError:
        pass
    raise ScannerUnavailable(_("LACYDON_CLAMAV_URL doit être tcp://machine:3310 ou unix:///chemin."))


def ask(command: str, content: bytes | None = None) -> str:
    """One command, and the file it is about; the line that the daemon answers. Raises ScannerUnavailable."""
    where = place()
    if not breaker.allows("clamav"):
        raise _silent()
    try:
        answer = _exchange(where, command, content, deadline=time.monotonic() + TOTAL)
    except (OSError, UnicodeDecodeError) as error:
        breaker.failed("clamav")
        raise _silent() from error
    breaker.succeeded("clamav")
    return answer


def _exchange(where: Place, command: str, content: bytes | None, *, deadline: float) -> str:
    with where.connect() as opened:
        opened.settimeout(max(0.05, deadline - time.monotonic()))
        opened.sendall(f"z{command}\0".encode("ascii"))
        try:
            for start in range(0, len(content or b""), PIECE):
                piece = (content or b"")[start : start + PIECE]
                opened.settimeout(max(0.05, deadline - time.monotonic()))
                opened.sendall(len(piece).to_bytes(4, "big") + piece)
            if content is not None:
                opened.sendall(bytes(4))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it answers before the end when the file is over its limit
        answer = b""
        while b"\0" not in answer and len(answer) <= LONGEST_ANSWER:
            opened.settimeout(max(0.05, deadline - time.monotonic()))
            piece = opened.recv(1_024)
            if not piece:
                break
            answer += piece
    return answer.partition(b"\0")[0].decode("utf-8").strip()


def parse(answer: str) -> str | None:
    """What INSTREAM found, None for a clean file. Raises ScannerUnavailable for anything else: doubt is not clean."""
    verdict = answer.removeprefix("stream: ")
    if verdict == "OK":
        return None
    if verdict.endswith(" FOUND") and len(verdict) > len(" FOUND"):
        return verdict.removesuffix(" FOUND")[:200]
    if "size limit exceeded" in verdict:
        raise ScannerUnavailable(_("Ce fichier dépasse la taille que l’antivirus accepte (StreamMaxLength)."))
    raise _silent()


def check() -> Check:
    """Whether the daemon answers, and finds the test virus."""
    if not settings.CLAMAV_URL:
        sentence = _("LACYDON_CLAMAV_URL n’est pas réglé : les fichiers reçus ne sont pas analysés par un antivirus.")
        return Check(ok=None, sentence=sentence)
    try:
        version = ask("VERSION")[:100]
        found = parse(ask("INSTREAM", EICAR))
        if parse(ask("INSTREAM", b"bonjour")):
            return Check(ok=False, sentence=_("L’antivirus trouve un virus dans un fichier sain (%s).") % version)
    except Refused as refusal:
        return Check(ok=False, sentence=_("%s Aucun fichier n’est accepté.") % refusal.sentence)
    if not found:
        sentence = _("L’antivirus (%s) ne trouve pas le virus d’essai : a-t-il ses signatures (freshclam) ?")
        return Check(ok=False, sentence=sentence % version)
    return Check(ok=True, sentence=_("L’antivirus répond et trouve le virus d’essai : %s.") % version)


def _silent() -> ScannerUnavailable:
    return ScannerUnavailable(_("L’antivirus ne répond pas : réessayez dans un instant."))


_plugged = ClamAv()


@antivirus.plug("clamav")
def clamav() -> ClamAv:
    return _plugged
