"""What other systems ask and tell about a request they were handed. Each address is a secret of one delivery."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from lacydon.kernel.access import open_to_all
from lacydon.kernel.downloads import as_attachment
from lacydon.kernel.errors import Refused
from lacydon.kernel.middleware.input import TooLarge
from lacydon.kernel.problems import refusal

from ...actions.callbacks import LARGEST, receive
from ...actions.handing_files import file_of_delivery


@csrf_exempt  # a machine: it has a Bearer token, and signs what it says
@open_to_all
@require_POST
def callback(request: HttpRequest, id: UUID) -> HttpResponse:
    """News of a request, as a signed message (Standard Webhooks). The same message twice is answered alike."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    try:
        if len(request.body) > LARGEST:
            raise TooLarge("64 kB")
        new = receive(
            delivery=id,
            token=token.strip() if scheme.lower() == "bearer" else "",
            headers={name.lower(): value for name, value in request.headers.items()},
            body=request.body,
        )
    except Refused as error:
        return refusal(request, error)
    return JsonResponse({"noted": new})


@open_to_all
@require_safe
def file(request: HttpRequest, id: UUID, attachment: UUID, token: str) -> HttpResponse:
    """A file of a request, for the system it was handed to; each reading is in the journal."""
    try:
        found = file_of_delivery(delivery=id, attachment=attachment, token=token)
    except Refused as error:
        return refusal(request, error)
    return as_attachment(found.content, media_type=found.media_type, name=found.name)
