"""The copy of all one's data (GDPR art. 15 and 20): one zip, JSON for machines, a page for people, the documents."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Sum
from django.template.loader import get_template
from django.utils.translation import gettext as _

from lacydon.kernel import plugs
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import NotFound
from lacydon.kernel.events import publish

from ..events import ExportAsked
from ..models import DataExport, Entry, Proof
from ..queries import policy
from ..queries.keys import seal_for, unseal_of
from .journal import record

SMALL_BYTES = 4 * 1024 * 1024
SMALL_ENTRIES = 2_000
"""Up to there an export is made while the person waits; beyond, by a job."""
KEPT = timedelta(days=3)


@transaction.atomic
def ask_export(*, actor: Actor) -> bytes | DataExport:
    """The zip at once when there is little, else an export that a job makes. Asking
    again while it waits asks the job again. Raises NotAllowed."""
    policy.require(actor=actor, action="rights.export")
    record(actor=actor, action="rights.export", purpose="rights", object="account")
    if not is_large(actor.person):
        return packed(actor.person)
    moment = now()
    made = DataExport.objects.filter(person_id=actor.person, ready_at=None, kept_until__gt=moment).first()
    if made is None:
        made = DataExport.objects.create(id=uuid4(), person_id=actor.person, asked_at=moment, kept_until=moment + KEPT)
    publish(ExportAsked(export=str(made.pk)))
    return made


def is_large(person: str) -> bool:
    documents = Proof.objects.filter(person_id=person).aggregate(sum=Sum("size"))["sum"] or 0
    return documents > SMALL_BYTES or Entry.objects.filter(subject=UUID(person)).count() > SMALL_ENTRIES


@transaction.atomic
def make(*, export: str) -> None:
    """Make an export that waits. Twice is once; one whose person was erased meanwhile is gone with them."""
    found = DataExport.objects.select_for_update().filter(pk=export, ready_at=None).first()
    if found is None:
        return
    content = packed(str(found.person_id))
    found.sealed = seal_for(found.person_id, content, place=_place(found))
    found.size, found.ready_at, found.kept_until = len(content), now(), now() + KEPT
    found.save(update_fields=["sealed", "size", "ready_at", "kept_until"])


def take(*, actor: Actor, export: str) -> bytes:
    """An export that is ready. Raises NotFound, NotAllowed."""
    policy.require(actor=actor, action="rights.export")
    found = DataExport.objects.filter(pk=export, person_id=actor.person, kept_until__gt=now()).first()
    if found is None or found.sealed is None:
        raise NotFound(_("Cette copie n’est pas prête, ou n’est plus là."))
    return unseal_of(actor.person, found.sealed, place=_place(found))


def packed(person: str) -> bytes:
    """All that the house knows of a person, as a zip."""
    told: dict[str, Any] = {name: offer().export(person) for name, offer in plugs.personal_data.items()}
    told = {name: parts for name, parts in told.items() if parts}
    moment = now()
    document = {"format": "lacydon-export/1", "made_at": moment.isoformat(), "person": person, "data": told}
    page = get_template("trust/export.html").render({"data": told, "made_at": moment, "person": person})
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mes-donnees.html", page)
        archive.writestr("mes-donnees.json", json.dumps(document, ensure_ascii=False, indent=1, default=str))
        for _name, offer in plugs.personal_data.items():
            for name, content in offer().files(person):
                archive.writestr(name, content)
    return held.getvalue()


def _place(export: DataExport) -> str:
    return f"trust_dataexport:{export.pk}:sealed"
