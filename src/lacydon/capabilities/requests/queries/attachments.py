"""The files of a draft or of a request: their names, which question they answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from lacydon.kernel.forms import Form

from ..models import Attachment, Draft, Request
from .sealed import key_of, unseal


@dataclass(frozen=True, slots=True)
class Piece:
    """A file as people see it. `ready`: received whole, looked at, kept."""

    id: str
    field: str
    name: str
    media_type: str
    size: int
    ready: bool


def of_draft(draft: Draft) -> list[Piece]:
    """In the order they were sent."""
    return pieces(Attachment.objects.filter(draft=draft, request=None).order_by("created_at", "pk"))


def of_request(request: Request) -> list[Piece]:
    return pieces(Attachment.objects.filter(request=request).order_by("created_at", "pk"))


def pieces(rows: Iterable[Attachment]) -> list[Piece]:
    return [
        Piece(str(row.pk), row.field, name_of(row), row.media_type, row.size, row.checked_at is not None)
        for row in rows
    ]


def name_of(row: Attachment) -> str:
    return str(unseal(row.name_sealed, key=key_of(row), holder=row, field="name_sealed") or "")


def attachment(draft: Draft, id: str) -> Attachment | None:
    """One file of a draft; None for another's, or none."""
    try:
        return Attachment.objects.filter(pk=UUID(id), draft=draft, request=None).first()
    except ValueError:
        return None


def asked_ids(form: Form, answers: dict[str, object]) -> set[str]:
    """The ids of the files that answers name, in groups too."""
    found: set[str] = set()
    for field in form.fields():
        told = answers.get(field.id)
        if field.type == "file" and isinstance(told, list):
            found.update(map(str, told))
        elif field.type == "group" and isinstance(told, list):
            inner = [each.id for each in field.fields if each.type == "file"]
            found.update(str(id) for row in told if isinstance(row, dict) for name in inner for id in row.get(name, ()))
    return found
