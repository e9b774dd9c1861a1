"""PayFiP's web service: **fetch** an operation or its end, **parse** it, say so to requests (`PaymentProvider`).

The DGFiP's guide for web services (« Guide de mise en œuvre PayFiP, web service »): an operation may be entered for
fifteen minutes; its end can be asked for much longer, with or without a notification.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final, Literal
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from lacydon.capabilities.requests.public import (
    Order,
    PaymentRefused,
    PaymentResult,
    StartedPayment,
    payment_providers,
)
from lacydon.connectors import Check
from lacydon.kernel.clock import LOCAL, now
from lacydon.kernel.errors import Refused, Unavailable
from lacydon.kernel.http import HttpClient, Timeout

from .messages import Told, Unreadable, answer, question

OPEN_FOR: Final = timedelta(minutes=15)
LARGEST: Final = 200_000
"""Bytes of an answer: a real one has two thousand."""
PENDING: Final = frozenset({"P1", "P5"})
"""Refusals to tell an end that only say there is none yet."""
RESULTS: Final[Mapping[str, Literal["paid", "refused", "abandoned"]]] = {
    "P": "paid", "V": "paid", "A": "abandoned", "R": "refused", "Z": "refused",
}  # fmt: skip
MODES: Final = ("T", "X", "W")
ID: Final = re.compile(r"[A-Za-z0-9-]{8,80}")


class PayFip:
    """The provider of payments."""

    id = "payfip"

    @property
    def title(self) -> str:
        return "PayFiP" if settings.PAYFIP_MODE == "W" else _("PayFiP (essai, sans argent)")

    def serves(self, organisation: str) -> bool:
        return bool(settings.PAYFIP_URL) and organisation in clients()

    def start(self, order: Order) -> StartedPayment:
        number = clients().get(order.organisation)
        cents = order.amount * 100
        if not number or cents != int(cents) or not 100 <= cents <= 10_000_000:
            raise PaymentRefused(_("Le paiement en ligne va de 1 € à 100 000 € : voyez l’administration."))
        moment = now()
        told = ask(
            "creerPaiementSecurise",
            {
                "exer": str(moment.astimezone(LOCAL).year),
                "mel": order.payer,
                "montant": str(int(cents)),
                "numcli": number,
                "objet": plain(order.label),
                "refdet": order.reference,
                "saisie": mode(),
                "urlnotif": order.notify_url,
                "urlredirect": order.return_url,
            },
        )
        if told.code.startswith("T") and told.code[1:].isdigit():
            raise PaymentRefused(_("PayFiP refuse ce paiement (%s) : voyez l’administration.") % told.code)
        external_id = told.fields.get("idOp", "")
        if not ID.fullmatch(external_id):
            raise _nonsense()
        address = f"{settings.PAYFIP_PAGE}?{urlencode({'idop': external_id})}"
        return StartedPayment(external_id=external_id, address=address, open_until=moment + OPEN_FOR)

    def result(self, external_id: str) -> PaymentResult:
        told = ask("recupererDetailPaiementSecurise", {"idOp": external_id})
        return parse(told, external_id=external_id)


def parse(told: Told, *, external_id: str) -> PaymentResult:
    """What became of an operation. Raises Unavailable for anything that is not a clear answer about this one."""
    if told.code in PENDING:
        return PaymentResult(state="pending")
    fields = {name.lower(): value for name, value in told.fields.items()}
    state = RESULTS.get(fields.get("resultrans", ""))
    if told.code or state is None or fields.get("idop", external_id) != external_id:
        raise _nonsense()
    try:
        amount = Decimal(fields["montant"]) / 100
        if not amount.is_finite():
            raise InvalidOperation
    except (KeyError, InvalidOperation) as error:
        raise _nonsense() from error
    means = {"P": "card", "V": "debit"}.get(fields["resultrans"], "")
    facts = {"authorisation": fields.get("numauto", "")[:40], "means": means}
    return PaymentResult(
        state=state,
        reference=fields.get("refdet", ""),
        amount=amount,
        at=_moment(fields.get("dattrans", ""), fields.get("heurtrans", "")),
        facts={name: value for name, value in facts.items() if value},
    )


def ask(operation: str, fields: Mapping[str, str]) -> Told:
    """One call. Raises Unavailable: then nobody knows, and it is asked again later."""
    url = settings.PAYFIP_URL
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise Unavailable(_("LACYDON_PAYFIP_URL doit être une adresse https."))
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
    told = _client(parts.netloc).request("POST", url, headers=headers, content=question(operation, fields))
    try:
        return answer(told.content)
    except Unreadable as error:
        raise _nonsense() from error


def clients() -> dict[str, str]:
    """Organisation → its number at PayFiP (six figures at most)."""
    pairs = (each.partition("=") for each in settings.PAYFIP_CLIENTS.split(",") if each.strip())
    return {name.strip(): number.strip() for name, _sign, number in pairs if number.strip().isdecimal()}


def mode() -> str:
    """How far it is for real. Raises PaymentRefused when it is not said as it should."""
    if settings.PAYFIP_MODE not in MODES:
        raise PaymentRefused(_("LACYDON_PAYFIP_MODE doit être T, X ou W."))
    return str(settings.PAYFIP_MODE)


def plain(text: str) -> str:
    """Letters without accents, figures and spaces, a hundred at most: what the accountant's systems read."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^A-Za-z0-9 -]", " ", bare).split())[:99]


def check() -> Check:
    """Whether the service answers, without opening an operation."""
    if not settings.PAYFIP_URL:
        return Check(ok=None, sentence=_("LACYDON_PAYFIP_URL n’est pas réglé : rien ne se paie en ligne."))
    if not clients():
        return Check(ok=False, sentence=_("LACYDON_PAYFIP_CLIENTS ne nomme aucun organisme : aucun ne peut être payé."))
    try:
        mode()
        ask("recupererDetailPaiementSecurise", {"idOp": "00000000-0000-0000-0000-000000000000"})
    except Refused as refusal:
        return Check(ok=False, sentence=str(refusal.sentence))
    sentence = _("PayFiP répond, pour %(count)d organisme(s), en mode %(mode)s.")
    return Check(ok=True, sentence=sentence % {"count": len(clients()), "mode": mode()})


@lru_cache(maxsize=4)
def _client(host: str) -> HttpClient:
    return HttpClient(
        name="payfip",
        timeout=Timeout(connect=5.0, read=20.0, total=30.0),
        retries=0,
        largest=LARGEST,
        allowed=[host],
        readable=[500],  # SOAP 1.1 gives its faults with that status
    )


def _moment(day: str, hour: str) -> datetime | None:
    """« 28112026 », « 1435 », on the clocks of Paris; None when it is not written so, or in the future."""
    try:
        found = datetime.strptime(day + hour, "%d%m%Y%H%M").replace(tzinfo=LOCAL).astimezone(UTC)
    except ValueError:
        return None
    return found if found <= now() + timedelta(minutes=5) else None


def _nonsense() -> Unavailable:
    return Unavailable(_("PayFiP ne répond pas comme il faut : réessayez dans quelques minutes."))


payment_providers.plug(PayFip())
