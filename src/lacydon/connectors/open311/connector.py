"""A client of Open311 GeoReport v2: POST requests, tokens, GET requests, and updates where they are offered.

Specification: https://wiki.open311.org/GeoReport_v2/ (JSON form). The protocol has no key that makes a second POST
harmless, so each description ends with our number; before a request is sent again, it is looked for there.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from pydantic import StringConstraints

from lacydon.capabilities.requests.public import (
    Channel,
    Health,
    News,
    Parcel,
    ParcelRefused,
    Receipt,
    Status,
    channels,
    masked,
    route_healths,
)
from lacydon.connectors import Check, check_of
from lacydon.kernel import clock
from lacydon.kernel.errors import Refused
from lacydon.kernel.http import Answer, OutsideUnavailable, partner, partner_address
from lacydon.kernel.texts import Written

from .answers import found, parse_made, parse_services, parse_status, parse_token, parse_updates
from .multipart import multipart

LONGEST: Final = 4_000
"""Characters of a description (GeoReport v2, POST Service Request)."""
SKEW: Final = timedelta(days=1)
"""How wrong the other side's clock may be when a request is looked for by its date."""
PAGES: Final = 10
MOST_MEDIA: Final = 10_000_000
"""Bytes of files sent with one request; those beyond are left to `media_url`, or to the platform."""
PROVISIONAL: Final = "token:"
"""How a reference begins while the other side has given a token only."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Settings(Written):
    """What deliveries.yaml says of such a route.

    `services`: their service_code for our services (else ours is sent); `attributes`: for each of their attributes, the
    field of the form that answers it; `media`: `url` (media_url, GeoReport v2) or `multipart` (the extension of several
    servers) or `none`; `updates`: servicerequestupdates is offered; `statuses`: what their own words mean.
    """

    url: Text
    jurisdiction: str = ""
    services: dict[str, Text] = {}
    attributes: dict[str, Text] = {}
    media: Literal["none", "url", "multipart"] = "url"
    updates: bool = False
    statuses: dict[str, Literal["received", "in-progress", "waiting", "solved", "unsolved", "duplicate"]] = {}
    api_key: str = ""


class Open311(Channel):
    """The channel."""

    id = "open311"
    title = _l("Open311")
    shape = Settings
    secrets = frozenset({"api_key"})
    pulls = True
    carries = "open-text"

    def send(self, parcel: Parcel, settings: Settings) -> Receipt:
        """POST it, unless it is found there already."""
        if parcel.tried_at is not None and (reference := self._found_there(parcel, settings)):
            return Receipt(state="accepted", reference=reference, facts={"found": True})
        body, media_type = _body(parcel, settings)
        answer = partner(self.id).request(
            "POST",
            f"{partner_address(settings.url)}/requests.json",
            headers={"Content-Type": media_type, "Accept": "application/json"},
            content=body,
        )
        _refuse(answer, settings)
        reference, token, notice = parse_made(answer.json())
        facts = {"notice": notice} if notice else {}
        if reference:
            return Receipt(state="accepted", reference=reference, facts=facts)
        return Receipt(state="sent", reference=f"{PROVISIONAL}{token}", facts=facts)

    def pull(self, reference: str, settings: Settings) -> Status | None:
        if reference.startswith(PROVISIONAL):
            real = parse_token(_get(f"tokens/{_quoted(reference.removeprefix(PROVISIONAL))}", settings).json())
            if not real:
                return None
            told = self.pull(real, settings)
            return Status(state="received", reference=real) if told is None else _with_reference(told, real)
        if settings.updates:
            answer = _get("servicerequestupdates", settings, service_request_id=reference)
            if told := parse_updates(answer.json(), reference=reference, statuses=settings.statuses):
                return told
        answer = _get(f"requests/{_quoted(reference)}", settings)
        return parse_status(answer.json(), reference=reference, statuses=settings.statuses)

    def tell(self, parcel: Parcel, reference: str, news: News, settings: Settings) -> bool:  # noqa: ARG002
        """POST servicerequestupdates, where it is offered (the extension of FixMyStreet)."""
        if not settings.updates or not reference or reference.startswith(PROVISIONAL):
            return False
        closed = news.kind == "withdrawn"
        fields = {
            "api_key": settings.api_key,
            "jurisdiction_id": settings.jurisdiction,
            "service_request_id": reference,
            "update_id": news.id,
            "updated_datetime": _w3c(news.at),
            "status": "CLOSED" if closed else "OPEN",
            "description": masked(news.words)[:LONGEST] or str(news.title),
            "media_url": next((file.address for file in news.files if file.address), ""),
        }
        answer = partner(self.id).request(
            "POST",
            f"{partner_address(settings.url)}/servicerequestupdates.json",
            headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
            content=urlencode({name: value for name, value in fields.items() if value}).encode(),
        )
        if answer.status in (404, 405, 501):
            return False
        _refuse(answer, settings)
        return True

    def check(self, settings: Settings) -> Health:
        """Ask for the list of services, and look for those we send to."""
        try:
            theirs = parse_services(_get("services", settings).json())
        except Refused as refusal:
            return Health(ok=False, sentence=str(refusal.sentence))
        missing = sorted(set(settings.services.values()) - theirs)
        if missing:
            return Health(ok=False, sentence=_("Ce serveur n’a pas les services %s.") % ", ".join(missing))
        return Health(ok=True, sentence=_("Le serveur répond : %d services.") % len(theirs))

    def _found_there(self, parcel: Parcel, settings: Settings) -> str:
        """Their number for a parcel that may have arrived before its answer was lost; empty when it is not there.

        A server that has no such list cannot be asked: sending twice is then better than not at all.
        """
        assert parcel.tried_at is not None
        asked = {
            "service_code": settings.services.get(parcel.service, parcel.service),
            "start_date": _w3c(parcel.tried_at - SKEW),
            "end_date": _w3c(clock.now() + SKEW),
        }
        seen: Any = None
        for page in range(1, PAGES + 1):
            answer = _get("requests", settings, allowed=NO_LIST, **asked, page=str(page), page_size="200")
            if answer.status in NO_LIST:
                return ""
            listed = answer.json()
            if reference := found(listed, ending=_signature(parcel)):
                return reference
            if not listed or listed == seen:  # the extension of pages is not offered: the same list comes again
                return ""
            seen = listed
        return ""


NO_LIST: Final = frozenset({400, 403, 404, 405, 501})


def _body(parcel: Parcel, settings: Settings) -> tuple[bytes, str]:
    """The form of a POST, and its media type."""
    fields = _fields(parcel, settings)
    taken, size = [], 0
    if settings.media == "multipart":
        for file in parcel.files:
            if size + file.size <= MOST_MEDIA:
                taken.append(file)
                size += file.size
    if taken:
        return multipart(fields, [("media", file.name, file.media_type, file.load()) for file in taken])
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _fields(parcel: Parcel, settings: Settings) -> list[tuple[str, str]]:
    """The arguments of POST Service Request, those that are known."""
    fields = {
        "api_key": settings.api_key,
        "jurisdiction_id": settings.jurisdiction,
        "service_code": settings.services.get(parcel.service, parcel.service),
        "address_string": parcel.address,
        "description": _description(parcel),
    }
    if parcel.lon is not None and parcel.lat is not None:
        fields |= {"lat": f"{parcel.lat:.6f}", "long": f"{parcel.lon:.6f}"}
    elif not parcel.address:
        raise ParcelRefused(_("Cette demande n’a pas de lieu : un serveur Open311 en veut un."))
    if parcel.contact:
        fields |= {
            "email": parcel.contact.email,
            "first_name": parcel.contact.given_name,
            "last_name": parcel.contact.family_name,
            "phone": parcel.contact.phone,
        }
    if settings.media == "url":
        fields["media_url"] = next((file.address for file in parcel.files if file.address), "")
    told = [(name, value) for name, value in fields.items() if value]
    for code, name in settings.attributes.items():
        told += _attribute(code, parcel.number if name == "@number" else parcel.answers.get(name))
    return told


def _attribute(code: str, value: Any) -> list[tuple[str, str]]:
    """An attribute as the protocol writes it: attribute[CODE], or attribute[CODE][] for each of several."""
    if isinstance(value, list):
        return [(f"attribute[{code}][]", str(each)) for each in value if not isinstance(each, Mapping)]
    if isinstance(value, Mapping):
        value = value.get("label")
    if value in (None, ""):
        return []
    return [(f"attribute[{code}]", str(value).lower() if isinstance(value, bool) else str(value))]


def _description(parcel: Parcel) -> str:
    """What everybody may read, for such servers publish it; it ends with our number, cut before it if need be."""
    told = parcel.open_text or parcel.title
    signature = _signature(parcel)
    return f"{told.strip()[: LONGEST - len(signature) - 2]}\n\n{signature}".strip()


def _signature(parcel: Parcel) -> str:
    return f"Réf. {parcel.mark}"


def _get(path: str, settings: Settings, *, allowed: frozenset[int] = frozenset(), **asked: str) -> Answer:
    """Raises OutsideUnavailable, AddressRefused."""
    asked = {name: value for name, value in asked.items() if value}
    if settings.jurisdiction:
        asked["jurisdiction_id"] = settings.jurisdiction
    if settings.api_key:
        asked["api_key"] = settings.api_key  # FixMyStreet and others want it for reading too
    url = f"{partner_address(settings.url)}/{path}.json"
    answer = partner(Open311.id).request(
        "GET", f"{url}?{urlencode(asked)}" if asked else url, headers={"Accept": "application/json"}
    )
    if answer.status != 200 and answer.status not in allowed:
        raise OutsideUnavailable(_("Le serveur Open311 a répondu %d.") % answer.status)
    return answer


def _refuse(answer: Answer, settings: Settings) -> None:
    """Raises ParcelRefused for what will never pass, OutsideUnavailable for what may once it is mended."""
    if 200 <= answer.status < 300:
        return
    told = found_error(answer)
    if answer.status in (400, 422):
        raise ParcelRefused(_("Le serveur Open311 refuse cette demande : %s") % told)
    if answer.status == 403 and not settings.api_key:
        raise OutsideUnavailable(_("Le serveur Open311 veut une clé (api_key) : %s") % told)
    raise OutsideUnavailable(
        _("Le serveur Open311 a répondu %(status)d : %(told)s") % {"status": answer.status, "told": told}
    )


def found_error(answer: Answer) -> str:
    """What the server says went wrong ([{code, description}]), in short."""
    try:
        errors = answer.json()
    except OutsideUnavailable:
        return _("sans explication")
    told = (
        [str(each.get("description", "")) for each in errors if isinstance(each, dict)]
        if isinstance(errors, list)
        else []
    )
    return " ; ".join(each for each in told if each)[:300] or _("sans explication")


def _with_reference(told: Status, reference: str) -> Status:
    return Status(
        state=told.state,
        outcome=told.outcome,
        words=told.words,
        at=told.at,
        expected_at=told.expected_at,
        reference=reference,
    )


def _quoted(id: str) -> str:
    return quote(id, safe="")


def _w3c(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def check() -> Check:
    """Each route that uses it."""
    return check_of(route_healths(Open311.id))


channels.plug(Open311())
