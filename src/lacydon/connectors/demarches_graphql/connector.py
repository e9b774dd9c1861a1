"""demarche.numerique.gouv.fr: a file is prefilled there, the resident finishes it there, we follow it by GraphQL.

That platform lets nobody make a file for somebody else: the public API of prefilling gives an address where the
resident signs in, finds the answers, and submits. Until then nobody sees the file, and one that nobody takes is deleted
there: so a second prefilling after a lost answer harms nobody, only the last address is shown. Documents cannot be
prefilled; once the file is submitted they are uploaded (createDirectUpload) and sent as messages of an instructor, if
the route names one.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from pydantic import Field, StringConstraints

from lacydon.capabilities.requests.public import (
    Channel,
    Health,
    Parcel,
    ParcelRefused,
    Receipt,
    Status,
    channels,
    route_healths,
)
from lacydon.connectors import Check, check_of
from lacydon.kernel.errors import Refused
from lacydon.kernel.http import Answer, OutsideUnavailable, partner, partner_address
from lacydon.kernel.texts import Written

from .answers import parse_dossier, parse_prefilled
from .uploads import bring

DOSSIER: Final = """
query dossier($number: Int!) {
  dossier(number: $number) {
    id
    state
    dateDerniereModification
    motivation
    messages { id body }
  }
}
"""
DEMARCHE: Final = "query demarche($number: Int!) { demarche(number: $number) { id title state } }"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Settings(Written):
    """What deliveries.yaml says of such a route.

    `url`: of the platform; `demarche`: its number there; `fields`: for each of their fields (`champ_…`), the field of
    our form that answers it, or `@number`; `instructor`: the id of the instructor in whose name documents are sent.
    """

    url: Text
    demarche: Annotated[int, Field(ge=1)]
    fields: dict[Annotated[str, StringConstraints(pattern=r"^champ_[A-Za-z0-9_=-]+$")], Text] = {}
    instructor: str = ""
    token: str = ""


class Demarches(Channel):
    """The channel."""

    id = "demarches_graphql"
    title = _l("demarche.numerique.gouv.fr")
    shape = Settings
    secrets = frozenset({"token"})
    pulls = True

    def send(self, parcel: Parcel, settings: Settings) -> Receipt:
        """Prefill a file; the resident gets its address."""
        values = {field: _value(parcel, name) for field, name in settings.fields.items()}
        told = {field: value for field, value in values.items() if value not in (None, "", [])}
        address = f"{partner_address(settings.url)}/api/public/v1/demarches/{settings.demarche}/dossiers"
        answer = _sent("POST", address, told, token="")
        if answer.status in (400, 422):
            raise ParcelRefused(_("La plateforme refuse ce préremplissage (%d).") % answer.status)
        if answer.status not in (200, 201):
            raise OutsideUnavailable(_("La plateforme a répondu %d.") % answer.status)
        number, leads_to = parse_prefilled(answer.json(), base=partner_address(settings.url))
        return Receipt(state="sent", reference=number, leads_to=leads_to)

    def pull(self, reference: str, settings: Settings) -> Status | None:
        """What became of the file; None until the resident has submitted it, for nobody sees it before."""
        told = asked(settings, DOSSIER, {"number": int(reference)}, missing_is_none=True)
        return parse_dossier(told, instructor=settings.instructor)

    def hand_files(self, parcel: Parcel, reference: str, settings: Settings) -> None:
        """Send each document as a message; those that a message there names already are not sent again."""
        if settings.instructor:
            bring(parcel, reference=reference, settings=settings, ask=asked, query=DOSSIER)

    def check(self, settings: Settings) -> Health:
        """Ask for the démarche."""
        try:
            told = asked(settings, DEMARCHE, {"number": settings.demarche})
        except Refused as refusal:
            return Health(ok=False, sentence=str(refusal.sentence))
        found = told.get("demarche")
        title = found.get("title") if isinstance(found, dict) else None
        if not isinstance(title, str):
            return Health(ok=False, sentence=_("La plateforme ne montre pas la démarche %d.") % settings.demarche)
        return Health(ok=True, sentence=_("La plateforme répond : « %s ».") % title[:200])


def asked(
    settings: Settings, query: str, variables: Mapping[str, Any], *, missing_is_none: bool = False
) -> Mapping[str, Any]:
    """The `data` of a GraphQL answer. Raises OutsideUnavailable; with `missing_is_none`, not for what is not there."""
    if not settings.token:
        raise OutsideUnavailable(_("Le jeton de cette destination (token) manque."))
    address = f"{partner_address(settings.url)}/api/v2/graphql"
    answer = _sent("POST", address, {"query": query, "variables": dict(variables)}, token=settings.token)
    if answer.status != 200:
        raise OutsideUnavailable(_("La plateforme a répondu %d.") % answer.status)
    told = answer.json()
    if not isinstance(told, dict):
        raise OutsideUnavailable(_("La plateforme a répondu autre chose que du GraphQL."))
    if errors := told.get("errors"):
        first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
        code = first.get("extensions", {}).get("code") if isinstance(first.get("extensions"), dict) else None
        if missing_is_none and code == "not_found":
            return {}
        raise OutsideUnavailable(_("La plateforme refuse la question : %s") % str(first.get("message", ""))[:200])
    data = told.get("data")
    return data if isinstance(data, dict) else {}


def _sent(method: str, address: str, body: Any, *, token: str) -> Answer:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return partner(Demarches.id).request(method, address, headers=headers, content=json.dumps(body).encode())


def _value(parcel: Parcel, name: str) -> Any:
    """An answer as the prefilling takes it: text, true or false, a list of texts."""
    value = parcel.number if name == "@number" else parcel.answers.get(name)
    if isinstance(value, Mapping):
        return value.get("label")
    if isinstance(value, list):
        return [str(each) for each in value if not isinstance(each, Mapping)]
    return value if isinstance(value, bool) or value is None else str(value)


def check() -> Check:
    """Each route that uses it."""
    return check_of(route_healths(Demarches.id))


channels.plug(Demarches())
