"""Files sent in pieces by the script of a page, as the tus protocol 1.0 has it: announced, then piece after piece, each
at its offset, asked for again after a cut. https://tus.io/protocols/resumable-upload (core, creation, termination)."""

import base64
import binascii

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lacydon.kernel.access import open_to_all
from lacydon.kernel.downloads import as_attachment
from lacydon.kernel.errors import BadInput, Forbidden, NotFound, Refused
from lacydon.kernel.forms import Field

from ...actions import attachments, files
from ...actions.attachments import LARGEST_PIECE, WrongOffset
from ...models import Attachment
from ...queries import drafts
from ...queries.attachments import attachment, name_of
from ...queries.drafts import Opened
from .posting import count_upload
from .visiting import actor_of, forged, guarded

VERSION = {"Tus-Resumable": "1.0.0"}
PIECE = "application/offset+octet-stream"


@csrf_exempt  # `_draft` asks who is signed in for their token; an anonymous draft has its secret in the address
@open_to_all
@require_POST
def announce(request: HttpRequest, draft: str) -> HttpResponse:
    """A file to come: `Upload-Length` in bytes, `Upload-Metadata`: `field` and `filename`, each in base64."""
    try:
        found = _draft(request, draft)
        told = _metadata(request.headers.get("Upload-Metadata", ""))
        length = request.headers.get("Upload-Length", "")
        if not (length.isascii() and length.isdecimal() and len(length) < 16):
            raise BadInput(_("Ce fichier n’a pas dit sa taille."))
        count_upload(request)
        row = attachments.announce(
            found=found, field=_field(found, told.get("field", "")), name=told.get("filename", ""), size=int(length)
        )
    except Refused as refusal:
        return _refused(refusal)
    answer = _said({"id": str(row.pk)}, status=201, offset=0)
    answer["Location"] = reverse("draft-upload", kwargs={"draft": draft, "id": row.pk})
    return answer


@csrf_exempt  # as above
@open_to_all
@require_http_methods(["GET", "HEAD", "PATCH", "DELETE"])
def upload(request: HttpRequest, draft: str, id: str) -> HttpResponse:
    """HEAD: how much has come (`Upload-Offset`). PATCH: the next piece. DELETE: not wanted any more."""
    try:
        found = _draft(request, draft)
        if request.method == "DELETE":
            attachments.remove(found=found, id=str(id))
            return _said(None, status=204)
        row = attachment(found.row, str(id))
        if row is None:
            raise NotFound(_("Ce fichier n’est plus attendu : envoyez-le de nouveau."))
        if request.method == "PATCH":
            row = _received(request, found, row)
    except WrongOffset as refusal:
        return _refused(refusal, offset=refusal.facts["offset"])
    except Refused as refusal:
        return _refused(refusal)
    ready = row.checked_at is not None
    told = {"id": str(row.pk), "ready": ready, "name": name_of(row), "size": row.size}
    answer = _said(told, status=200, offset=row.received)
    answer["Upload-Length"] = str(row.size)
    return answer


@open_to_all
@require_safe
def download(request: HttpRequest, draft: str, id: str) -> HttpResponse:
    """A file of a draft, for whoever fills it in."""
    found = drafts.draft(draft, actor=actor_of(request))
    row = attachment(found.row, str(id))
    if row is None or row.checked_at is None:
        raise NotFound(_("Ce fichier n’est pas là."))
    return as_attachment(files.content_of(row), media_type=row.media_type, name=name_of(row))


def _received(request: HttpRequest, found: Opened, row: Attachment) -> Attachment:
    offset = request.headers.get("Upload-Offset", "")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if request.content_type != PIECE or not (offset.isascii() and offset.isdecimal() and len(offset) < 16):
        raise BadInput(_("Ce morceau ne dit pas où il va."))
    if not length.isdecimal() or len(length) > 15 or int(length) > LARGEST_PIECE:
        raise BadInput(_("Ce morceau est trop gros."), code="too-large")
    content = request.read(LARGEST_PIECE + 1)
    return attachments.receive(
        found=found, field=_field(found, row.field), id=str(row.pk), offset=int(offset), content=content
    )


def _draft(request: HttpRequest, reference: str) -> Opened:
    found = drafts.draft(reference, actor=actor_of(request))
    if found.sent:
        raise drafts.unknown()
    if not found.anonymous and forged(request):
        raise Forbidden(_("Votre session a changé : rechargez la page."))
    return found


def _field(found: Opened, id: str) -> Field:
    field = found.held.form.by_id.get(id)
    if field is None or field.type != "file":
        raise BadInput(_("Ce formulaire ne demande pas ce fichier."))
    return field


def _metadata(header: str) -> dict[str, str]:
    told = {}
    for each in header[:2_000].split(","):
        name, _space, value = each.strip().partition(" ")
        try:
            told[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
    return told


def _said(told: dict[str, object] | None, *, status: int, offset: int | None = None) -> HttpResponse:
    answer = JsonResponse(told, status=status) if told is not None else HttpResponse(status=status)
    for name, value in VERSION.items():
        answer[name] = value
    if offset is not None:
        answer["Upload-Offset"] = str(offset)
    return guarded(answer)


def _refused(refusal: Refused, *, offset: int | None = None) -> HttpResponse:
    return _said({"code": refusal.code, "sentence": str(refusal.sentence)}, status=refusal.status, offset=offset)
