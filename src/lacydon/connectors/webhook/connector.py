"""A request as a signed message to an address: Standard Webhooks (https://www.standardwebhooks.com/, kernel.webhooks).

The body is `{"type", "timestamp", "data"}`. The id of the message is the idempotency key: the same at each try, so that
the other side can know a message it has had already. What became of it, the other side tells at `data.callback`.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from pydantic import StringConstraints

from lacydon.capabilities.requests.public import (
    Channel,
    ChannelClosed,
    Health,
    News,
    Parcel,
    ParcelRefused,
    Receipt,
    channels,
    route_healths,
)
from lacydon.connectors import Check, check_of
from lacydon.kernel import clock, webhooks
from lacydon.kernel.errors import Refused
from lacydon.kernel.http import Answer, OutsideUnavailable, partner, partner_address
from lacydon.kernel.texts import Written

SUBMITTED: Final = "request.submitted"
PING: Final = "ping"
LONGEST: Final = 200
"""Characters of their number."""
NEVER: Final = frozenset({400, 413, 415, 422})
"""Answers about the message itself: it would be refused tomorrow too."""


class Settings(Written):
    """What deliveries.yaml says of such a route: where to send. The secret signs both ways."""

    url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    secret: str = ""


class Webhook(Channel):
    """The channel."""

    id = "webhook"
    title = _l("Webhook signé")
    shape = Settings
    secrets = frozenset({"secret"})

    def send(self, parcel: Parcel, settings: Settings) -> Receipt:
        callback = {"url": parcel.back.address, "token": parcel.back.token, "page": parcel.back.page}
        data = parcel.as_json() | {"callback": callback}
        answer = _post(settings, id=parcel.idempotency_key, kind=SUBMITTED, data=data)
        _refuse(answer)
        return Receipt(state="accepted", reference=parse(answer))

    def tell(self, parcel: Parcel, reference: str, news: News, settings: Settings) -> bool:
        """The same kind of message, of the type `request.message`, `request.withdrawn`…"""
        data = {
            "number": parcel.number,
            "reference": reference,
            "at": news.at.isoformat(),
            "message": news.words,
            "files": [file.as_json() for file in news.files],
        }
        _refuse(_post(settings, id=news.id, kind=f"request.{news.kind}", data=data))
        return True

    def check(self, settings: Settings) -> Health:
        """Send a signed `ping`."""
        try:
            answer = _post(settings, id=f"ping-{clock.now().isoformat()}", kind=PING, data={})
        except Refused as refusal:
            return Health(ok=False, sentence=str(refusal.sentence))
        if 200 <= answer.status < 300:
            return Health(ok=True, sentence=_("Le destinataire répond et accepte notre signature."))
        return Health(ok=False, sentence=_("Le destinataire a répondu %d à un essai.") % answer.status)


def _post(settings: Settings, *, id: str, kind: str, data: Mapping[str, Any]) -> Answer:
    """Raises OutsideUnavailable, AddressRefused, NoSecret."""
    message = {"type": kind, "timestamp": clock.now().isoformat(), "data": data}
    body = json.dumps(message, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": f'"{id}"',
        **webhooks.signed_headers(body, id=id, secret=settings.secret),
    }
    return partner(Webhook.id).request("POST", partner_address(settings.url), headers=headers, content=body)


def _refuse(answer: Answer) -> None:
    """Raises ChannelClosed, ParcelRefused, OutsideUnavailable for an answer that is not 2xx."""
    if answer.status == 410:
        raise ChannelClosed(_("Le destinataire ne veut plus rien recevoir à cette adresse (410)."))
    if answer.status in NEVER:
        raise ParcelRefused(_("Le destinataire refuse cette demande (%d).") % answer.status)
    if not 200 <= answer.status < 300:
        raise OutsideUnavailable(_("Le destinataire a répondu %d.") % answer.status)


def parse(answer: Answer) -> str:
    """Their number, when the answer is JSON that has one (`reference`, or `id`); empty otherwise."""
    try:
        told = answer.json()
    except OutsideUnavailable:
        return ""
    value = told.get("reference", told.get("id")) if isinstance(told, dict) else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    written = str(value).strip()
    return written if len(written) <= LONGEST else ""


def check() -> Check:
    """Each route that uses it."""
    return check_of(route_healths(Webhook.id))


channels.plug(Webhook())
