"""The mail of the tests, and what it takes to enter as somebody."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyotp
from django.test import Client

from lacydon.capabilities.trust.models import Person
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from tests.capabilities.trust.helping import Help

EMAIL = "nadia@exemple.fr"
PHRASE = "quatre bateaux rentrent au port"


@dataclass
class Mailbox:
    folder: Path
    read: Callable[[Path], EmailMessage]

    def letters(self, to: str = "") -> list[EmailMessage]:
        """Every message, or those to an address, first written first."""
        paths = sorted(self.folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
        found = [self.read(path) for path in paths]
        return [each for each in found if not to or each["To"] == to]

    def last(self, to: str = EMAIL) -> str:
        """The plain words of the last message to an address."""
        return words(self.letters(to)[-1])

    def link(self, to: str = EMAIL) -> str:
        """The path of the link in the last message to an address."""
        (found,) = re.findall(r"https?://\S+", self.last(to))
        return urlsplit(found).path

    def code(self, to: str = EMAIL) -> str:
        (found,) = re.findall(r"\b\d{6}\b", self.last(to))
        return found


def words(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def ask(browser: Client, email: str = EMAIL, **more: str) -> Any:
    return browser.post("/connexion/courriel", {"email": email} | more)


def enter(browser: Client, mailbox: Mailbox, email: str = EMAIL) -> str:
    """Enter by the link of an e-mail; the person."""
    ask(browser, email)
    answer = browser.post(mailbox.link(email))
    assert answer.status_code == 302, answer.content.decode()
    return str(browser.session["person"])


def helper_of(person: str) -> Actor:
    """Somebody who helps this person, a mandate that holds in hand."""
    there = Help()
    there.resident = Person.objects.get(pk=person)
    return there.in_hand(there.given())


def add_application(browser: Client, *, at: datetime | None = None) -> pyotp.TOTP:
    """Add an application of codes; it is given back with its first code used."""
    page = browser.get("/mon-espace/securite/application").content.decode()
    (secret,) = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)
    application = pyotp.TOTP(secret.replace(" ", ""))
    answer = browser.post("/mon-espace/securite/application", {"code": application.at(at or now())})
    assert answer.status_code == 302, answer.content.decode()
    return application
