"""Mail to people: written once, sealed until it has left, sent by a job that tries again.

    letter = post(Message(to="…", subject=_("…"), paragraphs=(…), action=Link(_("Entrer"), address)))

`settings.MAIL_URL` says through whom: `smtp://user:password@host:587/?tls=starttls` (or `tls=implicit`, `tls=none`).
Without it nothing leaves the machine: each message is a file of HOME/mail, which a demonstration can show.

What is queued is the number of a letter only: its words and its address are sealed under a key of its own and removed
once it is sent, or when it would come too late to be of use.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext as _

from . import sealing
from .clock import now
from .errors import Refused, Unavailable
from .jobs import job
from .models import Letter
from .plugs import wrapped_keys
from .rotation import WrappedColumn

GOOD_FOR = timedelta(days=2)
"""How long a message is worth sending when nothing else is said."""
PATIENCE = 20.0
"""Seconds to wait for the mail server."""
FOR_GOOD = 500
"""SMTP answers from here on are for good (RFC 5321, section 4.2.1)."""
DEFAULT_PORT = {"implicit": 465, "starttls": 587, "none": 25}


@dataclass(frozen=True, slots=True)
class Link:
    """The one thing to do in a message: what the button says, where it leads."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message in words. `code`: shown large, to be typed; `after`: paragraphs below the button.

    `facts`: questions and their answers, as a list; `reply_to`: where an answer goes, when one is awaited. `stop`: the
    address that ends messages of this kind by one POST, for the button of the reader's mail program (RFC 8058).
    """

    to: str
    subject: str
    paragraphs: tuple[str, ...]
    action: Link | None = None
    code: str = ""
    after: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    reply_to: str = ""
    stop: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with a message."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


class Undeliverable(Refused):
    """The mail server refuses this message, or whom it is for, and would tomorrow."""

    code = "undeliverable"


def post(message: Message, *, good_for: timedelta = GOOD_FOR) -> str:
    """Send a message once the transaction is kept; the number of its letter. Too late by `good_for`, it is not sent."""
    id, moment = uuid4(), now()
    written = json.dumps(asdict(message) | {"lang": translation.get_language() or "fr"}).encode()
    if not settings.MAIL_URL:
        transaction.on_commit(lambda: _file(id, _made(id, json.loads(written))))
        return str(id)
    key = sealing.new_key()
    Letter.objects.create(
        id=id,
        wrapped=sealing.wrap(key, place=_place(id, "wrapped")),
        sealed=sealing.seal(written, key=key, place=_place(id, "sealed")),
        created_at=moment,
        good_until=moment + good_for,
    )
    Letter.objects.filter(good_until__lt=moment - GOOD_FOR).delete()
    deliver.enqueue(letter=str(id))
    return str(id)


def hand_over(message: Message, *, id: UUID, files: Sequence[Attached] = ()) -> str:
    """Give a message to the mail server now, and wait for its answer; its Message-ID, the same for the same `id`.

    A message given twice can so be known again by whoever receives it. Raises Unavailable, Undeliverable.
    """
    made = _made(id, asdict(message) | {"lang": translation.get_language() or "fr"})
    for file in files:
        made.attach(file.name, file.content, file.media_type)
    if not settings.MAIL_URL:
        _file(id, made)
        return str(made.extra_headers["Message-ID"])
    try:
        with _server() as server:
            server.send_messages([made])
    except SMTPRecipientsRefused as error:
        if all(code >= FOR_GOOD for code, _told in error.recipients.values()):
            raise Undeliverable(_("Le serveur de courrier refuse cette adresse.")) from error
        raise Unavailable(_("Le serveur de courrier n’a pas pris le message.")) from error
    except SMTPResponseException as error:
        if error.smtp_code >= FOR_GOOD and not isinstance(error, SMTPConnectError | SMTPAuthenticationError):
            raise Undeliverable(_("Le serveur de courrier refuse ce message (%d).") % error.smtp_code) from error
        raise Unavailable(_("Le serveur de courrier n’a pas pris le message.")) from error
    except (OSError, SMTPException) as error:
        raise Unavailable(_("Le serveur de courrier ne répond pas.")) from error
    except ValueError as error:
        raise Undeliverable(_("L’adresse ou l’objet de ce message ne peut pas s’écrire dans un courriel.")) from error
    return str(made.extra_headers["Message-ID"])


def reachable() -> str:
    """Why the mail server would take nothing now, in a sentence; empty when it would."""
    try:
        with _server():
            return ""
    except (OSError, SMTPException, ValueError):
        return str(_("Le serveur de courrier ne répond pas, ou refuse notre nom et notre mot de passe."))


@job(attempts=8)
def deliver(*, letter: str) -> None:
    """Hand a letter to the mail server. Raises OSError or SMTPException, to be tried again."""
    row = Letter.objects.filter(pk=letter).first()
    if row is None:
        return
    if row.good_until > now():
        key = sealing.unwrap(bytes(row.wrapped), place=_place(row.id, "wrapped"))
        written = json.loads(sealing.unseal(bytes(row.sealed), key=key, place=_place(row.id, "sealed")))
        with _server() as server:
            server.send_messages([_made(row.id, written)])
    row.delete()


def filed(id: str) -> EmailMessage | None:
    """A message that was written in HOME/mail; None when there is none, or when mail really leaves."""
    try:
        path = _folder() / f"{UUID(id)}.eml"
    except ValueError:
        return None
    if settings.MAIL_URL or not path.exists():
        return None
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def transport(url: str) -> dict[str, Any]:
    """How to reach the mail server that `settings.MAIL_URL` names. ValueError when it cannot be read."""
    parts = urlsplit(url)
    tls = parse_qs(parts.query).get("tls", ["starttls"])[0]
    if parts.scheme != "smtp" or not parts.hostname or tls not in DEFAULT_PORT:
        raise ValueError("LACYDON_MAIL_URL is smtp://user:password@host:port/?tls=starttls, implicit or none")
    return {
        "host": parts.hostname,
        "port": parts.port or DEFAULT_PORT[tls],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": tls == "starttls",
        "use_ssl": tls == "implicit",
        "timeout": PATIENCE,
    }


def _server() -> EmailBackend:
    return EmailBackend(**transport(settings.MAIL_URL), fail_silently=False)


def _made(id: UUID, written: Mapping[str, Any]) -> EmailMultiAlternatives:
    """The message as it leaves: plain words, and the same as a page."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    with translation.override(written["lang"]):
        plain = get_template("kernel/letter.txt").render({"letter": written})
        page = get_template("kernel/letter.html").render({"letter": written})
    headers = {"Message-ID": f"<{id}@{domain}>", "Auto-Submitted": "auto-generated"}
    if written.get("stop"):
        headers |= {"List-Unsubscribe": f"<{written['stop']}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    replies = [written["reply_to"]] if written.get("reply_to") else None
    made = EmailMultiAlternatives(written["subject"], plain, to=[written["to"]], headers=headers, reply_to=replies)
    made.attach_alternative(page, "text/html")
    return made


def _file(id: UUID, made: EmailMultiAlternatives) -> None:
    folder = _folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(folder / f"{id}.eml", os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(made.message().as_bytes())


def _folder() -> Path:
    return Path(settings.HOME) / "mail"


def _place(id: UUID, field: str) -> str:
    return f"kernel_letter:{id}:{field}"


@wrapped_keys.plug("kernel.mail")
def keys() -> WrappedColumn:
    return WrappedColumn(model=Letter, field="wrapped", place=lambda row: _place(row.pk, "wrapped"))
