"""A file comes in, is read, corrected, and becomes a version, or is refused: one function for each.

The file is on the disk, flushed, before the row that names it; the row goes before the file does. So whatever is
killed, a file without a row is swept, and a row without a file says so.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import require, roles_of
from lacydon.kernel.access import MACHINE, Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.http import HttpClient, OutsideUnavailable, Timeout, own_machine

from ..errors import NotPublishable, UnreadableTable
from ..models import Arrival, Dataset, Version
from ..queries import lake
from ..queries.arrivals import corrections_of, inspection_of, path_of
from ..queries.intake import Converted, convert, corrected, inspect
from ..queries.intake.bench import PREFIX
from .publication import publish_version

PIECE = 1 << 20
OLD = 24 * 3600
"""Seconds after which what a killed process left is swept."""
FORGOTTEN = 30 * 24 * 3600
"""Seconds after which a file that nobody published is given up."""
STEADY = 60
"""Seconds for which a file of the inbox has not changed before it is taken."""


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
    target = path_of(id)
    part = target.with_name(f"{id}.part")
    try:
        content, size = _kept(file, part)
        part.replace(target)
        _flush_folder(target.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise NotPublishable(_("Il n’y a plus assez de place sur le disque : ce fichier n’a pas été reçu.")) from error
    except BaseException:
        part.unlink(missing_ok=True)
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
    arrival.corrected = {}
    arrival.state = Arrival.State.READ
    arrival.progress = 0
    arrival.save(update_fields=["guessed", "corrected", "state", "progress"])
    return arrival


def _present(arrival: Arrival) -> Path:
    path = path_of(arrival)
    if not path.exists():
        raise NotPublishable(_("Ce fichier n’est plus là : envoyez-le de nouveau."))
    return path


def correct(*, arrival: Arrival, corrections: Mapping[str, Mapping[str, Any]]) -> Arrival:
    """Keep what its sender says of the columns. Raises BadInput, with the field."""
    corrected(inspection_of(arrival), corrections)
    arrival.corrected = {str(position): dict(each) for position, each in corrections.items()}
    arrival.save(update_fields=["corrected"])
    return arrival


def ask_to_publish(*, arrival: Arrival, actor: Actor, reason: str) -> None:
    """Note that its sender wants it published, and why: a job does the rest."""
    require(actor=actor, action="dataset.publish", object=arrival.dataset)
    arrival.report = {**arrival.report, "reason": reason[:500], "asked_by": actor.person, "trouble": ""}
    arrival.progress = 0.01
    arrival.save(update_fields=["report", "progress"])


def sender_of(arrival: Arrival) -> Actor:
    """Who asked, with the roles they hold now: what a job does is done in their name, or not at all."""
    person = str(arrival.report.get("asked_by") or arrival.sent_by_id or "")
    if not person:
        return MACHINE
    return Actor(
        person=person,
        principal=person,
        kind="agent",
        assurance=2,
        strong=True,
        organisation=arrival.organisation_id,
        roles=roles_of(person, organisation=arrival.organisation_id),
    )


def publish(*, arrival: Arrival, actor: Actor, reason: str = "", checks: Mapping[str, Any] | None = None) -> Version:
    """Turn the file into the current version of its dataset. Done twice, it gives the same version.

    Raises NotPublishable, UnreadableTable, BadInput, and what `require` raises.
    """
    if arrival.version is not None:
        return arrival.version
    if arrival.state != Arrival.State.READ:
        raise NotPublishable(arrival.refusal or _("Ce fichier n’a pas encore été lu."))
    if actor.person:
        require(actor=actor, action="dataset.publish", object=arrival.dataset)
    target = lake.workshop() / f"{arrival.pk}.{uuid4().hex[:8]}.parquet"
    try:
        made = prepared(arrival, to=target)
        version = publish_version(
            dataset=arrival.dataset_id,
            file=target,
            columns=made.columns,
            actor=actor,
            reason=reason or str(arrival.report.get("reason", "")),
            ordered_by=made.ordered_by,
            source_name=arrival.address or arrival.name,
            source_hash=arrival.content,
            checks=checks,
            arrival=arrival,
        )
    finally:
        target.unlink(missing_ok=True)
    report = {
        **arrival.report,
        "misfits": [each.as_json() for each in made.misfits],
        "remarks": list(made.remarks),
        "rows": made.rows,
    }
    Arrival.objects.filter(pk=arrival.pk).update(
        report=report, progress=1, state=Arrival.State.PUBLISHED, version=version
    )
    arrival.refresh_from_db()
    path_of(arrival).unlink(missing_ok=True)
    return version


def prepared(arrival: Arrival, *, to: Path) -> Converted:
    """The Parquet file of an arrival as it would be published."""
    id, seen = arrival.pk, [0.0]

    def tell(done: float) -> None:
        if done - seen[0] > 0.02:
            seen[0] = done
            Arrival.objects.filter(pk=id).update(progress=round(min(done, 0.99), 3))
            connection.close()

    large = arrival.bytes > 50_000_000
    return convert(
        _present(arrival), inspection_of(arrival), corrections_of(arrival), to=to, tell=tell if large else None
    )


def refuse(*, arrival: Arrival, why: str) -> Arrival:
    """This file will not be published: why stays, the file goes."""
    arrival.state = Arrival.State.REFUSED
    arrival.refusal = why
    arrival.progress = 0
    arrival.save(update_fields=["state", "refusal", "progress"])
    path_of(arrival).unlink(missing_ok=True)
    return arrival


def drop(*, arrival: Arrival) -> None:
    """Its sender does not want it any more."""
    path = path_of(arrival)
    arrival.delete()
    path.unlink(missing_ok=True)


@transaction.atomic
def restore(*, dataset: str, number: int, actor: Actor, reason: str) -> Version:
    """Publish again the rows of an older version, as a new one."""
    row = Dataset.objects.get(pk=dataset)
    require(actor=actor, action="dataset.publish", object=row)
    old = Version.objects.filter(dataset=row, number=number, removed_at=None).first()
    if old is None:
        raise BadInput(_("Cette version n’est plus là."))
    from ..queries.columns import read_columns
    from ..queries.datasets import path_of as version_path

    target = lake.workshop() / f"{uuid4()}.parquet"
    try:
        shutil.copyfile(version_path(dataset=dataset, number=number, content=old.content), target)
        return publish_version(
            dataset=dataset,
            file=target,
            columns=read_columns(old.columns),
            actor=actor,
            reason=reason,
            ordered_by=old.ordered_by,
            source_name=old.source_name,
            source_hash=old.source_hash,
            checks=old.checks,
        )
    except OSError as error:
        raise NotPublishable(_("Il n’y a plus assez de place sur le disque : rien n’a été publié.")) from error
    finally:
        target.unlink(missing_ok=True)


def sweep() -> int:
    """Remove what killed processes left beside the versions, and give up what nobody published; how many."""
    swept = 0
    moment = time.time()
    rows = {str(id) for id in Arrival.objects.values_list("pk", flat=True)}
    for each in lake.workshop().iterdir():
        if moment - _changed(each) < OLD or each.name in rows:
            continue
        if each.is_dir() and each.name.startswith(PREFIX):
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


def take_from_inbox() -> list[UUID]:
    """The files of the watched folder that have not changed for a minute, published in the house's name.

    `<inbox>/<dataset>/<file>`; afterwards it is in `<dataset>/done/` or `<dataset>/refused/`, with the reason beside.
    """
    taken = []
    for file in _steady(settings.DATA_INBOX):
        dataset = Dataset.objects.filter(pk=file.parent.name).first()
        if dataset is None:
            _aside(file, "refused", why=_("Il n’y a pas de jeu de données de ce nom."))
            continue
        try:
            with file.open("rb") as opened:
                arrival = receive(dataset=dataset.pk, actor=MACHINE, file=opened, name=file.name, way="folder")
            read(arrival=arrival)
            publish(arrival=arrival, actor=MACHINE, reason=_("Déposé dans le dossier surveillé"))
        except Refused as refusal:
            _aside(file, "refused", why=str(refusal.sentence))
            continue
        _aside(file, "done")
        taken.append(arrival.pk)
    close_old_connections()
    return taken


def _steady(inbox: Path) -> Iterable[Path]:
    if not inbox.is_dir():
        return
    moment = time.time()
    for folder in sorted(each for each in inbox.iterdir() if each.is_dir() and not each.is_symlink()):
        for file in sorted(each for each in folder.iterdir() if each.is_file() and not each.is_symlink()):
            if file.name.startswith(".") or file.suffix in (".part", ".tmp", ".filepart"):
                continue
            size = file.stat().st_size
            if size and moment - file.stat().st_mtime > STEADY and moment - file.stat().st_ctime > STEADY:
                yield file


def _aside(file: Path, where: str, *, why: str = "") -> None:
    folder = file.parent / where
    folder.mkdir(exist_ok=True)
    name = f"{now():%Y%m%dT%H%M%S}-{file.name}"
    if why:
        (folder / f"{name}.txt").write_text(f"{why}\n", encoding="utf-8")
    file.replace(folder / name)
