"""The structured e-mail against a real mail server on this machine."""

import json
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from lacydon.capabilities.requests.public import ParcelRefused, Return
from lacydon.connectors import FOLDER
from lacydon.connectors.letter.connector import Letter, Settings
from lacydon.kernel import mail
from lacydon.kernel.errors import Unavailable
from tests.connectors import parcels
from tests.product import free_port

channel = Letter()
WAY = Settings(to="accueil@olivette.example")


class Mailbox:
    """What the mail server was handed; `answer` replaces what it says to a recipient, `about_message` to a message."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.answer, self.about_message = "250 OK", "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.about_message.startswith("250"):
            self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.about_message


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    held = Mailbox()
    controller = Controller(held, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.MAIL_URL = f"smtp://127.0.0.1:{controller.port}/?tls=none"
    settings.DEFAULT_FROM_EMAIL = "Lacydon <bonjour@lacydon.example>"
    yield held
    controller.stop()


def files_of(message: EmailMessage) -> dict[str, Any]:
    return {str(part.get_filename()): part.get_content() for part in message.iter_attachments()}


def test_a_town_hall_reads_it_and_so_does_a_machine(mailbox):
    back = Return(page="https://lacydon.example/livraisons/reponse/1/x", mail="reponses+abc@lacydon.example")
    receipt = channel.send(parcels.parcel(files=(parcels.photo(),), contact=parcels.CONTACT, back=back), WAY)
    assert (receipt.state, receipt.reference) == ("sent", "")
    [message] = mailbox.received
    assert (message["To"], message["Reply-To"]) == (WAY.to, back.mail)
    assert message["Subject"] == "Demande R-2026-7KQ4M2\u00a0: Bac cassé"
    plain, page = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for told in (parcels.NUMBER, "Le couvercle est arraché.", "12 Rue de la République", back.page, "nadia@exemple.fr"):
        assert told in plain and told in page
    assert "Votre réponse à ce message sera lue" in plain and "ne répondez pas" not in plain
    files = files_of(message)
    assert json.loads(files[f"{parcels.NUMBER}.json"])["number"] == parcels.NUMBER
    assert "Quelle taille ?" in files[f"{parcels.NUMBER}.html"]
    assert files["bac « vert ».jpeg"] == parcels.PHOTO


def test_who_did_not_agree_is_not_named_and_nobody_is_asked_to_answer(mailbox):
    channel.send(parcels.parcel(back=Return()), WAY)
    [message] = mailbox.received
    plain = message.get_body(("plain",)).get_content()
    assert "son adresse reste chez elle" in plain and "ne répondez pas" in plain
    assert message["Reply-To"] is None


def test_each_try_has_the_same_message_id(mailbox):
    for _try in range(2):
        channel.send(parcels.parcel(), WAY)
    channel.send(parcels.parcel(idempotency_key="another"), WAY)
    one, two, three = (message["Message-ID"] for message in mailbox.received)
    assert one == two != three


def test_what_a_resident_wrote_is_text_wherever_it_goes(mailbox):
    trap = "<script>alert(1)</script>\r\nBcc: x@y.example"
    channel.send(parcels.parcel(title=trap, words=((trap, trap),), description=trap), WAY)
    [message] = mailbox.received
    assert message["Bcc"] is None and "<script>" not in message.get_body(("html",)).get_content()
    assert "<script>" not in files_of(message)[f"{parcels.NUMBER}.html"]


def test_a_file_too_large_for_mail_is_fetched(mailbox):
    large = parcels.photo(b"x" * 3_000_000, name="plan.pdf", address="https://lacydon.example/livraisons/pieces/y")
    channel.send(parcels.parcel(files=(large, parcels.photo())), Settings(to=WAY.to, largest_mb=1))
    [message] = mailbox.received
    assert "plan.pdf" not in files_of(message) and "bac « vert ».jpeg" in files_of(message)
    assert large.address in message.get_body(("plain",)).get_content()


def test_half_a_request_is_never_sent(mailbox):
    large = parcels.photo(b"x" * 3_000_000, address="")
    with pytest.raises(ParcelRefused, match="trop grand"):
        channel.send(parcels.parcel(files=(large,)), Settings(to=WAY.to, largest_mb=1))
    assert mailbox.received == []


def test_what_the_resident_does_since_is_a_message_beside(mailbox):
    assert channel.tell(parcels.parcel(), "", parcels.news(files=(parcels.photo(),)), WAY) is True
    channel.send(parcels.parcel(), WAY)
    news, first = mailbox.received
    assert news["Subject"] == first["Subject"] and news["Message-ID"] != first["Message-ID"]
    plain = news.get_body(("plain",)).get_content()
    assert "L’habitant écrit" in plain and "Il est toujours là." in plain and parcels.parcel().back.page in plain
    assert list(files_of(news)) == ["bac « vert ».jpeg"]


@pytest.mark.parametrize(
    ("to_whom", "about_message", "kind"),
    [
        ("550 No such user", "250 OK", ParcelRefused),
        ("450 Busy", "250 OK", Unavailable),
        ("250 OK", "554 Spam", ParcelRefused),
        ("250 OK", "451 Try again", Unavailable),
    ],
)
def test_what_the_mail_server_says_is_for_good_or_not(mailbox, to_whom, about_message, kind):
    mailbox.answer, mailbox.about_message = to_whom, about_message
    with pytest.raises(kind):
        channel.send(parcels.parcel(), WAY)


def test_a_mail_server_that_is_away_is_tried_again(settings):
    settings.MAIL_URL = f"smtp://127.0.0.1:{free_port()}/?tls=none"
    with pytest.raises(Unavailable):
        channel.send(parcels.parcel(), WAY)
    assert not channel.check(WAY).ok


def test_check_asks_the_mail_server(mailbox, settings):
    assert channel.check(WAY).ok
    settings.MAIL_URL = ""
    assert not channel.check(WAY).ok


def test_without_a_mail_server_it_is_one_file_whatever_the_tries(settings, tmp_path):
    settings.MAIL_URL, settings.HOME = "", tmp_path
    for _try in range(2):
        receipt = channel.send(parcels.parcel(), WAY)
    [path] = (tmp_path / "mail").iterdir()
    assert mail.filed(path.stem)["Message-ID"] == receipt.facts["message"]


@pytest.mark.parametrize("to", ["", "mairie", "a@b", "a@b.fr, c@d.fr", "A <a@b.fr>", "a@b.fr\nBcc: c@d.fr"])
def test_one_mailbox_and_nothing_else(to):
    with pytest.raises(ValueError, match="to"):
        Settings(to=to)


def test_the_sample_is_such_a_message():
    message = message_from_bytes((FOLDER / "letter" / "samples" / "request.eml").read_bytes(), policy=policy.default)
    assert message["Subject"].startswith("Demande R-2026-") and len(files_of(message)) == 2
