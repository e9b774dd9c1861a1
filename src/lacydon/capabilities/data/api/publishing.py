"""`POST /api/v1/data/datasets/{id}/versions`: a file in, a version out.

The file is the body itself, of any size (`curl --data-binary @file`), or the `file` of a form, up to the limit of all
forms. Who sends it is an agent with a session, or a machine with the key of the dataset (`Authorization: Bearer …`).
"""

import io
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from lacydon.kernel.access import SignInNeeded, open_to_all
from lacydon.kernel.errors import BadInput

from ..actions import arrivals, keys
from ..errors import UnknownDataset
from ..models import Arrival, Dataset
from .asker import asker

router = Router(tags=["data"])


class _Body(io.RawIOBase):
    """The body of a request as it comes, never whole in memory."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def read(self, size: int = -1, /) -> bytes:
        return bytes(self._request.read(size))


@router.post(
    "/datasets/{id}/versions",
    summary="Send a file (CSV, XLSX, JSON, GeoJSON, Shapefile, GeoPackage, Parquet): it becomes the current version",
    response={201: dict[str, Any]},
)
@open_to_all
def send_version(request: HttpRequest, id: str, name: str = "", reason: str = "") -> Status[dict[str, Any]]:
    """Columns keep the names and types of the version before. What did not fit is told in `misfits`.

    A file that says something of people is refused until its columns are handled on the page of the publisher.
    """
    row = Dataset.objects.filter(pk=id).first()
    if row is None:
        raise UnknownDataset(_("Il n’y a pas de jeu de données « %s ».") % id[:80])
    actor = keys.machine_of(row, request.headers.get("Authorization", "")) or asker(request)
    if not actor.person and actor.kind != "machine":
        raise SignInNeeded
    sent = request.FILES.get("file") if (request.content_type or "").startswith("multipart/") else _Body(request)
    if sent is None:
        raise BadInput(_("Le formulaire n’a pas de fichier « file »."), field="file")
    shown = name[:300] or getattr(sent, "name", None) or "fichier"
    made = arrivals.receive(dataset=row.pk, actor=actor, file=sent, name=shown, way="api")
    arrivals.read(arrival=made)
    if made.state == Arrival.State.REFUSED:
        raise BadInput(made.refusal, code="unreadable-table")
    version = arrivals.publish(arrival=made, actor=actor, reason=reason[:500])
    said = {
        "dataset": row.pk,
        "number": version.number,
        "sha256": version.content,
        "rows": version.rows,
        "columns": version.columns,
        "misfits": made.report.get("misfits", []),
        "remarks": made.report.get("remarks", []),
    }
    return Status(201, said)
