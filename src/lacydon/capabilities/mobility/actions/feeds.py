"""Feeds of timetables: described, received, put in force with the others, returned to, withdrawn.

A file is on the disk, flushed, before anything names it; all the feeds in force are read again and merged without any
transaction; then one transaction names the new version, the new timetable and the act in the journal. Killed anywhere,
what was in force still is. Two at once: the one that ends second merges again with what the first one changed.
"""

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import MACHINE, Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, Conflict
from lacydon.kernel.french import slug
from lacydon.kernel.snapshots import moved

from ..errors import FeedTaken, UnreadableFeed
from ..models import Feed, FeedVersion, TimetableVersion
from ..queries import feeds as known
from ..queries.gtfs import Merged, content_of, merge
from ..queries.planning.held import keep_network
from ..queries.timetable import SNAPSHOT, shelve
from ..queries.words import TRANSPORT
from .importing import name_in_force

MANAGE = "timetable.manage"
TRIES = 3
Progress = Callable[[str], None]


def quiet(_sentence: str) -> None:
    """Nobody waits in front of a screen."""


def describe_feed(
    *,
    actor: Actor,
    id: str,
    name: str = "",
    prefix: str = "",
    url: str | None = None,
    producer: str | None = None,
    licence: str | None = None,
    example: bool = False,
) -> Feed:
    """Write down a feed, or change what is said of it; its prefix stays once it has a version.

    Raises FeedTaken, BadInput.
    """
    _require(actor)
    id = slug(id)[:60]
    if not id:
        raise BadInput(_("Donnez un nom à ce fichier d’horaires."), field="id")
    with transaction.atomic():
        row = Feed.objects.select_for_update().filter(pk=id).first()
        made = row is None
        if row is None:
            row = Feed(pk=id, position=Feed.objects.count(), example=example)
        wanted = "".join(sign for sign in (prefix or row.prefix or id) if sign.isascii() and sign.isalnum())[
            :12
        ].upper()
        if not made and row.current_id and wanted != row.prefix:
            raise BadInput(
                _("Le préfixe ne change plus : les adresses des lignes et des arrêts en dépendent."), field="prefix"
            )
        if not wanted or Feed.objects.filter(prefix=wanted).exclude(pk=id).exists():
            raise FeedTaken(_("Un autre fichier d’horaires a déjà le préfixe « %s ».") % wanted, field="prefix")
        row.prefix = wanted
        row.name = " ".join((name or row.name or id).split())[:200]
        for field, value in (("url", url), ("producer", producer), ("licence", licence)):
            if value is not None:
                setattr(row, field, value.strip()[: 1000 if field == "url" else 200])
        row.save()
        trust.record(actor=actor, action="timetable.describe", purpose=TRANSPORT, object=f"feed:{id}", subject="")
    return row


def receive_version(
    *, actor: Actor, feed: str, path: Path, origin: str = "", progress: Progress = quiet
) -> FeedVersion:
    """Put a file in force for a feed, with the others as they are. The same file again changes nothing.

    Raises UnknownFeed; UnreadableFeed when nothing can be made of it: its remarks are kept, what was in force stays.
    """
    _require(actor)
    row = known.feed(feed)
    if not path.exists():
        raise UnreadableFeed(_("Le fichier %s n’existe pas.") % path.name, field="file")
    progress(_("Réception du fichier"))
    content = content_of(path)
    current = row.current
    if current is not None and current.content == content and known.file_of(feed, content).is_file():
        return current
    _keep(path, feed, content)
    version = FeedVersion.objects.filter(feed=row, content=content).first() or FeedVersion(feed=row, content=content)
    version.received_at, version.origin = now(), origin[:1000]
    version.size = known.file_of(feed, content).stat().st_size
    version.refused = ""
    return _put(actor, row, version, action="timetable.receive", progress=progress)


def return_to_version(*, actor: Actor, feed: str, content: str) -> FeedVersion:
    """Put an earlier file in force again. Raises UnknownFeed, UnreadableFeed when its file is not kept any more."""
    _require(actor)
    row = known.feed(feed)
    version = FeedVersion.objects.filter(feed=row, content=content).first()
    if version is None or not known.file_of(feed, content).is_file():
        raise UnreadableFeed(_("Ce fichier n’est plus gardé : envoyez-le de nouveau."))
    return _put(actor, row, version, action="timetable.return")


def withdraw_feed(*, actor: Actor, feed: str) -> None:
    """Its timetables are not shown any more; the others stay. Raises UnknownFeed."""
    _require(actor)
    row = known.feed(feed)
    _merged_and_named(lambda: [each for each in known.in_force() if each.feed_id != feed], actor, row, None)


def remerge(*, progress: Progress = quiet) -> bool:
    """Read again the feeds in force: after a decision on quays, or when the communes changed. Whether it changed."""
    before = TimetableVersion.objects.filter(in_force=True).values_list("content", flat=True).first()
    if before is None and not known.in_force():
        return False
    _merged_and_named(known.in_force, MACHINE, None, None, progress=progress)
    return before != TimetableVersion.objects.filter(in_force=True).values_list("content", flat=True).first()


