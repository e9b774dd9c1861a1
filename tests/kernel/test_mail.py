"""Mail: sealed while it waits, sent to a real server, tried again, and kept on the machine when there is none."""

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from lacydon.kernel import jobs, mail, sealing
from lacydon.kernel.mail import Link, Message, deliver, post
from lacydon.kernel.models import Letter
from lacydon.kernel.rotation import rotate
from tests.product import free_port

MESSAGE = Message(
    to="nadia@exemple.fr",
    subject="Votre lien pour entrer, à l’été",
    paragraphs=("Vous avez demandé <à> entrer.",),
    action=Link("Entrer", "https://lacydon.example/connexion/courriel/abc_DEF-1?a=1&b=2"),
    code="042137",
    after=("Sinon, rien.",),
)


class Server:
    """What a mail server was handed; `refusing`: how many messages it refuses first."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.refusing = 0
        self.logged_in: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refusing:
            self.refusing -= 1
            return "451 Try again"
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"

    def login(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.logged_in.append(data.login + b":" + data.password)
        return AuthResult(success=data.password == b"p@ss")


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    """A real SMTP server on the loopback, that asks for a name and a password."""
    held = Server()
    controller = Controller(
        held, hostname="127.0.0.1", port=free_port(), authenticator=held.login, auth_require_tls=False
    )
    controller.start()
    settings.MAIL_URL = f"smtp://lacydon:p%40ss@127.0.0.1:{controller.port}/?tls=none"
    settings.DEFAULT_FROM_EMAIL = "Lacydon <bonjour@lacydon.example>"
    yield held
    controller.stop()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Move the clock of the queue and of mail forward: `later(seconds)`."""
    start = timezone.now()

    def move(seconds: float) -> None:
        moment = start + timedelta(seconds=seconds)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        for module in (jobs, mail):
            monkeypatch.setattr(module, "now", lambda: moment)

    return move


@pytest.mark.django_db(transaction=True)
class TestServer:
    def test_a_message_arrives_in_words_and_as_a_page(self, server):
        post(MESSAGE)
        jobs.work(once=True)
        (found,) = server.received
        assert (found["To"], found["Subject"]) == (MESSAGE.to, MESSAGE.subject)
        assert found["From"] == "Lacydon <bonjour@lacydon.example>"
        assert found["Auto-Submitted"] == "auto-generated"
        assert found["Message-ID"].endswith("@lacydon.example>")
        plain, page = (found.get_body((kind,)) for kind in ("plain", "html"))
        assert plain is not None and page is not None
        said = plain.get_content()
        assert "<à> entrer" in said and "042137" in said and MESSAGE.action.address in said
        written = page.get_content()
        assert "&lt;à&gt; entrer" in written and 'lang="fr"' in written and "a=1&amp;b=2" in written
        assert server.logged_in == [b"lacydon:p@ss"]

    def test_nothing_of_it_is_left(self, server):
        post(MESSAGE)
        jobs.work(once=True)
        assert not Letter.objects.exists()

    def test_nobody_reads_it_while_it_waits(self, server):
        id = post(MESSAGE)
        row, queued = Letter.objects.get(), DBTaskResult.objects.get()
        held = bytes(row.sealed) + bytes(row.wrapped)
        for secret in (b"nadia", b"042137", b"abc_DEF", b"entrer"):
            assert secret not in held
        assert queued.args_kwargs == {"args": [], "kwargs": {"letter": id}}

    def test_what_is_refused_is_tried_again(self, server, later):
        server.refusing = 2
        post(MESSAGE)
        for seconds in (0.001, 11, 35):
            later(seconds)
            jobs.work(once=True)
        assert len(server.received) == 1
        assert not Letter.objects.exists()

    def test_a_server_that_is_away_loses_nothing(self, server, settings, later):
        there = settings.MAIL_URL
        settings.MAIL_URL = f"smtp://127.0.0.1:{free_port()}/?tls=none"
        post(MESSAGE)
        later(0.001)
        jobs.work(once=True)
        assert Letter.objects.count() == 1
        settings.MAIL_URL = there
        later(11)
        jobs.work(once=True)
        assert len(server.received) == 1

    def test_what_would_come_too_late_is_not_sent(self, server, later):
        post(MESSAGE, good_for=timedelta(minutes=15))
        later(901)
        jobs.work(once=True)
        assert (server.received, Letter.objects.count(), jobs.counts().dead) == ([], 0, 0)

    def test_a_job_that_runs_twice_sends_once(self, server):
        id = post(MESSAGE)
        deliver.func(letter=id)
        deliver.func(letter=id)
        assert len(server.received) == 1

    def test_it_goes_with_its_transaction(self, server):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            post(MESSAGE)
            raise ZeroDivisionError
        jobs.work(once=True)
        assert server.received == []

    def test_it_waits_through_a_rotation_of_the_keys(self, server, settings, tmp_path):
        settings.KEYS = tmp_path / "keys"
        post(MESSAGE)
        before = sealing.ring().newest.id
        rotate()
        assert sealing.kek_of(bytes(Letter.objects.get().wrapped)) == sealing.ring().newest.id != before
        jobs.work(once=True)
        assert len(server.received) == 1

    def test_a_line_end_in_an_address_adds_no_header(self, server):
        id = post(Message(to="a@exemple.fr\nBcc: x@y.fr", subject="x", paragraphs=()))
        with pytest.raises((ValueError, smtplib.SMTPException)):
            deliver.func(letter=id)
        assert server.received == []


@pytest.mark.django_db(transaction=True)
class TestFolder:
    def test_without_a_server_it_is_a_file_its_owner_reads(self, settings, tmp_path):
        settings.HOME = tmp_path
        id = post(MESSAGE)
        path = tmp_path / "mail" / f"{id}.eml"
        assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        found = mail.filed(id)
        assert found is not None and found["To"] == MESSAGE.to
        assert (Letter.objects.count(), jobs.counts().waiting) == (0, 0)

    def test_what_is_rolled_back_is_not_written(self, settings, tmp_path):
        settings.HOME = tmp_path
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            post(MESSAGE)
            raise ZeroDivisionError
        assert not (tmp_path / "mail").exists()

    @pytest.mark.parametrize("id", ["", "x", "../secret-key", "00000000-0000-4000-8000-000000000000"])
    def test_nothing_else_is_read(self, settings, tmp_path: Path, id: str):
        settings.HOME = tmp_path
        assert mail.filed(id) is None


class TestAddress:
    @pytest.mark.parametrize(
        ("url", "port", "starttls", "implicit"),
        [
            ("smtp://h", 587, True, False),
            ("smtp://h/?tls=implicit", 465, False, True),
            ("smtp://h/?tls=none", 25, False, False),
            ("smtp://u:p@h:2525/?tls=starttls", 2525, True, False),
        ],
    )
    def test_how_to_reach_the_server(self, url, port, starttls, implicit):
        found = mail.transport(url)
        assert (found["port"], found["use_tls"], found["use_ssl"]) == (port, starttls, implicit)

    @pytest.mark.parametrize("url", ["http://h", "smtp://", "h:25", "smtp://h/?tls=maybe"])
    def test_what_cannot_be_read_says_how_it_is_written(self, url):
        with pytest.raises(ValueError, match="smtp://user:password@host:port"):
            mail.transport(url)
