"""A request as it is handed over: made each time from what is kept, so that the outbox holds nothing personal."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from django.utils.translation import override

from lacydon.kernel import sealing
from lacydon.kernel.errors import NotFound
from lacydon.kernel.forms import Answers, Form
from lacydon.kernel.texts import said

from ..models import Attachment, Delivery, Step
from ..ports import Contact, News, Parcel, ParcelFile
from .answers import computed_in_words, in_words, value
from .masking import masked
from .published import held
from .reports import public_side
from .returns import file_address, ways_back
from .sealed import key_of, unseal

LANG: Final = "fr"
"""The language of the administration, whatever the resident's."""
AGREED: Final = "contact.share"
"""The datum of the consent by which a resident lets the authority have their address."""
CONTACT: Final = {
    "person.given-name": "given_name",
    "person.family-name": "family_name",
    "person.email": "email",
    "person.phone": "phone",
}
CHOSEN: Final = ("choice", "choices", "yesno")
DESCRIPTIONS: Final = ("longtext", "text")


def parcel_of(delivery: Delivery, *, content_of: Callable[[Attachment], bytes]) -> Parcel:
    """Raises NotFound once the request was erased."""
    row = delivery.request
    key = key_of(row)
    answers: dict[str, Any] = unseal(row.sealed, key=key, holder=row, field="sealed") or {}
    form = held(row.form).form
    files = tuple(_file(each, delivery, content_of) for each in _attachments(delivery))
    return Parcel(
        number=row.number,
        form=row.form.form,
        form_digest=row.form.digest,
        service=row.service_id,
        title=said(form.title, lang=LANG),
        lang=LANG,
        opened_at=row.opened_at,
        authority=delivery.authority,
        idempotency_key=str(delivery.idempotency_key),
        citycode=row.citycode,
        lon=row.lon,
        lat=row.lat,
        address=_place(form, answers),
        description=_description(form, answers),
        open_text=_open_text(form, answers),
        words=_words(form, answers, files),
        answers=answers,
        files=files,
        contact=_contact(form, answers, unseal(row.contact_sealed, key=key, holder=row, field="contact_sealed")),
        back=ways_back(delivery),
        tried_at=delivery.doubt_since,
        round=1 + Delivery.objects.filter(request=row, route=delivery.route, queued_at__lt=delivery.queued_at).count(),
    )


def news_of(step: Step, delivery: Delivery, *, content_of: Callable[[Attachment], bytes]) -> News:
    """A step of the resident, as the other side is told it. Raises NotFound once the request was erased."""
    words = unseal(step.sealed, key=key_of(delivery.request), holder=step, field="sealed")
    more = words if isinstance(words, dict) else {}
    files = Attachment.objects.filter(step=step, checked_at__isnull=False).order_by("created_at", "pk")
    return News(
        id=f"{delivery.idempotency_key}-{step.position}",
        kind=step.kind,  # type: ignore[arg-type]
        at=step.at,
        words=words if isinstance(words, str) else str(more.get("words") or more.get("reason") or ""),
        files=tuple(_file(each, delivery, content_of) for each in files),
    )


def _attachments(delivery: Delivery) -> Iterator[Attachment]:
    """Those of the submission, whole and looked at; what is given later is news."""
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


def _words(form: Form, answers: Answers, files: Sequence[ParcelFile]) -> tuple[tuple[str, str], ...]:
    """Each question with its answer, in the language of the administration; then what the form worked out."""
    with override(LANG):
        told = [
            line
            for page in in_words(form, answers, files={each.id: each.name for each in files})
            for line in page.lines
        ]
        told += computed_in_words(form, answers)
    return tuple((line.label, "\n".join(line.values)) for line in told)


def _place(form: Form, answers: Answers) -> str:
    """The address or the place that was answered first."""
    for field in form.fields():
        value = answers.get(field.id)
        if field.type in ("address", "place") and isinstance(value, Mapping) and value.get("label"):
            return str(value["label"])
    return ""


def _description(form: Form, answers: Answers) -> str:
    """What was written freely, the longest kind of field first."""
    for kind in DESCRIPTIONS:
        for field in form.fields():
            if field.type == kind and (value := answers.get(field.id)):
                return str(value)
    return ""


def _open_text(form: Form, answers: Answers) -> str:
    """The description without what names or reaches somebody; for a report, what was chosen too."""
    lines = [masked(public_side(form, answers)[1])]
    if form.kind == "report":
        with override(LANG):
            chosen = [each for each in form.fields() if each.type in CHOSEN and answers.get(each.id) not in (None, [])]
            told = [(said(each.label, lang=LANG), ", ".join(value(each, answers[each.id]))) for each in chosen]
        lines.append("\n".join(f"{question} : {answer}" for question, answer in told))
    return "\n\n".join(filter(None, lines))


def _contact(form: Form, answers: Answers, kept: Any) -> Contact | None:
    """How to reach the resident, when they ticked that it be given."""
    agreed = any(field.datum == AGREED and answers.get(field.id) is True for field in form.fields())
    if not agreed:
        return None
    known = {name: str(kept[name]) for name in ("email", "phone") if kept and kept.get(name)}
    for field in form.fields():
        name = CONTACT.get(field.datum)
        if name and (value := answers.get(field.id)):
            known[name] = str(value)
    return Contact(**known)
