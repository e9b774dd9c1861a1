"""A request as it is handed over: made each time from what is kept, so that the outbox holds nothing personal."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from lacydon.kernel import sealing
from lacydon.kernel.errors import NotFound

from ..models import Attachment, Delivery
from ..ports import Contact, Parcel, ParcelFile
from .returns import file_address, ways_back
from .sealed import key_of, unseal
from .written import in_words, said

LANG: Final = "fr"
"""The language of the administration, whatever the resident's."""
AGREED: Final = "contact.share"
"""The datum of the consent by which a resident lets the authority have their address."""
CONTACT: Final = {
    "identity.given_name": "given_name",
    "identity.given-name": "given_name",
    "identity.family_name": "family_name",
    "identity.family-name": "family_name",
    "contact.email": "email",
    "contact.phone": "phone",
}
DESCRIPTIONS: Final = ("longtext", "text")


def parcel_of(delivery: Delivery, *, content_of: Callable[[Attachment], bytes]) -> Parcel:
    """Raises NotFound once the request was erased."""
    row = delivery.request
    key = key_of(row)
    answers: dict[str, Any] = unseal(row.sealed, key=key, holder=row, field="sealed") or {}
    content = row.form.content
    return Parcel(
        number=row.number,
        form=row.form.form,
        form_digest=row.form.digest,
        service=row.service_id,
        title=said(content["title"], lang=LANG),
        lang=LANG,
        opened_at=row.opened_at,
        authority=delivery.authority,
        idempotency_key=str(delivery.idempotency_key),
        citycode=row.citycode,
        lon=row.lon,
        lat=row.lat,
        address=_place(content, answers),
        description=_description(content, answers),
        words=tuple(in_words(content, answers, lang=LANG)),
        answers=answers,
        files=tuple(_file(each, delivery, content_of) for each in _attachments(delivery)),
        contact=_contact(content, answers, unseal(row.contact_sealed, key=key, holder=row, field="contact_sealed")),
        back=ways_back(delivery),
        tried_at=delivery.doubt_since,
        round=1 + Delivery.objects.filter(request=row, route=delivery.route, queued_at__lt=delivery.queued_at).count(),
    )


def _attachments(delivery: Delivery) -> Iterator[Attachment]:
    """Those of the submission, whole and looked at; what is given later goes by messages."""
    rows = Attachment.objects.filter(request=delivery.request_id, checked_at__isnull=False, step__position=1)
    yield from rows.order_by("created_at", "pk")


def _file(row: Attachment, delivery: Delivery, content_of: Callable[[Attachment], bytes]) -> ParcelFile:
    return ParcelFile(
        id=str(row.pk),
        field=row.field,
        name=name_of(row),
        media_type=row.media_type or "application/octet-stream",
        size=row.size,
        sha256=row.sha256,
        load=partial(content_of, row),
        address=file_address(delivery, attachment=row.pk),
    )


def name_of(row: Attachment) -> str:
    """The name of a file; its id when the name does not open."""
    try:
        name = unseal(row.name_sealed, key=key_of(row), holder=row, field="name_sealed")
    except (NotFound, sealing.Unsealable):
        name = None
    return str(name or row.pk)


def _fields(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for page in content.get("pages", ()):
        yield from page.get("fields", ())


def _place(content: Mapping[str, Any], answers: Mapping[str, Any]) -> str:
    """The address or the place that was answered first."""
    for field in _fields(content):
        value = answers.get(field["id"])
        if field["type"] in ("address", "place") and isinstance(value, Mapping) and value.get("label"):
            return str(value["label"])
    return ""


def _description(content: Mapping[str, Any], answers: Mapping[str, Any]) -> str:
    """What was written freely, the longest kind of field first."""
    for kind in DESCRIPTIONS:
        for field in _fields(content):
            if field["type"] == kind and (value := answers.get(field["id"])):
                return str(value)
    return ""


def _contact(content: Mapping[str, Any], answers: Mapping[str, Any], kept: Any) -> Contact | None:
    """How to reach the resident, when they ticked that it be given."""
    agreed = any(field.get("datum") == AGREED and answers.get(field["id"]) is True for field in _fields(content))
    if not agreed:
        return None
    known = {name: str(kept[name]) for name in ("email", "phone") if kept and kept.get(name)}
    for field in _fields(content):
        name = CONTACT.get(field.get("datum") or field.get("prefill") or "")
        if name and (value := answers.get(field["id"])):
            known[name] = str(value)
    return Contact(**known)
