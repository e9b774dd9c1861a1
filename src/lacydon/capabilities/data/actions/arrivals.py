"""A file comes in, is read, corrected, and becomes a version, or is refused: one function for each.

The file is on the disk, flushed, before the row that names it; the row goes before the file does. So whatever is
killed, a file without a row is swept, and a row without a file says so.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import require
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput
from lacydon.kernel.events import publish as announce
from lacydon.kernel.http import HttpClient, OutsideUnavailable, Timeout, own_machine

from ..errors import NotPublishable, UnreadableTable
from ..events import ReadingAsked
from ..models import Arrival, Dataset, Version
from ..queries import lake
from ..queries.arrivals import corrections_of, folder_of, inspection_of, is_prepared, path_of, remembered
from ..queries.arrived import rows_of
from ..queries.columns import Column
from ..queries.intake import Converted, convert, corrected, inspect
from .conformity import check_arrival, checks_of, is_faulty
from .publication import publish_version
from .treatments import look_for_personal_data, treated_rows

PIECE = 1 << 20
OLD = 24 * 3600
"""Seconds after which what a killed process left is swept."""
FORGOTTEN = 30 * 24 * 3600
"""Seconds after which a file that nobody published is given up."""
LARGE = 50_000_000
"""Bytes from which it is told how far its reading is."""


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


def receive(
    *, dataset: str, actor: Actor, file: Readable, name: str, way: str = "upload", address: str = ""
) -> Arrival:
    """Keep a file that somebody sends. Raises NotPublishable, and what `require` raises."""
    row = Dataset.objects.get(pk=dataset)
    if actor.person:
        require(actor=actor, action="dataset.publish", object=row)
    id = uuid4()
    folder = folder_of(id)
    try:
        folder.mkdir()
        content, size = _kept(file, path_of(id))
        _flush_folder(folder)
        _flush_folder(folder.parent)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise NotPublishable(_("Il n’y a plus assez de place sur le disque : ce fichier n’a pas été reçu.")) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Arrival.objects.create(
        id=id,
        dataset=row,
        organisation_id=row.organisation_id,
        sent_by_id=actor.person or None,
        way=way,
        name=Path(name.replace("\\", "/")).name[:300] or "fichier",
        address=address[:2000],
        bytes=size,
        content=content,
        received_at=now(),
    )


def _kept(file: Readable, target: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as made:
        os.fchmod(made.fileno(), 0o600)
        while piece := file.read(PIECE):
            size += len(piece)
            if size > settings.DATA_LARGEST:
                raise _too_large()
            digest.update(piece)
            made.write(piece)
        if not size:
            raise NotPublishable(_("Ce fichier est vide."))
        made.flush()
        os.fsync(made.fileno())
    return digest.hexdigest(), size


def _too_large() -> NotPublishable:
    return NotPublishable(_("Ce fichier est trop gros : au plus %d Mo.") % (settings.DATA_LARGEST // 1_000_000))


def _flush_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def fetch(*, dataset: str, actor: Actor, url: str) -> Arrival | None:
    """Keep the file at an address; None when it has not changed since it was last published from there.

    Raises NotPublishable, AddressRefused, OutsideUnavailable.
    """
    row = Dataset.objects.get(pk=dataset)
    if actor.person:
        require(actor=actor, action="dataset.publish", object=row)
    before = Arrival.objects.filter(dataset=row, address=url, state=Arrival.State.PUBLISHED).first()
    asked = {}
    if before is not None and before.report.get("etag"):
        asked["If-None-Match"] = str(before.report["etag"])
    allowed = own_machine(url) & frozenset(settings.PARTNER_HOSTS)
    client = HttpClient(
        name="data",
        timeout=Timeout(connect=5, read=30, total=1_800),
        largest=settings.DATA_LARGEST,
        allowed=allowed,
    )
    part = lake.workshop() / f"{uuid4()}.part"
    try:
        with part.open("w+b") as opened:
            answer = client.request("GET", url, headers=asked, into=opened)
            if answer.status == 304:
                return None
            if answer.status != 200:
                raise OutsideUnavailable(_("Cette adresse a répondu %d : vérifiez-la.") % answer.status)
            opened.seek(0)
            name = url.partition("?")[0].rstrip("/").rpartition("/")[2]
            made = receive(dataset=dataset, actor=actor, file=opened, name=name, way="url", address=url)
    except OSError as error:
        raise NotPublishable(_("Il n’y a plus assez de place sur le disque : ce fichier n’a pas été reçu.")) from error
    finally:
        part.unlink(missing_ok=True)
        client.close()
    if before is not None and before.content == made.content:
        drop(arrival=made)
        return None
    if etag := answer.headers.get("etag", "")[:200]:
        made.report = {**made.report, "etag": etag}
        made.save(update_fields=["report"])
    return made


def read(*, arrival: Arrival, sheet: str = "", separator: str = "") -> Arrival:
    """Look at the file and guess its columns; one that cannot be read is refused, and says why."""
    if arrival.state not in (Arrival.State.RECEIVED, Arrival.State.READ):
        return arrival
    try:
        found = inspect(_present(arrival), name=arrival.name, sheet=sheet, separator=separator)
    except UnreadableTable as error:
        return refuse(arrival=arrival, why=str(error.sentence))
    arrival.guessed = found.as_json()
    arrival.corrected = {"said": remembered(arrival, found)}
    arrival.state = Arrival.State.READ
    arrival.progress = 0
    arrival.save(update_fields=["guessed", "corrected", "state", "progress"])
    rows_of(arrival).unlink(missing_ok=True)
    check_arrival(arrival=arrival)
    return arrival


def _present(arrival: Arrival) -> Path:
    path = path_of(arrival)
    if not path.exists():
        raise NotPublishable(_("Ce fichier n’est plus là : envoyez-le de nouveau."))
    return path


def correct(*, arrival: Arrival, corrections: Mapping[str, Mapping[str, Any]]) -> Arrival:
    """Keep what its sender says of the columns. Raises BadInput, with the field."""
    corrected(inspection_of(arrival), corrections)
    arrival.corrected = {"said": {str(position): dict(each) for position, each in corrections.items()}}
    arrival.save(update_fields=["corrected"])
    rows_of(arrival).unlink(missing_ok=True)
    return arrival


def prepare(*, arrival: Arrival) -> Arrival:
    """Turn the file into rows as they would be published, to be looked at. Done twice, it does no more than once.

    Raises NotPublishable, UnreadableTable, BadInput.
    """
    if arrival.state != Arrival.State.READ:
        return arrival
    check_arrival(arrival=arrival)
    if is_prepared(arrival):
        return arrival
    part = folder_of(arrival) / f"{uuid4().hex[:8]}.part"
    try:
        made = _converted(arrival, to=part)
        part.replace(rows_of(arrival))
    finally:
        part.unlink(missing_ok=True)
    arrival.corrected = {**arrival.corrected, "columns": [each.as_json() for each in made.columns]}
    arrival.report = {
        **arrival.report,
        "misfits": [each.as_json() for each in made.misfits],
        "remarks": list(made.remarks),
        "rows": made.rows,
        "ordered_by": list(made.ordered_by),
        "trouble": "",
    }
    arrival.progress = 0
    arrival.save(update_fields=["corrected", "report", "progress"])
    look_for_personal_data(arrival=arrival)
    return arrival


def _converted(arrival: Arrival, *, to: Path) -> Converted:
    id, seen = arrival.pk, [0.0]

    def tell(done: float) -> None:
        if done - seen[0] > 0.02:
            seen[0] = done
            Arrival.objects.filter(pk=id).update(progress=round(min(done, 0.99), 3))
            connection.close()  # that of the thread which watches

    large = arrival.bytes > LARGE
    return convert(
        _present(arrival), inspection_of(arrival), corrections_of(arrival), to=to, tell=tell if large else None
    )


@transaction.atomic
def leave_to_a_job(*, arrival: Arrival, prepare: bool = False) -> None:
    """The file is large: it is read, or its rows prepared, while its sender may do something else."""
    arrival.progress = 0.01
    arrival.report = {**arrival.report, "trouble": ""}
    arrival.save(update_fields=["progress", "report"])
    announce(ReadingAsked(str(arrival.pk), prepare))


def give_up(*, arrival: Arrival, why: str) -> None:
    """What a job could not do is told on the page of the file."""
    arrival.progress = 0
    arrival.report = {**arrival.report, "trouble": why}
    arrival.save(update_fields=["progress", "report"])


def publish(*, arrival: Arrival, actor: Actor, reason: str = "", anyway: bool = False) -> Version:
    """Make its rows the current version of its dataset. Done twice, it gives the same version.

    A person who publishes what its schema finds faulty says so (`anyway`); a machine cannot be asked, and the version
    keeps the verdict. Raises NotPublishable, UnreadableTable, BadInput, and what `require` raises.
    """
    if arrival.version is not None:
        return arrival.version
    if arrival.state != Arrival.State.READ:
        raise NotPublishable(arrival.refusal or _("Ce fichier n’a pas encore été lu."))
    if actor.person:
        require(actor=actor, action="dataset.publish", object=arrival.dataset)
    prepare(arrival=arrival)
    if actor.person and is_faulty(arrival) and not anyway:
        raise BadInput(_("Ce fichier a des erreurs : corrigez-le, ou cochez « Publier quand même »."), field="anyway")
    target = folder_of(arrival) / f"{uuid4().hex[:8]}.part"
    try:
        columns, order = _publishable(arrival, to=target)
        version = publish_version(
            dataset=arrival.dataset_id,
            file=target,
            columns=columns,
            actor=actor,
            reason=reason,
            ordered_by=order,
            source_name=arrival.address or arrival.name,
            source_hash=arrival.content,
            checks=checks_of(arrival),
            arrival=arrival,
        )
    finally:
        target.unlink(missing_ok=True)
    Arrival.objects.filter(pk=arrival.pk).update(progress=1, state=Arrival.State.PUBLISHED, version=version)
    arrival.refresh_from_db()
    shutil.rmtree(folder_of(arrival), ignore_errors=True)
    return version


def _publishable(arrival: Arrival, *, to: Path) -> tuple[Sequence[Column], Sequence[str]]:
    """The rows without what they may not tell of people. Raises NotPublishable while that is not decided."""
    made = treated_rows(arrival, to=to, ordered_by=arrival.report.get("ordered_by", []))
    return made.columns, made.ordered_by


def refuse(*, arrival: Arrival, why: str) -> Arrival:
    """This file will not be published: why stays, the file goes."""
    arrival.state = Arrival.State.REFUSED
    arrival.refusal = why
    arrival.progress = 0
    arrival.save(update_fields=["state", "refusal", "progress"])
    shutil.rmtree(folder_of(arrival), ignore_errors=True)
    return arrival


def replace(*, arrival: Arrival, by: Arrival) -> None:
    """A mended file takes the place of the first one: names and choices of the same columns are kept, then it goes."""
    if by.state == Arrival.State.READ and arrival.state == Arrival.State.READ:
        old, new = inspection_of(arrival).columns, inspection_of(by).columns
        if [each.label for each in old] == [each.label for each in new]:
            kept = {
                position: {name: value for name, value in said.items() if name != "type"}
                for position, said in corrections_of(arrival).items()
            }
            correct(arrival=by, corrections={**corrections_of(by), **{n: said for n, said in kept.items() if said}})
    if arrival.state != Arrival.State.PUBLISHED:
        drop(arrival=arrival)


def drop(*, arrival: Arrival) -> None:
    """Its sender does not want it any more."""
    folder = folder_of(arrival)
    arrival.delete()
    shutil.rmtree(folder, ignore_errors=True)


def sweep() -> int:
    """Remove what killed processes left beside the versions, and give up what nobody published; how many."""
    swept = 0
    moment = time.time()
    rows = {str(id) for id in Arrival.objects.values_list("pk", flat=True)}
    for each in lake.workshop().iterdir():
        if moment - _changed(each) < OLD or each.name in rows:
            continue
        if each.is_dir():
            shutil.rmtree(each, ignore_errors=True)
        elif each.is_file():
            each.unlink(missing_ok=True)
        swept += 1
    states = [Arrival.State.RECEIVED, Arrival.State.READ]
    for arrival in Arrival.objects.filter(state__in=states):
        if (now() - arrival.received_at).total_seconds() > FORGOTTEN:
            refuse(arrival=arrival, why=_("Ce fichier n’a pas été publié pendant trente jours : il a été supprimé."))
            swept += 1
    return swept


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()
