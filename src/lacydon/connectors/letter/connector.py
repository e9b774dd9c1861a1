"""A request as an e-mail: in words, as JSON, as a page to file away, with its documents.

The town hall needs no account: a secret link in the message says that it is received, in progress or done, and an
answer by mail is read too. Mail has no key that makes a second one harmless; but each try carries the same Message-ID,
by which most servers of mail drop the second.
"""

import json
from collections.abc import Iterable
from typing import Annotated, Final
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings as installation
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from pydantic import Field, StringConstraints

from lacydon.capabilities.requests.public import (
    Channel,
    Health,
    News,
    Parcel,
    ParcelFile,
    ParcelRefused,
    Receipt,
    channels,
    route_healths,
)
from lacydon.connectors import Check, check_of
from lacydon.kernel.mail import Attached, Link, Message, Undeliverable, hand_over, reachable
from lacydon.kernel.texts import Written

from .sheet import sheet

MEGABYTE: Final = 1_000_000
LANG: Final = "fr"
"""The language of town halls, whatever the resident's."""
Left = list[tuple[str, str]]
"""Files too large for a message: names and addresses."""


class Settings(Written):
    """What deliveries.yaml says of such a route: the mailbox, and how much it takes in one message."""

    to: Annotated[str, StringConstraints(pattern=r"^[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\"]+$", max_length=254)]
    largest_mb: Annotated[int, Field(ge=1, le=25)] = 8


class Letter(Channel):
    """The channel."""

    id = "letter"
    title = _l("Courriel")
    shape = Settings

    def send(self, parcel: Parcel, settings: Settings) -> Receipt:
        files, left = _fitting(parcel.files, largest=settings.largest_mb * MEGABYTE)
        with translation.override(LANG):
            message = _first(parcel, to=settings.to, left=left)
            reference = _given(message, parcel.idempotency_key, [*_paper(parcel), *files])
        return Receipt(state="sent", facts={"message": reference})

    def tell(self, parcel: Parcel, reference: str, news: News, settings: Settings) -> bool:  # noqa: ARG002
        """A message that stands beside the first one, by its subject."""
        files, left = _fitting(news.files, largest=settings.largest_mb * MEGABYTE)
        with translation.override(LANG):
            said = (each for each in (str(news.title), news.words) if each)
            _given(_message(parcel, *said, to=settings.to, left=left), news.id, files)
        return True

    def check(self, settings: Settings) -> Health:
        """Whether the mail server would take a message; nobody can ask a mailbox whether it is read."""
        if not installation.MAIL_URL:
            sentence = _("LACYDON_MAIL_URL n’est pas réglé : les courriels restent dans un dossier, rien ne part.")
            return Health(ok=False, sentence=sentence)
        if why := reachable():
            return Health(ok=False, sentence=why)
        return Health(ok=True, sentence=_("Le serveur de courrier répond ; la boîte est %s.") % settings.to)


def _first(parcel: Parcel, *, to: str, left: Left) -> Message:
    """What the town hall reads of a request."""
    facts = [(_("Numéro"), parcel.number)]
    if parcel.address:
        facts.append((_("Lieu"), parcel.address))
    if parcel.contact:
        told = (f"{parcel.contact.given_name} {parcel.contact.family_name}".strip(), parcel.contact.email)
        facts.append((_("Pour répondre à la personne"), ", ".join(filter(None, (*told, parcel.contact.phone)))))
    else:
        facts.append((_("Pour répondre à la personne"), _("par la plateforme seulement : son adresse reste chez elle")))
    beside = _("Le fichier %s.json contient la même demande, pour votre logiciel.") % parcel.number
    opening = _("Une personne vous adresse cette demande par la plateforme du territoire.")
    return _message(parcel, opening, to=to, left=left, facts=(*facts, *parcel.words), beside=(beside,))


def _message(
    parcel: Parcel,
    *paragraphs: str,
    to: str,
    left: Left,
    facts: tuple[tuple[str, str], ...] = (),
    beside: tuple[str, ...] = (),
) -> Message:
    """One of the messages about a request: their subject is the same, and all lead to the page where one answers."""
    title = {"number": parcel.number, "title": " ".join(parcel.title.split())}
    elsewhere = _("Trop grand pour ce message, à prendre ici : %(name)s, %(address)s")
    return Message(
        to=to,
        subject=_("Demande %(number)s : %(title)s") % title,
        paragraphs=paragraphs,
        facts=facts,
        action=Link(_("Dire que c’est reçu, en cours ou fait"), parcel.back.page) if parcel.back.page else None,
        after=(*beside, *(elsewhere % {"name": name, "address": address} for name, address in left)),
        reply_to=parcel.back.mail,
    )


def _given(message: Message, id: str, files: list[Attached]) -> str:
    """The Message-ID under which the mail server took it. Raises Unavailable, ParcelRefused."""
    try:
        return hand_over(message, id=uuid5(NAMESPACE_URL, id), files=files)
    except Undeliverable as refusal:
        raise ParcelRefused(refusal.sentence) from refusal


def _paper(parcel: Parcel) -> list[Attached]:
    """The request for a machine, and as a page to file away."""
    written = json.dumps(parcel.as_json(), ensure_ascii=False, indent=2).encode()
    return [
        Attached(name=f"{parcel.number}.json", media_type="application/json", content=written),
        Attached(name=f"{parcel.number}.html", media_type="text/html", content=sheet(parcel).encode()),
    ]


def _fitting(given: Iterable[ParcelFile], *, largest: int) -> tuple[list[Attached], Left]:
    """The files that go with a message, and those left out of it.

    Raises ParcelRefused when one is too large and has no address: half a request would be worse than a dead letter.
    """
    size, files, left = 0, [], []
    for file in given:
        if size + file.size <= largest:
            size += file.size
            files.append(Attached(name=file.name, media_type=file.media_type, content=file.load()))
        elif file.address:
            left.append((file.name, file.address))
        else:
            raise ParcelRefused(_("« %s » est trop grand pour un courriel.") % file.name)
    return files, left


def check() -> Check:
    """Each route that uses it."""
    return check_of(route_healths(Letter.id))


channels.plug(Letter())
