"""Bringing documents to a file that was submitted: a direct upload each, then a message that carries it."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from lacydon.capabilities.requests.public import Parcel, ParcelFile
from lacydon.kernel.http import OutsideUnavailable, partner, partner_address

from .answers import messages_of, parse_upload

UPLOAD: Final = """
mutation upload($input: CreateDirectUploadInput!) {
  createDirectUpload(input: $input) { directUpload { url headers signedBlobId } }
}
"""
MESSAGE: Final = """
mutation message($input: DossierEnvoyerMessageInput!) {
  dossierEnvoyerMessage(input: $input) { message { id } errors { message } }
}
"""


def bring(parcel: Parcel, *, reference: str, settings: Any, ask: Callable[..., Mapping[str, Any]], query: str) -> None:
    """Send what no message there carries yet, so that an interruption sends nothing twice. Raises
    OutsideUnavailable."""
    id, messages = messages_of(ask(settings, query, {"number": int(reference)}))
    for file in parcel.files:
        words = _("Document « %(name)s » de la demande %(number)s [%(mark)s]") % {
            "name": file.name,
            "number": parcel.number,
            "mark": file.id,
        }
        if any(f"[{file.id}]" in told for told in messages):
            continue
        blob = _uploaded(file, id=id, settings=settings, ask=ask)
        input = {"dossierId": id, "instructeurId": settings.instructor, "body": words, "attachment": blob}
        told = ask(settings, MESSAGE, {"input": input}).get("dossierEnvoyerMessage")
        if not isinstance(told, dict) or told.get("errors") or not told.get("message"):
            raise OutsideUnavailable(_("La plateforme n’a pas pris le document « %s ».") % file.name)


def _uploaded(file: ParcelFile, *, id: str, settings: Any, ask: Callable[..., Mapping[str, Any]]) -> str:
    """The signed id of a document put where the platform said."""
    content = file.load()
    # The protocol of direct uploads wants MD5, against mistakes on the way; it protects nothing.
    checksum = base64.b64encode(hashlib.new("md5", content, usedforsecurity=False).digest()).decode()
    input = {
        "dossierId": id,
        "filename": file.name,
        "byteSize": len(content),
        "checksum": checksum,
        "contentType": file.media_type,
    }
    address, headers, blob = parse_upload(ask(settings, UPLOAD, {"input": input}))
    answer = partner("demarches_graphql").request("PUT", partner_address(address), headers=headers, content=content)
    if not 200 <= answer.status < 300:
        raise OutsideUnavailable(_("Le dépôt du document « %s » a échoué.") % file.name)
    return blob
