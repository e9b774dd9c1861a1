"""A town hall answers by mail: what it wrote goes on the timeline, found by the secret address it was sent to."""

import hashlib
import re
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import getaddresses
from html.parser import HTMLParser

import structlog

from lacydon.kernel.errors import Refused

from ..ports import Status
from ..queries.returns import delivery_of_mailbox
from .following import LONGEST_WORDS, note_status

LARGEST = 30_000_000
"""Bytes of a message; the files that come with it are not taken."""
RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
QUOTED = re.compile(
    r"^(>|-{2,}\s?(original message|message d['’]origine|message transféré)|_{8,}|(de|from)\s?:\s.*@|"
    r"(le|on)\s.{6,120}(a écrit|wrote)\s?:\s*$|-- $)",
    re.IGNORECASE,
)
log = structlog.get_logger("lacydon.delivery")


def receive_mail(content: bytes) -> str:
    """What was done with a message: noted, known (it came before), empty, automatic, refused, or not-ours."""
    if len(content) > LARGEST:
        return "not-ours"
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    delivery = next(filter(None, map(delivery_of_mailbox, _recipients(message))), None)
    if delivery is None:
        return "not-ours"
    if str(message.get("Auto-Submitted", "no")).strip().lower() != "no":
        return "automatic"
    words = answer_in(message)
    if not words:
        return "empty"
    id = f"mail:{hashlib.sha256(str(message.get('Message-ID') or content).encode()).hexdigest()}"
    try:
        told = Status(state="received", words=words)
        return "noted" if note_status(delivery=delivery, told=told, message=id) else "known"
    except Refused as refusal:
        log.warning("delivery.reply-refused", delivery=str(delivery), sentence=str(refusal.sentence))
        return "refused"


def answer_in(message: EmailMessage) -> str:
    """What was written, without what it answers to."""
    lines = []
    for line in _text(message).splitlines():
        if QUOTED.match(line.strip() if line != "-- " else line):
            break
        lines.append(line.rstrip())
    return "\n".join(lines).strip()[:LONGEST_WORDS]


def _recipients(message: EmailMessage) -> list[str]:
    try:
        every = [str(value) for name in RECIPIENTS for value in message.get_all(name, [])]
    except (MessageError, ValueError, IndexError):
        return []
    return [address for _name, address in getaddresses(every[:50])]


def _text(message: EmailMessage) -> str:
    """The plain words of a message, else those of its page."""
    for kind in ("plain", "html"):
        try:
            part = message.get_body((kind,))
            found = part.get_content() if part is not None else ""
        except (MessageError, LookupError, ValueError, AttributeError):
            continue
        if isinstance(found, str) and found.strip():
            return found if kind == "plain" else _Words.of(found)
    return ""


class _Words(HTMLParser):
    """The words of a page, its blocks on lines of their own."""

    BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3"})
    SILENT = frozenset({"style", "script", "head", "title", "blockquote"})

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    @classmethod
    def of(cls, page: str) -> str:
        reader = cls()
        reader.feed(page)
        reader.close()
        return re.sub(r"\n{3,}", "\n\n", "".join(reader.found))

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.silent += tag in self.SILENT
        if tag in self.BLOCKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT and self.silent > 0

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(re.sub(r"\s+", " ", data))