def tidy() -> int:
    """Remove the files of old versions and the arrays of old timetables that nobody reads any more; how many."""
    removed = 0
    for row in Feed.objects.all():
        kept = {None if row.current is None else row.current.content}
        kept |= set(
            FeedVersion.objects.filter(feed=row)
            .order_by("-received_at")
            .values_list("content", flat=True)[: known.FILES_KEPT]
        )
        for path in known.folder_of(row.pk).glob("*.zip"):
            if path.stem not in kept and not path.name.startswith("."):
                path.unlink(missing_ok=True)
                removed += 1
    return removed + _tidy_timetables()


def _tidy_timetables() -> int:
    from ..queries.timetable.shelf import NAME, folder

    names = TimetableVersion.objects.order_by("-in_force", "-made_at").values_list("content", flat=True)[:3]
    kept = {content[:NAME] for content in names}
    old = now().timestamp() - 86_400
    removed = 0
    for path in folder().iterdir():
        if path.name not in kept and path.stat().st_mtime < old:
            shutil.rmtree(path, ignore_errors=True)
            removed += 1
    return removed


def _require(actor: Actor) -> None:
    if actor is not MACHINE:
        trust.require(actor=actor, action=MANAGE)


def _keep(path: Path, feed: str, content: str) -> None:
    """The file in its place, whole and flushed, or absent."""
    kept = known.file_of(feed, content)
    if kept.is_file():
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    making = kept.parent / f".{uuid4().hex}"
    try:
        with making.open("wb") as file:
            if path.is_dir():
                _pack(path, making)
            else:
                with path.open("rb") as sent:
                    shutil.copyfileobj(sent, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
        making.rename(kept)
        held = os.open(kept.parent, os.O_RDONLY)
        try:
            os.fsync(held)
        finally:
            os.close(held)
    finally:
        making.unlink(missing_ok=True)


def _pack(folder: Path, into: Path) -> None:
    import zipfile

    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in sorted(folder.iterdir()):
            if each.is_file() and each.suffix in (".txt", ".geojson"):
                archive.write(each, each.name)


def _put(actor: Actor, row: Feed, version: FeedVersion, *, action: str, progress: Progress = quiet) -> FeedVersion:
    """In force with the others; refused, it is kept with what is wrong in it."""

    def with_it() -> Sequence[FeedVersion]:
        version.feed = row
        others = [
            each for each in known.in_force() if each.feed_id != row.pk and (row.example or not each.feed.example)
        ]
        return sorted([*others, version], key=lambda each: (each.feed.position, each.feed_id))

    try:
        _merged_and_named(with_it, actor, row, version, action=action, progress=progress)
    except UnreadableFeed as refusal:
        version.refused, version.remarks = str(refusal.sentence)[:1000], list(refusal.facts.get("remarks", []))
        version.save()
        raise
    return version


def _merged_and_named(
    wanted: Callable[[], Sequence[FeedVersion]],
    actor: Actor,
    row: Feed | None,
    version: FeedVersion | None,
    *,
    action: str = "timetable.withdraw",
    progress: Progress = quiet,
) -> None:
    """Merge outside of any transaction; name inside of one, unless another feed changed meanwhile: then again."""
    for _try in range(TRIES):
        chosen = list(wanted())
        progress(_("Lecture de %d fichier(s) d’horaires") % len(chosen))
        merged = merge([known.given(each) for each in chosen], citycode_at=known.citycode_at, decided=known.decided())
        progress(_("Écriture des horaires"))
        if chosen:
            shelve(merged.table)
            progress(_("Préparation des itinéraires"))
            keep_network(merged.table)
        if _named(wanted, chosen, merged, actor, row, version, action):
            return
    raise Conflict(_("D’autres horaires arrivent en même temps : réessayez dans un instant."))


def _named(
    wanted: Callable[[], Sequence[FeedVersion]],
    chosen: Sequence[FeedVersion],
    merged: Merged,
    actor: Actor,
    row: Feed | None,
    version: FeedVersion | None,
    action: str,
) -> bool:
    with transaction.atomic():
        list(Feed.objects.select_for_update().order_by("pk"))
        if _contents(wanted()) != _contents(chosen):
            return False
        for each in chosen:
            report = merged.reports[each.feed_id]
            each.first_day, each.last_day, each.counts = report.first_day, report.last_day, dict(report.counts)
            each.remarks = [remark.stored() for remark in report.remarks]
            each.save()
        if row is not None:
            Feed.objects.filter(pk=row.pk).update(current=version, trouble="")
            named = f"feed:{row.pk}"
            trust.record(actor=actor, action=action, purpose=TRANSPORT, object=named, subject="")
        if chosen:
            made_of = [{"feed": each.feed_id, "content": each.content} for each in chosen]
            name_in_force(table=merged.table, made_of=made_of)
        else:
            TimetableVersion.objects.filter(in_force=True).update(in_force=False)
            moved(SNAPSHOT)
    return True


def _contents(versions: Sequence[FeedVersion]) -> list[tuple[str, str]]:
    return [(each.feed_id, each.content) for each in versions]
