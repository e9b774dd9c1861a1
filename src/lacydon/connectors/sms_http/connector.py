"""A gateway of text messages, as those of French operators are asked: one POST of JSON for each message.

The shape is that of Brevo's transactional SMS (https://developers.brevo.com/reference/send-transac-sms): header
`api-key`; `sender`, `recipient` (E.164 without its +), `content`, `type`, `tag`; the answer 201 has `messageId`.
A gateway of the same shape is a matter of address; one of another shape is another connector.
"""

import json
import re
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from lacydon.connectors import Check
from lacydon.kernel.errors import Refused
from lacydon.kernel.http import Answer, HttpClient, OutsideUnavailable, Timeout
from lacydon.kernel.plugs import texters
from lacydon.kernel.texting import Text, TextRefused, plain

TIMEOUT: Final = Timeout(connect=3, read=10, total=15)
LARGEST: Final = 100_000
NEVER: Final = frozenset({400, 402, 404, 413, 415, 422})
"""Answers about the message or the account: tomorrow's would be the same."""
NUMBER: Final = re.compile(r"\+[1-9]\d{6,14}")
SENDER: Final = re.compile(r"[A-Za-z0-9 ]{3,11}")
client = HttpClient(name="sms", timeout=TIMEOUT, largest=LARGEST, retries=0)


class Gateway:
    """The gateway that the settings name."""

    def is_on(self) -> bool:
        return bool(settings.SMS_URL)

    def send(self, text: Text) -> str:
        """Its number for the message. Raises TextRefused, OutsideUnavailable, AddressRefused."""
        if not NUMBER.fullmatch(text.to):
            raise TextRefused(_("Ce numéro de téléphone ne peut pas recevoir de SMS."))
        return parse(_post(text))


def _post(text: Text) -> Answer:
    message = {
        "sender": settings.SMS_SENDER,
        "recipient": text.to.removeprefix("+"),
        "content": plain(text.words),
        "type": "transactional",
        "tag": text.reference,
    }
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "api-key": settings.SMS_KEY,
        "Idempotency-Key": text.reference,
    }
    return client.request("POST", settings.SMS_URL, headers=headers, content=json.dumps(message).encode())


def parse(answer: Answer) -> str:
    """The gateway's number. Raises TextRefused when it will never send it, OutsideUnavailable otherwise."""
    if answer.status in NEVER:
        raise TextRefused(_("La passerelle de SMS refuse ce message (%d).") % answer.status)
    if answer.status not in (200, 201, 202):
        raise OutsideUnavailable(_("La passerelle de SMS a répondu %d.") % answer.status)
    told: Any = answer.json()
    number = told.get("messageId") if isinstance(told, dict) else None
    if isinstance(number, bool) or not isinstance(number, int | str) or not str(number):
        raise OutsideUnavailable(_("La passerelle de SMS n’a pas donné de numéro au message."))
    return str(number)[:100]


def check() -> Check:
    """Whether the settings hold, and the gateway answers: a message without a recipient is refused, none is sent."""
    if not settings.SMS_URL:
        return Check(ok=None, sentence=_("LACYDON_SMS_URL n’est pas réglé : aucun SMS n’est envoyé ni proposé."))
    if not settings.SMS_KEY or not SENDER.fullmatch(settings.SMS_SENDER):
        told = _("Il faut LACYDON_SMS_KEY, et LACYDON_SMS_SENDER de 3 à 11 lettres et chiffres.")
        return Check(ok=False, sentence=told)
    try:
        answer = _post(Text(to="", words="", reference="check"))
    except Refused as refusal:
        return Check(ok=False, sentence=str(refusal.sentence))
    if answer.status in (400, 422):
        return Check(ok=True, sentence=_("La passerelle de SMS répond et connaît notre clé."))
    return Check(
        ok=False, sentence=_("La passerelle de SMS a répondu %d à un essai : la clé est-elle bonne ?") % answer.status
    )


_plugged = Gateway()


@texters.plug("sms_http")
def sms_http() -> Gateway:
    return _plugged
